/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that are thought to be gone: what sending a RST says of its sender, and how a socket
 * shows that it is alive after a RST or a SYN that was not its own, or that did not reach it.
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"

void
sender_rst(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    enum tcp_state before = (enum tcp_state)from->state;
    struct tcb_extra *extra;

    if (before == STATE_CLOSED) {
        if (!tcb_extra(from)->sent_rst)
            tcb_forget_rst(from); /* closed indeed: it answers as a closed port does */
        return;
    }
    /* The answer to a stray segment carries that segment's ACK number (RFC 9293 section 3.5.2). */
    if (before == STATE_SYN_RECEIVED && tcb_has(from, TCB_SND_KNOWN) && seg->seq != from->snd_nxt)
        return;
    tcb_keep_time_wait(from);
    if (!infer_apply(in, from, SENT_RST))
        return;
    extra = tcb_make_extra(from);
    extra->before_rst = (uint8_t)before;
    extra->sent_rst = true;
    extra->rst_seq = seg->seq;
    extra->rst_peer_nxt = in->to->snd_nxt;
    extra->rst_ns = seg->time_ns;
    extra->rst_frame = seg->frame;
}

/* Closed by a RST of its own, as it seemed: a dead socket's last segments may be late, but not
 * much. */
static bool
outlives_own_rst(const struct inference *in, const struct tcb_extra *extra)
{
    return seq_after(segment_end(in->seg) + 1, extra->rst_seq) ||
           undelayed_ns(in) - extra->rst_ns >= REORDER_NS;
}

/* A bare ACK that only a living socket sends: a challenge ACK. */
static bool
challenges_rst(const struct inference *in, const struct tcb_extra *extra)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    /* It was no orphan after all, and the RST was not exact. */
    if (extra->before_rst == STATE_FIN_WAIT_2 && seq_after(extra->rst_seq, from->rcv_nxt) &&
        is_duplicate_ack(in))
        return true;
    /* It lacked data before the RST. */
    return seq_before(seg->ack, from->rcv_nxt) && (is_duplicate_ack(in) || shows_sack_hole(in));
}

/* The segment shows that its sender, which a RST has closed, is alive. */
static bool
survived_rst(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb_extra *extra = tcb_extra(from);
    const struct segment *seg = in->seg;

    if (extra->before_rst == STATE_CLOSED)
        return false; /* no RST closed it */
    if (extra->before_rst == STATE_TIME_WAIT && seg->time_ns >= extra->rst_time_wait_end_ns)
        return false; /* by now time has ended it */
    if (seq_after(seg->ack, extra->rst_peer_nxt))
        return true; /* it received what was sent after the RST */
    if (extra->sent_rst)
        return outlives_own_rst(in, extra);
    return challenges_rst(in, extra) || !may_have_crossed(in, extra->rst_ns);
}

void
sender_after_rst(struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb_extra *extra = tcb_extra(from);
    enum tcp_state before;

    if (from->state != STATE_CLOSED || !survived_rst(in))
        return;
    before = (enum tcp_state)extra->before_rst;
    in->step.about_frame = extra->rst_frame;
    if (extra->sent_rst) {
        infer_event(in, EVENT_rst_suspect);
    } else {
        infer_event(in, EVENT_rst_ignored);
        in->step.refutes_rst = true;
        if (before == STATE_FIN_WAIT_2)
            tcb_set(from, TCB_OPEN_AFTER_FIN);
        if (seq_before(in->seg->ack, from->rcv_nxt))
            tcb_show_hole(from, in->seg);
    }
    infer_restore(in, before, REASON_RST_NOT_TAKEN);
}

/* A copy of the last that the socket sent, or near enough to it in time. */
static bool
is_copy_of_last(const struct tcb *tcb, const struct segment *seg)
{
    if (seg->ack != tcb->rcv_acked || seq_after(segment_end(seg), tcb->snd_nxt))
        return false;
    if (seg->options.has_ts && tcb_has(tcb, TCB_TS))
        return seg->options.ts_val == tcb->ts_val;
    return seg->time_ns - tcb->sent_ns < REORDER_NS;
}

/* Late: it says nothing of the socket that is there now. */
static bool
is_late_of(const struct tcb *tcb, const struct segment *seg)
{
    return
        /* these answer, and may be anybody's */
        (seg->flags & (FLAG_RST | FLAG_SYN)) ||
        /* its end was near */
        tcb->state == STATE_TIME_WAIT ||
        /* older than what it has sent, by ACK number */
        seq_before(seg->ack, tcb->rcv_acked) ||
        /* or by timestamp */
        (seg->options.has_ts && tcb_has(tcb, TCB_TS) &&
         seq_before(seg->options.ts_val, tcb->ts_val)) ||
        is_copy_of_last(tcb, seg);
}

bool
sender_resumes_former(struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb *former = former_socket(in);
    struct tcb socket = *former;
    struct inference of_former = *in;

    of_former.from = &socket;
    if (state_is_synchronized((enum tcp_state)from->state) && tcb_has(from, TCB_CONFIRMED))
        return false; /* the new socket is there */
    if (former->state == STATE_CLOSED && !survived_rst(&of_former))
        return false; /* the former one is not */
    if (is_late_of(former, in->seg))
        return false;
    infer_copy(in, from, former);
    sender_after_rst(in);
    infer_restore(in, (enum tcp_state)from->state, REASON_FORMER_SOCKET_TALKS);
    in->step.resumes_former = true;
    return true;
}
