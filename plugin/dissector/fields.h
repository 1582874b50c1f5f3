/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields tcpclose.* and the expert infos: from what a segment shows to the tree. */
#ifndef TCPCLOSE_FIELDS_H
#define TCPCLOSE_FIELDS_H

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
    uint32_t reused_stream; /* with reuse.is_reuse: tcp.stream of the one before */
    struct census_counts now;
};

void fields_register(int proto);

/* Adds the layer's subtree. */
void fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
                 const struct drawn_layer *layer);

/*
 * Raises the expert infos of a layer that is not drawn, where anybody can see them; tree may be
 * NULL. Of what it shows it reads the events alone.
 */
void fields_raise(packet_info *pinfo, proto_tree *tree, const struct drawn_layer *layer);

/* "client FIN_WAIT_1 -> FIN_WAIT_2, server CLOSE_WAIT", in pinfo->pool */
const char *fields_story(packet_info *pinfo, const struct drawn_layer *layer);

#endif
