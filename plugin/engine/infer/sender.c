/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment proves about its sender. Only a fresh segment proves anything: one that is older
 * than what its sender was seen to send, a copy, one of an earlier connection, or one that the
 * sender cannot have sent says nothing about the state it is in now.
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"
#include "units.h"

static void
sender_synchronized(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (from->state == STATE_SYN_SENT) {
        if (seq_after(seg->seq, from->iss))
            infer_apply(in, from, SENT_AS_SYNCHRONIZED);
    } else if (from->state == STATE_SYN_RECEIVED) {
        /* A bare ACK may be the request socket's answer; a Fast Open server sends data early. */
        if (!tcb_has(from, TCB_FAST_OPEN) &&
            (in->seg_end != seg->seq || seq_after(seg->ack, from->rcv_nxt)))
            infer_apply(in, from, SENT_AS_SYNCHRONIZED);
    } else if (from->state == STATE_ESTABLISHED) {
        if (!tcb_has(from, TCB_PROVABLE) || (seg->len > 0 && !tcb_has(from, TCB_FAST_OPEN)))
            tcb_confirm(from);
    }
}

/* A bare ACK that the endpoint owes: to a RST or SYN that it did not take, or to a repeated FIN. */
static void
sender_owed_ack(struct inference *in)
{
    struct tcb *from = in->from;
    bool bare = in->seg_end == in->seg->seq;

    if (bare && tcb_has(from, TCB_CHALLENGED) &&
        may_have_crossed(in, tcb_extra(from)->challenged_ns)) {
        infer_event(in, EVENT_challenge_ack);
        if (in->step.about_frame == 0)
            in->step.about_frame = tcb_extra(from)->challenged_frame;
    }
    tcb_clear(from, TCB_CHALLENGED);
    /* The first ACK of the FIN answers the FIN, not the copy that came with it. */
    if (tcb_has(from, TCB_ACK_KNOWN) && seq_after(in->seg->ack, from->rcv_acked))
        return;
    if (bare && tcb_has(from, TCB_REACK_DUE) && from->state == STATE_TIME_WAIT)
        infer_event(in, EVENT_time_wait_reack);
    tcb_clear(from, TCB_REACK_DUE);
}

/*
 * Its own FIN may be under way, or wait behind data that the peer has no room for: then it closed
 * before the peer's FIN came, and is in CLOSING what looks like CLOSE_WAIT (tcp_send_fin). What
 * waits is sent as soon as it may be.
 */
bool
sender_may_have_closed(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;

    if (from->state != STATE_CLOSE_WAIT || tcb_has(from, TCB_CONFIRMED) ||
        !tcb_has(to, TCB_ACK_KNOWN))
        return false;
    return
        /* data is under way, or has no room, */
        seq_before(to->rcv_acked, from->snd_nxt) || to->rcv_edge == from->snd_nxt ||
        /* or something that was not captured; */
        seq_after(in->seg->seq, from->snd_nxt) ||
        /* or what waited goes on */
        (tcb_has(from, TCB_BACKLOG) && in->seg->time_ns - to->newest_ns < RTO_MIN_NS);
}

/* The FINs crossed. It answers the peer's; whether the ACK of its own has come, nothing shows. */
static bool
may_be_closing(const struct inference *in)
{
    return in->from->state == STATE_TIME_WAIT && !tcb_has(in->to, TCB_FIN_ACKED) &&
           !tcb_has(in->to, TCB_FIN_COVERS);
}

/* It had the FIN; but if its own came before the capture, it is in another state than it seems. */
static void
sender_acks_fin(struct inference *in)
{
    struct tcb *from = in->from;

    if (sender_may_have_closed(in)) {
        tcb_set(from, TCB_BACKLOG);
        return;
    }
    /* In LAST_ACK, its FIN has shown as much as its ACK can. */
    if (from->state == STATE_CLOSED || from->state == STATE_LAST_ACK || may_be_closing(in))
        return;
    infer_apply(in, from, SENT_ACK_OF_FIN);
    if ((tcb_may_have_closed_before(from) && in->seg_end == in->seg->seq) ||
        /* or there was no FIN, but a byte */
        (tcb_has(in->to, TCB_FIN_ASSUMED) && from->state == STATE_CLOSE_WAIT))
        tcb_clear(from, TCB_CONFIRMED);
}

/* Nothing was missing before what lay beyond a hole: the FIN may be there, or the place of a RST.
 */
static void
sender_has_rest(struct inference *in)
{
    struct tcb *from = in->from;

    /* If it acknowledges the FIN itself, that proves more. */
    if (tcb_has_peer_fin(from) && in->seg->ack != from->peer_fin_end &&
        infer_apply(in, from, GOT_FIN))
        from->proof = from->peer_fin_end;
    receiver_takes_earlier_rst(in, from, in->to);
}

/* It acknowledges more than it was thought to have. */
static void
sender_goes_on(struct inference *in)
{
    struct tcb *from = in->from;
    uint32_t ack = in->seg->ack;

    if (tcb_has(from, TCB_RCV_KNOWN) && !seq_after(ack, from->rcv_nxt))
        return;
    /* It has what would be beyond the FIN that lay beyond a hole: that was no FIN of its peer's. */
    if (tcb_has(from, TCB_FIN_DELIVERED) && !tcb_has_peer_fin(from) &&
        seq_after(ack, from->peer_fin_end))
        tcb_clear(from, TCB_FIN_DELIVERED);
    if (tcb_refute_hole(from)) {
        sender_has_rest(in);
    } else if (tcb_has(from, TCB_OUT_OF_ORDER)) {
        infer_event(in, EVENT_capture_loss); /* it has what filled the hole */
        if (!shows_sack_hole(in)) {
            tcb_fill_hole(from, ack, in->to->sent_ns);
            sender_has_rest(in);
        }
    }
    from->rcv_nxt = tcb_has(from, TCB_RCV_KNOWN) ? seq_max(from->rcv_nxt, ack) : ack;
    tcb_set(from, TCB_RCV_KNOWN);
}

/* Its SACK blocks go over the peer's FIN: it has that beyond a hole. */
static void
sender_sacks_fin(const struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcp_options *options = &in->seg->options;

    if (!tcb_has(in->to, TCB_FIN_SENT) || tcb_has(from, TCB_FIN_DELIVERED))
        return;
    for (uint32_t i = 0; i < options->sack_count; i++) {
        if (options->sack_right[i] == in->to->fin_end &&
            seq_after(options->sack_left[i], in->seg->ack)) { /* no D-SACK, RFC 2883 */
            from->peer_fin_end = in->to->fin_end;
            tcb_set(from, TCB_FIN_DELIVERED);
        }
    }
}

/* Its ACK number and SACK blocks say what it had received when it sent the segment. */
static void
sender_received(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (tcb_has(from, TCB_FIN_SENT | TCB_ACK_KNOWN) && seq_after(seg->ack, from->rcv_acked) &&
        !(seg->flags & FLAG_FIN) && !(tcb_has(to, TCB_FIN_SENT) && seg->ack == to->fin_end))
        tcb_set(from, TCB_OPEN_AFTER_FIN);
    sender_goes_on(in);
    if (tcb_has(to, TCB_FIN_SENT) && seg->ack == to->fin_end) {
        if (!tcb_has_peer_fin(from)) {
            from->peer_fin_end = to->fin_end;
            tcb_set(from, TCB_FIN_DELIVERED);
        }
        sender_acks_fin(in);
        if (!tcb_has(to, TCB_FIN_ACKED)) {
            infer_event(in, EVENT_fin_ack);
            tcb_set(to, TCB_FIN_ACKED);
        }
        return;
    }
    if (seg->options.sack_count > 0 && seg->ack == from->rcv_nxt) {
        tcb_add_sack(from, seg);
        sender_sacks_fin(in);
    }
    /* Of a socket that a RST has closed, what it sent before is still coming. */
    if (tcb_is_reset(from))
        return;
    if (!seq_before(seg->ack, from->rcv_nxt) || sender_is_late_fin(in))
        return;
    sender_follows_early_fin(in, in->to);
    if (!shows_loss(in))
        return;
    if (tcb_has_peer_fin(from))
        sender_lacks_fin(in);
    tcb_show_hole(from, seg);
}

/* A bare ACK, newer than the FIN, whose number does not count the FIN, or more than that. */
static void
sender_bare_ack(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (!tcb_has(from, TCB_FIN_SENT | TCB_ACK_KNOWN) || in->seg_end != seg->seq)
        return;
    if (seq_after(seg->seq, from->fin_end) ||
        (seq_before(seg->seq, from->fin_end) && seq_after(seg->ack, from->rcv_acked)))
        sender_forgets_fin(in);
}

static void
sender_confirms(struct inference *in)
{
    struct tcb *from = in->from;

    if (tcb_has(from, TCB_PROVABLE) && !tcb_has(from, TCB_FIN_ASSUMED) &&
        !seq_before(in->seg->ack, from->proof) && !sender_may_have_closed(in))
        tcb_confirm(from);
}

/* ---- bookkeeping of a fresh segment ---- */

/*
 * What IP says of its segments: asked of those that open and close, as the short way does not look.
 * A SYN-ACK may be a request socket's, which has no identification.
 */
static void
note_ip(const struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (from->state == STATE_ESTABLISHED && in->to->state == STATE_ESTABLISHED &&
        tcb_has(from, TCB_CONFIRMED) && !(seg->flags & (FLAG_SYN | FLAG_FIN)))
        return;
    from->ttl = seg->ttl;
}

static void
sender_fresh(struct inference *in)
{
    const struct segment *seg = in->seg;

    if (seg->flags & FLAG_RST) {
        if (seg->flags & FLAG_FIN)
            infer_event(in, EVENT_fin_rst);
        sender_rst(in);
        return;
    }
    note_ip(in);
    if (seg->flags & FLAG_SYN) {
        sender_syn(in);
        sender_numbers(in->from, in->to, seg, in->seg_end);
        sender_agrees_on_scaling(in);
        return;
    }
    sender_after_rst(in);
    if (seg->flags & FLAG_ACK) {
        sender_synchronized(in);
        sender_bare_ack(in);
        sender_acks_stray(in);
        sender_acks_unseen(in);
        sender_received(in);
        sender_owed_ack(in);
        sender_confirms(in);
        sender_assumes_fin(in);
        sender_assumes_crossed_fin(in);
    }
    if (in->seg_end != seg->seq)
        sender_refutes_fin(in);
    if (seg->len > 0)
        sender_data(in);
    if (seg->flags & FLAG_FIN) {
        sender_answers_unseen_fin(in);
        sender_fin(in);
    }
    sender_disowns_rst(in);
    sender_repeats(in);
    sender_numbers(in->from, in->to, seg, in->seg_end);
}

static void
suspect_rst(struct inference *in)
{
    infer_event(in, EVENT_rst_suspect);
    in->step.pieces = forgery_pieces(in) | piece_bit(PIECE_NUMBER);
    if (in->to->state != STATE_CLOSED)
        in->step.rst = RST_SUSPECT;
}

static void
sender_foreign(struct inference *in)
{
    if (in->seg->flags & FLAG_RST)
        suspect_rst(in);
    else
        sender_is_impersonated(in);
}

/* With SYN or RST, the FIN flag does not count. */
static bool
carries_fin(const struct segment *seg)
{
    return (seg->flags & (FLAG_FIN | FLAG_SYN | FLAG_RST)) == FLAG_FIN;
}

/* Captured late, and not seen before: a FIN, or a byte that was taken for one. */
static void
sender_late(struct inference *in)
{
    if (in->seg->flags & (FLAG_SYN | FLAG_RST))
        return;
    sender_follows_early_fin(in, in->from);
    sender_refutes_fin(in);
    if (carries_fin(in->seg) &&
        (!tcb_has(in->from, TCB_FIN_SENT) || tcb_has(in->from, TCB_FIN_ASSUMED)))
        sender_late_fin(in);
    else if (in->step.refutes_fin)
        in->from->snd_nxt = seq_max(in->from->snd_nxt, in->seg_end);
}

static void
note_fin_flag(struct inference *in)
{
    const struct tcb *from = in->from;

    if (!carries_fin(in->seg))
        return;
    infer_event(in, EVENT_fin);
    if (tcb_has(from, TCB_FIN_SENT) && !tcb_has(from, TCB_FIN_ASSUMED) &&
        in->seg_end != from->fin_end)
        infer_event(in, EVENT_fin_moved);
}

/* Of a RST of the connection before: is it of the socket that there was? */
static piece_set
former_pieces(const struct inference *in)
{
    struct tcb former = *former_socket(in);
    struct inference of_former = *in;

    of_former.from = &former;
    return (in->seg->flags & FLAG_RST) ? signature_pieces(&of_former) : 0;
}

void
infer_sender(struct inference *in)
{
    enum freshness freshness = freshness_of(in);
    bool resumes = false;

    if (freshness == SEGMENT_COPY) {
        in->step.is_copy = true;
        in->from->copied |= in->seg->ip_id == 0;
        return;
    }
    if (freshness == SEGMENT_FORMER) {
        if (!sender_resumes_former(in)) {
            in->step.is_stale = true;
            in->step.pieces = former_pieces(in);
            sender_former_resets(in);
            return;
        }
        freshness = SEGMENT_FRESH;
        resumes = true;
    }
    if (sender_answers_stray(in))
        freshness = SEGMENT_FRESH;
    else if (freshness != SEGMENT_FRESH || sender_is_stray(in))
        sender_strays(in);
    note_fin_flag(in);
    if (freshness == SEGMENT_FRESH)
        sender_fresh(in);
    else if (freshness == SEGMENT_FOREIGN)
        sender_foreign(in);
    else if (freshness == SEGMENT_OLD)
        sender_late(in);
    /* The socket before goes on: that stays the reason, whatever else the segment shows. */
    if (resumes)
        infer_side(in, in->from)->reason = REASON_FORMER_SOCKET_TALKS;
}
