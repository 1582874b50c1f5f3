/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment proves about its sender. Only a fresh segment proves anything: one that is older
 * than what its sender was seen to send, a copy, one of an earlier connection, or one that the
 * sender cannot have sent says nothing about the state it is in now.
 */
#include "feed.h"
#include "origin.h"
#include "seq.h"

/* The shortest retransmission timeout in use: FreeBSD. */
enum { RTO_MIN_NS = 30 * 1000 * 1000 };

/* The endpoint's FIN was not its own after all. */
static void
forget_fin(struct feed *feed)
{
    feed->from->snd_nxt = feed->seg->seq;
    feed_apply(feed, feed->from, SHOWED_NO_FIN);
    endpoint_clear(feed->from, EP_FIN_SENT | EP_FIN_ACKED);
}

static void
sender_synchronized(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (from->state == STATE_SYN_SENT) {
        if (seq_after(seg->seq, from->iss))
            feed_apply(feed, from, SENT_AS_SYNCHRONIZED);
    } else if (from->state == STATE_SYN_RECEIVED) {
        /* A bare ACK may be the request socket's answer; a Fast Open server sends data early. */
        if (!endpoint_has(from, EP_FAST_OPEN) &&
            (segment_end(seg) != seg->seq || seq_after(seg->ack, from->rcv_nxt)))
            feed_apply(feed, from, SENT_AS_SYNCHRONIZED);
    } else if (from->state == STATE_ESTABLISHED) {
        if (!endpoint_has(from, EP_PROVABLE) || (seg->len > 0 && !endpoint_has(from, EP_FAST_OPEN)))
            endpoint_set(from, EP_CONFIRMED);
    }
}

/* A bare ACK that the endpoint owes: to a RST or SYN that it did not take, or to a repeated FIN. */
static void
sender_answers(struct feed *feed)
{
    struct endpoint *from = feed->from;
    bool bare = segment_end(feed->seg) == feed->seg->seq;

    if (bare && endpoint_has(from, EP_CHALLENGED) &&
        origin_may_have_crossed(feed, endpoint_rare(from)->challenged_ns))
        feed_event(feed, EVENT_challenge_ack);
    if (bare && endpoint_has(from, EP_REACK_DUE) && from->state == STATE_TIME_WAIT)
        feed_event(feed, EVENT_time_wait_reack);
    endpoint_clear(from, EP_CHALLENGED | EP_REACK_DUE);
}

/* Perhaps a copy of an ACK that was seen before; an ACK that is due is none. */
static bool
may_be_ack_copy(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    return origin_is_duplicate_ack(feed) && !endpoint_has(from, EP_CHALLENGED) &&
           (!seg->options.has_ts || seg->options.ts_val == from->ts_val);
}

/*
 * What was taken as received is missing. An ACK that was sent before the missing part came is no
 * evidence.
 */
static bool
shows_loss(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    bool no_sack = ((from->flags | feed->to->flags) & EP_SACK_REFUSED) != 0;

    if (origin_shows_sack_hole(feed) ||
        (no_sack && origin_is_duplicate_ack(feed) && !endpoint_has(from, EP_DUP_ACK_DUE)))
        return !origin_may_have_crossed(feed, endpoint_rare(from)->refilled_ns);
    return !may_be_ack_copy(feed) && !origin_may_have_crossed(feed, coarse_time_ns(from->taken));
}

/*
 * Its ACK number covers bytes that were not captured: the capture lost them, or sees one direction
 * only. One number more than what the peer has sent, on a bare ACK of a side that has sent its own
 * FIN, is the peer's FIN.
 */
static void
sender_acks_unseen(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    bool is_fin = endpoint_has(from, EP_FIN_SENT) && segment_end(seg) == seg->seq &&
                  seg->ack == to->snd_nxt + 1;

    if (endpoint_has(from, EP_RENEWED) != endpoint_has(to, EP_RENEWED))
        return; /* two sockets of different connections */
    if (!endpoint_has(to, EP_SND_KNOWN)) {
        endpoint_begin_sequence(to, seg->ack - 1);
        to->snd_nxt = seg->ack;
        endpoint_set(to, EP_UNSEEN_TAIL);
        return;
    }
    if (!seq_after(seg->ack, to->snd_nxt) || endpoint_has(to, EP_FIN_SENT))
        return;
    /* Of a side that the capture does not see at all, once is enough. */
    if (endpoint_has(to, EP_SEEN) || !endpoint_has(to, EP_UNSEEN_TAIL))
        feed_event(feed, EVENT_capture_loss);
    to->snd_nxt = seg->ack;
    endpoint_set(to, EP_UNSEEN_TAIL);
    if (!is_fin)
        return;
    to->fin_end = seg->ack;
    endpoint_set(to, EP_FIN_SENT);
    feed_apply(feed, to, SENT_FIN);
    endpoint_clear(to, EP_CONFIRMED);
    if (!endpoint_has(to, EP_SEEN))
        feed_apply(feed, from, GOT_ACK_OF_FIN);
}

/* Its ACK number and SACK blocks say what it had received when it sent the segment. */
static void
sender_received(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if (endpoint_has(from, EP_FIN_SENT | EP_ACK_KNOWN) && seq_after(seg->ack, from->rcv_acked) &&
        !(seg->flags & FLAG_FIN) && !(endpoint_has(to, EP_FIN_SENT) && seg->ack == to->fin_end))
        endpoint_set(from, EP_OPEN_AFTER_FIN);
    if (!endpoint_has(from, EP_RCV_KNOWN) || seq_after(seg->ack, from->rcv_nxt)) {
        if (endpoint_has(from, EP_EARLY))
            feed_event(feed, EVENT_capture_loss); /* it has what filled the hole */
        from->rcv_nxt = seg->ack;
        endpoint_set(from, EP_RCV_KNOWN);
    }
    if (endpoint_has(to, EP_FIN_SENT) && seg->ack == to->fin_end) {
        if (!endpoint_has_peer_fin(from)) {
            from->peer_fin_end = to->fin_end;
            endpoint_set(from, EP_FIN_DELIVERED);
        }
        if (!endpoint_has(to, EP_FIN_ACKED)) {
            feed_event(feed, EVENT_fin_ack);
            endpoint_set(to, EP_FIN_ACKED);
            if (to->fin_acked_frame == 0)
                to->fin_acked_frame = seg->frame;
        }
        feed_apply(feed, from, SENT_ACK_OF_FIN);
        return;
    }
    if (seg->options.sack_count > 0 && seg->ack == from->rcv_nxt)
        endpoint_add_sack(from, seg);
    if (!seq_before(seg->ack, from->rcv_nxt) || !shows_loss(feed))
        return;
    if (endpoint_has_peer_fin(from))
        feed_apply(feed, from, SHOWED_FIN_NOT_RECEIVED);
    endpoint_show_hole(from, seg);
}

/* A bare ACK, newer than the FIN, whose number does not count the FIN. */
static void
sender_bare_ack(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (endpoint_has(from, EP_FIN_SENT | EP_ACK_KNOWN) && segment_end(seg) == seg->seq &&
        seq_before(seg->seq, from->fin_end) && seq_after(seg->ack, from->rcv_acked))
        forget_fin(feed);
}

static void
sender_data(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    uint32_t end = seg->seq + seg->len;

    bool keep_alive = seg->len == 1 && end == from->snd_nxt; /* RFC 9293 section 3.8.4 */

    if (endpoint_has(from, EP_FIN_SENT) && seq_after(end, from->fin_end - 1) && !keep_alive) {
        feed_event(feed, EVENT_data_after_fin);
        forget_fin(feed);
    }
    if (endpoint_has_peer_fin(from) && !endpoint_has(from, EP_FIN_SENT) &&
        !seq_before(seg->ack, from->peer_fin_end) && seq_after(end, from->snd_nxt)) {
        uint32_t begin = seq_max(seg->seq, from->snd_nxt);

        feed_event(feed, EVENT_half_close_data);
        feed->stream->half_close_bytes += end - begin;
    }
}

/*
 * A copy made by the network or the capture repeats timestamp and IP identification; a
 * retransmission does not, and without either it takes the time that its sender waits for the ACK.
 */
static bool
is_fin_copy(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (endpoint_has(from, EP_TS) && seg->options.has_ts)
        return seg->options.ts_val == from->fin_ts;
    if (seg->ip_id != 0 && from->fin_ip_id != 0)
        return seg->ip_id == from->fin_ip_id;
    return seg->time_ns - coarse_time_ns(from->fin_seen) < RTO_MIN_NS;
}

static void
sender_fin_again(struct feed *feed)
{
    struct endpoint *from = feed->from;

    if (is_fin_copy(feed))
        return;
    feed_event(feed, EVENT_fin_retransmission);
    feed->stream->fin_retransmissions++;
    endpoint_clear(from, EP_FIN_ACKED);
    if (from->state == STATE_CLOSED && endpoint_rare(from)->before_rst != STATE_CLOSED)
        return;
    if (!origin_may_have_crossed(feed, coarse_time_ns(from->fin_acked)))
        feed_apply(feed, from, SHOWED_FIN_UNACKED);
}

static void
sender_fin(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    uint32_t end = segment_end(seg);

    if (endpoint_has(from, EP_FIN_SENT) && end == from->fin_end) {
        sender_fin_again(feed);
    } else {
        if (endpoint_has(from, EP_FIN_SENT))
            forget_fin(feed);
        if (endpoint_has_peer_fin(from) && seq_before(seg->ack, from->peer_fin_end)) {
            /* It had not received the peer's FIN when it sent its own: they crossed. */
            feed_apply(feed, from, SHOWED_FIN_NOT_RECEIVED);
            feed_apply(feed, from, SENT_FIN);
            feed_apply(feed, from, GOT_FIN);
            feed->reason[feed_side(feed, from)] = REASON_SENT_FIN_UNCOVERED;
            feed_event(feed, EVENT_simultaneous_close);
        } else {
            feed_apply(feed, from, SENT_FIN);
            if (endpoint_has(to, EP_FIN_SENT) && seq_before(seg->ack, to->fin_end))
                feed_event(feed, EVENT_simultaneous_close);
        }
        from->fin_end = end;
        from->fin_frame = seg->frame;
        from->fin_acked_frame = 0;
        endpoint_set(from, EP_FIN_SENT);
    }
    from->fin_ts = seg->options.ts_val;
    from->fin_ip_id = seg->ip_id;
    from->fin_seen = coarse_time(seg->time_ns);
}

/* A first FIN that was captured after later segments of its sender: it has been sent all the same.
 */
static void
sender_late_fin(struct feed *feed)
{
    sender_fin(feed);
    feed->from->snd_nxt = seq_max(feed->from->snd_nxt, feed->from->fin_end);
}

static void
sender_confirms(struct feed *feed)
{
    struct endpoint *from = feed->from;

    if (endpoint_has(from, EP_PROVABLE) && !seq_before(feed->seg->ack, from->proof)) {
        endpoint_set(from, EP_CONFIRMED);
        endpoint_clear(from, EP_PROVABLE);
    }
}

/* ---- bookkeeping of a fresh segment ---- */

/* An ACK of all that the peer has sent, just now for the first time: how quick was it? */
static void
note_response(struct feed *feed)
{
    struct endpoint *from = feed->from;
    int64_t us = (feed->seg->time_ns - feed->to->sent_ns) / 1000 + 1;

    if (!endpoint_has(feed->to, EP_SND_KNOWN) || feed->seg->ack != feed->to->snd_nxt ||
        (endpoint_has(from, EP_ACK_KNOWN) && feed->seg->ack == from->rcv_acked))
        return;
    if (us > 0 && us < UINT32_MAX && (from->response_us == 0 || us < from->response_us))
        from->response_us = (uint32_t)us;
}

void
feed_sender_numbers(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    uint32_t end = segment_end(seg);

    endpoint_set(from, EP_SEEN);
    if (!endpoint_has(from, EP_SND_KNOWN))
        endpoint_begin_sequence(from, seg->seq - 1);
    if (seq_after(end, from->snd_nxt)) {
        if (seq_after(seg->seq, from->snd_nxt))
            endpoint_set(from, EP_UNSEEN_TAIL);
        else
            endpoint_clear(from, EP_UNSEEN_TAIL);
        from->snd_nxt = end;
        from->sent_ns = seg->time_ns;
    }
    if (seg->options.has_ts) {
        from->ts_val = seg->options.ts_val;
        from->ts_time = coarse_time(seg->time_ns);
        endpoint_set(from, (seg->flags & FLAG_SYN) ? EP_TS : EP_TS | EP_TS_IN_USE);
    }
    if (seg->flags & FLAG_SYN) {
        if (!seg->options.sack_permitted)
            endpoint_set(from, EP_SACK_REFUSED);
        from->window_shift = seg->options.has_window_shift ? seg->options.window_shift : 0;
        endpoint_set(from, EP_SHIFT_KNOWN);
    }
    if (seg->flags & FLAG_ACK) {
        uint32_t window = seg->window;

        note_response(feed);
        if (!(seg->flags & FLAG_SYN))
            window <<= from->window_shift;
        from->rcv_acked = seg->ack;
        from->rcv_edge = seg->ack + window;
        endpoint_set(from, EP_ACK_KNOWN);
    }
}

static void
sender_fresh(struct feed *feed)
{
    const struct segment *seg = feed->seg;

    if (seg->flags & FLAG_RST) {
        if (seg->flags & FLAG_FIN)
            feed_event(feed, EVENT_fin_rst);
        feed_sender_rst(feed);
        return;
    }
    if (seg->flags & FLAG_SYN) {
        feed_sender_syn(feed);
        feed_sender_numbers(feed);
        return;
    }
    feed_sender_after_rst(feed);
    if (seg->flags & FLAG_ACK) {
        sender_synchronized(feed);
        sender_bare_ack(feed);
        sender_acks_unseen(feed);
        sender_received(feed);
        sender_answers(feed);
        sender_confirms(feed);
    }
    if (seg->len > 0)
        sender_data(feed);
    if (seg->flags & FLAG_FIN)
        sender_fin(feed);
    feed_sender_numbers(feed);
}

static void
suspect_rst(struct feed *feed)
{
    feed_event(feed, EVENT_rst_suspect);
    feed->rst = RST_SUSPECT;
}

/* With SYN or RST, the FIN flag does not count. */
static bool
carries_fin(const struct segment *seg)
{
    return (seg->flags & (FLAG_FIN | FLAG_SYN | FLAG_RST)) == FLAG_FIN;
}

static void
note_fin_flag(struct feed *feed)
{
    const struct endpoint *from = feed->from;

    if (!carries_fin(feed->seg))
        return;
    feed_event(feed, EVENT_fin);
    if (endpoint_has(from, EP_FIN_SENT) && segment_end(feed->seg) != from->fin_end)
        feed_event(feed, EVENT_fin_moved);
}

void
feed_sender(struct feed *feed)
{
    enum origin origin = origin_of(feed);

    if (origin == ORIGIN_STALE && feed_sender_resumes_old_socket(feed))
        origin = ORIGIN_FRESH;
    if (origin != ORIGIN_STALE)
        note_fin_flag(feed);
    if (origin == ORIGIN_FRESH)
        sender_fresh(feed);
    else if (origin == ORIGIN_STALE)
        feed->stale = true;
    else if (origin == ORIGIN_FOREIGN && (feed->seg->flags & FLAG_RST))
        suspect_rst(feed);
    else if (origin == ORIGIN_OLD && carries_fin(feed->seg) &&
             !endpoint_has(feed->from, EP_FIN_SENT))
        sender_late_fin(feed);
}
