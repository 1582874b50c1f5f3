/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The socket of the connection before, which a SYN was thought to have replaced: it goes on
 * talking, or resets.
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"

/* A RST was thought to have closed it, which was not its own. */
static bool
may_have_survived_rst(const struct tcb *tcb)
{
    return tcb_is_reset(tcb) && !tcb_extra(tcb)->sent_rst;
}

/* By its own decision, with its next number: then it was alive when the SYN came. */
static bool
is_decision_of(const struct tcb *former, const struct segment *seg)
{
    return (seg->flags & (FLAG_RST | FLAG_ACK)) == (FLAG_RST | FLAG_ACK) &&
           seg->seq == former->snd_nxt && may_have_survived_rst(former);
}

/* As a closed port answers the peer's newest: RFC 9293 section 3.10.7.1. */
static bool
is_answer_to(const struct tcb *peer, const struct segment *seg)
{
    return (seg->flags & (FLAG_RST | FLAG_ACK)) == FLAG_RST && seg->window == 0 &&
           tcb_has(peer, TCB_ACK_KNOWN) && seg->seq == peer->rcv_acked;
}

/* What the peer acknowledges there has reached it since: so has what is answered been sent. */
static bool
is_acked_since(const struct tcb *peer, int64_t since_ns)
{
    return peer->rcv_acked == peer->rcv_nxt && peer->delivered_ns > since_ns;
}

/*
 * A RST with the former socket's number, where another one was assumed to have taken a SYN, and has
 * not said so: there is none. The former one has drawn a challenge ACK from the SYN (RFC 5961
 * section 4.2), or nothing was there that takes it. A RST that was sent before the SYN came says
 * nothing.
 */
void
sender_former_resets(struct inference *in)
{
    const struct segment *seg = in->seg;
    struct tcb former = *former_socket(in);
    struct inference of_former = *in;
    const bool answers = is_answer_to(in->to, seg);

    of_former.from = &former;
    if ((!answers && !is_decision_of(&former, seg)) ||
        /* of the new socket nothing was seen; */
        in->from->state != STATE_SYN_RECEIVED || tcb_has(in->from, TCB_SND_KNOWN) ||
        /* it is late enough, and nobody else's */
        (!(answers && is_acked_since(in->to, in->from->entered_ns)) &&
         may_have_crossed(&of_former, in->from->entered_ns)) ||
        pieces_show_forgery(signature_pieces(&of_former)))
        return;
    infer_apply(in, in->from, SENT_RST);
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
         seq_before(seg->options.ts_val, tcb->ts_val));
}

/* While another socket was thought to be there, its peer has acknowledged its FIN. */
static void
take_ack_since(struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb *to = in->to;

    if (!tcb_has(from, TCB_FIN_SENT) || to->state == STATE_SYN_RECEIVED ||
        !tcb_has(to, TCB_ACK_KNOWN) || to->rcv_acked != from->fin_end)
        return;
    tcb_set(from, TCB_FIN_ACKED);
    infer_apply(in, from, GOT_ACK_OF_FIN);
}

/* The SYN that left it in doubt whether the peer is there was nobody's: see receiver.c. */
static void
confirm_again(struct tcb *peer)
{
    if (tcb_has(peer, TCB_PROVABLE | TCB_ACK_KNOWN) && peer->proof == peer->rcv_acked)
        tcb_confirm(peer);
}

/* By the sender's clock, the SYN was sent after this segment, and both after what came before. */
static bool
precedes_syn(const struct tcb *from, const struct tcb *former, const struct segment *seg)
{
    return seg->options.has_ts && tcb_has(from, TCB_TS) && tcb_has(former, TCB_TS) &&
           seq_before(seg->options.ts_val, from->ts_val) &&
           !seq_before(seg->options.ts_val, former->ts_val);
}

bool
sender_resumes_former(struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb *former = former_socket(in);
    struct tcb socket = *former;
    struct inference of_former = *in;
    uint32_t own_rst_frame = tcb_extra(from)->own_rst_frame;

    of_former.from = &socket;
    if (state_is_synchronized((enum tcp_state)from->state) && tcb_has(from, TCB_CONFIRMED))
        return false; /* the new socket is there */
    if (former->state == STATE_CLOSED && !survived_rst(&of_former))
        return false; /* the former one is not */
    if (is_late_of(former, in->seg) || precedes_syn(from, former, in->seg) ||
        (is_copy_of_last(former, in->seg) && !challenges_syn_ack(&of_former)))
        return false;
    infer_copy(in, from, former);
    tcb_clear(from, TCB_RENEWED | TCB_ALARMED);
    sender_after_rst(in);
    take_ack_since(in);
    infer_restore(in, (enum tcp_state)from->state, REASON_FORMER_SOCKET_TALKS,
                  tcb_has(from, TCB_CONFIRMED));
    confirm_again(in->to);
    in->step.resumes_former = true;
    /* The SYN was not its own, and a RST that somebody has decided on since was not either. */
    if (own_rst_frame != 0 && in->step.about_frame == 0) {
        infer_event(in, EVENT_rst_suspect);
        in->step.about_frame = own_rst_frame;
        in->step.disowns_rst = true;
    }
    return true;
}
