/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields tcpclose.* and the expert infos: from what a segment shows to the tree. */
#ifndef TCPCLOSE_FIELDS_H
#define TCPCLOSE_FIELDS_H

#include <epan/packet.h>

#include "census.h"
#include "stream.h"

/* What is drawn of one TCP layer. */
struct layer_view {
    const struct stream *stream;
    unsigned sender; /* the side that sent the segment */
    struct view view;
    struct census_counts now; /* for fields_draw */
};

void fields_register(int proto);

/* Adds the layer's subtree. */
void fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
                 const struct layer_view *layer);

/* Raises the expert infos of a layer that is not drawn, where anybody can see them; tree may be
 * NULL. */
void fields_raise(packet_info *pinfo, proto_tree *tree, event_set events);

/* "client FIN_WAIT_1 -> FIN_WAIT_2, server CLOSE_WAIT", in pinfo->pool */
const char *fields_story(packet_info *pinfo, const struct layer_view *layer);

#endif
