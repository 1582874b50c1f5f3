/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many endpoints of the whole capture are in each closing state, at any of its frames.
 * TIME_WAIT is left by time too, without a segment of its own.
 *
 * Kept are the changes alone, a few bytes each, in blocks that begin with the counts themselves, so
 * that memory grows with closes and not with packets.
 */
#ifndef TCPCLOSE_CENSUS_H
#define TCPCLOSE_CENSUS_H

#include <glib.h>

#include "segment.h"
#include "deadlines.h"
#include "state.h"

struct stream;

/* By state; those that are not closing states stay 0. */
struct census_counts {
    uint32_t in[STATE_COUNT];
};

struct census {
    struct census_counts now;
    uint32_t frame;            /* of the newest change; 0: none */
    int64_t next_end_ns;       /* the first of expiries; INT64_MAX: there is none */
    GPtrArray *blocks;         /* struct census_block, by frame; owned */
    struct deadlines expiries; /* struct stream: the ends of TIME_WAITs that are waited for */
};

/* Empty; census_clear() has to follow. */
void census_init(struct census *census);

/* Frees what the census owns, not the census. */
void census_clear(struct census *census);

/*
 * Takes in what a segment has changed: after it was fed to its stream. Streams have to live as long
 * as the census. O(1); each TIME_WAIT costs O(log n) of those in TIME_WAIT.
 */
void census_feed(struct census *census, struct stream *stream, const struct segment *seg);

/*
 * The counts after a frame that has been fed. O(1) if nothing has changed since; else a binary
 * search, and a walk through a block of 92 changes at most.
 */
struct census_counts census_at(const struct census *census, uint32_t frame);

#endif
