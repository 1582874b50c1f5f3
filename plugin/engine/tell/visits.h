/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stays of a stream's endpoints in states, in hindsight. */
#ifndef TCPCLOSE_VISITS_H
#define TCPCLOSE_VISITS_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

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

typedef void take_visit(void *context, const struct visit *visit);

/*
 * Calls take for each visit of the client, in order of time, then for each of the server. A state
 * that ended with the stream's first segment is no visit of it; the last visits are cut where a
 * later stream on the same endpoints goes on. end_ns: the newest time stamp of the capture. Costs a
 * walk over the stream's transitions.
 */
void visits_walk(const struct stream *stream, int64_t end_ns, take_visit *take, void *context);

#endif
