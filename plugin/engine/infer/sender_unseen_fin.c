/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FINs that were not captured, or captured later than their ACK. The ACK counts one number more
 * than was seen: a FIN, or a byte that the capture lost. Such a FIN is assumed, and gives way when
 * the byte or another FIN shows up.
 */
#include "inference.h"
#include "seq.h"
#include "timing.h"
#include "units.h"

bool
sender_has_acked_fin(const struct inference *in, uint32_t end)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;

    return
        /* none is known, */
        !tcb_has(from, TCB_FIN_SENT) &&
        /* its end was not captured, */
        tcb_has(from, TCB_UNSEEN_TAIL) && end == from->snd_nxt &&
        /* but acknowledged */
        tcb_has(to, TCB_ACK_KNOWN) && to->rcv_acked == end;
}

void
sender_sent_acked_fin(struct inference *in, uint32_t end)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    bool first = !tcb_has(to, TCB_FIN_SENT) || tcb_has(to, TCB_FIN_COVERS);
    bool lacked_fin =
        tcb_has_peer_fin(from) && (first || seq_before(in->seg->ack, from->peer_fin_end));

    if (lacked_fin)
        infer_apply(in, from, SHOWED_FIN_NOT_RECEIVED);
    infer_apply(in, from, SENT_FIN);
    infer_apply(in, from, GOT_ACK_OF_FIN);
    if (lacked_fin && infer_apply(in, from, GOT_FIN))
        from->proof = from->peer_fin_end;
    from->fin_end = end;
    tcb_set(from, TCB_FIN_SENT | TCB_FIN_ACKED);
    to->peer_fin_end = end;
    tcb_set(to, TCB_FIN_DELIVERED);
    infer_apply(in, to, tcb_has(to, TCB_FIN_COVERS) ? SHOWED_FIN_COVERED : SENT_ACK_OF_FIN);
    in->step.fin_covered = tcb_has(to, TCB_FIN_SENT | TCB_FIN_COVERS);
}

/* Of its numbers exactly the last one was not captured, and its peer has acknowledged it before. */
static bool
lacks_one_acked(const struct tcb *tcb, const struct tcb *peer)
{
    return tcb_has(tcb, TCB_ONE_UNSEEN) && !tcb_has(tcb, TCB_FIN_SENT) &&
           tcb_has(peer, TCB_ACK_KNOWN) && peer->rcv_acked == tcb->snd_nxt;
}

/*
 * Behind the missing number it says no more than an ACK. A byte would do as well, but connections
 * end, and segments of one byte are rare.
 */
void
sender_assumes_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (!lacks_one_acked(from, to) || seg->seq != from->snd_nxt || in->seg_end != seg->seq)
        return;
    sender_sent_acked_fin(in, from->snd_nxt);
    tcb_set(from, TCB_FIN_ASSUMED);
    tcb_clear(from, TCB_CONFIRMED | TCB_PROVABLE);
    tcb_clear(to, TCB_CONFIRMED);
}

/*
 * The first ACK of the peer's FIN, and bare, is behind one number more than was captured: its own
 * FIN, as it seems, which crossed the peer's. One that had been sent behind the peer's FIN would
 * have acknowledged that.
 */
void
sender_assumes_crossed_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (
        /* it has the peer's FIN since just now, as it seems, */
        from->state != STATE_CLOSE_WAIT || tcb_has(from, TCB_CONFIRMED) ||
        !tcb_has(to, TCB_FIN_SENT) || tcb_has(to, TCB_FIN_ASSUMED) || seg->ack != to->fin_end ||
        !tcb_has(from, TCB_ACK_KNOWN) || from->rcv_acked == to->fin_end ||
        /* which came once: what answers another one says nothing of the first, */
        to->fin_sent_ns != to->sent_ns || seg->time_ns - to->fin_sent_ns >= RTO_MIN_NS ||
        /* and nothing else of what it has sent was missed */
        in->seg_end != seg->seq || seg->seq != from->snd_nxt + 1 || to->rcv_nxt != from->snd_nxt ||
        tcb_has(from, TCB_UNSEEN_TAIL))
        return;
    sender_crosses_fin(in, REASON_SENT_FIN_BEFORE);
    from->fin_end = seg->seq;
    tcb_set(from, TCB_FIN_SENT | TCB_FIN_ASSUMED);
    tcb_clear(from, TCB_CONFIRMED | TCB_PROVABLE);
}

/* The peer of the missing number closes, right behind the ACK of it or with it: it answers a FIN,
 * as it seems. */
void
sender_answers_unseen_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;

    if (!tcb_has(to, TCB_ONE_UNSEEN) || tcb_has(to, TCB_FIN_SENT) || in->seg->ack != to->snd_nxt ||
        in->seg->len > 0 || tcb_has(from, TCB_FIN_SENT))
        return;
    to->fin_end = to->snd_nxt;
    tcb_set(to, TCB_FIN_SENT | TCB_FIN_ACKED | TCB_FIN_ASSUMED);
    infer_apply(in, to, SENT_FIN);
    infer_apply(in, to, GOT_ACK_OF_FIN);
    tcb_clear(to, TCB_CONFIRMED | TCB_PROVABLE);
    from->peer_fin_end = to->fin_end;
    tcb_set(from, TCB_FIN_DELIVERED);
    infer_apply(in, from, SENT_ACK_OF_FIN);
    infer_event(in, EVENT_fin_ack);
}

/* Its data goes over the number that was taken for its FIN. */
static bool
shows_byte(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return tcb_has(from, TCB_FIN_SENT | TCB_FIN_ASSUMED) &&
           ((seg->len > 0 && seq_after(seg->seq + seg->len, from->fin_end - 1)) ||
            ((seg->flags & FLAG_FIN) && seq_after(in->seg_end, from->fin_end)));
}

void
sender_refutes_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;

    if (in->seg->len > 0 && in->seg_end == from->snd_nxt)
        tcb_clear(from, TCB_ONE_UNSEEN);
    if (!shows_byte(in))
        return;
    if (!tcb_is_reset(from))
        infer_apply(in, from, SHOWED_BYTE_FOR_FIN);
    if (!tcb_is_reset(to))
        infer_apply(in, to, GOT_BYTE_FOR_FIN);
    tcb_clear(from, TCB_FIN_SENT | TCB_FIN_ACKED | TCB_FIN_ASSUMED);
    tcb_clear(to, TCB_FIN_DELIVERED | TCB_REACK_DUE);
    infer_side(in, from)->fin = FIN_GONE;
    in->step.refutes_fin = true;
    if (in->seg->len > 0 && seq_before(in->seg->seq, from->fin_end))
        from->snd_nxt = from->fin_end - 1; /* the byte is here, and new */
}
