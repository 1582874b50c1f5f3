/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment proves about its sender. Only a fresh segment proves anything: one that is older
 * than what its sender was seen to send, a copy, one of an earlier connection, or one that the sender
 * cannot have sent says nothing about the state it is in now.
 */
#include <glib.h>

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
    NS_PER_MS = 1000 * 1000,
    /* What crosses on the way is seen within a round trip; twice that is taken, and never less than this. */
    CROSSING_MIN_NS = 10 * NS_PER_MS,
    CROSSING_UNKNOWN_NS = 200 * NS_PER_MS,
    RTO_MIN_NS = 30 * NS_PER_MS, /* the shortest retransmission timeout in use: FreeBSD */
};

/*
 * When the segment would have been captured if nothing had delayed it more than the one before: a
 * timestamp ticks once a millisecond (Linux, FreeBSD, macOS, Windows; RFC 7323 allows no faster clock).
 */
static int64_t
undelayed_ns(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    int64_t ns;

    if (!endpoint_has(from, EP_TS) || !seg->options.has_ts)
        return seg->time_ns;
    ns = from->ts_ns + (int64_t)(seg->options.ts_val - from->ts_val + 1) * NS_PER_MS;
    return ns < seg->time_ns ? ns : seg->time_ns;
}

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
    return undelayed_ns(feed) - since_ns < window_ns;
}

static const struct endpoint *
previous_socket(const struct feed *feed)
{
    return feed->stream->previous[feed_side(feed, feed->from)];
}

/* The number is one that the socket has used, or will use next. */
static bool
fits(const struct endpoint *endpoint, const struct segment *seg)
{
    uint32_t first = (seg->flags & FLAG_SYN) ? endpoint->iss : endpoint->iss + 1;

    return endpoint_has(endpoint, EP_SND_KNOWN) &&
           seq_between(seg->seq, first, endpoint->snd_nxt);
}

/* A number that the sender's stack cannot have used: beyond what the peer has allowed it to send. */
static bool
is_out_of_reach(const struct feed *feed)
{
    return endpoint_has(feed->from, EP_SND_KNOWN) &&
           endpoint_has(feed->to, EP_ACK_KNOWN | EP_SHIFT_KNOWN | EP_RCV_KNOWN) &&
           seq_after(feed->seg->seq, feed->from->snd_nxt) &&
           !endpoint_in_window(feed->to, feed->seg->seq);
}

/* A first FIN where its sender has sent data before. */
static bool
has_impossible_fin(const struct endpoint *from, const struct segment *seg)
{
    return (seg->flags & FLAG_FIN) && endpoint_has(from, EP_SND_KNOWN) &&
           !endpoint_has(from, EP_FIN_SENT) && !endpoint_has(from, EP_UNSEEN_TAIL) &&
           !seq_after(segment_end(seg), from->snd_nxt);
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
    if (endpoint_has(from, EP_TS_IN_USE) && !seg->options.has_ts)
        return ORIGIN_FOREIGN;
    if (is_out_of_reach(feed) || has_impossible_fin(from, seg))
        return ORIGIN_FOREIGN;
    if (endpoint_has(from, EP_TS) && seg->options.has_ts &&
        seq_before(seg->options.ts_val, from->ts_val))
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
        from->rst_peer_nxt = feed->to->snd_nxt;
        from->rst_ns = seg->time_ns;
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

    if (seq_after(seg->ack, from->rst_peer_nxt))
        return true; /* it received what was sent after the RST */
    if (from->sent_rst) /* a dead socket's last segments may be late, but not much */
        return seq_after(segment_end(seg) + 1, from->rst_seq) ||
               undelayed_ns(feed) - from->rst_ns >= CROSSING_MIN_NS;
    if (from->before_rst == STATE_FIN_WAIT_2 &&
        seq_after(from->rst_seq, from->rcv_nxt) && is_duplicate_ack(from, seg))
        return true; /* no orphan after all: a challenge ACK */
    if (seq_before(seg->ack, from->rcv_nxt) &&
        (is_duplicate_ack(from, seg) || shows_sack_hole(seg)))
        return true; /* it lacked data before the RST: a challenge ACK */
    return !may_have_crossed(feed, from->rst_ns);
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
        } else if (from->state != STATE_CLOSED && !may_have_crossed(feed, from->entered_ns)) {
            feed_apply(feed, from, SENT_SYN);
        }
    } else if (from->state == STATE_SYN_RECEIVED && !endpoint_has(from, EP_SND_KNOWN)) {
        /* It was no listener: it had sent its own SYN when the peer's came. */
        begin_sequence(from, seg->seq);
        endpoint_set(from, EP_CONFIRMED);
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

/* Perhaps a copy of an ACK that was seen before; an ACK that is due is none. */
static bool
may_be_ack_copy(const struct endpoint *from, const struct segment *seg)
{
    return is_duplicate_ack(from, seg) && !endpoint_has(from, EP_CHALLENGED) &&
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
    const struct segment *seg = feed->seg;
    bool no_sack = ((from->flags | feed->to->flags) & EP_SACK_REFUSED) != 0;

    if (shows_sack_hole(seg) ||
        (no_sack && is_duplicate_ack(from, seg) && !endpoint_has(from, EP_DUP_ACK_DUE)))
        return !may_have_crossed(feed, from->refilled_ns);
    return !may_be_ack_copy(from, seg) && !may_have_crossed(feed, from->taken_ns);
}

/* Its ACK number and SACK blocks say what it had received when it sent the segment. */
static void
sender_received(struct feed *feed)
{
    struct endpoint *from = feed->from;
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if (endpoint_has(to, EP_SND_KNOWN) && seq_after(seg->ack, to->snd_nxt) &&
        !endpoint_has(to, EP_FIN_SENT)) {
        feed_event(feed, EVENT_capture_loss);
        to->snd_nxt = seg->ack;
        endpoint_set(to, EP_UNSEEN_TAIL);
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

/* The same timestamp, or no time to have waited for the ACK: a copy made by the network or the capture. */
static bool
is_fin_copy(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    if (endpoint_has(from, EP_TS) && seg->options.has_ts)
        return seg->options.ts_val == from->fin_ts;
    return seg->time_ns - from->fin_time_ns < RTO_MIN_NS;
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
    if (!may_have_crossed(feed, from->fin_acked_ns))
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

/* A first FIN that was captured after later segments of its sender: it has been sent all the same. */
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
    int64_t us = (feed->seg->time_ns - feed->to->sent_ns) / NS_PER_US + 1;

    if (!endpoint_has(feed->to, EP_SND_KNOWN) || feed->seg->ack != feed->to->snd_nxt ||
        (endpoint_has(from, EP_ACK_KNOWN) && feed->seg->ack == from->rcv_acked))
        return;
    if (us > 0 && us < UINT32_MAX && (from->response_us == 0 || us < from->response_us))
        from->response_us = (uint32_t)us;
}

static void
note_numbers(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    uint32_t end = segment_end(seg);

    if (!endpoint_has(from, EP_SND_KNOWN))
        begin_sequence(from, seg->seq - 1);
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
        from->ts_ns = seg->time_ns;
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

/* The socket of the stream before goes on talking: the SYN that began this stream was not its own. */
static bool
sender_resumes_old_socket(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct endpoint *before = previous_socket(feed);
    const struct segment *seg = feed->seg;
    bool has_ts = seg->options.has_ts && endpoint_has(before, EP_TS);
    struct endpoint now = *from;

    if ((seg->flags & FLAG_RST) || before->state == STATE_TIME_WAIT ||
        seq_before(seg->ack, before->rcv_acked) ||
        (has_ts && seq_before(seg->options.ts_val, before->ts_val)))
        return false; /* late: it says nothing of the socket that is there now */
    if (seg->ack == before->rcv_acked && !seq_after(segment_end(seg), before->snd_nxt) &&
        (has_ts ? seg->options.ts_val == before->ts_val
                : seg->time_ns - before->sent_ns < CROSSING_UNKNOWN_NS))
        return false; /* a copy */
    *from = *before;
    sender_after_rst(feed);
    if (from->state == STATE_CLOSED) {
        *from = now;
        return false;
    }
    g_free(now.early);
    from->early = NULL;
    from->entered_ns = seg->time_ns;
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
        } else {
            sender_syn(feed);
        }
        note_numbers(feed);
        return;
    }
    sender_after_rst(feed);
    if (seg->flags & FLAG_ACK) {
        sender_synchronized(feed);
        sender_bare_ack(feed);
        sender_received(feed);
        sender_answers(feed);
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
    else if (origin == ORIGIN_OLD && (feed->seg->flags & FLAG_FIN) &&
             !endpoint_has(feed->from, EP_FIN_SENT))
        sender_late_fin(feed);
}
