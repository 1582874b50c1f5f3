/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the engine: one segment on its way through the record. Sender and receiver are picked once;
 * nothing below asks for directions again.
 */
#ifndef TCPCLOSE_ENGINE_FEED_H
#define TCPCLOSE_ENGINE_FEED_H

#include "stream.h"
#include "transitions.h"

struct feed {
    struct stream *stream;
    const struct segment *seg;
    const struct policy *policy;
    struct endpoint *from;
    struct endpoint *to;
    event_set events;
    enum rst_verdict rst;
    enum reason reason[2];
    bool stale; /* the segment is of an earlier connection on the same endpoints */
};

static inline unsigned
feed_side(const struct feed *feed, const struct endpoint *endpoint)
{
    return endpoint == &feed->stream->end[1];
}

static inline void
feed_event(struct feed *feed, enum tcp_event event)
{
    feed->events |= event_bit(event);
}

/* Moves the endpoint as the tables say; true if its state changed. */
bool feed_apply(struct feed *feed, struct endpoint *endpoint, enum stimulus stimulus);

/* What the segment proves about its sender (send.c), and what it does to its receiver (receive.c). */
void feed_sender(struct feed *feed);
void feed_receiver(struct feed *feed);

/* Where a RST can come from and what it does; called by the two above. */
void feed_receiver_rst(struct feed *feed);

#endif
