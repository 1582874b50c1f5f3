/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a SYN or SYN-ACK proves about its sender: a new socket, or an old one that has had no
 * answer. */
#include "feed.h"
#include "origin.h"

static void
send_syn(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    bool same = endpoint_has(from, EP_SND_KNOWN) && seg->seq == from->iss;

    if (same) {
        if (from->state == STATE_CLOSED && endpoint_rare(from)->before_rst == STATE_SYN_SENT) {
            feed_sender_restore(feed, STATE_SYN_SENT, REASON_RST_NOT_TAKEN);
        } else if (from->state != STATE_CLOSED &&
                   !origin_may_have_crossed(feed, stream_entered_ns(feed->stream, seg->side))) {
            feed_apply(feed, from, SENT_SYN);
        }
    } else if (from->state == STATE_SYN_RECEIVED && !endpoint_has(from, EP_SND_KNOWN)) {
        /* It was no listener: it had sent its own SYN when the peer's came. */
        endpoint_begin_sequence(from, seg->seq);
        endpoint_set(from, EP_CONFIRMED);
    } else {
        if (from->state == STATE_TIME_WAIT)
            feed_event(feed, EVENT_time_wait_reuse);
        endpoint_renew(from);
        endpoint_begin_sequence(from, seg->seq);
        feed_apply(feed, from, SENT_SYN);
    }
    if (seg->options.fast_open)
        endpoint_set(from, EP_FAST_OPEN);
}

static void
send_syn_ack(struct feed *feed)
{
    struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    bool same = endpoint_has(from, EP_SND_KNOWN) && seg->seq == from->iss;

    if (!same) {
        enum tcp_state state = (enum tcp_state)from->state;

        /* Only a socket that is waiting for it begins with a SYN-ACK; any other one is gone. */
        if (state != STATE_SYN_RECEIVED)
            endpoint_renew(from);
        endpoint_begin_sequence(from, seg->seq);
        feed_apply(feed, from, SENT_SYN_ACK);
        endpoint_set(from, EP_CONFIRMED);
    } else if (from->state != STATE_ESTABLISHED && from->state != STATE_CLOSE_WAIT) {
        feed_apply(feed, from, SENT_SYN_ACK);
    } else if (!origin_may_have_crossed(feed, from->entered_ns)) {
        feed_apply(feed, from, SENT_SYN_ACK);
        endpoint_clear(from, EP_FIN_DELIVERED);
    }
    /* Its ACK says how much data it took with the SYN. */
    from->rcv_nxt = seg->ack;
    endpoint_set(from, EP_RCV_KNOWN);
}

void
feed_sender_syn(struct feed *feed)
{
    if (feed->seg->flags & FLAG_FIN)
        feed_event(feed, EVENT_syn_fin);
    if (feed->seg->flags & FLAG_ACK)
        send_syn_ack(feed);
    else
        send_syn(feed);
}
