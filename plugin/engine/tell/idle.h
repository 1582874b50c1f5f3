/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Idle connections: what a stream tells of the time after which one of its ends closes or resets a
 * connection that nobody uses, and what the streams of a service tell together.
 *
 * A connection is idle when the server has said what it had to say: a request that waits for its
 * reply is not idle, however long that takes.
 */
#ifndef TCPCLOSE_IDLE_H
#define TCPCLOSE_IDLE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "cause.h"
#include "state.h"

/* What a stream tells. */
struct idle {
    bool has_end;  /* one side closed or reset it when it was idle, for a second or more: */
    enum role by;  /* who, */
    int64_t ns;    /* after how long, */
    bool was_used; /* and whether there had been payload */
    /*
     * By role: the longest time that it was idle and this side did not end it, as it was used
     * again, the other side ended it or the capture ended; 0: it was not idle for a second.
     */
    int64_t survived_ns[ROLE_COUNT];
};

/*
 * cause: of the stream; end_ns: the newest time stamp of the capture. Of streams whose client is
 * guessed, too. O(1).
 */
struct idle idle_of(const struct stream *stream, const struct cause *cause, int64_t end_ns);

/* After how long streams that were idle were ended. */
struct idle_ends {
    GArray *times; /* int64_t, ascending; the first 10,000; NULL: none; owned */
    int64_t shortest_ns;
    uint32_t count;
};

/* What was observed of a service, of one of its sides. Begins as zeros. */
struct idle_service {
    struct idle_ends ends[2]; /* of streams without payload, and with it */
    GArray *survived;   /* int64_t, ascending: how long the first 10,000 streams were idle, and were
                           not ended then; NULL: none; owned */
    int64_t longest_ns; /* the longest of these, and all others */
};

/* What that tells of its timeout; times 0: not known. */
struct idle_bracket {
    int64_t survived_ns; /* the longest time that a connection was idle and was not ended, */
    int64_t ended_ns;    /* and the shortest after which one was */
    int64_t timeout_ns;  /* most were ended after this time: three or more, within 2 % */
    uint32_t agree;      /* with timeout_ns: how many show it */
    uint32_t ends;       /* how many were ended */
};

/* Adds what a stream tells of a side. O(n) of those kept. */
void idle_service_add(struct idle_service *service, const struct idle *idle, enum role role);

/* Back to nothing, and nothing owned. */
void idle_service_clear(struct idle_service *service);

/*
 * A timeout is named where at least three streams ended within 2 % of each other, and these are
 * more than all that speak against it: those that ended otherwise, and those that survived longer.
 * What never carried payload is under another timeout, and is asked only where there is nothing
 * else. O(n).
 */
struct idle_bracket idle_service_bracket(const struct idle_service *service);

#endif
