/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments whose numbers are not the sender's, as it seems. What the peer acknowledges is its own
 * all the same: beyond a gap of the capture, or of a new connection whose handshake was lost.
 */
#include "inference.h"
#include "seq.h"

static bool
is_plain(const struct segment *seg)
{
    return (seg->flags & (FLAG_SYN | FLAG_RST | FLAG_ACK)) == FLAG_ACK;
}

/* Neither among the numbers that it has used nor in the window that follows. */
static bool
is_elsewhere(const struct tcb *from, const struct tcb *to, uint32_t seq)
{
    if (!tcb_has(from, TCB_SND_KNOWN) || seq_between(seq, from->iss, from->snd_nxt))
        return false;
    return !tcb_has(to, TCB_RCV_KNOWN) || !tcb_in_window(to, seq) ||
           to->state == STATE_SYN_RECEIVED; /* whose window is the new connection's */
}

bool
sender_is_stray(const struct inference *in)
{
    return
        /* not one that opens or ends something, */
        is_plain(in->seg) &&
        /* of a socket that is gone, */
        in->from->state == STATE_CLOSED &&
        /* whose numbers were others */
        is_elsewhere(in->from, in->to, in->seg->seq);
}

static void
note_stray(struct tcb *from, uint32_t seq, uint32_t end, const struct segment *seg)
{
    struct tcb_rare *rare = tcb_make_rare(from);

    /* Of the same once more, the first counts. */
    if (tcb_has(from, TCB_STRAYED) && rare->stray_seq == seq && rare->stray_end == end &&
        rare->stray_ack == seg->ack)
        return;
    rare->stray_ns = seg->time_ns;
    rare->stray_frame = seg->frame;
    rare->stray_mark = infer_mark(seg);
    rare->stray_seq = seq;
    rare->stray_end = end;
    rare->stray_ack = seg->ack;
    rare->stray_fin = (seg->flags & (FLAG_FIN | FLAG_SYN)) == FLAG_FIN;
    tcb_set(from, TCB_STRAYED);
}

void
sender_strays(struct inference *in)
{
    const struct segment *seg = in->seg;
    const struct tcb *from = in->from;

    if (is_plain(seg) && in->seg_end != seg->seq && tcb_has(from, TCB_SND_KNOWN) &&
        !seq_between(seg->seq, from->iss, from->snd_nxt))
        note_stray(in->from, seg->seq, in->seg_end, seg);
}

void
sender_may_begin_at(struct inference *in, uint32_t iss)
{
    note_stray(in->from, iss, iss + 1, in->seg);
}

/* The endpoint goes on with another socket, which is in the middle of its connection. */
static void
begin_in_the_middle(struct inference *in, struct tcb *tcb, uint32_t seq, uint32_t end)
{
    infer_renew(in, tcb);
    infer_apply(in, tcb, SENT_AS_SYNCHRONIZED);
    tcb_begin_sequence(tcb, seq - 1);
    tcb->snd_nxt = end;
    tcb_set(tcb, TCB_SEEN);
}

bool
sender_answers_stray(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    struct tcb_rare stray;
    const struct segment *seg = in->seg;

    if (/* both have left their numbers, */
        !tcb_has(to, TCB_STRAYED) || !is_plain(seg) || !is_elsewhere(from, to, seg->seq) ||
        /* and each is where the other one says */
        seg->ack != to->extra->rare->stray_end || seg->seq != to->extra->rare->stray_ack)
        return false;
    stray = *to->extra->rare;
    begin_in_the_middle(in, from, seg->seq, seg->seq);
    if (to->state != STATE_SYN_RECEIVED)
        begin_in_the_middle(in, to, stray.stray_seq, stray.stray_end);
    from->rcv_nxt = seg->ack;
    to->rcv_nxt = seg->seq;
    tcb_set(from, TCB_RCV_KNOWN);
    tcb_set(to, TCB_RCV_KNOWN);
    return true;
}

void
sender_acks_stray(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const struct tcb_rare *stray = tcb_rare(to);
    const struct segment *seg = in->seg;

    if (!tcb_has(to, TCB_STRAYED) || tcb_has(to, TCB_FIN_SENT) || seg->ack != stray->stray_end ||
        (tcb_has(from, TCB_ACK_KNOWN) && seg->ack == from->rcv_acked))
        return;
    tcb_clear(to, TCB_STRAYED);
    if (seq_before(stray->stray_seq, to->iss))
        to->iss = stray->stray_seq;
    to->snd_nxt = stray->stray_end;
    from->rcv_nxt = stray->stray_end;
    tcb_set(from, TCB_RCV_KNOWN);
    if (!stray->stray_fin)
        return;
    to->fin_end = stray->stray_end;
    to->fin_sent_ns = stray->stray_ns;
    to->fin_mark = stray->stray_mark;
    tcb_set(to, TCB_FIN_SENT);
    infer_apply(in, to, SENT_FIN);
    in->step.stray_fin_frame = stray->stray_frame;
}
