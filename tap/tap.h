/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tap may know of a segment, and the taps that plugin.c registers. */
#ifndef TCPCLOSE_TAP_H
#define TCPCLOSE_TAP_H

#include "engine/stream.h"

/* The data of the tap "tcpclose": one call for each TCP layer of each selected frame. */
struct tcpclose_tap {
    const struct stream *stream; /* as known now; on later passes, the final word */
    uint32_t stream_id;          /* tcp.stream */
    unsigned sender;             /* the side that sent the segment */
    uint16_t port[2];            /* by side */
    struct view view;
    int64_t end_ns;              /* the newest time stamp of the capture so far */
};

void tap_register_all(void);

#endif
