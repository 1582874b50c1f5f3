/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sending a RST says of its sender. */
#include "inference.h"
#include "seq.h"
#include "timing.h"

/*
 * It has probed an idle connection, and has had no answer: so ends a keep-alive (RFC 9293 section
 * 3.8.4; Linux: tcp_keepalive_timer), whose times are whole seconds.
 */
static bool
ends_keep_alive(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;

    return
        /* its own decision; */
        (in->seg->flags & FLAG_ACK) && tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) &&
        tcb_has(to, TCB_SND_KNOWN | TCB_ACK_KNOWN) &&
        /* everything was acknowledged, on both sides, */
        to->rcv_acked == from->snd_nxt && from->rcv_acked == to->snd_nxt &&
        /* and all was silent, but for something of its own that says nothing new; */
        in->newest.ns == from->newest_ns && from->newest_ns - to->newest_ns >= NS_PER_S &&
        from->newest_ns - from->sent_ns >= NS_PER_S &&
        /* and no answer has come in a second */
        in->seg->time_ns - from->newest_ns >= NS_PER_S;
}

/* One that copies the timestamp that it has read does not know the next. */
static enum rst_owner
owner_of(const struct inference *in)
{
    switch (clock_of(in)) {
    case CLOCK_RUNS:
        return RST_OWNER_SENDER;
    case CLOCK_STANDS:
        return RST_OWNER_OTHER;
    case CLOCK_UNKNOWN:
        break;
    }
    return in->step.pieces == 0 && (in->step.origin == RST_ANSWER || ends_keep_alive(in))
               ? RST_OWNER_SENDER
               : RST_OWNER_UNKNOWN;
}

static void
note_sent_rst(const struct inference *in, enum tcp_state before, bool took_rst)
{
    struct tcb_extra *extra = tcb_make_extra(in->from);

    extra->took_rst = took_rst;
    extra->before_rst = (uint8_t)before;
    extra->sent_rst = true;
    extra->answered = !(in->seg->flags & FLAG_ACK);
    extra->rst_owner = owner_of(in) & 3U;
    extra->rst_ip_id = in->seg->ip_id;
    extra->rst_seq = in->seg->seq;
    extra->rst_peer_nxt = infer_beyond(in->from, in->to, in->from->rcv_nxt);
    extra->rst_ns = in->seg->time_ns;
    extra->rst_frame = in->seg->frame;
}

/*
 * It answers as a closed port does: without ACK number and window, with what its peer has
 * acknowledged. After a RST of its own, the peer must have sent what is answered.
 */
static bool
answers_as_closed(const struct inference *in, const struct tcb_extra *extra)
{
    const struct segment *seg = in->seg;

    return !(seg->flags & FLAG_ACK) && seg->window == 0 && seg->seq == in->to->rcv_acked &&
           (!extra->sent_rst || in->to->newest_ns > extra->rst_ns);
}

/*
 * A RST has closed it, and here is one of its own. If that is an answer, it is closed indeed; else
 * this RST is judged as the one before: by what comes.
 */
static void
sender_rst_when_closed(const struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb_extra *extra = tcb_extra(from);

    if (extra->before_rst == STATE_CLOSED)
        return;
    if (extra->before_rst == STATE_SYN_SENT)
        return; /* that answers so too, and stays: RFC 9293 section 3.10.7.3, first */
    if (answers_as_closed(in, extra))
        tcb_forget_rst(from);
    else if (!extra->sent_rst)
        note_sent_rst(in, (enum tcp_state)extra->before_rst, true);
}

/* It is alive, as far as this RST is concerned. */
static void
accuse(const struct inference *in)
{
    struct tcb_extra *extra = tcb_make_extra(in->from);

    extra->accused_frame = in->seg->frame;
    extra->accused_ns = in->seg->time_ns;
}

/*
 * In SYN_SENT a RST answers an unacceptable ACK with that one's number, and the socket stays (RFC
 * 9293 section 3.10.7.3, first; Linux: tcp_rcv_synsent_state_process, FreeBSD: tcp_do_segment). Its
 * ISN is unacceptable too, if its peer has said it; the next number is a SYN-ACK's that no socket
 * waits for any more.
 */
static bool
answers_stray_in_syn_sent(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (from->state != STATE_SYN_SENT)
        return false;
    if (seg->seq != from->iss)
        return seg->seq != from->iss + 1;
    return !(seg->flags & FLAG_ACK) && tcb_has(to, TCB_ACK_KNOWN) && to->rcv_acked == seg->seq;
}

/*
 * The answer to a stray segment carries that segment's ACK number (RFC 9293 section 3.5.2), and no
 * window.
 */
static bool
answers_stray_in_syn_received(const struct inference *in)
{
    const struct tcb *from = in->from;

    return from->state == STATE_SYN_RECEIVED && tcb_has(from, TCB_SND_KNOWN) &&
           in->seg->seq != from->snd_nxt && ((in->seg->flags & FLAG_ACK) || in->seg->window == 0);
}

/*
 * The ACK of its FIN crossed the RST: it was in FIN_WAIT_1 until then. An answer has the ACK number
 * of what it answers (RFC 9293 section 3.10.7.1; tcp_v4_send_reset), and that does not count the
 * FIN; one of its own decision does not acknowledge the data that came with the only ACK.
 */
static bool
crosses_ack_of_fin(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (tcb_has(from, TCB_CONFIRMED) || tcb_has(from, TCB_FIN_ASSUMED) ||
        !tcb_has(from, TCB_FIN_SENT) || !may_have_crossed(in, from->fin_acked_ns))
        return false;
    if (!(seg->flags & FLAG_ACK))
        return seq_before(seg->seq, from->fin_end) &&
               /* to what came before that ACK, not to what was late */
               from->delivered_ns <= from->fin_acked_ns;
    return from->state == STATE_FIN_WAIT_2 && tcb_has(from, TCB_PROVABLE) &&
           from->fin_acked_ns == from->entered_ns && seq_before(seg->ack, from->proof);
}

/*
 * What the RST shows not to have reached its sender. One of its own decision has its ACK number; an
 * answer has none, and only a socket that is no more answers so after a FIN (tcp_v4_send_reset).
 */
static enum stimulus
shown_by_rst(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    bool is_answer = !(seg->flags & FLAG_ACK);

    if (transition_of(SENT_RST_BEFORE_ACK, (enum tcp_state)from->state).reason != REASON_NONE &&
        crosses_ack_of_fin(in))
        return SENT_RST_BEFORE_ACK;
    if (tcb_has(from, TCB_CONFIRMED) || !tcb_has_peer_fin(from) ||
        transition_of(SENT_RST_WITHOUT_FIN, (enum tcp_state)from->state).reason == REASON_NONE)
        return SENT_RST;
    return is_answer || seq_before(seg->ack, from->peer_fin_end) ? SENT_RST_WITHOUT_FIN : SENT_RST;
}

void
sender_rst(struct inference *in)
{
    struct tcb *from = in->from;
    enum tcp_state before = (enum tcp_state)from->state;

    in->step.about_frame = answered_frame(in);
    if (answers_stray_in_syn_received(in))
        return;
    in->step.pieces = forgery_pieces(in);
    if (pieces_show_forgery(in->step.pieces)) {
        infer_event(in, EVENT_rst_suspect);
        accuse(in);
        return;
    }
    if (before == STATE_CLOSED) {
        if (tcb_is_reset(from) && tcb_extra(from)->sent_rst)
            in->step.follows_frame = tcb_extra(from)->rst_frame;
        sender_rst_when_closed(in);
        return;
    }
    if (answers_stray_in_syn_sent(in))
        return;
    tcb_keep_state(from);
    if (infer_apply(in, from, shown_by_rst(in)))
        note_sent_rst(in, before, false);
}
