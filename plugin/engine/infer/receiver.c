/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment does to its receiver, taken as delivered: RFC 9293 section 3.10.7 in its order of
 * checks, with RFC 5961 and what Linux does (tcp_validate_incoming, tcp_rcv_state_process,
 * tcp_timewait_state_process).
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"

static void
renew_time_wait(const struct inference *in, struct tcb *tcb)
{
    int64_t end_ns = in->seg->time_ns + in->policy->two_msl_ns;

    if (end_ns > tcb->time_wait_end_ns)
        tcb->time_wait_end_ns = end_ns;
}

/* tcp_replace_ts_recent: only what begins at or before the last ACK sent brings a new timestamp */
static void
take_timestamp(struct tcb *to, const struct segment *seg)
{
    if (!seg->options.has_ts)
        return;
    if (tcb_has(to, TCB_ACK_KNOWN) && seq_after(seg->seq, to->rcv_acked))
        return;
    to->ts_recent = seg->options.ts_val;
    tcb_set(to, TCB_TS_RECENT);
}

static void
take_syn(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    bool simultaneous = to->state == STATE_SYN_SENT;

    if (to->state == STATE_TIME_WAIT)
        infer_event(in, EVENT_time_wait_reuse);
    if (!simultaneous)
        infer_renew(in, to);
    infer_apply(in, to, GOT_SYN);
    /* Data on the SYN counts only where Fast Open was asked for; the SYN-ACK will tell. */
    to->rcv_nxt = seg->seq + 1;
    if (seg->options.fast_open) {
        to->rcv_nxt += seg->len;
        tcb_set(to, TCB_FAST_OPEN);
    }
    to->proof = seg->seq + 1;
    tcb_set(to, TCB_RCV_KNOWN | TCB_PROVABLE);
    take_timestamp(to, seg);
}

/*
 * The RST that answers this SYN or SYN-ACK was captured just before it: the number that it has of
 * it says so (RFC 9293 section 3.10.7.1).
 */
static bool
is_answered_by_earlier_rst(const struct inference *in)
{
    const struct tcb_extra *extra = tcb_extra(in->to);
    const struct segment *seg = in->seg;

    if (!(seg->flags & FLAG_SYN) || extra->own_rst == RST_NONE || extra->own_rst_answers ||
        seg->time_ns - extra->own_rst_ns >= REORDER_NS)
        return false;
    if (seg->flags & FLAG_ACK)
        return extra->own_rst_frame == 0 && extra->own_rst_seq == seg->ack;
    return extra->own_rst_frame != 0 && extra->own_rst_ack == in->seg_end;
}

static void
receive_in_closed(struct inference *in)
{
    const struct segment *seg = in->seg;

    /* The last ACK once more. */
    if (tcb_has(in->to, TCB_FIN_SENT) && (seg->flags & FLAG_ACK) && seg->ack == in->to->fin_end)
        in->to->fin_acked_ns = seg->time_ns;
    if (is_answered_by_earlier_rst(in)) {
        infer_apply(in, in->from, GOT_RST);
        return;
    }
    if (is_answered_syn(in->from, seg))
        return; /* a late copy; a listener that takes it shows that with a SYN-ACK */
    if ((seg->flags & (FLAG_SYN | FLAG_ACK | FLAG_FIN)) == FLAG_SYN)
        take_syn(in);
    else if (seg->len > 0 && !(seg->flags & FLAG_SYN))
        infer_event(in, EVENT_data_to_closed);
}

static void
receive_in_syn_sent(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if ((seg->flags & FLAG_ACK) &&
        (seg->ack == to->iss || !seq_between(seg->ack, to->iss, to->snd_nxt)))
        return;
    if (!(seg->flags & FLAG_SYN))
        return;
    if (!(seg->flags & FLAG_ACK)) {
        take_syn(in);
        return;
    }
    to->rcv_nxt = seg->seq + 1 + (tcb_has(to, TCB_FAST_OPEN) ? seg->len : 0);
    tcb_set(to, TCB_RCV_KNOWN);
    take_timestamp(to, seg);
    infer_apply(in, to, GOT_SYN_ACK);
}

/* tcp_sequence: neither wholly before what it has acknowledged, nor beyond its window. */
static bool
is_acceptable(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    uint32_t acknowledged = tcb_has(to, TCB_ACK_KNOWN) ? to->rcv_acked : to->rcv_nxt;

    return
        /* nothing is known that it could miss */
        !tcb_has(to, TCB_RCV_KNOWN) ||
        /* it ends at or after what was acknowledged, */
        (!seq_before(in->seg_end, acknowledged) &&
         /* and begins at or before what is expected, or in the window */
         (!seq_after(seg->seq, to->rcv_nxt) || tcb_in_window(to, seg->seq)));
}

/* Wholly before the window: some stacks drop its payload and FIN, and go on with its ACK number. */
static bool
has_ack_of_use(const struct inference *in)
{
    return infer_stack(in)->ack_of_old_counts && !seq_after(in->seg_end, in->to->rcv_nxt);
}

/* Captured late: its receiver has acknowledged it before. */
static bool
is_fin_acked_before(const struct tcb *to, const struct tcb *from, const struct segment *seg,
                    uint32_t end)
{
    return (seg->flags & FLAG_FIN) && tcb_has(from, TCB_UNSEEN_TAIL) && end == to->rcv_acked;
}

void
receiver_take(struct tcb *to, const struct tcb *from, const struct segment *seg, uint32_t end)
{
    if (!tcb_has(to, TCB_RCV_KNOWN)) {
        to->rcv_nxt = seg->seq;
        tcb_set(to, TCB_RCV_KNOWN);
    }
    take_timestamp(to, seg);
    if (end == seg->seq)
        return;
    if (is_fin_acked_before(to, from, seg, end)) {
        to->peer_fin_end = to->rcv_acked;
        tcb_set(to, TCB_FIN_DELIVERED);
    }
    tcb_take(to, seg, end);
}

static void
receive_text(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    bool had_fin = tcb_has_peer_fin(to);

    receiver_take(to, in->from, seg, in->seg_end);
    if (had_fin || in->seg_end == seg->seq)
        return;
    if (in->from->state == STATE_CLOSED)
        receiver_takes_earlier_rst(in, to, in->from);
    if (tcb_has_peer_fin(to)) {
        infer_apply(in, to, GOT_FIN);
        to->proof = to->peer_fin_end;
    } else if (seg->flags & FLAG_FIN) {
        infer_event(in, EVENT_fin_out_of_order);
    }
}

static void
take_ack(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    /* Nothing can be sent beyond a FIN: an ACK covers it exactly or not at all. */
    if (!tcb_has(to, TCB_FIN_SENT) || seg->ack != to->fin_end)
        return;
    to->fin_acked_ns = seg->time_ns;
    infer_apply(in, to, GOT_ACK_OF_FIN);
    if (to->state == STATE_FIN_WAIT_2 && !tcb_has(to, TCB_CONFIRMED) && in->seg_end != seg->seq) {
        to->proof = in->seg_end;
        tcb_set(to, TCB_PROVABLE);
    }
}

static void
receive_in_syn_received(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (!(seg->flags & FLAG_ACK) || !is_acceptable(in))
        return;
    if (tcb_has(to, TCB_SND_KNOWN)
            ? seg->ack == to->iss || !seq_between(seg->ack, to->iss, to->snd_nxt)
            : tcb_has(in->from, TCB_RENEWED) != tcb_has(to, TCB_RENEWED))
        return; /* it acknowledges another socket's SYN */
    if (seg->flags & FLAG_SYN) {
        if (tcb_has(to, TCB_SND_KNOWN) && seg->seq == to->rcv_nxt - 1)
            infer_apply(in, to, GOT_SYN_ACK);
        return;
    }
    infer_apply(in, to, GOT_ACK_OF_SYN);
    to->proof = to->rcv_nxt + 1;
    tcb_set(to, TCB_PROVABLE);
    take_ack(in);
    receive_text(in);
}

/* RFC 9293 section 3.10.7.4, fourth: a SYN with a higher number; or, RFC 6191, a newer timestamp */
static bool
may_replace_time_wait(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    bool is_higher = !tcb_has(to, TCB_RCV_KNOWN) || seq_after(seg->seq, to->rcv_nxt);

    if (!infer_stack(in)->time_wait_reads_timestamps)
        return is_higher;
    if (receiver_fails_paws(in))
        return false;
    return is_higher || (seg->options.has_ts && tcb_has(to, TCB_TS_RECENT) &&
                         seq_after(seg->options.ts_val, to->ts_recent));
}

static void
receive_syn_in_time_wait(struct inference *in)
{
    if (!may_replace_time_wait(in)) {
        if (infer_stack(in)->time_wait_challenges_syn)
            receiver_challenge(in);
    } else if (!(in->seg->flags & FLAG_FIN)) {
        take_syn(in);
    } else if (infer_stack(in)->time_wait_takes_syn_fin) {
        infer_apply(in, in->to, GOT_SYN_FIN);
    }
}

static bool
repeats_fin(const struct tcb *to, const struct segment *seg)
{
    return (seg->flags & FLAG_FIN) && tcb_has(to, TCB_FIN_DELIVERED) &&
           segment_end(seg) == to->peer_fin_end;
}

/* It reached it now, if it did not the time before: the answer has not left yet. */
static void
repeat_fin(struct tcb *to, const struct segment *seg)
{
    tcb_set(to, TCB_REACK_DUE);
    to->delivered_ns = seg->time_ns;
}

static void
receive_in_time_wait(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if ((seg->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN) {
        receive_syn_in_time_wait(in);
        return;
    }
    if (repeats_fin(to, seg))
        repeat_fin(to, seg);
    if (!(seg->flags & FLAG_ACK))
        return;
    if (repeats_fin(to, seg) || infer_stack(in)->time_wait_renewed_by_ack)
        renew_time_wait(in, to);
    take_ack(in);
}

/*
 * Its peer has begun anew, or somebody pretends that: whether the socket is still there shows when
 * it challenges the SYN (RFC 5961 section 4.2), or says anything else.
 */
static void
receive_syn_in_connection(struct inference *in)
{
    struct tcb *to = in->to;

    receiver_challenge(in);
    if (!tcb_has(to, TCB_CONFIRMED | TCB_ACK_KNOWN))
        return;
    tcb_clear(to, TCB_CONFIRMED);
    tcb_set(to, TCB_PROVABLE);
    to->proof = to->rcv_acked;
}

static void
receive_synchronized(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (seg->flags & FLAG_SYN) {
        if ((seg->flags & (FLAG_ACK | FLAG_FIN)) == 0 && receiver_has_given_up(in))
            take_syn(in);
        else if (!(seg->flags & FLAG_ACK) || seg->seq != in->from->iss)
            receive_syn_in_connection(in);
        return;
    }
    if (tcb_has(to, TCB_FIN_SENT) && seq_after(seg->ack, to->fin_end))
        return; /* nothing was ever sent there */
    if (!(seg->flags & FLAG_ACK) || receiver_fails_paws(in))
        return;
    if (!is_acceptable(in) && !has_ack_of_use(in))
        return;
    take_ack(in);
    receive_text(in);
}

/* What the original carried has not reached it: the copy may. */
static bool
lacks(const struct tcb *to, const struct segment *seg)
{
    return !(seg->flags & (FLAG_SYN | FLAG_RST)) && to->state != STATE_CLOSED &&
           tcb_has(to, TCB_RCV_KNOWN) && seq_after(segment_end(seg), to->rcv_nxt);
}

/* If the network has made it, and not the capture, its receiver answers it. */
static void
receive_copy(struct inference *in)
{
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (seg->flags & FLAG_RST) {
        receiver_rst_copy(in);
    } else if (in->seg_end != seg->seq && !(seg->flags & FLAG_SYN)) {
        tcb_repeat(to, seg);
        if (to->state == STATE_TIME_WAIT && repeats_fin(to, seg))
            tcb_set(to, TCB_REACK_DUE);
    }
}

void
infer_receiver(struct inference *in)
{
    if (in->step.is_copy && !lacks(in->to, in->seg)) {
        receive_copy(in);
        return;
    }
    if (in->seg->flags & FLAG_RST) {
        receiver_rst(in);
        return;
    }
    switch ((enum tcp_state)in->to->state) {
    case STATE_CLOSED:
        receive_in_closed(in);
        break;
    case STATE_SYN_SENT:
        receive_in_syn_sent(in);
        break;
    case STATE_SYN_RECEIVED:
        receive_in_syn_received(in);
        break;
    case STATE_TIME_WAIT:
        receive_in_time_wait(in);
        break;
    case STATE_ESTABLISHED:
    case STATE_CLOSE_WAIT:
    case STATE_FIN_WAIT_1:
    case STATE_CLOSING:
    case STATE_LAST_ACK:
    case STATE_FIN_WAIT_2:
        receive_synchronized(in);
        break;
    case STATE_COUNT:
        break;
    }
}

/*
 * The SYN just before was captured earlier than its sender's clock says that it was sent, and this
 * segment of the connection before no earlier: the two have changed places.
 */
static bool
is_captured_after_syn(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *former = former_socket(in);
    int64_t sent_ns;

    if (!former || !tcb_has(from, TCB_TS) || !tcb_has(former, TCB_TS) ||
        !seq_after(from->ts_val, former->ts_val) || in->newest.ns != from->newest_ns)
        return false;
    sent_ns = ticked_ns(former, from->ts_val);
    return sent_ns > from->newest_ns && in->seg->time_ns >= sent_ns;
}

void
receiver_takes_early_syn(struct inference *in)
{
    const struct tcb *from = in->from;
    struct tcb *to = in->to;

    if (from->state != STATE_SYN_SENT || to->state != STATE_CLOSED ||
        infer_side(in, to)->before == STATE_CLOSED || !is_captured_after_syn(in))
        return;
    infer_renew(in, to);
    infer_apply(in, to, GOT_SYN);
    to->rcv_nxt = from->iss + 1;
    to->proof = to->rcv_nxt;
    tcb_set(to, TCB_RCV_KNOWN | TCB_PROVABLE);
}
