/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "freshness.h"

#include "seq.h"
#include "timing.h"

const struct tcb *
former_socket(const struct inference *in)
{
    return in->incarnation->former[in->from == &in->end[1]];
}

/* The number is one that the socket has used, or will use next. */
static bool
fits(const struct tcb *tcb, const struct segment *seg)
{
    uint32_t first = (seg->flags & FLAG_SYN) ? tcb->iss : tcb->iss + 1;

    return tcb_has(tcb, TCB_SND_KNOWN) && seq_between(seg->seq, first, tcb->snd_nxt);
}

/*
 * In SYN_SENT nothing is acknowledged before the peer's SYN has come. The peer has not begun anew,
 * and these are its numbers: it is the socket before that has received them.
 */
static bool
acks_former_peer(const struct inference *in)
{
    const struct tcb *to = in->to;

    return in->from->state == STATE_SYN_SENT && !tcb_has(to, TCB_RENEWED) &&
           (in->seg->flags & (FLAG_SYN | FLAG_RST | FLAG_ACK)) == FLAG_ACK &&
           tcb_has(to, TCB_SND_KNOWN | TCB_SEEN) &&
           seq_between(in->seg->ack, to->iss + 1, to->snd_nxt);
}

/*
 * Beyond what was captured of the former socket, but where its peer expects it; and it has received
 * what that has sent since. A FIN there may be anybody's.
 */
static bool
is_of_former_behind_gap(const struct inference *in, const struct tcb *former)
{
    return acks_former_peer(in) && !(in->seg->flags & FLAG_FIN) && tcb_has(former, TCB_ACK_KNOWN) &&
           seq_after(in->seg->ack, former->rcv_acked) && tcb_has(in->to, TCB_RCV_KNOWN) &&
           tcb_in_window(in->to, in->seg->seq);
}

/* A RST that takes its number from the newest ACK of a peer that has not begun anew. */
static bool
answers_former_peer(const struct inference *in)
{
    const struct tcb *to = in->to;

    return (in->seg->flags & (FLAG_RST | FLAG_ACK)) == FLAG_RST && !tcb_has(to, TCB_RENEWED) &&
           tcb_has(to, TCB_ACK_KNOWN) && in->seg->seq == to->rcv_acked;
}

/* Its number is of the socket before, and not of the one that is there now. */
static bool
is_of_former(const struct inference *in)
{
    const struct tcb *former = in->incarnation->has_former ? former_socket(in) : NULL;

    return former &&
           /* the sender has a new socket, */
           tcb_has(in->from, TCB_RENEWED) &&
           /* which does not use this number, or has no use for its ACK number, */
           (!fits(in->from, in->seg) || acks_former_peer(in)) &&
           /* but the one before did, or has sent since what was not captured */
           (fits(former, in->seg) || is_of_former_behind_gap(in, former) ||
            answers_former_peer(in));
}

/* A number that the sender's stack cannot have used: beyond what the peer has allowed it to send.
 */
static bool
is_out_of_reach(const struct inference *in)
{
    return
        /* what it has sent and what it may send is known, */
        tcb_has(in->from, TCB_SND_KNOWN) &&
        tcb_has(in->to, TCB_ACK_KNOWN | TCB_SHIFT_KNOWN | TCB_RCV_KNOWN) &&
        /* and this is neither */
        seq_after(in->seg->seq, in->from->snd_nxt) && !tcb_in_window(in->to, in->seg->seq);
}

/*
 * A FIN that its sender cannot have sent: where it has sent data before, or elsewhere than the FIN
 * that its peer has acknowledged.
 */
static bool
has_impossible_fin(const struct inference *in)
{
    const struct tcb *from = in->from;
    const uint32_t end = in->seg_end;

    if (!(in->seg->flags & FLAG_FIN) || !tcb_has(from, TCB_SND_KNOWN))
        return false;
    if (tcb_has(from, TCB_FIN_SENT | TCB_FIN_ACKED) && end != from->fin_end)
        /* but one that is known by its ACK only may have been a byte */
        return !tcb_has(from, TCB_FIN_ASSUMED) || !seq_after(end, from->fin_end);
    return
        /* all that it has sent was captured, */
        !tcb_has(from, TCB_UNSEEN_TAIL) &&
        /* and goes beyond the place of this FIN, */
        seq_before(end, from->snd_nxt + 1) &&
        /* which is not the one that is known */
        !(tcb_has(from, TCB_FIN_SENT) && end == from->fin_end);
}

/*
 * A FIN behind a gap, whose bytes the capture may have lost as well. It is not its sender's, as it
 * seems, if a RST has closed that, or it looks like another box's. What its peer acknowledges is
 * taken all the same (sender_stray.c).
 */
static bool
has_foreign_fin(const struct inference *in)
{
    const struct tcb *from = in->from;

    return
        /* behind a gap, */
        (in->seg->flags & FLAG_FIN) && tcb_has(from, TCB_SND_KNOWN) &&
        seq_after(in->seg->seq, from->snd_nxt) &&
        /* of a dead socket, whose clock has not gone on, or of another box */
        ((tcb_is_reset(from) && !has_newer_timestamp(in)) || fin_shows_forgery(in));
}

/* Of a segment without SYN and RST: the endpoint whose address it carries cannot have sent it. */
static bool
is_foreign(const struct inference *in)
{
    return
        /* RFC 7323 section 3.2: once in use, timestamps are on every segment but a RST */
        (tcb_has(in->from, TCB_TS_IN_USE) && !in->seg->options.has_ts &&
         !in->seg->options.is_cut) ||
        /* beyond the window */
        is_out_of_reach(in) ||
        /* a FIN in the middle of its data, or somebody else's beyond it */
        has_impossible_fin(in) || has_foreign_fin(in);
}

/* Of a segment without SYN and RST: its sender has sent newer ones. */
static bool
is_old(const struct tcb *from, const struct segment *seg)
{
    return
        /* by its timestamp */
        (tcb_has(from, TCB_TS) && seg->options.has_ts &&
         seq_before(seg->options.ts_val, from->ts_val)) ||
        /* by its ACK number, which never goes back */
        ((seg->flags & FLAG_ACK) && tcb_has(from, TCB_ACK_KNOWN) &&
         seq_before(seg->ack, from->rcv_acked));
}

bool
is_answered_syn(const struct tcb *from, const struct segment *seg)
{
    if (!tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) || seg->seq != from->iss)
        return false;
    /* Only a Fast Open server acknowledges more before the handshake has ended. */
    return !(seg->flags & FLAG_ACK) ||
           (!tcb_has(from, TCB_FAST_OPEN) && seq_before(seg->ack, from->rcv_acked));
}

/* The last one again, as the network or the capture copies it: tap and interface see it twice. */
static bool
is_copy_of_newest(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    int64_t gap_ns = seg->time_ns - from->newest_ns;
    /* What it sends again has a newer timestamp, after a second at the latest: RFC 7323, 5.4. */
    int64_t copy_ns = seg->options.has_ts ? NS_PER_S : COPY_NS;

    if (!tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) || !(seg->flags & FLAG_ACK) ||
        in->seg_end != from->snd_nxt || seg->ack != from->rcv_acked || gap_ns >= copy_ns ||
        (seg->options.has_ts && seg->options.ts_val != from->ts_val))
        return false;
    if (seg->ip_id != 0)
        return from->ip_id_varies && seg->ip_id == from->ip_id;
    /* Its newest was data that it sent again, and this is the FIN behind that. */
    if ((seg->flags & FLAG_FIN) && infer_mark(seg) != from->fin_mark)
        return false;
    if (from->copied && gap_ns < REORDER_NS)
        return true;
    /* A bare ACK may well be sent twice. */
    return seg->options.has_ts && in->seg_end != seg->seq && gap_ns < RTO_MIN_NS;
}

/*
 * A SYN is sent again after a second (RFC 6298 section 2), but at once when a RST of its sender's
 * has answered the challenge ACK of an old connection: after two ticks, which are a millisecond
 * each at least, less what has passed of the first (Linux: tcp_rcv_synsent_state_process,
 * TCP_TIMEOUT_MIN).
 */
static bool
is_syn_due(const struct tcb *from, const struct segment *seg)
{
    const struct tcb_extra *extra = tcb_extra(from);

    if (extra->own_rst != RST_NONE && extra->own_rst_ns >= from->newest_ns)
        return seg->time_ns - extra->own_rst_ns >= NS_PER_MS;
    return seg->time_ns - from->newest_ns >= COPY_NS;
}

/* The same numbers so soon. */
static bool
is_copy_of_syn(const struct tcb *from, const struct segment *seg)
{
    return tcb_has(from, TCB_SND_KNOWN | TCB_SEEN) &&
           /* nothing was sent but a SYN, */
           seg->seq == from->iss && segment_end(seg) == from->snd_nxt &&
           /* with or without ACK, as this one, */
           ((seg->flags & FLAG_ACK) ? tcb_has(from, TCB_ACK_KNOWN) && seg->ack == from->rcv_acked
                                    : !tcb_has(from, TCB_ACK_KNOWN)) &&
           /* by the same packet */
           seg->ip_id == from->ip_id &&
           !(seg->options.has_ts && tcb_has(from, TCB_TS) && seg->options.ts_val != from->ts_val) &&
           !is_syn_due(from, seg);
}

static bool
is_copy_of_rst(const struct tcb *from, const struct segment *seg)
{
    const struct tcb_extra *extra = tcb_extra(from);
    int64_t gap_ns = seg->time_ns - extra->own_rst_ns;

    if (extra->own_rst == RST_NONE || seg->seq != extra->own_rst_seq ||
        seg->ack != extra->own_rst_ack || seg->ip_id != extra->own_rst_ip_id)
        return false;
    /* A forger that has read the identification sends its RST more than once, too. */
    return (seg->ip_id != 0 || from->copied) && gap_ns < REORDER_NS;
}

/* Its sender counts its packets, has counted further, and says nothing new with this one. */
static bool
is_old_by_ip_id(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return
        /* it has an identification a little before the newest one's, */
        from->ip_id_counts && seg->ip_id != 0 && is_ip_id_step(seg->ip_id, from->ip_id) &&
        /* no newer timestamp, */
        !(seg->options.has_ts && seq_after(seg->options.ts_val, from->ts_val)) &&
        /* and numbers that were sent before */
        tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) && !seq_after(in->seg_end, from->snd_nxt) &&
        !seq_after(seg->ack, from->rcv_acked);
}

bool
may_have_been_held(const struct inference *in, uint32_t mark)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (has_newer_timestamp(in) ||
        (tcb_has(from, TCB_ACK_KNOWN) && seq_after(seg->ack, from->rcv_acked)))
        return false;
    if (mark != 0)
        return infer_mark(seg) == mark || infer_mark(seg) == 0;
    return seg->ip_id == 0 || !is_ip_id_step(from->ip_id, seg->ip_id);
}

/* A copy of the SYN or SYN-ACK that its sender began with: a retransmission has a newer timestamp.
 */
static bool
is_old_syn(const struct tcb *from, const struct segment *seg)
{
    if (is_answered_syn(from, seg))
        return true;
    return tcb_has(from, TCB_SND_KNOWN | TCB_TS) && seg->seq == from->iss && seg->options.has_ts &&
           !seq_after(seg->options.ts_val, from->ts_val) && from->state != STATE_SYN_SENT;
}

enum freshness
freshness_of(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (is_of_former(in))
        return SEGMENT_FORMER;
    if (seg->flags & FLAG_RST) {
        if (is_copy_of_rst(from, seg))
            return SEGMENT_COPY;
        return from->state != STATE_CLOSED && is_out_of_reach(in) ? SEGMENT_FOREIGN : SEGMENT_FRESH;
    }
    if (seg->flags & FLAG_SYN) {
        if (is_copy_of_syn(from, seg))
            return SEGMENT_COPY;
        return is_old_syn(from, seg) ? SEGMENT_OLD : SEGMENT_FRESH;
    }
    if (is_foreign(in))
        return SEGMENT_FOREIGN;
    if (is_copy_of_newest(in))
        return SEGMENT_COPY;
    return is_old(from, seg) || is_old_by_ip_id(in) ? SEGMENT_OLD : SEGMENT_FRESH;
}

bool
is_duplicate_ack(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return
        /* bare */
        seg->len == 0 && !(seg->flags & (FLAG_SYN | FLAG_FIN)) &&
        /* its sender has spoken before, */
        tcb_has(from, TCB_ACK_KNOWN | TCB_SND_KNOWN) &&
        /* and said the same: ACK number, sequence number and window */
        seg->ack == from->rcv_acked && seg->seq == from->snd_nxt &&
        seg->ack + ((uint32_t)seg->window << from->window_shift) == from->rcv_edge;
}

bool
shows_sack_hole(const struct inference *in)
{
    const struct segment *seg = in->seg;

    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (seq_after(seg->options.sack_left[i], seg->ack))
            return true;
    }
    return false;
}
