/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record of a stream: takes each segment through sender and receiver, keeps the moments, and answers
 * for any frame from them.
 */
#include "stream.h"

#include <glib.h>

#include "feed.h"
#include "seq.h"

enum { MOMENTS_AT_FIRST = 8 }; /* a handshake and a four-way close */

void
stream_init(struct stream *stream, struct stream *previous)
{
    stream->older = previous;
    for (unsigned i = 0; i < 2; i++) {
        struct endpoint *endpoint = &stream->end[i];

        if (previous) {
            stream->previous[i] = endpoint_has(&previous->end[i], EP_SYNCHRONIZED)
                                      ? &previous->end[i]
                                      : previous->previous[i];
            endpoint_copy(endpoint, &previous->end[i]);
            stream->counted[i] = previous->counted[i];
            previous->counted[i] = STATE_CLOSED;
            endpoint_clear(endpoint, EP_RENEWED | EP_ALARMED);
        } else {
            endpoint_renew(endpoint);
        }
        stream->before_state[i] = endpoint->state;
        stream->before_ns[i] = endpoint->entered_ns;
    }
    if (!previous)
        return;
    previous->newer = stream;
    stream->awaited = previous->awaited;
    previous->awaited = 0;
}

void
stream_clear(struct stream *stream)
{
    for (unsigned i = 0; i < 2; i++)
        endpoint_clear_rare(&stream->end[i]);
    g_free(stream->moments);
    stream->moments = NULL;
    stream->moment_count = 0;
    stream->moment_capacity = 0;
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

    if (feed->stream->older)
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

    stream->flags |= STREAM_BEGUN;
    stream->first_ns = now_ns;
    stream->last_ns = now_ns;
    for (unsigned i = 0; i < 2; i++) {
        if (!stream->older)
            stream->before_ns[i] = now_ns;
    }
    begin_roles(stream, feed->seg);
    begin_sockets(feed);
}

/* ---- moments ---- */

static bool
is_notable(const struct feed *feed)
{
    const struct stream *stream = feed->stream;
    const struct moment *last;

    if (feed->events != 0 || feed->rst != RST_NONE || stream->moment_count == 0)
        return true;
    last = &stream->moments[stream->moment_count - 1];
    for (unsigned i = 0; i < 2; i++) {
        if (last->side[i].state != stream->end[i].state ||
            last->side[i].confirmed != endpoint_has(&stream->end[i], EP_CONFIRMED))
            return true;
    }
    return false;
}

/* Keeps what the segment has changed so far, as of that time. */
static void
add_moment(struct feed *feed, int64_t time_ns)
{
    struct stream *stream = feed->stream;
    uint32_t index = stream->moment_count;
    struct moment *moment;

    if (index == stream->moment_capacity) {
        stream->moment_capacity = index ? 2 * index : MOMENTS_AT_FIRST;
        stream->moments = g_renew(struct moment, stream->moments, stream->moment_capacity);
    }
    moment = &stream->moments[stream->moment_count++];
    *moment = (struct moment){
        .time_ns = time_ns,
        .frame = feed->seg->frame,
        .layer = feed->seg->layer,
        .events = feed->events,
        .rst = (uint8_t)feed->rst,
    };
    for (unsigned i = 0; i < 2; i++) {
        const struct endpoint *endpoint = &stream->end[i];
        uint8_t before = index ? moment[-1].side[i].state : stream->before_state[i];
        uint32_t entered = index ? moment[-1].entered[i] : MOMENT_BEFORE;

        moment->fin[i] = endpoint->fin_frame;
        moment->side[i].state = endpoint->state;
        moment->side[i].confirmed = endpoint_has(endpoint, EP_CONFIRMED);
        if (endpoint->state != before) {
            moment->side[i].reason = (uint8_t)feed->reason[i];
            entered = index;
        }
        moment->entered[i] = entered;
    }
}

/* ---- time ---- */

/* TIME_WAIT ends between two segments: a moment of its own, with the time of the end. */
static void
expire_time_wait(struct feed *feed, struct endpoint *endpoint)
{
    if (endpoint->state != STATE_TIME_WAIT || feed->seg->time_ns < endpoint->time_wait_end_ns)
        return;
    feed_apply(feed, endpoint, TWO_MSL_PASSED);
    endpoint->entered_ns = endpoint->time_wait_end_ns;
    add_moment(feed, endpoint->time_wait_end_ns);
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

/* ---- views ---- */

static int64_t
elapsed_ns(int64_t from_ns, int64_t to_ns)
{
    return to_ns > from_ns ? to_ns - from_ns : 0;
}

static int64_t
entered_ns(const struct stream *stream, uint32_t index, unsigned side)
{
    uint32_t entered = stream->moments[index].entered[side];

    return entered == MOMENT_BEFORE ? stream->before_ns[side] : stream->moments[entered].time_ns;
}

static bool
is_same_segment(const struct moment *a, const struct moment *b)
{
    return a->frame == b->frame && a->layer == b->layer;
}

/* What the moment at that index changed of the side, which it did. */
static void
view_change(struct endpoint_view *view, const struct stream *stream, uint32_t index, unsigned side)
{
    const struct moment *moment = &stream->moments[index];

    view->changed = true;
    view->reason = (enum reason)moment->side[side].reason;
    view->reason_frame = moment->fin[view->reason == REASON_GOT_ACK_OF_FIN ? side : !side];
    if (index == 0) {
        view->previous = (enum tcp_state)stream->before_state[side];
        view->dwell_ns = elapsed_ns(stream->before_ns[side], moment->time_ns);
    } else {
        view->previous = (enum tcp_state)moment[-1].side[side].state;
        view->dwell_ns = elapsed_ns(entered_ns(stream, index - 1, side), moment->time_ns);
    }
}

static struct endpoint_view
view_of_side(const struct stream *stream, uint32_t index, bool is_moment, int64_t time_ns, unsigned side)
{
    const struct moment *moment = &stream->moments[index];
    uint32_t entered = moment->entered[side];
    struct endpoint_view view = {
        .state = (enum tcp_state)moment->side[side].state,
        .confirmed = moment->side[side].confirmed,
        .since_ns = elapsed_ns(entered_ns(stream, index, side), time_ns),
    };

    /* The change may be in a moment before of the same segment: the end of TIME_WAIT. */
    if (is_moment && entered != MOMENT_BEFORE && is_same_segment(moment, &stream->moments[entered]))
        view_change(&view, stream, entered, side);
    return view;
}

static struct view
view_at_moment(const struct stream *stream, uint32_t index, bool is_moment, int64_t time_ns,
               unsigned sender)
{
    const struct moment *moment = &stream->moments[index];
    struct view view = {0};

    for (unsigned i = 0; i < 2; i++)
        view.side[i] = view_of_side(stream, index, is_moment, time_ns, i);
    if (!is_moment)
        return view;
    view.events = moment->events;
    view.rst = (enum rst_verdict)moment->rst;
    if ((view.events & event_bit(EVENT_fin)) && !(view.events & event_bit(EVENT_fin_moved))) {
        if (stream->end[sender].fin_frame == moment->fin[sender])
            view.fin_acked_in = stream->end[sender].fin_acked_frame;
        if (moment->fin[sender] != moment->frame)
            view.fin_retransmission_of = moment->fin[sender];
    }
    if (view.events & event_bit(EVENT_fin_ack))
        view.fin_acks = moment->fin[!sender];
    return view;
}

static bool
moment_is_after(const struct moment *moment, uint32_t frame, uint8_t layer)
{
    return moment->frame > frame || (moment->frame == frame && moment->layer > layer);
}

/* Index of the last moment that is not after the segment; 0 if all are. There has to be a moment. */
static uint32_t
moment_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    uint32_t low = 0;
    uint32_t high = stream->moment_count;

    if (!moment_is_after(&stream->moments[high - 1], frame, layer))
        return high - 1;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (moment_is_after(&stream->moments[middle], frame, layer))
            high = middle;
        else
            low = middle;
    }
    return low;
}

event_set
stream_events_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    const struct moment *moment;

    if (stream->moment_count == 0)
        return 0;
    moment = &stream->moments[moment_at(stream, frame, layer)];
    return moment->frame == frame && moment->layer == layer ? moment->events : 0;
}

struct view
stream_at(const struct stream *stream, uint32_t frame, uint8_t layer, int64_t time_ns, unsigned sender)
{
    const struct moment *moment;
    uint32_t index;

    if (stream->moment_count == 0)
        return (struct view){0};
    index = moment_at(stream, frame, layer);
    moment = &stream->moments[index];
    return view_at_moment(stream, index, moment->frame == frame && moment->layer == layer, time_ns,
                          sender);
}

/*
 * The next segment in order, on an ESTABLISHED connection where nothing is missing, due or in doubt: all
 * questions about it have the plain answer. Most segments are like this.
 */
static bool
is_ordinary(const struct feed *feed)
{
    enum {
        SENDER_HAS = EP_SND_KNOWN | EP_RCV_KNOWN | EP_ACK_KNOWN | EP_SEEN | EP_CONFIRMED,
        SENDER_LACKS = EP_CHALLENGED | EP_REACK_DUE | EP_UNSEEN_TAIL | EP_FIN_SENT | EP_FIN_DELIVERED |
                       EP_EARLY,
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
           !feed->stream->older;
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
    if (!(stream->flags & STREAM_BEGUN))
        begin(&feed);
    pass_time(&feed);
    before[0] = stream->end[0].state;
    before[1] = stream->end[1].state;
    if (seg->flags & FLAG_RST)
        stream->rst_count++;
    feed_sender(&feed);
    feed_receiver(&feed);
    if (stream->older && !(stream->flags & STREAM_ADOPTED) &&
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
