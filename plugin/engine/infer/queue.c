/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "queue.h"

#include <string.h>

#include "seq.h"

static void
remove_items(struct ooo_queue *queue, uint32_t from, uint32_t count)
{
    memmove(&queue->item[from], &queue->item[from + count],
            (queue->count - from - count) * sizeof(queue->item[0]));
    queue->count -= count;
}

void
ooo_queue_add(struct ooo_queue *queue, uint32_t left, uint32_t right)
{
    uint32_t first = 0;
    uint32_t touched = 0;

    while (first < queue->count && seq_before(queue->item[first].right, left))
        first++;
    while (first + touched < queue->count && !seq_after(queue->item[first + touched].left, right)) {
        if (seq_before(queue->item[first + touched].left, left))
            left = queue->item[first + touched].left;
        right = seq_max(right, queue->item[first + touched].right);
        touched++;
    }
    if (touched > 0) {
        remove_items(queue, first + 1, touched - 1);
    } else {
        if (first == OOO_QUEUE_MAX)
            return;
        if (queue->count == OOO_QUEUE_MAX)
            queue->count--;
        memmove(&queue->item[first + 1], &queue->item[first],
                (queue->count - first) * sizeof(queue->item[0]));
        queue->count++;
    }
    queue->item[first] = (struct range){left, right};
}

uint32_t
ooo_queue_advance(struct ooo_queue *queue, uint32_t next)
{
    uint32_t reached = 0;

    while (reached < queue->count && !seq_after(queue->item[reached].left, next)) {
        next = seq_max(next, queue->item[reached].right);
        reached++;
    }
    remove_items(queue, 0, reached);
    return next;
}

void
ooo_queue_forget(struct ooo_queue *queue, uint32_t edge)
{
    uint32_t before = 0;

    while (before < queue->count && !seq_after(queue->item[before].right, edge))
        before++;
    remove_items(queue, 0, before);
    if (queue->count > 0)
        queue->item[0].left = seq_max(queue->item[0].left, edge);
}
