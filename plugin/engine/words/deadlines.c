/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "deadlines.h"

#include <glib.h>

void
deadlines_push(struct deadlines *deadlines, struct deadline deadline)
{
    struct deadline *heap = deadlines->heap;
    uint32_t at = deadlines->count++;

    if (at == deadlines->capacity) {
        deadlines->capacity += deadlines->capacity / 4 + 16;
        heap = deadlines->heap = g_renew(struct deadline, heap, deadlines->capacity);
    }
    for (uint32_t parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (heap[parent].ns <= deadline.ns)
            break;
        heap[at] = heap[parent];
    }
    heap[at] = deadline;
}

struct deadline
deadlines_pop(struct deadlines *deadlines)
{
    struct deadline *heap = deadlines->heap;
    struct deadline first = heap[0];
    uint32_t count = --deadlines->count;
    struct deadline last = heap[count];
    uint32_t at = 0;

    for (uint32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].ns < heap[child].ns)
            child++;
        if (last.ns <= heap[child].ns)
            break;
        heap[at] = heap[child];
    }
    heap[at] = last;
    return first;
}

void
deadlines_clear(struct deadlines *deadlines)
{
    g_free(deadlines->heap);
    *deadlines = (struct deadlines){0};
}
