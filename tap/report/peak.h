/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many of a set of stays go on at once, at most. Stays are added in any order, and the answer
 * is there after each: a dialog never knows which stream is the last.
 *
 * Takes some 80 bytes a stay.
 */
#ifndef TCPCLOSE_PEAK_H
#define TCPCLOSE_PEAK_H

#include <glib.h>

#include "course.h"

/* Begins as zeros. */
struct peak {
    GArray *steps; /* struct peak_step, a search tree by time: one more from then on, or one less */
    unsigned root; /* index of the tree's root */
};

/* Back to none, and nothing owned. */
void peak_clear(struct peak *peak);

/* Adds a stay: it begins at visit->from, and ends at visit->to unless it is open. O(log n). */
void peak_add(struct peak *peak, const struct visit *visit);

/* The most at one moment: 0 without stays. O(1). */
uint32_t peak_most(const struct peak *peak);

#endif
