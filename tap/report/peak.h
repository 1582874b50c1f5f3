/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many of a set of stays go on at once, at most. Stays are added in any order, and the answer
 * is there after each: a dialog never knows which stream is the last.
 *
 * Takes 32 bytes a stay where they begin in order of time, and as many end in it; else up to twice
 * that.
 */
#ifndef TCPCLOSE_PEAK_H
#define TCPCLOSE_PEAK_H

#include <stdint.h>

#include "course.h"

struct peak_block;

/* Begins as zeros. */
struct peak {
    struct peak_block *blocks; /* owned; each a part of the steps, in order of time */
    unsigned count;
};

/* Back to none, and nothing owned. */
void peak_clear(struct peak *peak);

/* Adds a stay: it begins at visit->from, and ends at visit->to unless it is open. O(log n) and
 * short moves of memory. */
void peak_add(struct peak *peak, const struct visit *visit);

/* The most at one moment: 0 without stays. A sum over the blocks, and the steps of those that have
 * changed since it was asked for last: some thousands for a million of stays. */
uint32_t peak_most(const struct peak *peak);

#endif
