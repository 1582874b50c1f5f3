/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an endpoint sends again, and what it says of a socket that does so no more. */
#include "freshness.h"
#include "inference.h"
#include "seq.h"

/* The least that stacks wait for, where no round trip tells them: RFC 6298 section 2.4. */
#define RTO_USUAL_NS NS_PER_S

/* When the same is sent several times, and how long after the time before. */
static void
note_again(struct tcb *from, const struct segment *seg)
{
    struct tcb_rare *rare = tcb_make_rare(from);
    bool is_same = rare->again_ns != 0 && rare->again_seq == seg->seq;

    rare->again_gap_ns = is_same ? seg->time_ns - rare->again_ns : 0;
    rare->again_ns = seg->time_ns;
    rare->again_seq = seg->seq;
}

/*
 * Numbers that were used before, and not the next that the receiver expects: so the short way need
 * not look.
 */
static bool
is_again(const struct inference *in)
{
    const struct tcb *from = in->from;

    return in->seg_end != in->seg->seq && tcb_has(from, TCB_SND_KNOWN) &&
           seq_before(in->seg->seq, from->snd_nxt) &&
           (in->seg->seq != in->to->rcv_nxt || tcb_has(in->to, TCB_OUT_OF_ORDER));
}

void
sender_repeats(struct inference *in)
{
    struct tcb *from = in->from;

    if (!is_again(in))
        return;
    note_again(from, in->seg);
    /* And more has followed: see follows_repeated() in forgery.c. */
    if (seq_before(in->seg_end, from->snd_nxt)) {
        from->extra->repeated_end = in->seg_end;
        from->extra->has_repeated = true;
    }
}

/*
 * The timer is backed off to twice the time with each expiration (RFC 6298 section 5.5), and runs
 * until all is acknowledged or the socket gives up, which it does where the next one would be due
 * (Linux: tcp_write_timeout). Timers are late by an eighth at most (the timer wheel's granularity).
 */
bool
receiver_has_given_up(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct tcb_rare *rare = tcb_rare(to);
    const struct tcb *peer = in->incarnation->has_former ? former_socket(in) : NULL;
    int64_t silent_ns = in->seg->time_ns - rare->again_ns;

    return
        /* it has sent the same several times, */
        rare->again_gap_ns != 0 &&
        /* which nobody has acknowledged, */
        peer && tcb_has(peer, TCB_ACK_KNOWN) && !seq_after(peer->rcv_acked, rare->again_seq) &&
        /* and not when that was due again */
        silent_ns >= RTO_USUAL_NS && silent_ns >= 2 * rare->again_gap_ns + rare->again_gap_ns / 4;
}
