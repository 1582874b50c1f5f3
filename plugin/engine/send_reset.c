/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that are thought to be gone: what sending a RST says of its sender, and how a socket
 * shows that it is alive after a RST or a SYN that was not its own, or that did not reach it.
 */
#include "feed.h"
#include "origin.h"
#include "seq.h"

void
feed_sender_rst(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    enum tcp_state before = (enum tcp_state)from->state;

    if (before == STATE_CLOSED) {
        if (!endpoint_rare(from)->sent_rst)
            endpoint_forget_rst(from); /* closed indeed: it answers as a closed port does */
        return;
    }
    /* The answer to a stray segment carries that segment's ACK number (RFC 9293 section 3.5.2). */
    if (before == STATE_SYN_RECEIVED && endpoint_has(from, EP_SND_KNOWN) &&
        seg->seq != from->snd_nxt)
        return;
    endpoint_keep_time_wait(from);
    if (feed_apply(feed, from, SENT_RST)) {
        struct endpoint_rare *rare = endpoint_make_rare(from);

        rare->before_rst = (uint8_t)before;
        rare->sent_rst = true;
        rare->rst_seq = seg->seq;
        rare->rst_peer_nxt = feed->to->snd_nxt;
        rare->rst_ns = seg->time_ns;
    }
}

/* The segment shows that its sender, which a RST has closed, is alive. */
static bool
survived_rst(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct endpoint_rare *rare = endpoint_rare(from);
    const struct segment *seg = feed->seg;

    if (rare->before_rst == STATE_CLOSED)
        return false; /* no RST closed it */
    if (rare->before_rst == STATE_TIME_WAIT && seg->time_ns >= rare->rst_time_wait_end_ns)
        return false; /* by now time has ended it */
    if (seq_after(seg->ack, rare->rst_peer_nxt))
        return true;    /* it received what was sent after the RST */
    if (rare->sent_rst) /* a dead socket's last segments may be late, but not much */
        return seq_after(segment_end(seg) + 1, rare->rst_seq) ||
               origin_undelayed_ns(feed) - rare->rst_ns >= ORIGIN_REORDER_NS;
    if (rare->before_rst == STATE_FIN_WAIT_2 && seq_after(rare->rst_seq, from->rcv_nxt) &&
        origin_is_duplicate_ack(feed))
        return true; /* no orphan after all: a challenge ACK */
    if (seq_before(seg->ack, from->rcv_nxt) &&
        (origin_is_duplicate_ack(feed) || origin_shows_sack_hole(feed)))
        return true; /* it lacked data before the RST: a challenge ACK */
    return !origin_may_have_crossed(feed, rare->rst_ns);
}

void
feed_sender_restore(struct feed *feed, enum tcp_state state, enum reason reason)
{
    struct endpoint *from = feed->from;

    from->state = (uint8_t)state;
    /* TIME_WAIT goes on as if the RST that closed it had not been. */
    if (state == STATE_TIME_WAIT)
        from->time_wait_end_ns = endpoint_rare(from)->rst_time_wait_end_ns;
    else
        from->entered_ns = feed->seg->time_ns;
    endpoint_forget_rst(from);
    endpoint_set(from, EP_CONFIRMED);
    feed->reason[feed_side(feed, from)] = reason;
}

void
feed_sender_after_rst(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct endpoint_rare *rare = endpoint_rare(from);
    enum tcp_state before;

    if (from->state != STATE_CLOSED || !survived_rst(feed))
        return;
    before = (enum tcp_state)rare->before_rst;
    if (rare->sent_rst) {
        feed_event(feed, EVENT_rst_suspect);
    } else {
        feed_event(feed, EVENT_rst_ignored);
        feed->rst_refuted = true;
        if (before == STATE_FIN_WAIT_2)
            endpoint_set(from, EP_OPEN_AFTER_FIN);
        if (seq_before(feed->seg->ack, from->rcv_nxt))
            endpoint_show_hole(from, feed->seg);
    }
    feed_sender_restore(feed, before, REASON_RST_NOT_TAKEN);
}

/* The socket of the stream before goes on talking: the SYN that began this stream was not its own.
 */
bool
feed_sender_resumes_old_socket(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct endpoint *before = origin_previous_socket(feed);
    const struct segment *seg = feed->seg;
    bool has_ts = seg->options.has_ts && endpoint_has(before, EP_TS);
    struct endpoint old = *before;
    struct feed old_feed = *feed;

    old_feed.from = &old;
    if (state_is_synchronized((enum tcp_state)from->state) && endpoint_has(from, EP_CONFIRMED))
        return false; /* the new socket is there */
    if (old.state == STATE_CLOSED && !survived_rst(&old_feed))
        return false; /* the old one is not */
    if ((seg->flags & (FLAG_RST | FLAG_SYN)) || before->state == STATE_TIME_WAIT ||
        seq_before(seg->ack, before->rcv_acked) ||
        (has_ts && seq_before(seg->options.ts_val, before->ts_val)))
        return false; /* late: it says nothing of the socket that is there now */
    if (seg->ack == before->rcv_acked && !seq_after(segment_end(seg), before->snd_nxt) &&
        (has_ts ? seg->options.ts_val == before->ts_val
                : seg->time_ns - before->sent_ns < ORIGIN_REORDER_NS))
        return false; /* a copy */
    endpoint_copy(from, before);
    feed_sender_after_rst(feed);
    feed_sender_restore(feed, (enum tcp_state)from->state, REASON_OLD_SOCKET_TALKS);
    feed->stream->flags |= STREAM_ADOPTED;
    return true;
}
