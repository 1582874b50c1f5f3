/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Items of the tree that say what was inferred: no bytes of the packet are behind them. */
#ifndef TCPCLOSE_DRAW_H
#define TCPCLOSE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

#include <epan/packet.h>

#include "causes.h"

/* What the field of a hint is, of a stream and of a RST. */
#define CAUSE_HINT_BLURB                                                   \
    "How that may have come about, never sure: tls_alert, after_own_fin, " \
    "while_receiving, waiting, after_idle or unread_data"

/* Each adds a field as a generated item of no length. */
void draw_string(proto_tree *tree, int id, tvbuff_t *tvb, const char *value);
void draw_bool(proto_tree *tree, int id, tvbuff_t *tvb, bool value);
void draw_time(proto_tree *tree, int id, tvbuff_t *tvb, int64_t ns);

/* frame: 0: there is none, and nothing is added. */
void draw_frame(proto_tree *tree, int id, tvbuff_t *tvb, uint32_t frame);

/* hint: HINT_NONE: nothing is added. */
void draw_hint(proto_tree *tree, int id, tvbuff_t *tvb, enum cause_hint hint);

/* These return the item, for who has more to say; it may be NULL. */
proto_item *draw_uint(proto_tree *tree, int id, tvbuff_t *tvb, uint32_t value);
proto_item *draw_uint64(proto_tree *tree, int id, tvbuff_t *tvb, uint64_t value);

#endif
