/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A step: what came before the segment, what time has ended, then the sender, then the receiver. */
#include "infer.h"

#include <glib.h>

#include "inference.h"
#include "said.h"
#include "seq.h"

/* ---- changes of a state ---- */

/* What the segment that it received has to be covered by, to prove that it has received it. */
static void
await_proof(struct inference *in, struct tcb *tcb)
{
    tcb->proof = in->seg_end;
    if (tcb->proof != in->seg->seq)
        tcb_set(tcb, TCB_PROVABLE);
}

bool
infer_apply(struct inference *in, struct tcb *tcb, enum stimulus stimulus)
{
    struct transition transition = transition_of(stimulus, (enum tcp_state)tcb->state);
    bool sent = stimulus < GOT_SYN;

    /* A dead socket sends nothing: what it sent before its end does not prove that. */
    if (sent && (tcb->state != STATE_CLOSED || transition.reason != REASON_NONE))
        tcb_confirm(tcb);
    if (transition.reason == REASON_NONE)
        return false;
    tcb->state = (uint8_t)transition.next;
    tcb->entered_ns = in->seg->time_ns;
    tcb_forget_rst(tcb);
    infer_side(in, tcb)->reason = transition.reason;
    tcb_clear(tcb, TCB_ALARMED | TCB_PROVABLE);
    if (state_is_synchronized(transition.next))
        tcb_set(tcb, TCB_SYNCHRONIZED);
    if (!sent) {
        tcb_clear(tcb, TCB_CONFIRMED);
        if (stimulus != TWO_MSL_PASSED)
            await_proof(in, tcb);
    }
    if (transition.next == STATE_TIME_WAIT) {
        tcb->time_wait_end_ns = in->seg->time_ns + in->policy->two_msl_ns;
        infer_event(in, EVENT_time_wait);
    }
    return true;
}

void
infer_restore(struct inference *in, enum tcp_state state, enum reason reason, bool is_confirmed)
{
    struct tcb *from = in->from;

    from->state = (uint8_t)state;
    if (state_is_synchronized(state))
        tcb_set(from, TCB_SYNCHRONIZED);
    /* TIME_WAIT goes on as if the RST that closed it had not been. */
    if (state == STATE_TIME_WAIT)
        from->time_wait_end_ns = tcb_rare(from)->rst_time_wait_end_ns;
    else
        from->entered_ns = in->seg->time_ns;
    tcb_forget_rst(from);
    if (is_confirmed)
        tcb_confirm(from);
    else
        tcb_clear(from, TCB_CONFIRMED | TCB_PROVABLE);
    infer_side(in, from)->reason = reason;
}

void
infer_renew(struct inference *in, struct tcb *tcb)
{
    tcb_renew(tcb);
    infer_side(in, tcb)->fin = FIN_GONE;
}

void
infer_copy(struct inference *in, struct tcb *tcb, const struct tcb *source)
{
    tcb_copy(tcb, source);
    infer_side(in, tcb)->fin = FIN_GONE;
}

/* ---- the beginning ---- */

/* The SYN of the connection before, once more. */
static bool
repeats_syn(const struct inference *in)
{
    return (in->seg->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN &&
           tcb_has(in->from, TCB_SND_KNOWN) && in->seg->seq == in->from->iss;
}

static void
begin_roles(struct inference *in)
{
    const struct segment *seg = in->seg;
    bool has_syn = (seg->flags & FLAG_SYN) && !(seg->flags & FLAG_RST);

    if (has_syn) {
        in->step.client = (seg->flags & FLAG_ACK) ? !seg->side : seg->side;
    } else {
        in->step.client = SIDE_OF_HIGHER_PORT;
        in->step.role_guessed = true;
    }
    /* A SYN begins a connection; without a new one, the connection before goes on. */
    in->step.resumes_former = in->incarnation->has_former && (!has_syn || repeats_syn(in));
}

/* The sockets before the first segment, as far as it tells. */
static void
begin_sockets(struct inference *in)
{
    const struct segment *seg = in->seg;

    if (in->incarnation->has_former)
        return;
    if (!(seg->flags & FLAG_SYN)) {
        /* The connection is older than the capture. */
        infer_apply(in, in->from, SENT_AS_SYNCHRONIZED);
        infer_apply(in, in->to, SENT_AS_SYNCHRONIZED);
        tcb_clear(in->to, TCB_CONFIRMED);
        in->from->is_older = true;
        in->to->is_older = true;
    } else if (seg->flags & FLAG_ACK) {
        /* A SYN-ACK answers a SYN. */
        infer_apply(in, in->to, SENT_SYN);
        in->to->iss = seg->ack - 1;
        in->to->snd_nxt = seg->ack;
        tcb_set(in->to, TCB_SND_KNOWN);
    }
}

/* ---- time ---- */

static void
expire_time_wait(struct inference *in, struct tcb *tcb)
{
    int64_t end_ns = tcb->time_wait_end_ns;
    struct step_side *side = infer_side(in, tcb);

    if (in->seg->time_ns < end_ns)
        return;
    infer_apply(in, tcb, TWO_MSL_PASSED);
    tcb->entered_ns = end_ns;
    side->expired = true;
    side->expired_ns = end_ns;
    infer_event(in, EVENT_time_wait_expired);
}

static void
watch_close_wait(struct inference *in, struct tcb *tcb)
{
    if (tcb_has(tcb, TCB_ALARMED) ||
        !tcb_has(tcb, TCB_CONFIRMED) || /* what is only assumed alarms nobody */
        in->seg->time_ns - tcb->entered_ns < in->policy->close_wait_alarm_ns)
        return;
    tcb_set(tcb, TCB_ALARMED);
    infer_event(in, EVENT_close_wait_alarm);
}

static inline void
pass_time(struct inference *in, struct tcb *tcb)
{
    if (tcb->state == STATE_TIME_WAIT)
        expire_time_wait(in, tcb);
    else if (tcb->state == STATE_CLOSE_WAIT)
        watch_close_wait(in, tcb);
}

/* ---- MPTCP ---- */

/* What it does to the connection of which this one is a subflow: nothing here is moved by it. */
static void
say_mptcp(struct inference *in)
{
    for (unsigned i = 0; i < MPTCP_END_COUNT; i++) {
        if (in->seg->options.mptcp_ends & 1U << i)
            infer_event(in, mptcp_end_event((enum mptcp_end)i));
    }
}

/* ---- the step ---- */

static void
finish(struct inference *in)
{
    for (unsigned side = 0; side < 2; side++) {
        in->step.side[side].state = (enum tcp_state)in->end[side].state;
        in->step.side[side].confirmed = tcb_has(&in->end[side], TCB_CONFIRMED);
    }
    in->step.both_fins_acked =
        tcb_has(&in->end[0], TCB_FIN_ACKED) && tcb_has(&in->end[1], TCB_FIN_ACKED);
    in->step.is_syn = (in->seg->flags & (FLAG_SYN | FLAG_ACK | FLAG_RST)) == FLAG_SYN;
    /* Until its own SYN is taken, a stream's segments are the connection's before. */
    if (in->incarnation->has_former && !in->incarnation->resumed && !in->step.resumes_former &&
        !tcb_has(in->from, TCB_RENEWED))
        in->step.is_stale = true;
    if (in->step.is_stale)
        infer_event(in, EVENT_stale_incarnation);
}

struct step
infer(struct tcb end[2], const struct incarnation *incarnation, struct newest newest,
      const struct segment *seg, const struct policy *policy)
{
    struct inference in = {
        .end = end,
        .from = &end[seg->side],
        .to = &end[!seg->side],
        .incarnation = incarnation,
        .newest = newest,
        .seg = seg,
        .seg_end = segment_end(seg),
        .policy = policy,
    };

    if (newest.frame == 0) {
        begin_roles(&in);
        begin_sockets(&in);
    }
    if (seg->options.mptcp_ends != 0)
        say_mptcp(&in);
    pass_time(&in, in.from);
    pass_time(&in, in.to);
    in.step.side[0].before = (enum tcp_state)end[0].state;
    in.step.side[1].before = (enum tcp_state)end[1].state;
    infer_before(&in);
    infer_sender(&in);
    infer_receiver(&in);
    if (in.step.is_stale)
        receiver_takes_early_syn(&in);
    finish(&in);
    return in.step;
}

/* ---- the short way ---- */

/*
 * Beside each clause stands who would ask for it on the long way. tests/unit/test_short_way.c lets
 * no clause be left out, tests/tshark/test_short_way.py compares both ways on the shipped captures,
 * and tests/unit/invariants.c on random ones.
 */
static bool
is_ordinary(const struct tcb *from, const struct tcb *to, const struct segment *seg)
{
    enum {
        /* sender_received: it has what it acknowledges; sender_confirms: nothing is to be proved */
        SENDER_HAS = TCB_RCV_KNOWN | TCB_CONFIRMED,
        /* sender_owed_ack: it owes no answer; sender_bare_ack, sender_data: no FIN came or went */
        SENDER_LACKS = TCB_CHALLENGED | TCB_REACK_DUE | TCB_FIN_SENT | TCB_FIN_DELIVERED |
                       /* sender_refutes_fin: no byte may have been a FIN */
                       TCB_ONE_UNSEEN,
        /* sender_acks_unseen: its numbers are known */
        RECEIVER_HAS = TCB_SND_KNOWN,
        /* sender_received, take_ack: it has no FIN to be acknowledged; tcb_take: nothing waits */
        RECEIVER_LACKS = TCB_FIN_SENT | TCB_OUT_OF_ORDER |
                         /* sender_acks_unseen: no number of it may be its FIN's */
                         TCB_ONE_UNSEEN |
                         /* sender_answers_stray, sender_acks_stray */
                         TCB_STRAYED,
    };
    const struct tcp_options *options = &seg->options;

    return
        /* transition_of: in this state, data and ACKs move nothing */
        from->state == STATE_ESTABLISHED && to->state == STATE_ESTABLISHED &&
        /* sender_syn, sender_fin, sender_rst, receiver_rst */
        (seg->flags & (FLAG_SYN | FLAG_FIN | FLAG_RST | FLAG_ACK)) == FLAG_ACK &&
        (from->flags & (SENDER_HAS | SENDER_LACKS)) == SENDER_HAS &&
        (to->flags & (RECEIVER_HAS | RECEIVER_LACKS)) == RECEIVER_HAS &&
        /* is_out_of_reach, is_acceptable, tcb_take: the next that the receiver expects, */
        seg->seq == to->rcv_nxt &&
        /* is_acceptable: and not acknowledged before */
        !seq_after(to->rcv_acked, to->rcv_nxt) &&
        /* sender_received: it acknowledges all that was delivered to it, */
        seg->ack == from->rcv_nxt &&
        /* sender_acks_unseen: and was captured, */
        !seq_after(seg->ack, to->snd_nxt) &&
        /* is_old: and no less than before */
        !seq_before(seg->ack, from->rcv_acked) &&
        /* is_copy_of_newest, is_old_by_ip_id, has_old_payload: it says something new, */
        (seq_after(seg->seq + seg->len, from->snd_nxt) ||
         (seg->len == 0 &&
          (seg->ack != from->rcv_acked ||
           /* or it is bare, and its sender's come once, with newer identifications if they vary */
           (!from->copied &&
            (!from->ip_id_varies ||
             (seg->ip_id != from->ip_id && !is_ip_id_step(seg->ip_id, from->ip_id))))))) &&
        /* sender_received, tcb_add_sack */
        options->sack_count == 0 &&
        /* say_mptcp */
        options->mptcp_ends == 0 &&
        /* is_foreign */
        options->has_ts == tcb_has(from, TCB_TS_IN_USE) &&
        (!options->has_ts ||
         /* is_old, receiver_fails_paws */
         (!seq_before(options->ts_val, from->ts_val) &&
          !seq_before(options->ts_val, to->ts_recent)));
}

bool
infer_ordinary(struct tcb end[2], const struct segment *seg)
{
    struct tcb *from = &end[seg->side];
    struct tcb *to = &end[!seg->side];
    uint32_t seg_end = seg->seq + seg->len; /* it has neither SYN nor FIN */

    if (!is_ordinary(from, to, seg))
        return false;
    sender_numbers(from, to, seg, seg_end);
    receiver_take(to, from, seg, seg_end);
    return true;
}
