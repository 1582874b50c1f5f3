/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an endpoint has received out of order: ranges of sequence numbers above its next expected
 * one. Bounded: when there are more holes than RANGES_MAX, the farthest range is forgotten, as a
 * receiver short of memory does; the receiver's own ACKs then tell.
 */
#ifndef TCPCLOSE_ENGINE_RANGES_H
#define TCPCLOSE_ENGINE_RANGES_H

#include <stdint.h>

enum { RANGES_MAX = 16 };

/* Ascending, disjoint, not touching; [left, right). */
struct ranges {
    uint32_t count;
    struct range {
        uint32_t left;
        uint32_t right;
    } item[RANGES_MAX];
};

/* Adds [left, right), merging. Costs a walk over the ranges. */
void ranges_add(struct ranges *ranges, uint32_t left, uint32_t right);

/* The end of what is contiguous from next on; the ranges that it reaches are dropped. */
uint32_t ranges_advance(struct ranges *ranges, uint32_t next);

#endif
