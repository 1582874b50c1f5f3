/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An ACK number that covers what was not captured: data, or a FIN if it is one number. Which of
 * them, and in what order two FINs came, only the time may tell.
 */
#include <glib.h>

#include "inference.h"
#include "seq.h"
#include "units.h"

/* For so long an ACK waits for something to be sent with it, as a rule: Linux (TCP_ATO_MIN),
 * FreeBSD, Windows. */
#define ATO_NS (40 * NS_PER_MS)

/* Ticks of Linux's timer are not much shorter: CONFIG_HZ is 250, as a rule. */
#define TICK_NS (2 * NS_PER_MS)

/* By so much a host's response varies. */
#define HOST_JITTER_NS (NS_PER_MS / 2)

/*
 * When the peer's segment that was not captured passed, or later: after all of its own that were,
 * and after those of the sender that had time to acknowledge it and did not.
 */
static int64_t
unseen_since_ns(const struct inference *in)
{
    const struct tcb *from = in->from;
    const int64_t response_ns = (int64_t)from->response_us * NS_PER_US;

    return response_ns == 0 ? in->to->newest_ns
                            : MAX(in->to->newest_ns, from->newest_ns - response_ns);
}

/*
 * Linux acknowledges data at once, mostly, but lets a FIN's ACK wait for the application to close
 * (tcp_fin, inet_csk_enter_pingpong_mode): by TCP_ATO_MIN, or to the next tick if it has received
 * no data before.
 */
static bool
is_too_soon_for_fin(const struct inference *in)
{
    const struct tcb *to = in->to;
    const bool had_data = to->snd_nxt - to->iss > 2; /* the SYN and the number in question */

    return infer_stack(in)->fin_ack_waits && in->seg_end == in->seg->seq &&
           in->seg->time_ns - unseen_since_ns(in) < (had_data ? ATO_NS : TICK_NS);
}

/*
 * All of the peer's was captured but one number, which this is the first to count: a FIN, as it
 * seems. A byte would do as well, but connections end, and segments of one byte are rare, other
 * than keystrokes, which are echoed.
 */
static bool
seems_to_ack_fin(const struct inference *in)
{
    return in->from->state == STATE_ESTABLISHED && in->to->state == STATE_ESTABLISHED &&
           in->seg->len != 1 && !(in->seg->flags & FLAG_FIN);
}

/*
 * Was the peer's FIN an answer to the sender's own? That and the ACK of it take the time that both
 * ends take to respond, twice the quicker one's at least; and a FIN that has no answer so long is
 * acknowledged without one.
 */
static bool
is_time_for_answer(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    const int64_t gap_ns = in->seg->time_ns - from->fin_sent_ns;
    const int64_t both_ns = ((int64_t)from->response_us + to->response_us) * NS_PER_US;
    const int64_t quicker_ns = (int64_t)MIN(from->response_us, to->response_us) * NS_PER_US;

    return gap_ns >= MAX(2 * quicker_ns, both_ns - HOST_JITTER_NS) &&
           (to->response_us == 0 || gap_ns < ATO_NS + both_ns);
}

/* It acknowledges a FIN of the peer's. */
static void
ack_unseen_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const bool has_fin = tcb_has_peer_fin(to);
    const bool crossed = from->state == STATE_FIN_WAIT_1 && tcb_has(to, TCB_SEEN) &&
                         (!has_fin || !is_time_for_answer(in));

    if (crossed && has_fin)
        infer_apply(in, to, SHOWED_FIN_NOT_RECEIVED);
    to->fin_end = in->seg->ack;
    tcb_set(to, TCB_FIN_SENT | TCB_FIN_ASSUMED);
    infer_apply(in, to, SENT_FIN);
    if (!crossed)
        infer_apply(in, from, GOT_ACK_OF_FIN);
    else if (has_fin)
        infer_apply(in, to, GOT_FIN);
    tcb_clear(to, TCB_CONFIRMED | TCB_PROVABLE);
}

/*
 * One number more than what the peer has sent, on a bare ACK of a side that has sent its own FIN,
 * is the peer's FIN.
 */
static void
ack_one_unseen(struct inference *in)
{
    if (tcb_has(in->from, TCB_FIN_SENT)) {
        if (in->seg_end == in->seg->seq)
            ack_unseen_fin(in);
    } else if (!tcb_has(in->to, TCB_ONE_UNSEEN)) {
        return;
    } else if (is_too_soon_for_fin(in)) {
        tcb_clear(in->to, TCB_ONE_UNSEEN);
    } else if (seems_to_ack_fin(in)) {
        ack_unseen_fin(in);
    }
}

/* All that was captured of the peer, or acknowledged before, reaches to the ACK number but one. */
static bool
lacks_one(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;

    return in->seg->ack == to->snd_nxt + 1 && tcb_has(to, TCB_SEEN) &&
           (!tcb_has(to, TCB_UNSEEN_TAIL) ||
            (tcb_has(from, TCB_ACK_KNOWN) && from->rcv_acked == to->snd_nxt));
}

/* The capture lost what the ACK number covers, or sees one direction only. */
static void
take_unseen(struct inference *in)
{
    struct tcb *to = in->to;
    const bool is_one = in->seg->ack == to->snd_nxt + 1;

    /* Of a side that the capture does not see at all, once is enough. */
    if (tcb_has(to, TCB_SEEN) || !tcb_has(to, TCB_UNSEEN_TAIL))
        infer_event(in, EVENT_capture_loss);
    if (lacks_one(in))
        tcb_set(to, TCB_ONE_UNSEEN);
    else
        tcb_clear(to, TCB_ONE_UNSEEN);
    to->snd_nxt = in->seg->ack;
    to->tail_from_ack = true;
    tcb_set(to, TCB_UNSEEN_TAIL);
    if (is_one)
        ack_one_unseen(in);
}

void
sender_acks_unseen(struct inference *in)
{
    const struct tcb *from = in->from;
    struct tcb *to = in->to;
    const uint32_t ack = in->seg->ack;

    if (tcb_has(from, TCB_RENEWED) != tcb_has(to, TCB_RENEWED))
        return; /* two sockets of different connections */
    if (!tcb_has(to, TCB_SND_KNOWN)) {
        tcb_begin_sequence(to, ack - 1);
        to->snd_nxt = ack;
        to->tail_from_ack = true;
        tcb_set(to, TCB_UNSEEN_TAIL);
        return;
    }
    if (tcb_has(to, TCB_FIN_SENT))
        return;
    if (seq_after(ack, to->snd_nxt))
        take_unseen(in);
    else if (ack == to->snd_nxt && tcb_has(to, TCB_ONE_UNSEEN) && tcb_has(from, TCB_ACK_KNOWN) &&
             seq_before(from->rcv_acked, ack))
        ack_one_unseen(in);
}
