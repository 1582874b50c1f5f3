/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the engine: one segment on its way through the record. Sender and receiver are picked
 * once; nothing below asks for directions again.
 */
#ifndef TCPCLOSE_ENGINE_FEED_H
#define TCPCLOSE_ENGINE_FEED_H

#include "stream.h"
#include "transitions.h"

/* What the newest moment says of an endpoint. */
struct shown {
    uint32_t fin_frame;
    uint8_t state; /* enum tcp_state */
    bool confirmed;
};

struct feed {
    struct stream *stream;
    const struct segment *seg;
    const struct policy *policy;
    struct endpoint *from;
    struct endpoint *to;
    event_set events;
    enum rst_verdict rst;
    enum reason reason[2];
    struct shown shown[2];
    bool rst_refuted; /* the segment shows that its sender has not taken an accepted RST */
    bool stale;       /* the segment is of an earlier connection on the same endpoints */
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

/* What the segment proves about its sender (send.c), and what it does to its receiver (receive.c).
 */
void feed_sender(struct feed *feed);
void feed_receiver(struct feed *feed);

/* Parts of those two: the sender's own numbers, and payload and FIN in the receiver's queue. */
void feed_sender_numbers(struct feed *feed);
void feed_receiver_text(struct feed *feed);

/* Parts of feed_sender (send_syn.c): the sender of a SYN or SYN-ACK. */
void feed_sender_syn(struct feed *feed);

/* And (send_reset.c): the sender of a RST; one that talks on after a RST. */
void feed_sender_rst(struct feed *feed);
void feed_sender_after_rst(struct feed *feed);

/* Takes back what was assumed: the sender is in that state, and its segment proves it. */
void feed_sender_restore(struct feed *feed, enum tcp_state state, enum reason reason);

/*
 * The socket of a stream before goes on talking: the SYN that replaced it was not its own. True if
 * the segment shows that; the sender is that socket again then.
 */
bool feed_sender_resumes_old_socket(struct feed *feed);

/* The facts that the pattern rests on (facts.c); before: the states before the segment. */
void feed_note_facts(struct feed *feed, const uint8_t before[2]);

#endif
