/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subtree of a layer, and the fields of its frame; what it has of a RST, of the whole stream
 * and of words of its own is drawn by rst_fields.h, stream_fields.h and said_fields.h.
 */
#ifndef TCPCLOSE_FIELDS_H
#define TCPCLOSE_FIELDS_H

#include "drawn_layer.h"

void fields_register(int proto);

/* Adds the layer's subtree. */
void fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
                 const struct drawn_layer *layer);

/* "client FIN_WAIT_1 -> FIN_WAIT_2, server CLOSE_WAIT", in pinfo->pool */
const char *fields_story(packet_info *pinfo, const struct drawn_layer *layer);

#endif
