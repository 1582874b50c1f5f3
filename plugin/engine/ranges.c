/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ranges.h"

#include <string.h>

#include "seq.h"

static void
remove_items(struct ranges *ranges, uint32_t from, uint32_t count)
{
    memmove(&ranges->item[from], &ranges->item[from + count],
            (ranges->count - from - count) * sizeof(ranges->item[0]));
    ranges->count -= count;
}

void
ranges_add(struct ranges *ranges, uint32_t left, uint32_t right)
{
    uint32_t first = 0;
    uint32_t touched = 0;

    while (first < ranges->count && seq_before(ranges->item[first].right, left))
        first++;
    while (first + touched < ranges->count &&
           !seq_after(ranges->item[first + touched].left, right)) {
        if (seq_before(ranges->item[first + touched].left, left))
            left = ranges->item[first + touched].left;
        right = seq_max(right, ranges->item[first + touched].right);
        touched++;
    }
    if (touched > 0) {
        remove_items(ranges, first + 1, touched - 1);
    } else {
        if (first == RANGES_MAX)
            return;
        if (ranges->count == RANGES_MAX)
            ranges->count--;
        memmove(&ranges->item[first + 1], &ranges->item[first],
                (ranges->count - first) * sizeof(ranges->item[0]));
        ranges->count++;
    }
    ranges->item[first] = (struct range){left, right};
}

uint32_t
ranges_advance(struct ranges *ranges, uint32_t next)
{
    uint32_t reached = 0;

    while (reached < ranges->count && !seq_after(ranges->item[reached].left, next)) {
        next = seq_max(next, ranges->item[reached].right);
        reached++;
    }
    remove_items(ranges, 0, reached);
    return next;
}
