/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside infer/: whose segment is this, and is it new? Only a fresh segment proves anything of its
 * sender.
 */
#ifndef TCPCLOSE_FRESHNESS_H
#define TCPCLOSE_FRESHNESS_H

#include "inference.h"

enum freshness {
    SEGMENT_FRESH,
    SEGMENT_OLD,    /* delayed or copied by the network */
    SEGMENT_COPY,   /* of the sender's last one, captured twice */
    SEGMENT_FORMER, /* of the connection before */
    SEGMENT_FOREIGN /* not sent by the endpoint whose address it carries */
};

enum freshness freshness_of(const struct inference *in);

/*
 * The SYN or SYN-ACK that its sender began with, though the sender has acknowledged more since: a
 * copy, or captured late.
 */
bool is_answered_syn(const struct tcb *from, const struct segment *seg);

/* The last socket of the sender's before this stream; NULL: none. */
const struct tcb *former_socket(const struct inference *in);

/*
 * Sent again, or the network has held a copy of it? Of what carries nothing new, and is captured so
 * late that only its sender's clock or count of packets would tell. mark: infer_mark() of what it
 * repeats, 0 if that is not known.
 */
bool may_have_been_held(const struct inference *in, uint32_t mark);

/* A bare ACK that says nothing new: same number, same acknowledgment, same window as the last one.
 */
bool is_duplicate_ack(const struct inference *in);

/* Its SACK blocks leave out something above the ACK number: something is missing there. */
bool shows_sack_hole(const struct inference *in);

#endif
