/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a socket that is thought to be gone shows that it is alive: the RST was not its own, or did
 * not reach it, or was not taken.
 */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"

enum { IP_ID_BEHIND_MAX = 255 };

/* Its challenge ACK to the RST has been captured: a closed port would answer that with a RST. */
static bool
is_challenged(const struct tcb *to, const struct tcb_extra *extra)
{
    return tcb_extra(to)->challenged_frame == extra->rst_frame && !tcb_has(to, TCB_CHALLENGED);
}

/*
 * The RST answered what it had no socket for, and this does not acknowledge it: it was sent before,
 * and is late.
 */
static bool
precedes_answer(const struct inference *in, const struct tcb_extra *extra)
{
    return extra->answered && seq_before(in->seg->ack, extra->rst_peer_nxt) &&
           earliest_ns(in) <= extra->rst_ns;
}

/*
 * Its sender gives each packet another identification, and this one has that of the RST: somebody
 * else has made that one, and guessed the next.
 */
static bool
has_ip_id_of_rst(const struct tcb *from, const struct segment *seg, const struct tcb_extra *extra)
{
    return from->ip_id_varies && seg->ip_id != 0 && seg->ip_id == extra->rst_ip_id;
}

/* Sent before the RST, by the identification that its sender counts up from packet to packet. */
static bool
is_older_by_ip_id(const struct segment *seg, const struct tcb_extra *extra)
{
    uint16_t behind = (uint16_t)(extra->rst_ip_id - seg->ip_id);

    return seg->ip_id != 0 && extra->rst_ip_id != 0 && behind > 0 && behind <= IP_ID_BEHIND_MAX;
}

/*
 * Sent after the RST by the sender's own clock: its RSTs carry that, too (Linux:
 * tcp_send_active_reset), but a forger can only copy what it has read.
 */
static bool
is_younger_than_own_rst(const struct segment *seg, const struct tcb_extra *extra)
{
    return extra->own_rst_has_ts && seg->options.has_ts &&
           seq_after(seg->options.ts_val, extra->own_rst_ts);
}

/*
 * Sent before the RST, by its sender's own clock, and with nothing new: a forger would have had to
 * know the time that comes.
 */
static bool
is_older_by_timestamp(const struct inference *in, const struct tcb_extra *extra)
{
    return extra->own_rst_has_ts && in->seg->options.has_ts &&
           seq_before(in->seg->options.ts_val, extra->own_rst_ts) &&
           !seq_after(in->seg_end, seq_max(extra->rst_seq, in->from->snd_nxt));
}

bool
challenges_syn_ack(const struct inference *in)
{
    const struct tcb *to = in->to;

    return
        /* the peer has just answered a SYN, */
        to->state == STATE_SYN_RECEIVED && tcb_has(to, TCB_SND_KNOWN | TCB_ACK_KNOWN) &&
        to->newest_ns == in->newest.ns &&
        /* and this has the numbers of the socket before, and says nothing new of it */
        is_duplicate_ack(in);
}

/* Closed by a RST of its own, as it seemed: a dead socket's last segments may be late, but not
 * much. */
static bool
outlives_own_rst(const struct inference *in, const struct tcb_extra *extra)
{
    const struct tcb *from = in->from;
    uint32_t end = in->seg_end;

    if (has_ip_id_of_rst(from, in->seg, extra))
        return true;
    if (precedes_answer(in, extra) || is_older_by_ip_id(in->seg, extra) ||
        is_older_by_timestamp(in, extra))
        return false;
    return
        /* beyond all that it had sent */
        seq_after(end, seq_max(extra->rst_seq, from->snd_nxt)) ||
        /* something new, and its peer had not taken the RST */
        (seq_after(end, from->snd_nxt) && is_challenged(in->to, extra)) ||
        /* later, by its own clock */
        is_younger_than_own_rst(in->seg, extra) || earliest_ns(in) > extra->rst_ns ||
        /* at once, where only a living socket answers so */
        challenges_syn_ack(in) ||
        /* or by far, if nothing but that RST speaks for its end */
        (!extra->took_rst && undelayed_ns(in) - extra->rst_ns >= REORDER_NS);
}

/* RFC 2883: a duplicate ACK that answers old data says so. */
static bool
is_dsack(const struct segment *seg)
{
    return seg->options.sack_count > 0 && !seq_after(seg->options.sack_right[0], seg->ack);
}

/* A duplicate ACK that was on its way when the RST passed: old data had been delivered. */
static bool
may_answer_old_data(const struct inference *in, const struct tcb_extra *extra)
{
    int64_t quickest_ns = (int64_t)in->from->response_us * NS_PER_US;

    if (is_dsack(in->seg))
        return true;
    if (!tcb_has(in->from, TCB_DUP_ACK_DUE))
        return false;
    /* Others that it sent before the RST are still coming, */
    if (extra->in_flight_ns != extra->rst_ns)
        return may_have_crossed(in, extra->in_flight_ns);
    /* or no answer to the RST comes that soon. */
    return in->seg->time_ns - extra->rst_ns < quickest_ns / 2;
}

/*
 * What it has out of order may go on to the RST, which closes it there (RFC 5961, errata 4772);
 * what comes since was on its way.
 */
static bool
may_be_at_sack_edge(const struct inference *in)
{
    const struct tcp_options *options = &in->seg->options;
    const struct tcb_extra *extra = tcb_extra(in->from);

    for (uint32_t i = 0; i < options->sack_count; i++) {
        if (seq_after(options->sack_right[i], extra->rst_seq))
            return false; /* it is no edge */
    }
    return infer_stack(in)->rst_at_sack_edge && may_lack(in, extra->in_flight_ns);
}

/* A bare ACK that only a living socket sends: a challenge ACK. */
static bool
challenges_rst(const struct inference *in, const struct tcb_extra *extra)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (may_answer_old_data(in, extra))
        return false;
    /* It was no orphan after all, and the RST was not exact. */
    if (extra->before_rst == STATE_FIN_WAIT_2 && seq_after(extra->rst_seq, from->rcv_nxt) &&
        is_duplicate_ack(in))
        return true;
    if (!seq_before(seg->ack, from->rcv_nxt))
        return false;
    /* It lacked data before the RST, whose number was not the one that it expected. */
    if (shows_sack_hole(in))
        return !may_be_at_sack_edge(in);
    return is_duplicate_ack(in) || !may_lack(in, from->delivered_ns);
}

/*
 * It acknowledges some of what came before the RST, and not all: it was sent when the rest had not
 * come, and the RST neither.
 */
static bool
was_in_flight(const struct inference *in, const struct tcb_extra *extra)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return
        /* nothing but an ACK, of something new, */
        in->seg_end == seg->seq && tcb_has(from, TCB_ACK_KNOWN) &&
        seq_after(seg->ack, from->rcv_acked) &&
        /* of less than came before the RST, */
        seq_before(seg->ack, extra->rst_seq) &&
        /* of which nothing was sent again */
        in->to->state == STATE_CLOSED;
}

/*
 * Its last ACK once more, of all that came before the RST, which it would have taken; and nothing
 * came since that asks for an ACK. That is a copy that the network held up.
 */
static bool
repeats_last_ack(const struct inference *in, const struct tcb_extra *extra)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return is_duplicate_ack(in) && seg->ack == extra->rst_seq &&
           in->to->newest_ns <= from->newest_ns && seg->time_ns - extra->rst_ns < COPY_NS &&
           (!seg->options.has_ts || seg->options.ts_val == from->ts_val);
}

/* A SACK block covers what was sent behind all that had been when the RST came. */
static bool
sacks_later(const struct segment *seg, const struct tcb_extra *extra)
{
    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (seq_after(seg->options.sack_right[i], extra->rst_peer_nxt))
            return true;
    }
    return false;
}

uint32_t
infer_beyond(const struct tcb *receiver, const struct tcb *sender, uint32_t unknown)
{
    const struct ooo_queue *queue = tcb_rare(receiver)->queue;
    uint32_t end = unknown;

    if (sender->state == STATE_SYN_SENT && tcb_has(receiver, TCB_RCV_KNOWN))
        end = receiver->rcv_nxt; /* a SYN is of another connection than this socket */
    else if (tcb_has(sender, TCB_SND_KNOWN))
        end = sender->snd_nxt;
    return queue ? seq_max(end, queue->item[queue->count - 1].right) : end;
}

/*
 * The rest of a write, as what came before it had no PSH, and its sender's next packet: it was sent
 * with that, and somebody held it up.
 */
static bool
ends_write(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return seg->len > 0 && !seg->options.has_ts && seg->seq == from->snd_nxt &&
           !tcb_has(from, TCB_FIN_SENT) && from->unpushed_end == seg->seq && from->ip_id_counts &&
           seg->ip_id == (uint16_t)(from->ip_id + 1);
}

bool
survived_rst(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb_extra *extra = tcb_extra(from);
    const struct segment *seg = in->seg;

    if (extra->before_rst == STATE_CLOSED)
        return false; /* no RST closed it */
    if (extra->before_rst == STATE_TIME_WAIT &&
        seg->time_ns >= tcb_rare(from)->rst_time_wait_end_ns)
        return false; /* by now time has ended it */
    if (extra->before_rst == STATE_SYN_SENT && seq_after(seg->seq, from->iss))
        return true; /* it received a SYN-ACK after the RST */
    if (seq_after(seg->ack, extra->rst_peer_nxt) || sacks_later(seg, extra))
        return true; /* it received what was sent after the RST */
    if (tcb_has(from, TCB_SND_KNOWN) && seq_after(seg->seq, from->snd_nxt) &&
        !has_newer_timestamp(in))
        return false; /* behind a gap: a forger's, as well as its own, as its clock does not show */
    if (extra->sent_rst)
        return outlives_own_rst(in, extra) &&
               /* what it sent before its peer's RST reached it is still coming */
               !(extra->took_rst && may_have_crossed(in, extra->in_flight_ns));
    if (was_in_flight(in, extra) || repeats_last_ack(in, extra) || ends_write(in))
        return false;
    return challenges_rst(in, extra) || !may_lack(in, extra->in_flight_ns);
}

/* It goes on in what the state before the RST has become since: its FIN may have been sent, which
 * shows, and acknowledged. */
static void
restore(struct inference *in, enum tcp_state before)
{
    const struct tcb *from = in->from;
    /* Also one that its peer cannot have sent: what is delivered counts, whoever it is from. */
    const bool is_fin_acked =
        tcb_has(from, TCB_FIN_ACKED) ||
        (tcb_has(from, TCB_FIN_SENT) && from->fin_acked_ns > tcb_extra(from)->rst_ns);
    enum tcp_state state = before;
    bool is_confirmed = tcb_extra(from)->was_confirmed;

    if (tcb_has(from, TCB_FIN_SENT) && transition_of(SENT_FIN, state).reason != REASON_NONE) {
        state = transition_of(SENT_FIN, state).next;
        is_confirmed = true;
    }
    if (is_fin_acked && transition_of(GOT_ACK_OF_FIN, state).reason != REASON_NONE) {
        state = transition_of(GOT_ACK_OF_FIN, state).next;
        is_confirmed = false;
    }
    if (state == STATE_TIME_WAIT && before != STATE_TIME_WAIT)
        tcb_make_rare(in->from)->rst_time_wait_end_ns = in->seg->time_ns + in->policy->two_msl_ns;
    infer_restore(in, state, REASON_RST_NOT_TAKEN, is_confirmed);
}

/* What it sent before the RST is still coming. */
static void
note_late(const struct inference *in)
{
    struct tcb_extra *extra = tcb_make_extra(in->from);

    if (!extra->sent_rst && was_in_flight(in, extra))
        extra->in_flight_ns = in->seg->time_ns;
}

/*
 * It goes on behind a RST of its own decision, which was somebody else's then: that has its last
 * number. Whether it has taken a RST itself since is another matter.
 */
static void
disown_last_rst(struct inference *in)
{
    struct tcb_extra *extra = in->from->extra;

    if (extra->own_rst_frame == 0 || is_older_by_ip_id(in->seg, extra))
        return;
    if (!seq_after(in->seg_end, seq_max(extra->own_rst_seq, in->from->snd_nxt)) &&
        !is_younger_than_own_rst(in->seg, extra))
        return;
    infer_event(in, EVENT_rst_suspect);
    in->step.about_frame = extra->own_rst_frame;
    in->step.disowns_rst = true;
    extra->own_rst_frame = 0;
}

void
sender_is_impersonated(const struct inference *in)
{
    const struct tcb_extra *extra = tcb_extra(in->from);

    if (tcb_is_reset(in->from) && extra->sent_rst && !extra->answered)
        tcb_make_extra(in->from)->rst_owner = RST_OWNER_OTHER;
}

void
sender_after_rst(struct inference *in)
{
    struct tcb *from = in->from;
    const struct tcb_extra *extra = tcb_extra(from);
    enum tcp_state before;
    bool lacks_fin = false;

    if (!tcb_is_reset(from))
        return;
    if (!survived_rst(in)) {
        note_late(in);
        disown_last_rst(in);
        /* It has sent nothing behind its RST: either that or this is somebody else's. */
        if (seq_after(in->seg->seq, extra->rst_seq))
            sender_is_impersonated(in);
        return;
    }
    before = (enum tcp_state)extra->before_rst;
    in->step.about_frame = extra->rst_frame;
    if (extra->sent_rst) {
        infer_event(in, EVENT_rst_suspect);
        in->step.disowns_rst = true;
        in->step.refutes_rst = extra->took_rst;
    } else {
        infer_event(in, EVENT_rst_ignored);
        in->step.refutes_rst = true;
        if (before == STATE_FIN_WAIT_2)
            tcb_set(from, TCB_OPEN_AFTER_FIN);
        if (tcb_has(from, TCB_RCV_KNOWN) && seq_before(in->seg->ack, from->rcv_nxt)) {
            lacks_fin = tcb_has_peer_fin(from);
            tcb_show_hole(from, in->seg);
        }
    }
    restore(in, before);
    if (lacks_fin)
        sender_lacks_fin(in);
}

/*
 * A RST in its name has closed its peer, and it was not its own: here it goes on, with something
 * new or later than networks reorder.
 */
void
sender_disowns_rst(struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb_extra *extra = from->extra;

    if (!extra || extra->accused_frame == 0 || in->to->state != STATE_CLOSED ||
        in->step.about_frame != 0)
        return;
    if (!seq_after(in->seg_end, from->snd_nxt) && undelayed_ns(in) - extra->accused_ns < REORDER_NS)
        return;
    infer_event(in, EVENT_rst_suspect);
    in->step.about_frame = extra->accused_frame;
    in->step.disowns_rst = true;
    from->extra->accused_frame = 0;
}
