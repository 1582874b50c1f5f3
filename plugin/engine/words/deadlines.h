/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What falls due, the earliest first: a binary heap, so that times may go back. Begins as zeros. */
#ifndef TCPCLOSE_DEADLINES_H
#define TCPCLOSE_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

struct deadline {
    int64_t ns;
    void *item; /* the caller's */
};

struct deadlines {
    struct deadline *heap; /* owned */
    uint32_t count;
    uint32_t capacity;
};

/* O(log n), amortised. */
void deadlines_push(struct deadlines *deadlines, struct deadline deadline);

/* Takes out the earliest; there is one. O(log n). */
struct deadline deadlines_pop(struct deadlines *deadlines);

/* Frees what it owns. */
void deadlines_clear(struct deadlines *deadlines);

/* The earliest of them; INT64_MAX: there is none. */
static inline int64_t
deadlines_next_ns(const struct deadlines *deadlines)
{
    return deadlines->count > 0 ? deadlines->heap[0].ns : INT64_MAX;
}

#endif
