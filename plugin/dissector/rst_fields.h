/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a RST (rst.h) and its cause, as fields. */
#ifndef TCPCLOSE_RST_FIELDS_H
#define TCPCLOSE_RST_FIELDS_H

#include "drawn_layer.h"

void rst_fields_register(int proto);

/* Adds them if the layer is a RST, else nothing. */
void rst_fields_draw(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer);

#endif
