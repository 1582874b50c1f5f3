/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the engine: whose segment is this, and when was it sent? Only a fresh segment proves
 * anything of its sender.
 */
#ifndef TCPCLOSE_ENGINE_ORIGIN_H
#define TCPCLOSE_ENGINE_ORIGIN_H

#include "feed.h"

enum origin {
    ORIGIN_FRESH,
    ORIGIN_OLD,    /* delayed or copied by the network */
    ORIGIN_STALE,  /* of the connection before */
    ORIGIN_FOREIGN /* not sent by the endpoint whose address it carries */
};

enum origin origin_of(const struct feed *feed);

/* The last socket of the sender's before this stream; NULL: none. */
const struct endpoint *origin_previous_socket(const struct feed *feed);

/*
 * When the segment would have been captured if nothing had delayed it more than the one before, by
 * the sender's timestamp clock; without timestamps, when it was captured.
 */
int64_t origin_undelayed_ns(const struct feed *feed);

/*
 * Could the sender have sent this segment before what was captured at since_ns reached it? Within a
 * round trip between the capture point and the sender, yes.
 */
bool origin_may_have_crossed(const struct feed *feed, int64_t since_ns);

/* Networks reorder within less than this. */
enum { ORIGIN_REORDER_NS = 10 * 1000 * 1000 };

/* A bare ACK that says nothing new: same number, same acknowledgment, same window as the last one.
 */
bool origin_is_duplicate_ack(const struct feed *feed);

/* Its SACK blocks leave out something above the ACK number: something is missing there. */
bool origin_shows_sack_hole(const struct feed *feed);

#endif
