/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the control blocks say before a segment changes them, for those who ask later why the
 * connection ended: who had sent what and had an answer, what the segment repeats, and how a RST
 * came to be.
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"

/* Its SYN takes one number, its FIN another. */
static bool
has_payload(const struct tcb *tcb)
{
    uint32_t fin = tcb_has(tcb, TCB_FIN_SENT) ? 1 : 0;

    return tcb_has(tcb, TCB_SND_KNOWN) && tcb->snd_nxt - tcb->iss > 1 + fin;
}

static bool
has_acked(const struct tcb *tcb, const struct tcb *peer)
{
    return tcb_has(tcb, TCB_ACK_KNOWN) && tcb->rcv_acked == peer->snd_nxt;
}

static struct step_before
side_before(const struct tcb *tcb, const struct tcb *peer)
{
    return (struct step_before){
        .sent_ns = tcb->sent_ns,
        .has_payload = has_payload(tcb),
        .is_acked = has_acked(peer, tcb),
        .has_fin = tcb_has(tcb, TCB_FIN_SENT),
        .reads_on = tcb_has(tcb, TCB_OPEN_AFTER_FIN),
        .has_answered = tcb_has(tcb, TCB_ACK_KNOWN),
        .response_us = tcb->response_us,
        .is_known = tcb_has(tcb, TCB_SND_KNOWN) && !tcb_has(tcb, TCB_UNSEEN_TAIL),
        .confirmed = tcb_has(tcb, TCB_CONFIRMED),
    };
}

/* An ACK from before the FIN has the same number: it comes as late as networks delay, not later. */
static bool
may_be_sent_before_fin(const struct inference *in)
{
    return tcb_has(in->from, TCB_FIN_SENT) &&
           (!tcb_has(in->from, TCB_FIN_ACKED) || may_have_crossed(in, in->from->fin_sent_ns));
}

/* RFC 9293 section 3.8.4, and tcp_xmit_probe_skb: one number below the next, and no byte or one. */
static bool
is_probe(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return
        /* just below its next number, and not what its receiver still expects, */
        seg->seq == from->snd_nxt - 1 && seg->seq != in->to->rcv_nxt &&
        /* no FIN, nor from before it, */
        !(seg->flags & FLAG_FIN) && !may_be_sent_before_fin(in) &&
        /* and no byte there that its peer still has to acknowledge */
        (seg->len == 0 || (seg->len == 1 && has_acked(in->to, from)));
}

static enum repeat
repeat_of(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    uint32_t end = in->seg_end;

    if ((seg->flags & (FLAG_RST | FLAG_SYN)) || !tcb_has(from, TCB_SND_KNOWN))
        return REPEAT_NONE;
    if (is_probe(in))
        return REPEAT_PROBE;
    if (end == seg->seq || seq_after(end, from->snd_nxt) ||
        /* what its receiver still expects it has not had, as far as is known */
        seg->seq == in->to->rcv_nxt)
        return REPEAT_NONE;
    return (seg->flags & FLAG_FIN) ? REPEAT_FIN : REPEAT_DATA;
}

static bool
has_new_payload(const struct inference *in)
{
    const struct segment *seg = in->seg;

    return seg->len > 0 && !(seg->flags & (FLAG_RST | FLAG_SYN)) &&
           (!tcb_has(in->from, TCB_SND_KNOWN) || seq_after(seg->seq + seg->len, in->from->snd_nxt));
}

/*
 * All of it was sent before, as far as its own segments show: bytes that only an ACK has told of
 * come late, not again.
 */
static bool
has_old_payload(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    uint32_t end = in->seg_end;

    return seg->len > 0 && !(seg->flags & FLAG_SYN) && tcb_has(from, TCB_SEEN | TCB_SND_KNOWN) &&
           !seq_after(end, from->snd_nxt) &&
           !(end == from->snd_nxt && tcb_has(from, TCB_UNSEEN_TAIL) && from->tail_from_ack);
}

/* What its receiver has not acknowledged: it begins or ends behind that. */
static bool
is_lacked(const struct inference *in)
{
    const struct segment *seg = in->seg;

    return in->seg_end != seg->seq && !(seg->flags & (FLAG_RST | FLAG_SYN)) &&
           tcb_has(in->to, TCB_ACK_KNOWN) && seq_after(seg->seq + seg->len, in->to->rcv_acked);
}

/* ---- RSTs ---- */

/* RFC 9293 section 3.10.7.1: without an ACK flag to take its number from, it acknowledges. */
static bool
answers_syn(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    return to->state == STATE_SYN_SENT && (seg->flags & FLAG_ACK) && seg->ack != to->iss &&
           seq_between(seg->ack, to->iss, to->snd_nxt);
}

/* The socket that the peer's ACK numbers are of: the one before, while only that has talked. */
static const struct tcb *
acknowledged(const struct inference *in)
{
    const struct tcb *former = in->incarnation->has_former ? former_socket(in) : NULL;

    return former && !tcb_has(in->from, TCB_SND_KNOWN) && !tcb_has(in->to, TCB_RENEWED) ? former
                                                                                        : in->from;
}

/* Its number is one that the other side has given in an ACK: RFC 9293 section 3.5.2. */
static bool
has_number_of_ack(const struct inference *in)
{
    const struct tcb *from = acknowledged(in);
    const struct tcb *to = in->to;
    uint32_t seq = in->seg->seq;

    if (!tcb_has(to, TCB_ACK_KNOWN))
        return false;
    return seq == to->rcv_acked ||
           (tcb_has(from, TCB_SND_KNOWN) && seq_between(seq, from->iss, to->rcv_acked));
}

/* One that it has used, or its next one; or one beyond what was captured. */
static bool
has_own_number(const struct inference *in)
{
    const struct tcb *from = in->from;
    uint32_t seq = in->seg->seq;

    return tcb_has(from, TCB_SND_KNOWN) &&
           (seq_between(seq, from->iss, from->snd_nxt) || !seq_before(seq, from->snd_nxt));
}

/*
 * One that opens its connection, and gets what does not cover its SYN: RFC 9293 section 3.10.7.3.
 * The other side's socket is of an old connection.
 */
static bool
answers_old_socket(const struct inference *in)
{
    const struct tcb *from = in->from;
    /* Numbers that only the old socket's ACKs speak of are not its own. */
    uint32_t newest = tcb_has(from, TCB_UNSEEN_TAIL) ? from->iss + 1 : from->snd_nxt;

    return from->state == STATE_SYN_SENT && tcb_has(from, TCB_SND_KNOWN) &&
           !seq_between(in->seg->seq, from->iss + 1, newest);
}

/*
 * Without an ACK flag, and its number is the sender's next, which nobody has acknowledged: RFC 9293
 * section 3.10.5 makes a RST of one's own decision so. Others do that with an ACK flag, and an
 * answer has no window; a socket that is gone decides nothing.
 */
static bool
is_bare_decision(const struct inference *in)
{
    return in->from->state != STATE_CLOSED && in->seg->seq == in->from->snd_nxt &&
           in->seg->window != 0;
}

static enum rst_origin
origin_of(const struct inference *in)
{
    if (answers_syn(in))
        return RST_SYN_ANSWER;
    if (in->seg->flags & FLAG_ACK)
        return has_own_number(in) ? RST_DECISION : RST_ORIGIN_UNKNOWN;
    if (has_number_of_ack(in) || answers_old_socket(in))
        return RST_ANSWER;
    if (!has_own_number(in))
        return RST_ORIGIN_UNKNOWN;
    return is_bare_decision(in) ? RST_DECISION : RST_ANSWER;
}

/* Its FIN may lack an ACK, and payload none. */
static bool
lacks_ack(const struct tcb *tcb, const struct tcb *peer)
{
    uint32_t fin = tcb_has(tcb, TCB_FIN_SENT) ? 1 : 0;

    return has_payload(tcb) &&
           (!tcb_has(peer, TCB_ACK_KNOWN) || seq_before(peer->rcv_acked, tcb->snd_nxt - fin));
}

static void
look_at_rst(struct inference *in)
{
    const struct tcb *from = in->from;

    in->step.origin = origin_of(in);
    in->step.is_exact =
        in->step.origin == RST_DECISION
            ? tcb_has(from, TCB_SND_KNOWN) &&
                  (in->seg->seq == from->snd_nxt || follows_repeated(from, in->seg))
            : in->step.origin == RST_SYN_ANSWER || has_number_of_ack(in) || answers_old_socket(in);
    in->step.covers_syn = !answers_old_socket(in);
    infer_side(in, in->to)->was.lacks_ack = lacks_ack(in->to, from);
}

void
infer_before(struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    struct step *step = &in->step;

    step->repeat = repeat_of(in);
    step->new_payload = has_new_payload(in);
    step->old_payload = has_old_payload(in);
    step->after_fin = ((from->flags | to->flags) & TCB_FIN_SENT) != 0;
    step->after_pause = in->newest.frame != 0 && seg->time_ns - in->newest.ns >= SILENCE_NS;
    step->is_lacked = tcb_has(to, TCB_FIN_SENT) && is_lacked(in);
    /* Nobody asks what was before another one. */
    if (!(seg->flags & (FLAG_FIN | FLAG_RST)) && step->repeat == REPEAT_NONE && !step->is_lacked &&
        !step->after_pause)
        return;
    infer_side(in, from)->was = side_before(from, to);
    infer_side(in, to)->was = side_before(to, from);
    if (seg->flags & FLAG_ACK)
        infer_side(in, to)->was.is_acked = seg->ack == to->snd_nxt;
    if (step->is_lacked) {
        step->covers_fin = (seg->flags & FLAG_ACK) && seg->ack == to->fin_end;
        step->covers_rest = (seg->flags & FLAG_ACK) && seg->ack == to->fin_end - 1;
        step->may_cross_fin = !step->covers_fin || may_have_crossed(in, to->fin_sent_ns);
    }
    if (seg->flags & FLAG_RST)
        look_at_rst(in);
}
