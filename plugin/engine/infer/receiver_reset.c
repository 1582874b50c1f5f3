/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a RST does to its receiver: RFC 9293 section 3.10.7 with RFC 5961 section 3, and what stacks
 * do where they differ (Linux: tcp_validate_incoming, tcp_reset_check, tcp_check_req,
 * tcp_timewait_state_process; FreeBSD: tcp_do_segment, syncache_chkrst, tcp_twcheck).
 */
#include "inference.h"
#include "seq.h"
#include "timing.h"

void
receiver_challenge(struct inference *in)
{
    struct tcb_extra *extra = tcb_make_extra(in->to);

    tcb_set(in->to, TCB_CHALLENGED);
    extra->challenged_ns = in->seg->time_ns;
    extra->challenged_frame = in->seg->frame;
}

bool
receiver_fails_paws(const struct inference *in)
{
    const struct tcp_options *options = &in->seg->options;

    return options->has_ts && tcb_has(in->to, TCB_TS_RECENT) &&
           seq_before(options->ts_val, in->to->ts_recent);
}

/* RFC 9293 section 3.10.7.3, second: it has to acknowledge the SYN. */
static bool
acknowledges_syn(const struct tcb *to, const struct segment *seg)
{
    return (seg->flags & FLAG_ACK) && seg->ack != to->iss &&
           seq_between(seg->ack, to->iss, to->snd_nxt);
}

/* The highest number received out of order: RFC 5961, errata 4772. */
static bool
is_sack_edge(const struct inference *in)
{
    const struct ooo_queue *queue = tcb_rare(in->to)->queue;

    return
        /* something is out of order, */
        queue &&
        /* both ends use SACK, */
        !((in->to->flags | in->from->flags) & TCB_SACK_REFUSED) &&
        /* and the RST is right behind it */
        queue->item[queue->count - 1].right == in->seg->seq;
}

/* tcp_reset_check: some stacks reset with the number of their FIN. */
static bool
is_at_fin(const struct tcb *to, const struct segment *seg, enum tcp_state state)
{
    return seg->seq == to->rcv_nxt - 1 &&
           (state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING);
}

/* The first number at which it may take a RST: though more has been delivered, its ACK is delayed.
 */
static uint32_t
first_for_rst(const struct inference *in)
{
    const struct tcb *to = in->to;

    return infer_stack(in)->rst_at_last_ack && tcb_has(to, TCB_ACK_KNOWN) ? to->rcv_acked
                                                                          : to->rcv_nxt;
}

/* The number at which the receiver takes a RST at once. */
static bool
is_exact(const struct inference *in, enum tcp_state state)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    return
        /* what it expects, */
        seg->seq == to->rcv_nxt ||
        /* or said last that it expects, */
        seg->seq == first_for_rst(in) ||
        /* or where stacks make an exception */
        (infer_stack(in)->rst_at_sack_edge && is_sack_edge(in)) ||
        (infer_stack(in)->rst_at_fin && is_at_fin(to, seg, state));
}

/* The window in which a RST is answered by a challenge ACK. */
static bool
is_in_rst_window(const struct inference *in)
{
    uint32_t edge = tcb_right_edge(in->to);

    return seq_between(in->seg->seq, first_for_rst(in), edge) &&
           (infer_stack(in)->rst_at_edge || in->seg->seq != edge);
}

/* It takes these wherever they are in the window. */
static bool
takes_any_in_window(const struct inference *in, enum tcp_state state)
{
    return
        /* the user says so */
        in->policy->rst_policy == RST_POLICY_RFC793 ||
        /*
         * An orphan, whose application has closed the socket, as nearly all do:
         * tcp_timewait_state_process. One that still reads answers with a challenge ACK.
         */
        (infer_stack(in)->orphan_takes_rst && state == STATE_FIN_WAIT_2 &&
         !tcb_has(in->to, TCB_OPEN_AFTER_FIN));
}

/* tcp_timewait_state_process: exact, and no older than what it has taken; RFC 1337: never. */
static bool
ends_time_wait(const struct inference *in)
{
    return infer_stack(in)->time_wait_takes_rst && in->seg->seq == in->to->rcv_nxt &&
           !receiver_fails_paws(in);
}

/* What the receiver does with the RST in that state. */
static enum rst_verdict
judge_rst(const struct inference *in, enum tcp_state state)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (state == STATE_CLOSED)
        return RST_AFTER_CLOSE;
    if (state == STATE_SYN_SENT)
        return acknowledges_syn(to, seg) ? RST_ACCEPTED : RST_IGNORED;
    if (!tcb_has(to, TCB_RCV_KNOWN))
        return RST_ACCEPTED; /* any number may be the one */
    if (state == STATE_TIME_WAIT)
        return ends_time_wait(in) ? RST_ACCEPTED : RST_IGNORED;
    if (is_exact(in, state))
        return RST_ACCEPTED;
    if (!is_in_rst_window(in))
        return RST_IGNORED;
    return takes_any_in_window(in, state) ? RST_ACCEPTED : RST_CHALLENGE;
}

/* Remembers what this RST closed, in case the endpoint shows that it was not taken. */
static void
note_closed_by_rst(struct inference *in, enum tcp_state before)
{
    struct tcb_extra *extra = tcb_make_extra(in->to);

    extra->before_rst = (uint8_t)before;
    extra->sent_rst = false;
    extra->rst_seq = in->seg->seq;
    extra->rst_peer_nxt = infer_beyond(in->to, in->from, in->seg->seq);
    extra->rst_ns = due_ns(in);
    extra->rst_frame = in->seg->frame;
    extra->in_flight_ns = extra->rst_ns;
}

static void
apply_verdict(struct inference *in, enum rst_verdict verdict, enum tcp_state before)
{
    switch (verdict) {
    case RST_ACCEPTED:
        tcb_keep_state(in->to);
        infer_apply(in, in->to, GOT_RST);
        note_closed_by_rst(in, before);
        infer_event(in, EVENT_rst_accepted);
        if (before == STATE_TIME_WAIT)
            infer_event(in, EVENT_time_wait_reset);
        break;
    case RST_CHALLENGE:
        receiver_challenge(in);
        infer_event(in, EVENT_rst_challenge);
        break;
    case RST_IGNORED:
        infer_event(in, EVENT_rst_ignored);
        break;
    case RST_AFTER_CLOSE:
        infer_event(in, EVENT_rst_after_close);
        break;
    case RST_NONE:
    case RST_SUSPECT:
    case RST_VERDICT_COUNT:
        break;
    }
}

/* To know its copies, and whether it goes on. */
static void
note_own_rst(const struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    struct tcb_extra *extra = tcb_make_extra(from);

    if (from->ip_id != 0 && seg->ip_id != 0 && seg->ip_id != from->ip_id)
        from->ip_id_varies = true;
    extra->own_rst_ns = seg->time_ns;
    extra->own_rst_seq = seg->seq;
    extra->own_rst_ack = seg->ack;
    extra->own_rst_ip_id = seg->ip_id;
    extra->own_rst = (uint8_t)in->step.rst;
    extra->own_rst_frame = (seg->flags & FLAG_ACK) ? seg->frame : 0;
    extra->own_rst_answers = in->step.about_frame != 0;
    if (seg->options.has_ts) {
        extra->own_rst_ts = seg->options.ts_val;
        extra->own_rst_has_ts = true;
    }
}

/* Its receiver does the same as before, if it was delivered twice; but for one that was closed. */
void
receiver_rst_copy(struct inference *in)
{
    enum rst_verdict before = (enum rst_verdict)tcb_extra(in->from)->own_rst;

    if (in->to->state == STATE_CLOSED)
        in->step.rst = RST_AFTER_CLOSE;
    else
        in->step.rst = before == RST_ACCEPTED ? RST_IGNORED : before; /* it is alive */
}

/*
 * Its peer has taken a RST of it, and resets all the same, by its own decision, or somebody else
 * does in its name: then that first RST was forged too, and its receiver is alive.
 */
static bool
is_second_of_forged_pair(const struct inference *in)
{
    const struct tcb_extra *peer = tcb_extra(in->from);
    const struct tcb_extra *first = tcb_extra(in->to);
    bool is_decision = (in->seg->flags & FLAG_ACK) && in->from->state == STATE_CLOSED &&
                       peer->sent_rst && peer->rst_frame == in->seg->frame;

    /* A RST of its peer's has closed it before, whoever has sent the one in its own name. */
    if (first->took_rst)
        return false;
    if (pieces_show_forgery(in->step.pieces) || first->rst_owner == RST_OWNER_OTHER)
        return true;
    if (first->rst_owner == RST_OWNER_SENDER || !is_decision)
        return false;
    return peer->rst_owner == RST_OWNER_OTHER ||
           (peer->took_rst && !is_captured_within_crossing(in, peer->in_flight_ns));
}

/* The state that the RST which it seems to have sent has ended, if this one would end it, too. */
static enum tcp_state
closed_if_alive(const struct inference *in)
{
    const struct tcb_extra *extra = tcb_extra(in->to);
    enum tcp_state alive = (enum tcp_state)extra->before_rst;
    bool is_taken = in->to->state == STATE_CLOSED && extra->sent_rst && alive != STATE_CLOSED &&
                    judge_rst(in, alive) == RST_ACCEPTED;

    return is_taken ? alive : STATE_CLOSED;
}

/* The first of a pair has closed its receiver: the second, which names that one, is not its own. */
static void
note_closed_by_first(const struct inference *in)
{
    struct tcb_extra *closed = in->from->extra;
    const struct tcb_extra *first = tcb_extra(in->to);

    closed->sent_rst = false;
    closed->rst_seq = first->rst_seq;
    closed->rst_peer_nxt = in->to->snd_nxt;
    closed->rst_ns = first->rst_ns;
    closed->rst_frame = first->rst_frame;
}

void
receiver_rst(struct inference *in)
{
    enum tcp_state before = (enum tcp_state)in->to->state;
    enum tcp_state alive = closed_if_alive(in);
    enum rst_verdict verdict = judge_rst(in, before);

    if (alive != STATE_CLOSED && is_second_of_forged_pair(in)) {
        verdict = RST_ACCEPTED;
        if (in->from->state == STATE_CLOSED && tcb_extra(in->from)->took_rst)
            note_closed_by_first(in);
    }
    apply_verdict(in, verdict, alive != STATE_CLOSED ? alive : before);
    /* What its receiver does with it; but one that it takes may be nobody's. */
    if (in->step.rst == RST_NONE || verdict != RST_ACCEPTED)
        in->step.rst = verdict;
    /* If the RST that it seems to have sent was forged, this one has closed it all the same. */
    if (alive != STATE_CLOSED && verdict != RST_ACCEPTED)
        note_closed_by_rst(in, alive);
    note_own_rst(in);
}

void
receiver_takes_earlier_rst(struct inference *in, struct tcb *receiver, const struct tcb *sender)
{
    const struct tcb_extra *rst = tcb_extra(sender);
    enum tcp_state before = (enum tcp_state)receiver->state;
    struct tcb_extra *extra;

    if (/* its peer has ended with it, and seemed to do so beyond a hole, */
        !tcb_is_reset(sender) || !rst->sent_rst || rst->own_rst != RST_CHALLENGE ||
        /* and here it has come to that place, */
        rst->own_rst_seq != rst->rst_seq || rst->rst_seq != receiver->rcv_nxt ||
        /* where it was before the RST, as its clock does not deny */
        (receiver == in->from && is_sent_since(in, rst->rst_ns)))
        return;
    tcb_keep_state(receiver);
    if (!infer_apply(in, receiver, GOT_RST))
        return;
    extra = tcb_make_extra(receiver);
    extra->before_rst = (uint8_t)before;
    extra->sent_rst = false;
    extra->rst_seq = rst->rst_seq;
    extra->rst_peer_nxt = sender->snd_nxt;
    extra->rst_ns = rst->rst_ns;
    extra->rst_frame = rst->rst_frame;
    extra->in_flight_ns = in->seg->time_ns;
    if (extra->challenged_frame == rst->rst_frame)
        tcb_clear(receiver, TCB_CHALLENGED);
    in->step.taken_frame = rst->rst_frame;
}
