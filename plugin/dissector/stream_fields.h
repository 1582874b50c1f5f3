/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a whole stream (outcome.h, cause.h, reuse.h, foreign.h, course.h), as fields. */
#ifndef TCPCLOSE_STREAM_FIELDS_H
#define TCPCLOSE_STREAM_FIELDS_H

#include "cause.h"
#include "drawn_layer.h"
#include "outcome.h"

void stream_fields_register(int proto);

/* Adds the stream's subtree; outcome and cause: of the layer's stream. */
void stream_fields_draw(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer,
                        const struct outcome *outcome, const struct cause *cause);

#endif
