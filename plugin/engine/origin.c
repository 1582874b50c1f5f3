/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "origin.h"

#include "seq.h"

enum {
    NS_PER_US = 1000,
    NS_PER_MS = 1000 * 1000,
    /* What crosses on the way is seen within a round trip; twice that is taken, and never less than
       networks reorder. */
    CROSSING_UNKNOWN_NS = 200 * NS_PER_MS,
};

/*
 * A timestamp ticks once a millisecond: Linux, FreeBSD, macOS, Windows; RFC 7323 section 5.4 allows
 * no faster clock.
 */
int64_t
origin_undelayed_ns(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    int64_t ns;

    if (!endpoint_has(from, EP_TS) || !seg->options.has_ts)
        return seg->time_ns;
    ns = coarse_time_ns(from->ts_time) +
         (int64_t)(seg->options.ts_val - from->ts_val + 1) * NS_PER_MS;
    return ns < seg->time_ns ? ns : seg->time_ns;
}

bool
origin_may_have_crossed(const struct feed *feed, int64_t since_ns)
{
    int64_t window_ns = CROSSING_UNKNOWN_NS;

    if (feed->from->response_us > 0) {
        window_ns = 2 * (int64_t)feed->from->response_us * NS_PER_US;
        if (window_ns < ORIGIN_REORDER_NS)
            window_ns = ORIGIN_REORDER_NS;
    }
    return origin_undelayed_ns(feed) - since_ns < window_ns;
}

const struct endpoint *
origin_previous_socket(const struct feed *feed)
{
    const struct lineage *lineage = feed->stream->lineage;

    return lineage ? lineage->previous[feed_side(feed, feed->from)] : NULL;
}

/* The number is one that the socket has used, or will use next. */
static bool
fits(const struct endpoint *endpoint, const struct segment *seg)
{
    uint32_t first = (seg->flags & FLAG_SYN) ? endpoint->iss : endpoint->iss + 1;

    return endpoint_has(endpoint, EP_SND_KNOWN) && seq_between(seg->seq, first, endpoint->snd_nxt);
}

/* A number that the sender's stack cannot have used: beyond what the peer has allowed it to send.
 */
static bool
is_out_of_reach(const struct feed *feed)
{
    return endpoint_has(feed->from, EP_SND_KNOWN) &&
           endpoint_has(feed->to, EP_ACK_KNOWN | EP_SHIFT_KNOWN | EP_RCV_KNOWN) &&
           seq_after(feed->seg->seq, feed->from->snd_nxt) &&
           !endpoint_in_window(feed->to, feed->seg->seq);
}

/*
 * A FIN that its sender cannot have sent: where it has sent data before, or elsewhere than the FIN
 * that its peer has acknowledged.
 */
static bool
has_impossible_fin(const struct endpoint *from, const struct segment *seg)
{
    uint32_t end = segment_end(seg);

    if (!(seg->flags & FLAG_FIN) || !endpoint_has(from, EP_SND_KNOWN))
        return false;
    if (endpoint_has(from, EP_FIN_SENT | EP_FIN_ACKED) && end != from->fin_end)
        return true;
    return !endpoint_has(from, EP_UNSEEN_TAIL) && seq_before(end, from->snd_nxt + 1) &&
           !(endpoint_has(from, EP_FIN_SENT) && end == from->fin_end);
}

enum origin
origin_of(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;
    const struct endpoint *before = origin_previous_socket(feed);

    if (before && endpoint_has(from, EP_RENEWED) && !fits(from, seg) && fits(before, seg))
        return ORIGIN_STALE;
    if (seg->flags & FLAG_RST)
        return from->state != STATE_CLOSED && is_out_of_reach(feed) ? ORIGIN_FOREIGN : ORIGIN_FRESH;
    if (seg->flags & FLAG_SYN) {
        if (endpoint_has(from, EP_SND_KNOWN | EP_TS) && seg->seq == from->iss &&
            seg->options.has_ts && !seq_after(seg->options.ts_val, from->ts_val) &&
            from->state != STATE_SYN_SENT)
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

bool
origin_is_duplicate_ack(const struct feed *feed)
{
    const struct endpoint *from = feed->from;
    const struct segment *seg = feed->seg;

    return seg->len == 0 && !(seg->flags & (FLAG_SYN | FLAG_FIN)) &&
           endpoint_has(from, EP_ACK_KNOWN | EP_SND_KNOWN) && seg->ack == from->rcv_acked &&
           seg->seq == from->snd_nxt &&
           seg->ack + ((uint32_t)seg->window << from->window_shift) == from->rcv_edge;
}

bool
origin_shows_sack_hole(const struct feed *feed)
{
    const struct segment *seg = feed->seg;

    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (seq_after(seg->options.sack_left[i], seg->ack))
            return true;
    }
    return false;
}
