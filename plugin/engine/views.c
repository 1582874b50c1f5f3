/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a frame shows: read from the stream's moments, for any frame that has been fed. */
#include "stream.h"

static int64_t
elapsed_ns(int64_t from_ns, int64_t to_ns)
{
    return to_ns > from_ns ? to_ns - from_ns : 0;
}

/* is_moment: the segment is the one that the facts begin with. */
static struct endpoint_view
view_of_side(const struct moments_facts *facts, bool is_moment, int64_t time_ns, unsigned side)
{
    const struct moments_side *of = &facts->side[side];
    struct endpoint_view view = {
        .state = (enum tcp_state)of->state,
        .confirmed = of->confirmed,
        .since_ns = elapsed_ns(of->entered_ns, time_ns),
    };

    /* The change may be in a moment before of the same segment: the end of TIME_WAIT. */
    if (!is_moment || of->entered_frame != facts->frame || of->entered_layer != facts->layer)
        return view;
    view.changed = true;
    view.previous = (enum tcp_state)of->previous;
    view.dwell_ns = elapsed_ns(of->previous_ns, of->entered_ns);
    view.reason = (enum reason)of->reason;
    view.reason_frame = of->reason_frame;
    return view;
}

struct view
stream_at(const struct stream *stream, uint32_t frame, uint8_t layer, int64_t time_ns,
          unsigned sender)
{
    struct moments_start start = stream_start(stream);
    struct moments_walk walk;
    const struct moments_facts *facts = &walk.facts;
    struct view view = {0};
    bool is_moment;

    if (moments_is_empty(&stream->moments))
        return view;
    walk = moments_find(&stream->moments, &start, frame, layer);
    is_moment = facts->frame == frame && facts->layer == layer;
    for (unsigned i = 0; i < 2; i++)
        view.side[i] = view_of_side(facts, is_moment, time_ns, i);
    if (!is_moment)
        return view;
    view.events = walk.moment.events;
    view.rst = (enum rst_verdict)walk.moment.rst;
    if ((view.events & event_bit(EVENT_fin)) && !(view.events & event_bit(EVENT_fin_moved))) {
        uint32_t fin = facts->side[sender].fin;

        if (stream->end[sender].fin_frame == fin)
            view.fin_acked_in = stream->end[sender].fin_acked_frame;
        if (fin != frame)
            view.fin_retransmission_of = fin;
    }
    if (view.events & event_bit(EVENT_fin_ack))
        view.fin_acks = facts->side[!sender].fin;
    return view;
}

event_set
stream_events_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    const struct moments *moments = &stream->moments;
    struct moments_start start;
    struct moments_walk walk;
    int order = moments_compare_last(moments, frame, layer);

    if (order > 0 || moments_is_empty(moments))
        return 0;
    if (order == 0)
        return moments->events;
    start = stream_start(stream);
    walk = moments_find(moments, &start, frame, layer);
    return walk.facts.frame == frame && walk.facts.layer == layer ? walk.moment.events : 0;
}
