/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to say of a stream as a whole: outcome, and the time spent in each state. */
#ifndef TCPCLOSE_SUMMARY_H
#define TCPCLOSE_SUMMARY_H

#include "course.h"
#include "outcome.h"

/* One endpoint. Times in nanoseconds, never negative. */
struct role_summary {
    enum tcp_state final_state;    /* at the end of the capture */
    int64_t dwell_ns[STATE_COUNT]; /* time spent in each state, over all visits */
    uint32_t visits[STATE_COUNT];
    /*
     * States whose time was not seen to end (bit: 1 << state): the one that the end of the capture
     * cut off, and TIME_WAIT when only the clock ended it. The time is a lower bound then.
     */
    uint32_t censored;
    uint32_t assumed; /* the same of states of which some visit is only assumed */
};

struct summary {
    struct outcome outcome;
    struct role_summary role[ROLE_COUNT];
};

/* end_ns: the newest time stamp of the capture. Costs a walk over the stream's transitions. */
struct summary summary_of(const struct stream *stream, int64_t end_ns);

/* The same, of a stream whose course is there already, and up to date. Costs a walk over its
 * visits. */
struct summary summary_of_course(const struct stream *stream, const struct course *course,
                                 int64_t end_ns);

#endif
