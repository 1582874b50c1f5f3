/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a stream: takes each segment through sender and receiver, and keeps the moments. */
#include "stream.h"

#include <glib.h>
#include <string.h>

#include "feed.h"
#include "seq.h"

static struct lineage *
lineage_of(struct stream *stream)
{
    if (!stream->lineage)
        stream->lineage = g_new0(struct lineage, 1);
    return stream->lineage;
}

struct moments_start
stream_start(const struct stream *stream)
{
    struct moments_start start = {
        .begin_ns = stream->first_ns,
        .entered_ns = {stream->first_ns, stream->first_ns},
        .state = {STATE_CLOSED, STATE_CLOSED},
    };

    if (stream_has_older(stream)) {
        memcpy(start.entered_ns, stream->lineage->before_ns, sizeof(start.entered_ns));
        memcpy(start.state, stream->lineage->before_state, sizeof(start.state));
    }
    return start;
}

int64_t
stream_entered_ns(const struct stream *stream, unsigned side)
{
    const struct endpoint *endpoint = &stream->end[side];
    struct moments_start start = stream_start(stream);
    struct moments_walk walk;

    if (endpoint->state != STATE_TIME_WAIT)
        return endpoint->entered_ns;
    if (moments_is_empty(&stream->moments))
        return start.entered_ns[side];
    walk = moments_find(&stream->moments, &start, UINT32_MAX, UINT8_MAX);
    return walk.facts.side[side].entered_ns;
}

/* The sockets that the stream begins with are those of the stream before. */
static void
inherit(struct stream *stream, struct stream *previous)
{
    struct lineage *lineage = lineage_of(stream);
    const struct lineage *before = lineage_of(previous);

    for (unsigned i = 0; i < 2; i++) {
        struct endpoint *endpoint = &stream->end[i];
        const struct endpoint *source = &previous->end[i];

        lineage->previous[i] = endpoint_has(source, EP_SYNCHRONIZED) ? source : before->previous[i];
        endpoint_copy(endpoint, source);
        endpoint_clear(endpoint, EP_RENEWED | EP_ALARMED);
        lineage->before_state[i] = endpoint->state;
        lineage->before_ns[i] = stream_entered_ns(previous, i);
        stream->counted[i] = previous->counted[i];
        previous->counted[i] = STATE_CLOSED;
    }
    previous->awaited_ns = INT64_MAX;
    lineage->has_older = true;
    previous->lineage->newer = stream;
}

void
stream_init(struct stream *stream, struct stream *previous)
{
    stream->awaited_ns = INT64_MAX;
    if (previous) {
        inherit(stream, previous);
        return;
    }
    endpoint_renew(&stream->end[0]);
    endpoint_renew(&stream->end[1]);
}

void
stream_clear(struct stream *stream)
{
    for (unsigned i = 0; i < 2; i++)
        endpoint_clear_rare(&stream->end[i]);
    moments_clear(&stream->moments);
    g_free(stream->lineage);
    stream->lineage = NULL;
}

bool
feed_apply(struct feed *feed, struct endpoint *endpoint, enum stimulus stimulus)
{
    struct transition transition = transition_of(stimulus, (enum tcp_state)endpoint->state);
    unsigned side = feed_side(feed, endpoint);
    bool sent = stimulus < GOT_SYN;

    if (sent)
        endpoint_set(endpoint, EP_CONFIRMED);
    if (transition.reason == REASON_NONE)
        return false;
    endpoint->state = (uint8_t)transition.next;
    endpoint->entered_ns = feed->seg->time_ns;
    endpoint_forget_rst(endpoint);
    feed->reason[side] = transition.reason;
    endpoint_clear(endpoint, EP_ALARMED);
    if (state_is_synchronized(transition.next))
        endpoint_set(endpoint, EP_SYNCHRONIZED);
    if (sent) {
        endpoint_clear(endpoint, EP_PROVABLE);
    } else {
        endpoint_clear(endpoint, EP_CONFIRMED | EP_PROVABLE);
        endpoint->proof = segment_end(feed->seg);
        if (endpoint->proof != feed->seg->seq)
            endpoint_set(endpoint, EP_PROVABLE);
    }
    if (transition.next == STATE_TIME_WAIT) {
        endpoint->time_wait_end_ns = feed->seg->time_ns + feed->policy->two_msl_ns;
        feed_event(feed, EVENT_time_wait);
    }
    return true;
}

/* ---- the beginning ---- */

static void
begin_roles(struct stream *stream, const struct segment *seg)
{
    bool syn = (seg->flags & FLAG_SYN) != 0;
    bool ack = (seg->flags & FLAG_ACK) != 0;

    if (syn && !(seg->flags & FLAG_RST)) {
        stream->client = ack ? !seg->side : seg->side;
        return;
    }
    /* Side 0 is the one with the higher port; see segment.side. */
    stream->client = 0;
    stream->flags |= STREAM_ROLE_GUESSED;
}

/* The sockets before the first segment, as far as it tells. */
static void
begin_sockets(struct feed *feed)
{
    const struct segment *seg = feed->seg;

    if (stream_has_older(feed->stream))
        return;
    if (!(seg->flags & FLAG_SYN)) {
        /* The connection is older than the capture. */
        feed_apply(feed, feed->from, SENT_AS_SYNCHRONIZED);
        feed_apply(feed, feed->to, SENT_AS_SYNCHRONIZED);
        endpoint_clear(feed->to, EP_CONFIRMED);
    } else if (seg->flags & FLAG_ACK) {
        /* A SYN-ACK answers a SYN. */
        feed_apply(feed, feed->to, SENT_SYN);
        feed->to->iss = seg->ack - 1;
        feed->to->snd_nxt = seg->ack;
        endpoint_set(feed->to, EP_SND_KNOWN);
    }
}

static void
begin(struct feed *feed)
{
    struct stream *stream = feed->stream;
    int64_t now_ns = feed->seg->time_ns;

    stream->first_ns = now_ns;
    stream->last_ns = now_ns;
    begin_roles(stream, feed->seg);
    begin_sockets(feed);
}

/* ---- moments ---- */

static struct shown
shown_of(const struct endpoint *endpoint)
{
    return (struct shown){
        .fin_frame = endpoint->fin_frame,
        .state = endpoint->state,
        .confirmed = endpoint_has(endpoint, EP_CONFIRMED),
    };
}

static bool
is_notable(const struct feed *feed)
{
    const struct stream *stream = feed->stream;

    if (feed->events != 0 || feed->rst != RST_NONE || moments_is_empty(&stream->moments))
        return true;
    for (unsigned i = 0; i < 2; i++) {
        struct shown now = shown_of(&stream->end[i]);

        if (now.state != feed->shown[i].state || now.confirmed != feed->shown[i].confirmed ||
            now.fin_frame != feed->shown[i].fin_frame)
            return true;
    }
    return false;
}

/* A new FIN is the one in this frame. */
static uint8_t
fin_noted(struct shown before, struct shown now)
{
    if (now.fin_frame == before.fin_frame)
        return MOMENT_FIN_SAME;
    return now.fin_frame == 0 ? MOMENT_FIN_NONE : MOMENT_FIN_HERE;
}

/* Keeps what the segment has changed so far, as of that time. */
static void
add_moment(struct feed *feed, int64_t time_ns)
{
    struct stream *stream = feed->stream;
    struct moments_start start = stream_start(stream);
    struct moment moment = {
        .time_ns = time_ns,
        .frame = feed->seg->frame,
        .layer = feed->seg->layer,
        .events = feed->events,
        .rst = (uint8_t)feed->rst,
    };

    for (unsigned i = 0; i < 2; i++) {
        struct shown now = shown_of(&stream->end[i]);

        moment.side[i] = (struct moment_side){
            .state = now.state,
            .reason = (uint8_t)feed->reason[i],
            .fin = fin_noted(feed->shown[i], now),
            .changed = now.state != feed->shown[i].state,
            .confirmed = now.confirmed,
        };
        feed->shown[i] = now;
    }
    moments_add(&stream->moments, &start, &moment);
}

/* ---- time ---- */

/* TIME_WAIT ends between two segments: a moment of its own, with the time of the end. */
static void
expire_time_wait(struct feed *feed, struct endpoint *endpoint)
{
    int64_t end_ns;

    if (endpoint->state != STATE_TIME_WAIT || feed->seg->time_ns < endpoint->time_wait_end_ns)
        return;
    end_ns = endpoint->time_wait_end_ns;
    feed_apply(feed, endpoint, TWO_MSL_PASSED);
    endpoint->entered_ns = end_ns;
    add_moment(feed, end_ns);
    feed_event(feed, EVENT_time_wait_expired);
}

static void
watch_close_wait(struct feed *feed, struct endpoint *endpoint)
{
    if (endpoint->state != STATE_CLOSE_WAIT || endpoint_has(endpoint, EP_ALARMED) ||
        feed->seg->time_ns - endpoint->entered_ns < feed->policy->close_wait_alarm_ns)
        return;
    endpoint_set(endpoint, EP_ALARMED);
    feed_event(feed, EVENT_close_wait_alarm);
}

static void
pass_time(struct feed *feed)
{
    bool to_first = feed->to->time_wait_end_ns < feed->from->time_wait_end_ns;

    expire_time_wait(feed, to_first ? feed->to : feed->from);
    expire_time_wait(feed, to_first ? feed->from : feed->to);
    watch_close_wait(feed, feed->from);
    watch_close_wait(feed, feed->to);
}

/*
 * The next segment in order, on an ESTABLISHED connection where nothing is missing, due or in
 * doubt: all questions about it have the plain answer. Most segments are like this.
 */
static bool
is_ordinary(const struct feed *feed)
{
    enum {
        SENDER_HAS = EP_SND_KNOWN | EP_RCV_KNOWN | EP_ACK_KNOWN | EP_SEEN | EP_CONFIRMED,
        SENDER_LACKS = EP_CHALLENGED | EP_REACK_DUE | EP_UNSEEN_TAIL | EP_FIN_SENT |
                       EP_FIN_DELIVERED | EP_EARLY,
        RECEIVER_HAS = EP_SND_KNOWN | EP_RCV_KNOWN,
        RECEIVER_LACKS = EP_FIN_SENT | EP_FIN_DELIVERED | EP_EARLY,
    };
    const struct endpoint *from = feed->from;
    const struct endpoint *to = feed->to;
    const struct segment *seg = feed->seg;

    return from->state == STATE_ESTABLISHED && to->state == STATE_ESTABLISHED &&
           (seg->flags & (FLAG_SYN | FLAG_FIN | FLAG_RST | FLAG_ACK)) == FLAG_ACK &&
           (from->flags & (SENDER_HAS | SENDER_LACKS)) == SENDER_HAS &&
           (to->flags & (RECEIVER_HAS | RECEIVER_LACKS)) == RECEIVER_HAS &&
           seg->seq == from->snd_nxt && seg->seq == to->rcv_nxt && seg->ack == from->rcv_nxt &&
           !seq_after(seg->ack, to->snd_nxt) && !seq_before(seg->ack, from->rcv_acked) &&
           seg->options.sack_count == 0 &&
           seg->options.has_ts == endpoint_has(from, EP_TS_IN_USE) &&
           (!seg->options.has_ts || (!seq_before(seg->options.ts_val, from->ts_val) &&
                                     !seq_before(seg->options.ts_val, to->ts_recent))) &&
           !feed->stream->lineage;
}

void
stream_feed(struct stream *stream, const struct segment *seg, const struct policy *policy)
{
    struct feed feed = {
        .stream = stream,
        .seg = seg,
        .policy = policy,
        .from = &stream->end[seg->side],
        .to = &stream->end[!seg->side],
    };
    uint8_t before[2];

    if (is_ordinary(&feed)) {
        feed_sender_numbers(&feed);
        feed_receiver_text(&feed);
        stream->last_ns = MAX(stream->last_ns, seg->time_ns);
        return;
    }
    for (unsigned i = 0; i < 2; i++)
        feed.shown[i] = shown_of(&stream->end[i]);
    if (moments_is_empty(&stream->moments))
        begin(&feed);
    pass_time(&feed);
    before[0] = stream->end[0].state;
    before[1] = stream->end[1].state;
    if (seg->flags & FLAG_RST)
        stream->rst_count++;
    feed_sender(&feed);
    feed_receiver(&feed);
    if (stream_has_older(stream) && !(stream->flags & STREAM_ADOPTED) &&
        !endpoint_has(feed.from, EP_RENEWED))
        feed.stale = true;
    if (feed.stale)
        feed_event(&feed, EVENT_stale_incarnation);
    else
        feed_note_facts(&feed, before);
    stream->last_ns = MAX(stream->last_ns, seg->time_ns);
    if (is_notable(&feed))
        add_moment(&feed, seg->time_ns);
}
