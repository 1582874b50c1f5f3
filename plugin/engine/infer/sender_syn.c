/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a SYN or SYN-ACK proves about its sender: a new socket, or an old one that has had no
 * answer. */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"

/* What the socket began with, once more: no answer has reached it, unless this is a copy. */
static void
sent_again(struct inference *in, enum stimulus stimulus)
{
    if (infer_apply(in, in->from, stimulus) && may_have_been_held(in, 0))
        tcb_clear(in->from, TCB_CONFIRMED);
}

/* The SYN that the socket began with, once more. */
static void
syn_again(struct inference *in)
{
    struct tcb *from = in->from;

    if (from->state == STATE_CLOSED && tcb_extra(from)->before_rst == STATE_SYN_SENT)
        infer_restore(in, STATE_SYN_SENT, REASON_RST_NOT_TAKEN, true);
    else if (from->state != STATE_CLOSED && from->state != STATE_TIME_WAIT &&
             !may_have_crossed(in, from->entered_ns))
        sent_again(in, SENT_SYN);
}

/*
 * The SYN-ACK was captured before the SYN, and acknowledges the data in that, too: RFC 7413 section
 * 4.2.2.
 */
static bool
is_acked_with_data(const struct inference *in)
{
    const struct tcb *from = in->from;

    return in->seg->len > 0 && tcb_has(from, TCB_SND_KNOWN) && !tcb_has(from, TCB_SEEN) &&
           tcb_has(in->to, TCB_ACK_KNOWN) && in->to->rcv_acked == in->seg_end &&
           in->to->state == STATE_SYN_RECEIVED;
}

static void
syn(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    bool same = tcb_has(from, TCB_SND_KNOWN) && seg->seq == from->iss;

    if (is_acked_with_data(in)) {
        from->iss = seg->seq;
    } else if (same) {
        syn_again(in);
    } else if (from->state == STATE_SYN_RECEIVED && !tcb_has(from, TCB_SND_KNOWN)) {
        /* It was no listener: it had sent its own SYN when the peer's came. */
        tcb_begin_sequence(from, seg->seq);
        tcb_confirm(from);
    } else {
        if (from->state == STATE_TIME_WAIT)
            infer_event(in, EVENT_time_wait_reuse);
        infer_renew(in, from);
        tcb_begin_sequence(from, seg->seq);
        infer_apply(in, from, SENT_SYN);
    }
    if (seg->options.fast_open)
        tcb_set(from, TCB_FAST_OPEN);
}

/* The peer has never sent what is acknowledged here: that was a SYN that was not captured. */
static bool
answers_lost_syn(const struct tcb *to, const struct segment *seg)
{
    return tcb_has(to, TCB_SND_KNOWN) && !seq_between(seg->ack, to->iss, to->snd_nxt);
}

/* The SYN-ACK of another socket than before. The peer has made way for a new one, too: at once if
 * it was over, else when it takes the SYN-ACK. */
static void
prove_lost_syn(struct inference *in)
{
    struct tcb *to = in->to;
    uint32_t ack = in->seg->ack;

    if (to->state != STATE_CLOSED && to->state != STATE_TIME_WAIT) {
        sender_may_begin_at(in, in->seg->seq);
        return;
    }
    if (to->state == STATE_TIME_WAIT)
        infer_event(in, EVENT_time_wait_reuse);
    infer_renew(in, to);
    tcb_begin_sequence(to, ack - 1);
    to->snd_nxt = ack;
    infer_apply(in, to, SENT_SYN);
}

/* Only a socket that is waiting for it begins with a SYN-ACK; any other one is gone. */
static void
first_syn_ack(struct inference *in)
{
    struct tcb *from = in->from;

    if (from->state != STATE_SYN_RECEIVED)
        infer_renew(in, from);
    else if (tcb_has(from, TCB_SND_KNOWN))
        sender_may_begin_at(in, from->iss);
    if (answers_lost_syn(in->to, in->seg))
        prove_lost_syn(in);
    tcb_begin_sequence(from, in->seg->seq);
    infer_apply(in, from, SENT_SYN_ACK);
}

static void
syn_ack(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    bool same = tcb_has(from, TCB_SND_KNOWN) && seg->seq == from->iss;

    if (!same) {
        first_syn_ack(in);
    } else if (from->state != STATE_ESTABLISHED && from->state != STATE_CLOSE_WAIT) {
        infer_apply(in, from, SENT_SYN_ACK);
    } else if (!may_have_crossed(in, from->entered_ns)) {
        sent_again(in, SENT_SYN_ACK);
        tcb_clear(from, TCB_FIN_DELIVERED);
    }
    /* Its ACK says how much data it took with the SYN. */
    from->rcv_nxt = seg->ack;
    tcb_set(from, TCB_RCV_KNOWN);
}

/* The peer's SYN-ACK has come before: both SYNs are known, or this is a SYN-ACK itself. */
static bool
is_syn_answered(const struct tcb *from, const struct tcb *to, const struct segment *seg)
{
    if (seg->flags & FLAG_ACK)
        return true;
    if (tcb_has(from, TCB_RENEWED) != tcb_has(to, TCB_RENEWED))
        return false; /* two sockets of different connections */
    return tcb_has(to, TCB_ACK_KNOWN | TCB_SHIFT_KNOWN) &&
           seq_between(to->rcv_acked, from->iss + 1, from->snd_nxt);
}

/*
 * RFC 7323 section 2.2: windows are scaled only if both SYNs offer it, and a SYN-ACK offers it only
 * if the SYN did, which need not have been captured.
 */
void
sender_agrees_on_scaling(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    bool both =
        tcb_has(from, TCB_SCALES) && (tcb_has(to, TCB_SCALES) || !tcb_has(to, TCB_SHIFT_KNOWN));

    if (both || !is_syn_answered(from, to, in->seg))
        return;
    from->window_shift = 0;
    to->window_shift = 0;
    if (tcb_has(to, TCB_SND_KNOWN))
        tcb_set(to, TCB_SHIFT_KNOWN);
}

void
sender_syn(struct inference *in)
{
    if (in->seg->flags & FLAG_FIN)
        infer_event(in, EVENT_syn_fin);
    if (in->seg->flags & FLAG_ACK)
        syn_ack(in);
    else
        syn(in);
}
