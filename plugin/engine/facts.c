/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The facts of a stream that its pattern rests on, kept up to date segment by segment. */
#include "feed.h"

static bool
both_fins_acked(const struct stream *stream)
{
    return endpoint_has(&stream->end[0], EP_FIN_ACKED) &&
           endpoint_has(&stream->end[1], EP_FIN_ACKED);
}

static void
begin_close(struct feed *feed)
{
    if (!(feed->stream->flags & (STREAM_FIN | STREAM_RST)))
        feed->stream->close_begin_ns = feed->seg->time_ns;
}

static void
note_fin(struct feed *feed, unsigned sender)
{
    struct stream *stream = feed->stream;

    begin_close(feed);
    if (!(stream->flags & STREAM_FIN)) {
        stream->flags |= sender == 0 ? STREAM_FIN : STREAM_FIN | STREAM_FIN_BY_1;
        if (!(stream->flags & STREAM_ESTABLISHED_0) || !(stream->flags & STREAM_ESTABLISHED_1))
            stream->flags |= STREAM_ABORTED;
    } else if (sender != stream_first_fin_side(stream)) {
        if (feed->events & event_bit(EVENT_simultaneous_close))
            stream->flags |= STREAM_FINS_CROSSED;
        else if (feed->to->fin_acked_frame == feed->seg->frame)
            stream->flags |= STREAM_FIN_IS_ACK;
    }
}

static void
note_rst(struct feed *feed, unsigned sender, const uint8_t before[2])
{
    struct stream *stream = feed->stream;

    begin_close(feed);
    if (stream->flags & STREAM_RST)
        return;
    stream->flags |= sender == 0 ? STREAM_RST : STREAM_RST | STREAM_RST_BY_1;
    if (stream->flags & STREAM_FIN)
        stream->flags |= STREAM_RST_AFTER_FIN;
    if (both_fins_acked(stream))
        stream->flags |= STREAM_RST_AFTER_CLOSE;
    if (before[!sender] == STATE_SYN_SENT)
        stream->flags |= STREAM_REFUSED;
    else if (!(stream->flags & STREAM_ESTABLISHED_0) || !(stream->flags & STREAM_ESTABLISHED_1))
        stream->flags |= STREAM_ABORTED;
}

/* The RST that counted as accepted was not. */
static void
forget_rst(struct feed *feed)
{
    struct stream *stream = feed->stream;

    if (!(stream->flags & STREAM_RST) || stream_first_rst_side(stream) == feed->seg->side)
        return;
    stream->flags &= ~(uint32_t)(STREAM_RST | STREAM_RST_BY_1 | STREAM_RST_AFTER_FIN |
                                 STREAM_RST_AFTER_CLOSE | STREAM_REFUSED | STREAM_ABORTED);
    if (!both_fins_acked(stream))
        stream->flags &= ~(uint32_t)STREAM_COMPLETE;
}

void
feed_note_facts(struct feed *feed, const uint8_t before[2])
{
    struct stream *stream = feed->stream;
    uint8_t flags = feed->seg->flags;
    unsigned sender = feed->seg->side;

    if ((flags & (FLAG_SYN | FLAG_ACK | FLAG_RST)) == FLAG_SYN)
        stream->flags |= STREAM_SYN;
    else
        stream->flags |= STREAM_ANSWERED;
    for (unsigned i = 0; i < 2; i++) {
        if (state_is_synchronized((enum tcp_state)stream->end[i].state) ||
            state_is_synchronized((enum tcp_state)before[i]))
            stream->flags |= i == 0 ? STREAM_ESTABLISHED_0 : STREAM_ESTABLISHED_1;
    }
    if (feed->rst_refuted)
        forget_rst(feed);
    if (feed->events & event_bit(EVENT_rst_accepted))
        note_rst(feed, sender, before);
    if (feed->from->fin_frame == feed->seg->frame)
        note_fin(feed, sender);
    /* Of a stream that goes on with the sockets of one before, both FINs may have been in that one.
     */
    if (!(stream->flags & STREAM_COMPLETE) && (stream->flags & (STREAM_FIN | STREAM_RST)) &&
        (both_fins_acked(stream) || (feed->events & event_bit(EVENT_rst_accepted)))) {
        stream->flags |= STREAM_COMPLETE;
        feed_event(feed, EVENT_close_complete);
    }
}
