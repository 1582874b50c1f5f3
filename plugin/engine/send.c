/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment proves about its sender. Only a fresh segment proves anything: one that is older
 * than what its sender was seen to send, a copy, one of an earlier connection, or one that the sender
 * cannot have sent says nothing about the state it is in now.
 */
#include "feed.h"
#include "seq.h"

enum origin {
    ORIGIN_FRESH,
    ORIGIN_OLD,    /* delayed or copied by the network */
    ORIGIN_STALE,  /* of the connection before */
    ORIGIN_FOREIGN /* not sent by the endpoint whose address it carries */
};

enum {
    NS_PER_US = 1000,
    /* What crosses on the way is seen within a round trip; measured twice, and not below this. */
    CROSSING_MIN_NS = 10 * 1000 * 1000,
    CROSSING_UNKNOWN_NS = 200 * 1000 * 1000,
};

/*
 * Could the sender have sent this segment before what was captured at since_ns reached it? Within a
 * round trip between the capture point and the sender, yes.
 */
static bool
may_have_crossed(const struct feed *feed, int64_t since_ns)
{
    int64_t window_ns = CROSSING_UNKNOWN_NS;

    if (feed->from->response_us > 0) {
        window_ns = 2 * (int64_t)feed->from->response_us * NS_PER_US;
        if (window_ns < CROSSING_MIN_NS)
            window_ns = CROSSING_MIN_NS;
    }
    return feed->seg->time_ns - since_ns < window_ns;
}

static const struct endpoint *
previous_socket(const struct feed *feed)
{
    return feed->stream->previous
               ? &feed->stream->previous->end[feed_side(feed, feed->from)]
               : NULL;
}

static bool
fits(const struct endpoint *endpoint, const struct segment *seg)
{
    return endpoint_has(endpoint, EP_SND_KNOWN) &&
           seq_between(seg->seq, endpoint->iss, endpoint->snd_nxt);
}

/* A number that the sender's stack cannot have used: outside its own space and the peer's window. */
static bool
is_out_of_reach(const struct feed *feed)
{
    const struct segment *seg = feed->seg;

    if (!endpoint_has(feed->from, EP_SND_KNOWN) || fits(feed->from, seg))
        return false;
    if (!endpoint_has(feed->to, EP_ACK_KNOWN | EP_SHIFT_KNOWN | EP_RCV_KNOWN))
        return false;
    return !endpoint_in_window(feed->to, seg->seq);
}

static enum origin
judge_origin(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    const struct endpoint *before = previous_socket(feed);

    if (before && endpoint_has(from, EP_RENEWED) && !fits(from, seg) && fits(before, seg))
        return ORIGIN_STALE;
    if (seg->flags & FLAG_RST)
        return ORIGIN_FRESH;
    if (seg->flags & FLAG_SYN) {
        if (endpoint_has(from, EP_SND_KNOWN | EP_TS) && seg->seq == from->iss && seg->options.has_ts &&
            !seq_after(seg->options.ts_val, from->ts_val) && from->state != STATE_SYN_SENT)
            return ORIGIN_OLD;
        return ORIGIN_FRESH;
    }
    /* RFC 7323 section 3.2: once in use, timestamps are on every segment but a RST. */
    if (endpoint_has(from, EP_TS) && !seg->options.has_ts)
        return ORIGIN_FOREIGN;
    if (is_out_of_reach(feed))
        return ORIGIN_FOREIGN;
    if (endpoint_has(from, EP_TS) && seq_before(seg->options.ts_val, from->ts_val))
        return ORIGIN_OLD;
    if ((seg->flags & FLAG_ACK) && endpoint_has(from, EP_ACK_KNOWN) &&
        seq_before(seg->ack, from->rcv_acked))
        return ORIGIN_OLD;
    return ORIGIN_FRESH;
}

/* ---- RST ---- */

static void
sender_rst(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    enum tcp_state before = from->state;

    if (before == STATE_CLOSED)
        return;
    /* The answer to a stray segment carries that segment's ACK number (RFC 9293 section 3.5.2). */
    if (before == STATE_SYN_RECEIVED && endpoint_has(from, EP_SND_KNOWN) && seg->seq != from->snd_nxt)
        return;
    if (is_out_of_reach(feed)) {
        feed_event(feed, EVENT_rst_suspect);
        feed->rst = RST_SUSPECT;
        return;
    }
    if (feed_apply(feed, from, SENT_RST)) {
        from->before_rst = (uint8_t)before;
        from->sent_rst = true;
        from->rst_seq = seg->seq;
    }
}

/* ---- talking on after a RST ---- */

static bool
is_duplicate_ack(const struct endpoint *from, const struct segment *seg)
{
    return seg->len == 0 && !(seg->flags & (FLAG_SYN | FLAG_FIN)) &&
           endpoint_has(from, EP_ACK_KNOWN | EP_SND_KNOWN) && seg->ack == from->rcv_acked &&
           seg->seq == from->snd_nxt &&
           seg->ack + ((uint32_t)seg->window << from->window_shift) == from->rcv_edge;
}

/* Blocks above the ACK number: something before them is missing. */
static bool
shows_sack_hole(const struct segment *seg)
{
    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (seq_after(seg->options.sack_left[i], seg->ack))
            return true;
    }
    return false;
}

static bool
survived_rst(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (from->sent_rst)
        return !seq_before(seg->seq, from->rst_seq) || seq_after(segment_end(seg), from->rst_seq);
    if (seq_before(seg->ack, from->rst_seq) && (is_duplicate_ack(from, seg) || shows_sack_hole(seg)))
        return true;
    return !may_have_crossed(feed, from->entered_ns);
}

static void
sender_after_rst(struct feed *feed)
{
    struct endpoint *from = feed->from;

    if (from->state != STATE_CLOSED || from->before_rst == STATE_CLOSED || !survived_rst(feed))
        return;
    if (from->sent_rst)
        feed_event(feed, EVENT_rst_suspect);
    else if (from->before_rst == STATE_FIN_WAIT_2)
        endpoint_set(from, EP_OPEN_AFTER_FIN | EP_CHALLENGED);
    from->state = from->before_rst;
    from->before_rst = STATE_CLOSED;
    from->entered_ns = feed->seg->time_ns;
    endpoint_set(from, EP_CONFIRMED);
    feed->reason[feed_side(feed, from)] = REASON_RST_NOT_TAKEN;
}

/* ---- SYN ---- */

static void
begin_sequence(struct endpoint *from, uint32_t iss)
{
    from->iss = iss;
    from->snd_nxt = iss;
    endpoint_set(from, EP_SND_KNOWN);
}

static void
sender_syn(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    bool same = endpoint_has(from, EP_SND_KNOWN) && seg->seq == from->iss;

    if (same) {
        if (from->state == STATE_CLOSED && from->before_rst == STATE_SYN_SENT) {
            from->state = STATE_SYN_SENT;
            from->before_rst = STATE_CLOSED;
            from->entered_ns = seg->time_ns;
            feed->reason[feed_side(feed, from)] = REASON_RST_NOT_TAKEN;
        } else if (from->state != STATE_CLOSED) {
            feed_apply(feed, from, SENT_SYN);
        }
    } else {
        if (from->state == STATE_TIME_WAIT)
            feed_event(feed, EVENT_time_wait_reuse);
        endpoint_renew(from);
        begin_sequence(from, seg->seq);
        feed_apply(feed, from, SENT_SYN);
    }
    if (seg->len > 0)
        endpoint_set(from, EP_FAST_OPEN);
}

static void
sender_syn_ack(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    bool same = endpoint_has(from, EP_SND_KNOWN) && seg->seq == from->iss;

    if (!same) {
        enum tcp_state state = from->state;

        /* Only a socket that is waiting for it begins with a SYN-ACK; any other one is gone. */
        if (state != STATE_SYN_RECEIVED) {
            endpoint_renew(from);
        }
        begin_sequence(from, seg->seq);
        feed_apply(feed, from, SENT_SYN_ACK);
        endpoint_set(from, EP_CONFIRMED);
    } else if (from->state != STATE_ESTABLISHED && from->state != STATE_CLOSE_WAIT) {
        feed_apply(feed, from, SENT_SYN_ACK);
    } else if (!may_have_crossed(feed, from->entered_ns)) {
        feed_apply(feed, from, SENT_SYN_ACK);
        endpoint_clear(from, EP_FIN_DELIVERED);
    }
    /* Its ACK says how much data it took with the SYN. */
    from->rcv_nxt = seg->ack;
    endpoint_set(from, EP_RCV_KNOWN);
}

/* ---- synchronized segments ---- */

/* The endpoint's FIN was not its own after all. */
static void
forget_fin(struct feed *feed)
{
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
    }
}

/* A bare ACK that the endpoint owes: to a RST or SYN that it did not take, or to a repeated FIN. */
static void
sender_answers(struct feed *feed)
{
    struct endpoint *from = feed->from;

    if (segment_end(feed->seg) != feed->seg->seq)
        return;
    if (endpoint_has(from, EP_CHALLENGED))
        feed_event(feed, EVENT_challenge_ack);
    if (endpoint_has(from, EP_REACK_DUE) && from->state == STATE_TIME_WAIT)
        feed_event(feed, EVENT_time_wait_reack);
    endpoint_clear(from, EP_CHALLENGED | EP_REACK_DUE);
}

/* Its ACK number and SACK blocks say what it had received when it sent the segment. */
static void
sender_received(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    bool hole;

    if (endpoint_has(to, EP_SND_KNOWN) && seq_after(seg->ack, to->snd_nxt) &&
        !endpoint_has(to, EP_FIN_SENT)) {
        feed_event(feed, EVENT_capture_loss);
        to->snd_nxt = seg->ack;
    }
    if (endpoint_has(from, EP_FIN_SENT | EP_ACK_KNOWN) && seq_after(seg->ack, from->rcv_acked) &&
        !(seg->flags & FLAG_FIN) && !(endpoint_has(to, EP_FIN_SENT) && seg->ack == to->fin_end))
        endpoint_set(from, EP_OPEN_AFTER_FIN);
    if (!endpoint_has(from, EP_RCV_KNOWN) || seq_after(seg->ack, from->rcv_nxt)) {
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
    if (!seq_before(seg->ack, from->rcv_nxt))
        return;
    hole = shows_sack_hole(seg) || is_duplicate_ack(from, seg);
    if (!hole && !(endpoint_has_peer_fin(from) && !(seg->flags & FLAG_FIN) &&
                   !may_have_crossed(feed, to->fin_time_ns)))
        return;
    if (endpoint_has_peer_fin(from))
        feed_apply(feed, from, SHOWED_FIN_NOT_RECEIVED);
    endpoint_show_hole(from, seg);
}

static void
sender_data(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    uint32_t end = seg->seq + seg->len;

    if (endpoint_has(from, EP_FIN_SENT) && seq_after(end, from->fin_end - 1)) {
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

/* The same timestamp, or no time to have missed the ACK: a copy made by the network or the capture. */
static bool
is_fin_copy(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (endpoint_has(from, EP_TS) && seg->options.has_ts)
        return seg->options.ts_val == from->fin_ts;
    return may_have_crossed(feed, from->fin_time_ns);
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
    if (from->state == STATE_CLOSED && from->before_rst != STATE_CLOSED)
        return;
    feed_apply(feed, from, SHOWED_FIN_UNACKED);
}

static void
sender_fin(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    uint32_t end = segment_end(seg);

    feed_event(feed, EVENT_fin);
    if (endpoint_has(from, EP_FIN_SENT) && end == from->fin_end) {
        sender_fin_again(feed);
    } else {
        if (endpoint_has(from, EP_FIN_SENT)) {
            feed_event(feed, EVENT_fin_moved);
            forget_fin(feed);
        }
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
    from->fin_time_ns = seg->time_ns;
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

static void
note_numbers(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    uint32_t end = segment_end(seg);

    if (!endpoint_has(from, EP_SND_KNOWN))
        begin_sequence(from, seg->seq);
    from->snd_nxt = seq_max(from->snd_nxt, end);
    if (seg->options.has_ts) {
        from->ts_val = seg->options.ts_val;
        endpoint_set(from, EP_TS);
    }
    if (seg->flags & FLAG_SYN) {
        from->window_shift = seg->options.has_window_shift ? seg->options.window_shift : 0;
        endpoint_set(from, EP_SHIFT_KNOWN);
    }
    if (seg->flags & FLAG_ACK) {
        uint32_t window = seg->window;

        if (!(seg->flags & FLAG_SYN))
            window <<= from->window_shift;
        from->rcv_acked = seg->ack;
        from->rcv_edge = seg->ack + window;
        endpoint_set(from, EP_ACK_KNOWN);
    }
}

static void
note_response(struct feed *feed)
{
    struct endpoint *from = feed->from;
    int64_t us = (feed->seg->time_ns - feed->stream->last_ns) / NS_PER_US;

    if (from->response_us == 0 && us > 0 && us < UINT32_MAX)
        from->response_us = (uint32_t)us;
}

/* The socket of the stream before goes on talking: the SYN that began this stream was not its own. */
static bool
sender_resumes_old_socket(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct endpoint *before = previous_socket(feed);
    const struct segment *seg = feed->seg;
    int64_t entered_ns = from->entered_ns;

    if ((seg->flags & FLAG_RST) || before->state == STATE_CLOSED || before->state == STATE_TIME_WAIT ||
        seq_before(segment_end(seg), before->snd_nxt) ||
        (seg->options.has_ts && endpoint_has(before, EP_TS) &&
         seq_before(seg->options.ts_val, before->ts_val)))
        return false;
    endpoint_clear_early(from);
    *from = *before;
    from->early = NULL;
    from->entered_ns = entered_ns;
    feed->reason[feed_side(feed, from)] = REASON_OLD_SOCKET_TALKS;
    feed->stream->flags |= STREAM_ADOPTED;
    return true;
}

static void
sender_fresh(struct feed *feed)
{
    const struct segment *seg = feed->seg;

    if (seg->flags & FLAG_RST) {
        if (seg->flags & FLAG_FIN)
            feed_event(feed, EVENT_fin_rst);
        sender_rst(feed);
        return;
    }
    if (seg->flags & FLAG_SYN) {
        if (seg->flags & FLAG_FIN)
            feed_event(feed, EVENT_syn_fin);
        if (seg->flags & FLAG_ACK) {
            sender_syn_ack(feed);
            note_response(feed);
        } else {
            sender_syn(feed);
        }
        note_numbers(feed);
        return;
    }
    sender_after_rst(feed);
    if (seg->flags & FLAG_ACK) {
        if (feed->to->state == STATE_SYN_RECEIVED)
            note_response(feed);
        sender_synchronized(feed);
        sender_answers(feed);
        sender_received(feed);
        sender_confirms(feed);
    }
    if (seg->len > 0)
        sender_data(feed);
    if (seg->flags & FLAG_FIN)
        sender_fin(feed);
    note_numbers(feed);
}

void
feed_sender(struct feed *feed)
{
    enum origin origin = judge_origin(feed);

    if (origin == ORIGIN_STALE && sender_resumes_old_socket(feed))
        origin = ORIGIN_FRESH;
    if (origin == ORIGIN_FRESH)
        sender_fresh(feed);
    else if (origin == ORIGIN_STALE)
        feed->stale = true;
}
