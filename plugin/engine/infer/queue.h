/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an endpoint has received out of order: ranges of sequence numbers above its next expected
 * one. Bounded: when there are more holes than OOO_QUEUE_MAX, the farthest range is forgotten, as a
 * receiver short of memory does; the receiver's own ACKs then tell.
 */
#ifndef TCPCLOSE_QUEUE_H
#define TCPCLOSE_QUEUE_H

#include <stdint.h>

enum { OOO_QUEUE_MAX = 16 };

/* Ascending, disjoint, not touching; [left, right). */
struct ooo_queue {
    uint32_t count;
    struct range {
        uint32_t left;
        uint32_t right;
    } item[OOO_QUEUE_MAX];
};

/* Adds [left, right), merging. Costs a walk over the ranges. */
void ooo_queue_add(struct ooo_queue *queue, uint32_t left, uint32_t right);

/* The end of what is contiguous from next on; the ranges that it reaches are dropped. */
uint32_t ooo_queue_advance(struct ooo_queue *queue, uint32_t next);

/* Forgets all before edge. */
void ooo_queue_forget(struct ooo_queue *queue, uint32_t edge);

#endif
