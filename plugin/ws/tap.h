/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The data of the tap "tcpclose": what the dissector says to the taps. */
#ifndef TCPCLOSE_TAP_H
#define TCPCLOSE_TAP_H

#include <epan/dissectors/packet-tcp.h>

#include "policy.h"
#include "segment.h"
#include "state.h"

struct stream;

/* One call for each TCP layer of each selected frame. */
struct tcpclose_tap {
    const struct stream *stream;        /* as known now; on later passes, the final word */
    const struct segment *segment;      /* as long as the frame */
    const address *address[ROLE_COUNT]; /* as long as the frame */
    uint16_t port[ROLE_COUNT];
    enum role sender;
    uint32_t stream_id;   /* tcp.stream */
    struct policy policy; /* what the preferences say of the network */
    int64_t end_ns;       /* when the capture ends, as far as it is known */
    const char *file;     /* what the preferences call it; "": nothing */
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

/*
 * Any pass: the stream of that number as known now, and the newest time stamp of the capture. NULL:
 * there is none.
 */
const struct stream *tcpclose_stream(uint32_t stream_id, int64_t *end_ns);

#endif
