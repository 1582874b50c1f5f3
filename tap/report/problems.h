/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is worth a look in a stream, as the rules of one table find it: causes that break
 * applications, and what their causes do not tell.
 */
#ifndef TCPCLOSE_PROBLEMS_H
#define TCPCLOSE_PROBLEMS_H

#include "cause.h"
#include "stream_entry.h"
#include "summary.h"

/* What the rules look at. */
struct stream_told {
    const struct stream_entry *entry;
    struct summary summary;
    struct cause cause;
    event_set events;
    bool has_forged_rst;
};

struct problem_time {
    bool at_least; /* its end was not seen */
    int64_t ns;
};

/* A rule: the streams that have the problem, and how it is told of all of one service. */
struct problem {
    bool breaks;          /* an application is likely to have failed of it */
    const char *filter;   /* selects these streams, with two passes */
    bool is_of_frames;    /* the filter does: not every segment of them has what it asks for */
    const char *sentence; /* @ is who does it, # the other side, % the times */
    enum cause_kind cause;
    bool (*holds)(const struct stream_told *told);               /* NULL: the stream's cause */
    struct problem_time (*time)(const struct stream_told *told); /* NULL: there is no % */
    bool is_from_the_shortest; /* % tells the shortest time as well as the longest */
};

/* In no order of importance. */
extern const struct problem problems[];
extern const unsigned problem_count;

bool problem_holds(const struct problem *problem, const struct stream_told *told);

/* Who is @. */
enum role problem_actor(const struct problem *problem, const struct stream_told *told);

#endif
