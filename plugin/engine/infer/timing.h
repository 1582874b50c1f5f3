/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside infer/: when was this segment sent, by its sender's timestamp clock, and before or after
 * what was captured could reach the sender?
 */
#ifndef TCPCLOSE_TIMING_H
#define TCPCLOSE_TIMING_H

#include "inference.h"
#include "units.h"

/*
 * When the segment would have been captured if nothing had delayed it more than the one before, by
 * the sender's timestamp clock; without timestamps, when it was captured.
 */
int64_t undelayed_ns(const struct inference *in);

/* It has a newer timestamp than any segment of its sender before. */
bool has_newer_timestamp(const struct inference *in);

/*
 * The earliest that the endpoint's timestamp clock can have come to ts_val, which is newer than its
 * newest one.
 */
int64_t ticked_ns(const struct tcb *tcb, uint32_t ts_val);

/*
 * The earliest that it can have been sent, on the same scale, by the sender's timestamp clock;
 * without timestamps, the beginning of time.
 */
int64_t earliest_ns(const struct inference *in);

/*
 * Its sender's clock says that it was sent later than that, counted from its newest segment before.
 * False if that one shows to have been held up itself, or nothing is known.
 */
bool is_sent_since(const struct inference *in, int64_t since_ns);

/*
 * When the segment was captured; or if that was earlier than it can have been sent, as where a
 * capture has put neighbours in the wrong order, when it was sent.
 */
int64_t due_ns(const struct inference *in);

/*
 * What the segment's timestamp says of the time since its sender's newest one: that it has passed,
 * or that it has not, as on a copy, or late. Unknown if there is none, or hardly any time between.
 */
enum clock { CLOCK_UNKNOWN, CLOCK_RUNS, CLOCK_STANDS };

enum clock clock_of(const struct inference *in);

/*
 * Could the sender have sent this segment before what was captured at since_ns reached it? Within a
 * round trip between the capture point and the sender, yes.
 */
bool may_have_crossed(const struct inference *in, int64_t since_ns);

/*
 * Its sender's clock shows that it was sent later than that, by round trips alone: what a network
 * reorders has an older timestamp. False where nothing is shown.
 */
bool is_sent_beyond_crossing(const struct inference *in, int64_t since_ns);

/* The same by the time of capture alone: a timestamp that somebody has copied is an old one. */
bool is_captured_within_crossing(const struct inference *in, int64_t since_ns);

/*
 * As may_have_crossed(), asked of what was captured at since_ns and the segment does not
 * acknowledge. Of one that acknowledges nothing new, less time is enough to say no: others may be
 * the tail of a burst of ACKs that somebody held up.
 */
bool may_lack(const struct inference *in, int64_t since_ns);

/*
 * The same of data or a FIN, not of a RST, which is often shot into a burst of data by who reads
 * it: new data that acknowledges nothing new is no answer, so the round trip alone says.
 */
bool may_lack_when_sending(const struct inference *in, int64_t since_ns);

/* Networks reorder within less than this. */
#define REORDER_NS (10 * NS_PER_MS)

/* And copy within less than this, which is Linux's shortest retransmission timeout (TCP_RTO_MIN).
 */
#define COPY_NS (200 * NS_PER_MS)

/* The shortest retransmission timeout in use: FreeBSD. */
#define RTO_MIN_NS (30 * NS_PER_MS)

#endif
