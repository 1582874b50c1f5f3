/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment does to its receiver, taken as delivered: RFC 9293 section 3.10.7 in its order of
 * checks, with RFC 5961 and what Linux does (tcp_validate_incoming, tcp_rcv_state_process,
 * tcp_timewait_state_process).
 */
#include "feed.h"
#include "seq.h"

static void
renew_time_wait(const struct feed *feed, struct endpoint *endpoint)
{
    int64_t end_ns = feed->seg->time_ns + feed->policy->two_msl_ns;

    if (end_ns > endpoint->time_wait_end_ns)
        endpoint->time_wait_end_ns = end_ns;
}

/* A challenge ACK of the receiver is due. */
static void
challenge(struct feed *feed)
{
    endpoint_set(feed->to, EP_CHALLENGED);
    endpoint_make_rare(feed->to)->challenged_ns = feed->seg->time_ns;
}

/* RFC 7323 section 5: a timestamp older than what was taken last marks an old segment. */
static bool
fails_paws(const struct endpoint *to, const struct tcp_options *options)
{
    return options->has_ts && endpoint_has(to, EP_TS_RECENT) &&
           seq_before(options->ts_val, to->ts_recent);
}

/* tcp_replace_ts_recent: only what begins at or before the last ACK sent brings a new timestamp */
static void
take_timestamp(struct endpoint *to, const struct segment *seg)
{
    if (!seg->options.has_ts)
        return;
    if (endpoint_has(to, EP_ACK_KNOWN) && seq_after(seg->seq, to->rcv_acked))
        return;
    to->ts_recent = seg->options.ts_val;
    endpoint_set(to, EP_TS_RECENT);
}

/* The highest number received out of order: Linux takes a RST there too, RFC 5961 errata 4772. */
static bool
is_sack_edge(const struct feed *feed, uint32_t seq)
{
    const struct ranges *early = endpoint_rare(feed->to)->early;

    return early && !((feed->to->flags | feed->from->flags) & EP_SACK_REFUSED) &&
           early->item[early->count - 1].right == seq;
}

/*
 * An orphan in FIN_WAIT_2 (its application has closed the socket, as nearly all do) takes any RST
 * in its window: tcp_timewait_state_process. One that still reads answers with a challenge ACK.
 */
static bool
may_be_orphan(const struct endpoint *to, enum tcp_state state)
{
    return state == STATE_FIN_WAIT_2 && !endpoint_has(to, EP_OPEN_AFTER_FIN);
}

static enum rst_verdict
judge_rst(const struct feed *feed, enum tcp_state state)
{
    const struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if (state == STATE_CLOSED)
        return RST_AFTER_CLOSE;
    if (state == STATE_SYN_SENT)
        return (seg->flags & FLAG_ACK) && seg->ack != to->iss &&
                       seq_between(seg->ack, to->iss, to->snd_nxt)
                   ? RST_ACCEPTED
                   : RST_IGNORED;
    if (!endpoint_has(to, EP_RCV_KNOWN))
        return RST_ACCEPTED;
    if (state == STATE_TIME_WAIT)
        return seg->seq == to->rcv_nxt && !fails_paws(to, &seg->options) ? RST_ACCEPTED
                                                                         : RST_IGNORED;
    if (seg->seq == to->rcv_nxt || is_sack_edge(feed, seg->seq))
        return RST_ACCEPTED;
    /* tcp_reset_check: some stacks reset with the number of their FIN */
    if (seg->seq == to->rcv_nxt - 1 &&
        (state == STATE_CLOSE_WAIT || state == STATE_LAST_ACK || state == STATE_CLOSING))
        return RST_ACCEPTED;
    if (!endpoint_in_window(to, seg->seq))
        return RST_IGNORED;
    /* A request socket takes any RST in its window: tcp_check_req */
    if (feed->policy->rst_policy == RST_POLICY_RFC793 || state == STATE_SYN_RECEIVED ||
        may_be_orphan(to, state))
        return RST_ACCEPTED;
    return RST_CHALLENGE;
}

/* Remembers what this RST closed, in case the endpoint shows that it was not taken. */
static void
note_killer(struct feed *feed, enum tcp_state before)
{
    struct endpoint_rare *rare = endpoint_make_rare(feed->to);

    rare->before_rst = (uint8_t)before;
    rare->sent_rst = false;
    rare->rst_seq = feed->seg->seq;
    rare->rst_peer_nxt = feed->from->snd_nxt;
    rare->rst_ns = feed->seg->time_ns;
}

static void
receive_rst(struct feed *feed)
{
    struct endpoint *to = feed->to;
    enum tcp_state before = (enum tcp_state)to->state;
    enum rst_verdict verdict = judge_rst(feed, before);
    const struct endpoint_rare *rare;

    if (verdict == RST_ACCEPTED) {
        endpoint_keep_time_wait(to);
        feed_apply(feed, to, GOT_RST);
        note_killer(feed, before);
        feed_event(feed, EVENT_rst_accepted);
        if (before == STATE_TIME_WAIT)
            feed_event(feed, EVENT_time_wait_reset);
    } else if (verdict == RST_CHALLENGE) {
        challenge(feed);
        feed_event(feed, EVENT_rst_challenge);
    } else if (verdict == RST_IGNORED) {
        feed_event(feed, EVENT_rst_ignored);
    } else {
        feed_event(feed, EVENT_rst_after_close);
    }
    if (feed->rst == RST_NONE)
        feed->rst = verdict;
    /* If the RST that it seems to have sent was forged, this one has closed it all the same. */
    rare = endpoint_rare(to);
    if (before == STATE_CLOSED && rare->sent_rst && rare->before_rst != STATE_CLOSED &&
        judge_rst(feed, (enum tcp_state)rare->before_rst) == RST_ACCEPTED)
        note_killer(feed, (enum tcp_state)rare->before_rst);
}

static void
take_syn(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    bool simultaneous = to->state == STATE_SYN_SENT;

    if (to->state == STATE_TIME_WAIT)
        feed_event(feed, EVENT_time_wait_reuse);
    feed_apply(feed, to, GOT_SYN);
    if (!simultaneous) {
        enum tcp_state state = to->state;

        endpoint_renew(to);
        to->state = (uint8_t)state;
        endpoint_clear(to, EP_CONFIRMED);
    }
    /* Data on the SYN counts only where Fast Open was asked for; the SYN-ACK will tell. */
    to->rcv_nxt = seg->seq + 1;
    if (seg->options.fast_open) {
        to->rcv_nxt += seg->len;
        endpoint_set(to, EP_FAST_OPEN);
    }
    to->proof = seg->seq + 1;
    endpoint_set(to, EP_RCV_KNOWN | EP_PROVABLE);
    take_timestamp(to, seg);
}

static void
receive_in_closed(struct feed *feed)
{
    const struct segment *seg = feed->seg;

    if ((seg->flags & (FLAG_SYN | FLAG_ACK | FLAG_FIN)) == FLAG_SYN)
        take_syn(feed);
    else if (seg->len > 0 && !(seg->flags & FLAG_SYN))
        feed_event(feed, EVENT_data_to_closed);
}

static void
receive_in_syn_sent(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if ((seg->flags & FLAG_ACK) &&
        (seg->ack == to->iss || !seq_between(seg->ack, to->iss, to->snd_nxt)))
        return;
    if (!(seg->flags & FLAG_SYN))
        return;
    if (!(seg->flags & FLAG_ACK)) {
        take_syn(feed);
        return;
    }
    to->rcv_nxt = seg->seq + 1 + (endpoint_has(to, EP_FAST_OPEN) ? seg->len : 0);
    endpoint_set(to, EP_RCV_KNOWN);
    take_timestamp(to, seg);
    feed_apply(feed, to, GOT_SYN_ACK);
}

/* Before the window test: what was received wholly, or lies beyond the window (tcp_sequence). */
static bool
is_acceptable(const struct endpoint *to, const struct segment *seg)
{
    uint32_t taken = endpoint_has(to, EP_ACK_KNOWN) ? to->rcv_acked : to->rcv_nxt;

    if (!endpoint_has(to, EP_RCV_KNOWN))
        return true;
    if (seq_before(segment_end(seg), taken))
        return false;
    return !seq_after(seg->seq, to->rcv_nxt) || endpoint_in_window(to, seg->seq);
}

void
feed_receiver_text(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;
    bool had_fin = endpoint_has_peer_fin(to);

    if (!endpoint_has(to, EP_RCV_KNOWN)) {
        to->rcv_nxt = seg->seq;
        endpoint_set(to, EP_RCV_KNOWN);
    }
    take_timestamp(to, seg);
    if (segment_end(seg) == seg->seq)
        return;
    if ((seg->flags & FLAG_FIN) && endpoint_has(feed->from, EP_UNSEEN_TAIL) &&
        segment_end(seg) == to->rcv_acked) {
        /* Captured late: its receiver has acknowledged it before. */
        to->peer_fin_end = to->rcv_acked;
        endpoint_set(to, EP_FIN_DELIVERED);
    }
    endpoint_take(to, seg);
    if (had_fin)
        return;
    if (endpoint_has_peer_fin(to)) {
        feed_apply(feed, to, GOT_FIN);
        to->proof = to->peer_fin_end;
    } else if (seg->flags & FLAG_FIN) {
        feed_event(feed, EVENT_fin_out_of_order);
    }
}

static void
take_ack(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    /* Nothing can be sent beyond a FIN: an ACK covers it exactly or not at all. */
    if (!endpoint_has(to, EP_FIN_SENT) || seg->ack != to->fin_end)
        return;
    to->fin_acked = coarse_time(seg->time_ns);
    feed_apply(feed, to, GOT_ACK_OF_FIN);
    if (to->state == STATE_FIN_WAIT_2 && !endpoint_has(to, EP_CONFIRMED) &&
        segment_end(seg) != seg->seq) {
        to->proof = segment_end(seg);
        endpoint_set(to, EP_PROVABLE);
    }
}

static void
receive_in_syn_received(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if (!(seg->flags & FLAG_ACK) || !is_acceptable(to, seg))
        return;
    if (endpoint_has(to, EP_SND_KNOWN) &&
        (seg->ack == to->iss || !seq_between(seg->ack, to->iss, to->snd_nxt)))
        return;
    if (seg->flags & FLAG_SYN) {
        if (endpoint_has(to, EP_SND_KNOWN) && seg->seq == to->rcv_nxt - 1)
            feed_apply(feed, to, GOT_SYN_ACK);
        return;
    }
    feed_apply(feed, to, GOT_ACK_OF_SYN);
    to->proof = to->rcv_nxt + 1;
    endpoint_set(to, EP_PROVABLE);
    take_ack(feed);
    feed_receiver_text(feed);
}

/* RFC 6191 and tcp_timewait_state_process: a SYN with a higher number or a newer timestamp */
static bool
may_replace_time_wait(const struct endpoint *to, const struct segment *seg)
{
    if (fails_paws(to, &seg->options))
        return false;
    return !endpoint_has(to, EP_RCV_KNOWN) || seq_after(seg->seq, to->rcv_nxt) ||
           (seg->options.has_ts && endpoint_has(to, EP_TS_RECENT) &&
            seq_after(seg->options.ts_val, to->ts_recent));
}

static void
receive_in_time_wait(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if ((seg->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN) {
        if (may_replace_time_wait(to, seg))
            take_syn(feed);
        else
            challenge(feed);
        return;
    }
    if ((seg->flags & FLAG_FIN) && endpoint_has(to, EP_FIN_DELIVERED) &&
        segment_end(seg) == to->peer_fin_end)
        endpoint_set(to, EP_REACK_DUE);
    if (!(seg->flags & FLAG_ACK))
        return;
    renew_time_wait(feed, to);
    take_ack(feed);
}

static void
receive_synchronized(struct feed *feed)
{
    struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    if (seg->flags & FLAG_SYN) {
        if (!(seg->flags & FLAG_ACK) || seg->seq != feed->from->iss)
            challenge(feed); /* RFC 5961 section 4.2 */
        return;
    }
    if (endpoint_has(to, EP_FIN_SENT) && seq_after(seg->ack, to->fin_end))
        return; /* nothing was ever sent there */
    if (!(seg->flags & FLAG_ACK) || !is_acceptable(to, seg) || fails_paws(to, &seg->options))
        return;
    take_ack(feed);
    feed_receiver_text(feed);
}

void
feed_receiver(struct feed *feed)
{
    if (feed->seg->flags & FLAG_RST) {
        receive_rst(feed);
        return;
    }
    switch ((enum tcp_state)feed->to->state) {
    case STATE_CLOSED:
        receive_in_closed(feed);
        break;
    case STATE_SYN_SENT:
        receive_in_syn_sent(feed);
        break;
    case STATE_SYN_RECEIVED:
        receive_in_syn_received(feed);
        break;
    case STATE_TIME_WAIT:
        receive_in_time_wait(feed);
        break;
    case STATE_ESTABLISHED:
    case STATE_CLOSE_WAIT:
    case STATE_FIN_WAIT_1:
    case STATE_CLOSING:
    case STATE_LAST_ACK:
    case STATE_FIN_WAIT_2:
        receive_synchronized(feed);
        break;
    case STATE_COUNT:
        break;
    }
}
