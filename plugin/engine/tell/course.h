/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The course of a stream's endpoints in hindsight: the states that each was in, as far as
 * everything known at the time of asking tells. A visit that a later segment refutes is not in it,
 * and the one before goes on. Where it differs from what frames showed (snapshot.h), the frames
 * told what was known then.
 */
#ifndef TCPCLOSE_COURSE_H
#define TCPCLOSE_COURSE_H

#include <glib.h>
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
    bool proved; /* a segment of its own shows it; else what was sent to it is taken as delivered */
    bool censored; /* its end was not seen: the capture ended, or only the clock ended TIME_WAIT */
    bool open;     /* the endpoint is in the state when the capture ends; to is not valid */
};

/* Left in the frame that entered it, or in no time at all. */
static inline bool
visit_is_empty(const struct visit *visit)
{
    return !visit->open && instant_compare(visit->from, visit->to) == 0;
}

/* The courses of both endpoints. */
struct course;

/*
 * The course so far; course_advance() takes in what has happened since. Making it and advancing it
 * cost a walk over the new entries of the transition log. The stream has to live as long.
 */
struct course *course_new(const struct stream *stream);
void course_advance(struct course *course);

/* Makes it the course of another stream: what is read of one after the other needs one allocation.
 */
void course_restart(struct course *course, const struct stream *stream);
void course_free(struct course *course);

typedef void take_visit(void *context, const struct visit *visit);

/*
 * Calls take for each visit of the client, in order of time, then for each of the server. A state
 * that ended with the stream's first segment is no visit of it; the last visits are cut where a
 * later stream on the same endpoints goes on. end_ns: the newest time stamp of the capture.
 */
void course_walk(const struct course *course, int64_t end_ns, take_visit *take, void *context);

/* The same of a stream whose course nobody has. Costs a walk over its transition log. */
void visits_walk(const struct stream *stream, int64_t end_ns, take_visit *take, void *context);

/*
 * The states in one word, "SYN_SENT>ESTABLISHED>CLOSE_WAIT?": from the first that a frame showed to
 * the last, with ? behind one that is only assumed. A TIME_WAIT that took the first segment, a SYN,
 * comes first: "TIME_WAIT>SYN_RECEIVED". Valid until the course is advanced or freed. O(1).
 */
const char *course_path(const struct course *course, enum role role);

#endif
