/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPCLOSE_DRAWN_LAYER_H
#define TCPCLOSE_DRAWN_LAYER_H

#include <epan/packet.h>

#include "census.h"
#include "course.h"
#include "reuse.h"
#include "snapshot.h"

/* What is drawn of one TCP layer. */
struct drawn_layer {
    const struct stream *stream;
    enum role sender;
    uint16_t port[ROLE_COUNT];
    uint32_t frame;
    uint8_t layer;
    int64_t end_ns; /* the newest time stamp of the capture so far */
    struct snapshot shown;
    tvbuff_t *segment;           /* the bytes from the TCP header on */
    const struct course *course; /* the rest is for fields_draw */
    struct reuse reuse;
    struct census_counts now;
};

#endif
