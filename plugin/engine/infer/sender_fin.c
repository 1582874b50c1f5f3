/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a FIN proves about its sender, and what shows that a FIN was not sent or not received. */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"
#include "units.h"

#define DELAYED_ACK_NS (200 * NS_PER_MS)

/* Sooner than this, a clock's tick or the path explains what was captured early or late. */
#define EARLY_NS (4 * NS_PER_MS)

void
sender_forgets_fin(struct inference *in)
{
    in->from->snd_nxt = in->seg->seq;
    infer_apply(in, in->from, SHOWED_NO_FIN);
    tcb_clear(in->from, TCB_FIN_SENT | TCB_FIN_ACKED | TCB_FIN_ASSUMED);
}

void
sender_lacks_fin(struct inference *in)
{
    if (in->from->state == STATE_CLOSE_WAIT)
        in->step.events &= ~event_bit(EVENT_close_wait_alarm);
    infer_apply(in, in->from, SHOWED_FIN_NOT_RECEIVED);
}

bool
sender_lacks_ack_of_fin(struct inference *in, uint32_t mark)
{
    bool is_back = infer_apply(in, in->from, SHOWED_FIN_UNACKED);

    if (is_back && may_have_been_held(in, mark))
        tcb_clear(in->from, TCB_CONFIRMED);
    return is_back;
}

/*
 * A copy made by the network or the capture repeats timestamp and IP identification; a
 * retransmission has a newer timestamp. Without timestamps it takes the time that its sender waits
 * for the ACK, even where it has the same identification.
 */
static bool
is_fin_copy(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    int64_t gap_ns = seg->time_ns - from->fin_sent_ns;

    if (tcb_has(from, TCB_ACK_KNOWN) && seq_after(seg->ack, from->rcv_acked))
        return false; /* it acknowledges more than all that was sent before */
    if (tcb_has(from, TCB_TS) && seg->options.has_ts)
        return infer_mark(seg) == from->fin_mark;
    if (seg->ip_id != 0 && from->fin_mark != 0)
        return infer_mark(seg) == from->fin_mark && gap_ns < COPY_NS;
    return gap_ns < RTO_MIN_NS;
}

/*
 * It may have sent this before the ACK of its FIN could reach it. By its own clock that shows more
 * closely than by the time of capture.
 */
static bool
may_lack_ack_of_fin(const struct inference *in)
{
    const int64_t acked_ns = in->from->fin_acked_ns;

    return may_have_crossed(in, acked_ns) && !is_sent_beyond_crossing(in, acked_ns);
}

static void
sender_fin_again(struct inference *in)
{
    struct tcb *from = in->from;
    bool was_confirmed = tcb_has(from, TCB_CONFIRMED);

    if (is_fin_copy(in))
        return;
    infer_event(in, EVENT_fin_retransmission);
    tcb_clear(from, TCB_FIN_ACKED);
    if (tcb_is_reset(from))
        return;
    if (may_lack_ack_of_fin(in)) {
        /* It had not received the ACK when it sent this: that it has now is assumed. */
        if (from->state == STATE_FIN_WAIT_2)
            tcb_clear(from, TCB_CONFIRMED);
        return;
    }
    /* Where it is what it was, this shows no more than the FIN before. */
    bool has_moved = sender_lacks_ack_of_fin(in, from->fin_mark);

    if ((!has_moved && !was_confirmed) || (from->extra && from->extra->may_have_crossed))
        tcb_clear(from, TCB_CONFIRMED);
}

/* Its FIN, captured late, says whether it had received the peer's when it sent it. */
static void
sender_shows_order(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;

    if (!seq_before(in->seg->ack, from->peer_fin_end)) {
        infer_apply(in, from, SHOWED_FIN_COVERED);
        return;
    }
    if (tcb_is_reset(from) || to->state != STATE_TIME_WAIT ||
        (from->state != STATE_CLOSED && from->state != STATE_LAST_ACK))
        return;
    infer_apply(in, from, SHOWED_FINS_CROSSED);
    infer_apply(in, to, SHOWED_FINS_CROSSED);
    infer_event(in, EVENT_simultaneous_close);
}

/* An ACK had counted it; it was sent before that, and not again so soon. */
static bool
is_late(const struct inference *in)
{
    const struct tcb *from = in->from;

    return may_lack_ack_of_fin(in) ||
           /* it was sent for the first time after its newest segment */
           in->seg->time_ns - from->newest_ns < COPY_NS;
}

bool
sender_is_late_fin(const struct inference *in)
{
    const struct tcb *from = in->from;

    return (in->seg->flags & FLAG_FIN) && tcb_has(from, TCB_FIN_ASSUMED) &&
           in->seg_end == from->fin_end && from->tail_from_ack && is_late(in);
}

/* The FIN that an ACK had counted is captured: late, or sent again because that ACK was lost. */
static void
sender_fin_shows_up(struct inference *in)
{
    struct tcb *from = in->from;

    if (sender_is_late_fin(in) && tcb_has_peer_fin(from))
        sender_shows_order(in);
    infer_side(in, from)->fin = FIN_HERE;
    in->step.fin_covered = tcb_has(in->to, TCB_FIN_SENT | TCB_FIN_COVERS);
    tcb_clear(from, TCB_FIN_ASSUMED);
    if (is_late(in))
        return;
    tcb_clear(from, TCB_FIN_ACKED);
    infer_apply(in, from, SHOWED_FIN_UNACKED);
}

/*
 * Nothing shows that it was in CLOSE_WAIT, and what acknowledged the peer's FIN for the first time
 * followed this FIN: that was sent before, and lost before the capture.
 */
static bool
has_sent_before(const struct inference *in, uint32_t end)
{
    const struct tcb *from = in->from;

    return from->state == STATE_CLOSE_WAIT && !tcb_has(from, TCB_CONFIRMED) &&
           tcb_has(from, TCB_SND_KNOWN) && end == from->snd_nxt &&
           /* of a FIN that came again, another ACK may have been lost */
           in->to->fin_sent_ns == in->to->sent_ns;
}

/*
 * Two packets at least that its sender has counted since its newest one were not captured: of a FIN
 * that crossed the peer's, and of the ACK that it owed for that.
 */
static bool
is_behind_two_packets(const struct inference *in)
{
    const struct tcb *from = in->from;

    return from->ip_id_counts && is_ip_id_step(from->ip_id, in->seg->ip_id) &&
           (uint16_t)(in->seg->ip_id - from->ip_id) > 2;
}

/*
 * It is the first that covers the peer's FIN, though an ACK of that was due before (Linux delays it
 * by TCP_DELACK_MAX, 200 ms, at most), the peer has sent it again, or packets are missing: so
 * something of its sender was lost before the capture, and that may have been this FIN, for the
 * first time, too.
 */
static bool
may_repeat_lost_fin(const struct inference *in)
{
    const struct tcb *to = in->to;

    return in->from->state == STATE_CLOSE_WAIT && (in->step.events & event_bit(EVENT_fin_ack)) &&
           (to->fin_sent_ns != to->sent_ns || in->seg->time_ns - to->fin_sent_ns > DELAYED_ACK_NS ||
            is_behind_two_packets(in));
}

/* Behind a gap, whose bytes the capture may have lost; or it is not its own. An ACK will tell. */
static bool
is_behind_gap(const struct inference *in)
{
    return tcb_has(in->from, TCB_SND_KNOWN) && seq_after(in->seg->seq, in->from->snd_nxt);
}

void
sender_crosses_fin(struct inference *in, enum reason reason)
{
    sender_lacks_fin(in);
    infer_apply(in, in->from, SENT_FIN);
    infer_apply(in, in->from, GOT_FIN);
    in->from->proof = in->from->peer_fin_end; /* not of its own numbers */
    infer_side(in, in->from)->reason = reason;
    infer_event(in, EVENT_simultaneous_close);
}

static void
note_early_fin(const struct inference *in)
{
    int64_t ns = due_ns(in);

    if (ns - in->seg->time_ns >= EARLY_NS)
        tcb_make_rare(in->from)->fin_due_ns = ns;
}

void
sender_fin(struct inference *in)
{
    struct tcb *from = in->from;
    struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    uint32_t end = in->seg_end;

    if (tcb_has(from, TCB_FIN_ASSUMED) && end == from->fin_end) {
        sender_fin_shows_up(in);
    } else if (tcb_has(from, TCB_FIN_SENT) && end == from->fin_end) {
        sender_fin_again(in);
    } else if (sender_has_acked_fin(in, end)) {
        sender_sent_acked_fin(in, end);
        infer_side(in, from)->fin = FIN_HERE;
    } else {
        if (tcb_has(from, TCB_FIN_SENT))
            sender_forgets_fin(in);
        if (tcb_has_peer_fin(from) && seq_before(seg->ack, from->peer_fin_end)) {
            sender_crosses_fin(in, REASON_SENT_FIN_UNCOVERED);
        } else if (has_sent_before(in, end)) {
            sender_crosses_fin(in, REASON_SENT_FIN_BEFORE);
            tcb_confirm(from);
        } else {
            bool is_repeated = may_repeat_lost_fin(in);
            bool is_uncertain = is_repeated || is_behind_gap(in) || sender_may_have_closed(in) ||
                                tcb_may_have_closed_before(to);

            infer_apply(in, from, SENT_FIN);
            if (is_uncertain)
                tcb_clear(from, TCB_CONFIRMED);
            if (is_repeated)
                tcb_make_extra(from)->may_have_crossed = true;
            else if (from->extra)
                from->extra->may_have_crossed = false;
            if (tcb_has(to, TCB_FIN_SENT) && seq_before(seg->ack, to->fin_end))
                infer_event(in, EVENT_simultaneous_close);
        }
        from->fin_end = end;
        tcb_set(from, TCB_FIN_SENT);
        infer_side(in, from)->fin = FIN_HERE;
    }
    from->fin_mark = infer_mark(seg);
    from->fin_sent_ns = seg->time_ns;
    note_early_fin(in);
}

/* By its own sender's clock, it was to be captured where the FIN was. */
static bool
is_late_for(const struct inference *in, const struct tcb *fin_sender)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    int64_t gap_ns = seg->time_ns - fin_sender->fin_sent_ns;

    if (!seg->options.has_ts || !tcb_has(from, TCB_TS))
        return false;
    if (from != fin_sender)
        return undelayed_ns(in) - fin_sender->fin_sent_ns < EARLY_NS;
    return seq_before(seg->options.ts_val, from->ts_val) &&
           (int64_t)(from->ts_val - seg->options.ts_val) * NS_PER_MS > gap_ns - EARLY_NS;
}

void
sender_follows_early_fin(struct inference *in, struct tcb *fin_sender)
{
    struct tcb *receiver = fin_sender == in->from ? in->to : in->from;
    int64_t expected_ns = tcb_rare(fin_sender)->fin_due_ns;
    int64_t now_ns = in->seg->time_ns;

    if (expected_ns == 0 || in->newest.ns != fin_sender->fin_sent_ns ||
        expected_ns - now_ns >= EARLY_NS || now_ns - expected_ns >= EARLY_NS ||
        !is_late_for(in, fin_sender))
        return;
    if (fin_sender->sent_ns == fin_sender->fin_sent_ns)
        fin_sender->sent_ns = now_ns;
    if (receiver->delivered_ns == fin_sender->fin_sent_ns)
        receiver->delivered_ns = now_ns;
    fin_sender->fin_sent_ns = now_ns;
    tcb_make_rare(fin_sender)->fin_due_ns = 0;
}

void
sender_late_fin(struct inference *in)
{
    sender_fin(in);
    in->from->snd_nxt = seq_max(in->from->snd_nxt, in->from->fin_end);
}
