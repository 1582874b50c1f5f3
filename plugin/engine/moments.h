/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of a stream: a moment for each segment that changed something, in some 7 bytes each. It
 * is read forwards, and a walk carries along what holds at each moment, so that no moment repeats
 * what the ones before it said.
 *
 * The log is written in pages. Each page but the first begins with what holds there, so that a
 * moment is found by a binary search for its page and a walk through it, however long the log is.
 */
#ifndef TCPCLOSE_ENGINE_MOMENTS_H
#define TCPCLOSE_ENGINE_MOMENTS_H

#include <stddef.h>

#include "state.h"

/* What a moment says of the frame of a side's FIN. */
enum moment_fin {
    MOMENT_FIN_SAME, /* as at the moment before; none at first */
    MOMENT_FIN_NONE, /* the FIN was another socket's */
    MOMENT_FIN_HERE, /* this frame */
};

/* One endpoint in a moment. */
struct moment_side {
    uint8_t state;  /* enum tcp_state */
    uint8_t reason; /* enum reason; of the change */
    uint8_t fin;    /* enum moment_fin */
    bool changed;   /* another state than before */
    bool confirmed;
};

/*
 * What a segment changed. A TIME_WAIT that ended by time before the segment is a moment of its own,
 * with the segment's frame and the time of the end.
 */
struct moment {
    int64_t time_ns;
    uint32_t frame;
    event_set events;
    struct moment_side side[2];
    uint8_t layer;
    uint8_t rst; /* enum rst_verdict */
};

/* What holds before the first moment. */
struct moments_start {
    int64_t begin_ns;      /* about when the first moment is; the nearer, the shorter the log */
    int64_t entered_ns[2]; /* when each side entered its state */
    uint8_t state[2];      /* enum tcp_state */
};

/* What holds of one endpoint from a moment on. */
struct moments_side {
    int64_t entered_ns;     /* when it entered its state */
    int64_t previous_ns;    /* when it had entered the state before */
    uint32_t entered_frame; /* of the moment in which it did; 0: before the first one */
    uint32_t reason_frame;  /* for the reason's %u */
    uint32_t fin;           /* frame of its FIN; 0: none */
    uint8_t entered_layer;
    uint8_t state;    /* enum tcp_state */
    uint8_t previous; /* enum tcp_state */
    uint8_t reason;   /* enum reason */
    bool confirmed;
};

/* What holds from a moment on. */
struct moments_facts {
    int64_t change_ns; /* when a segment last changed a state; begin_ns at first */
    uint32_t frame;    /* of the moment */
    uint8_t layer;
    struct moments_side side[2];
};

/* Zeroed memory is an empty log. */
struct moments {
    uint8_t *bytes;    /* owned */
    int64_t change_ns; /* see moments_facts */
    uint32_t frame;    /* of the last moment */
    event_set events;  /* of the last moment */
    uint32_t pages;    /* that are full */
    uint16_t used;     /* bytes of the page after those */
    uint8_t layer;     /* of the last moment */
    bool has_change;   /* a segment has changed a state */
};

/* A place in a log: a moment, and what holds from it on. Valid until the log grows. */
struct moments_walk {
    const struct moments *log;
    const uint8_t *at;  /* the next moment */
    const uint8_t *end; /* of the page */
    uint32_t page;
    struct moment moment;
    struct moments_facts facts;
};

void moments_clear(struct moments *log);

static inline bool
moments_is_empty(const struct moments *log)
{
    return !log->bytes;
}

/*
 * Appends a moment; start is the same each time. O(1) on the average; allocates as the log grows,
 * and wastes less than 48 bytes of a log of one page.
 */
void moments_add(struct moments *log, const struct moments_start *start,
                 const struct moment *moment);

/* A walk from the start: moments_next takes it to the first moment. */
struct moments_walk moments_begin(const struct moments *log, const struct moments_start *start);

/* Goes on to the next moment; false at the end. */
bool moments_next(struct moments_walk *walk);

/*
 * The last moment that is not after the segment; if all are, the first. There has to be a moment.
 * walk.moment holds if it is the segment's, the facts in any case. Costs a binary search, and a
 * walk through at most a page.
 */
struct moments_walk moments_find(const struct moments *log, const struct moments_start *start,
                                 uint32_t frame, uint8_t layer);

/* Below, equal to or above 0 as the segment is before, of or after the last moment. */
static inline int
moments_compare_last(const struct moments *log, uint32_t frame, uint8_t layer)
{
    if (frame != log->frame)
        return frame < log->frame ? -1 : 1;
    return (int)layer - (int)log->layer;
}

#endif
