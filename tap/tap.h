/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tap may know of a segment, and the taps that plugin.c registers. */
#ifndef TCPCLOSE_TAP_H
#define TCPCLOSE_TAP_H

#include <epan/dissectors/packet-tcp.h>

#include "engine/stream.h"

/* The data of the tap "tcpclose": one call for each TCP layer of each selected frame. */
struct tcpclose_tap {
    const struct stream *stream;   /* as known now; on later passes, the final word */
    const struct segment *segment; /* as long as the frame */
    const address *address[2];     /* by side */
    uint16_t port[2];              /* by side */
    uint32_t stream_id;            /* tcp.stream */
    int64_t end_ns;                /* the newest time stamp of the capture so far */
    /*
     * What Wireshark's own tap "tcp" says of the layer: flags, and numbers as the packet list shows
     * them. NULL if Wireshark gave the layer up before its end.
     */
    const struct tcpheader *header;
};

/*
 * Any pass, without a tree: tcp.stream of a frame, of its last TCP layer if there are several.
 * False: it has none.
 */
bool tcpclose_stream_of_frame(packet_info *pinfo, uint32_t *stream_id);

void tap_register_all(void);

#endif
