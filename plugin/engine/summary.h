/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to say of a stream as a whole: the one source of every report and dialog. */
#ifndef TCPCLOSE_ENGINE_SUMMARY_H
#define TCPCLOSE_ENGINE_SUMMARY_H

#include "pattern.h"
#include "stream.h"

enum role { ROLE_CLIENT, ROLE_SERVER, ROLE_COUNT };

/* One endpoint, by its role. Times in nanoseconds, never negative. */
struct role_summary {
    enum tcp_state final_state;    /* at the end of the capture */
    int64_t dwell_ns[STATE_COUNT]; /* time spent in each state, over all visits */
    uint32_t visits[STATE_COUNT];
    /*
     * States whose time was not seen to end (bit: 1 << state): the one that the end of the capture
     * cut off, and TIME_WAIT when only the clock ended it. The time is a lower bound then.
     */
    uint32_t censored;
};

struct summary {
    enum tcp_pattern pattern;
    enum closer closer;  /* by side; see closer_name() */
    bool complete;       /* both FINs acknowledged, or a RST accepted */
    bool has_teardown;   /* there is a FIN or an accepted RST */
    int64_t teardown_ns; /* from the first of them to the last segment that changed a state */
    uint64_t half_close_bytes;
    uint32_t fin_retransmissions;
    uint32_t rsts;
    struct role_summary role[ROLE_COUNT];
};

/* A moment in a capture: of two at the same time, the one in the lower frame comes first. */
struct instant {
    int64_t ns;
    uint32_t frame; /* 0: the clock's doing, without a frame */
};

/* Below, equal to or above 0, as a is before, equal to or after b. */
static inline int
instant_compare(struct instant a, struct instant b)
{
    if (a.ns != b.ns)
        return a.ns < b.ns ? -1 : 1;
    return a.frame < b.frame ? -1 : a.frame > b.frame;
}

/* A stay of an endpoint in a state; to is not before from. */
struct visit {
    enum role role;
    enum tcp_state state;
    struct instant from;
    struct instant to;
    bool censored; /* its end was not seen: the capture ended, or only the clock ended TIME_WAIT */
    bool open;     /* the endpoint is in the state when the capture ends; to does not count */
};

/* Left in the frame that entered it, or in no time at all. */
static inline bool
visit_is_empty(const struct visit *visit)
{
    return !visit->open && instant_compare(visit->from, visit->to) == 0;
}

/*
 * Calls take for each visit of the client, in order of time, then for each of the server. A state
 * that ended with the stream's first segment is no visit of it; the last visits are cut where a
 * later stream on the same endpoints goes on. end_ns and cost as of summary_of().
 */
void summary_visit(const struct stream *stream, int64_t end_ns,
                   void (*take)(void *context, const struct visit *visit), void *context);

/*
 * The summary of a stream in a capture whose newest segment is of end_ns. Costs a walk over the
 * stream's moments.
 */
struct summary summary_of(const struct stream *stream, int64_t end_ns);

/* The stream's teardown time so far; 0 without FIN and accepted RST. O(1). */
int64_t summary_teardown_ns(const struct stream *stream);

/* "client", "server", "both" or "none" */
const char *closer_name(const struct stream *stream);

#endif
