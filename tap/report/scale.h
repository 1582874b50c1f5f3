/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where moments stand in a picture. Gaps between them are drawn to one scale, but for two kinds.
 * One in which nothing happens for long is broken: ten times longer than all shorter ones together,
 * or, before the moments that matter, longer than half of what matters. And one that could not be
 * seen is stretched, so that each moment has its place.
 */
#ifndef TCPCLOSE_SCALE_H
#define TCPCLOSE_SCALE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { SCALE_GAP_MIN = 34, SCALE_BREAK = 84 }; /* pixels */

struct scale {
    unsigned count;   /* of the moments */
    int *x;           /* of each moment, from 0; owned */
    bool *broken;     /* of the gap behind each moment; owned */
    double px_per_ns; /* of the gaps that are to scale; 0: none is */
};

/*
 * Of count moments, at least one, whose times do not go back; from matters on they matter. As wide
 * as width, or wider where they have no room. O(n log n), and O(n) for each gap that is stretched.
 */
struct scale scale_make(const int64_t *times_ns, unsigned count, unsigned matters, int width);
void scale_clear(struct scale *scale);

#endif
