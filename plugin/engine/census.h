/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many endpoints of the whole capture are in each closing state, at any of its frames. TIME_WAIT is
 * left by time too, without a segment of its own.
 *
 * Kept are the changes alone, with the counts themselves every now and then, so that memory grows with
 * closes and not with packets.
 */
#ifndef TCPCLOSE_ENGINE_CENSUS_H
#define TCPCLOSE_ENGINE_CENSUS_H

#include <glib.h>

#include "stream.h"

/* By state; those that are not closing states stay 0. */
struct census_counts {
    uint32_t in[STATE_COUNT];
};

struct census {
    struct census_counts now;
    GArray *changes;     /* struct census_change, by frame; owned */
    GArray *checkpoints; /* struct census_counts, before each CENSUS_STRIDE-th change; owned */
    GArray *expiries;    /* struct census_expiry, a heap: the earliest first; owned */
};

void census_init(struct census *census);

/* Frees what the census owns, not the census. */
void census_clear(struct census *census);

/*
 * Takes in what a segment has changed: after stream_feed, with the same arguments. Streams have to live
 * as long as the census. O(1); each TIME_WAIT costs O(log n) of those in TIME_WAIT.
 */
void census_feed(struct census *census, struct stream *stream, const struct segment *seg);

/* The counts after a frame that has been fed. Costs a binary search and less than CENSUS_STRIDE steps. */
struct census_counts census_at(const struct census *census, uint32_t frame);

enum { CENSUS_STRIDE = 64 };

#endif
