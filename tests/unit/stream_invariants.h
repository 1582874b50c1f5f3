/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of a stream as a whole: its transition log, and its summary against what its segments
 * showed one by one. A part of invariants_check(). What does not hold is answered in one line, NULL
 * if all does.
 */
#ifndef TCPCLOSE_TESTS_STREAM_INVARIANTS_H
#define TCPCLOSE_TESTS_STREAM_INVARIANTS_H

#include "snapshot.h"
#include "stream.h"
#include "summary.h"

/* What the segments and events shown of a stream add up to. */
struct tally {
    unsigned rsts;
    unsigned fin_retransmissions;
    unsigned half_close_segments;
    unsigned completions;
    unsigned answers;     /* segments that are more than SYNs and RSTs of one side */
    unsigned seen;        /* a bit a side: it has sent something */
    unsigned accepted[2]; /* by sender: RSTs */
    unsigned fins[2];
    unsigned fin_acks[2];
};

/* A segment of the stream, and the events that it showed. */
void tally_add(struct tally *tally, const struct stream *stream, const struct segment *seg,
               const struct snapshot *shown);

/*
 * The log is in the order of frames, with a reason for each change, and ends in what the endpoints
 * are in; each entry is found by its segment, and knows when its states were entered.
 */
const char *stream_broken_in_log(const struct stream *stream);

/* The same down to the last member: control blocks, log and facts. */
bool stream_is_same(const struct stream *a, const struct stream *b);

/* Pattern, closer and counts are those of the segments; end_ns: as of summary_of(). */
const char *stream_broken_in_summary(const struct stream *stream, const struct summary *summary,
                                     const struct tally *tally, int64_t end_ns);

/* What other systems would say agrees with the pattern. */
const char *stream_broken_in_words(const struct stream *stream, const struct outcome *outcome,
                                   int64_t end_ns);

/* life_ns: what each endpoint's times have to add up to; negative: time stamps went back. */
const char *stream_broken_in_times(const struct summary *summary, int64_t life_ns);

#endif
