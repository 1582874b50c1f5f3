/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "draw.h"

#include "units.h"

static proto_item *
generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

void
draw_string(proto_tree *tree, int id, tvbuff_t *tvb, const char *value)
{
    generated(proto_tree_add_string(tree, id, tvb, 0, 0, value));
}

void
draw_bool(proto_tree *tree, int id, tvbuff_t *tvb, bool value)
{
    generated(proto_tree_add_boolean(tree, id, tvb, 0, 0, value));
}

void
draw_frame(proto_tree *tree, int id, tvbuff_t *tvb, uint32_t frame)
{
    if (frame)
        generated(proto_tree_add_uint(tree, id, tvb, 0, 0, frame));
}

void
draw_hint(proto_tree *tree, int id, tvbuff_t *tvb, enum cause_hint hint)
{
    if (hint != HINT_NONE)
        draw_string(tree, id, tvb, hint_slug(hint));
}

void
draw_time(proto_tree *tree, int id, tvbuff_t *tvb, int64_t ns)
{
    nstime_t time = {.secs = (time_t)(ns / NS_PER_S), .nsecs = (int)(ns % NS_PER_S)};

    generated(proto_tree_add_time(tree, id, tvb, 0, 0, &time));
}

proto_item *
draw_uint(proto_tree *tree, int id, tvbuff_t *tvb, uint32_t value)
{
    return generated(proto_tree_add_uint(tree, id, tvb, 0, 0, value));
}

proto_item *
draw_uint64(proto_tree *tree, int id, tvbuff_t *tvb, uint64_t value)
{
    return generated(proto_tree_add_uint64(tree, id, tvb, 0, 0, value));
}
