/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "visits.h"

#include "role.h"
#include "stream.h"

/* Time stamps may go back; time spent does not. */
static void
end_visit(struct visit *visit, struct instant to, bool censored, take_visit *take, void *context)
{
    visit->to = instant_compare(to, visit->from) < 0 ? visit->from : to;
    visit->censored = censored;
    take(context, visit);
}

/* What was before the stream is the stream before's. */
static struct instant
instant_of(const struct stream *stream, int64_t ns, uint32_t frame)
{
    return (struct instant){.ns = ns > stream->first_ns ? ns : stream->first_ns, .frame = frame};
}

/* The stream's first moment; there has to be one. */
static struct moments_walk
first_moment(const struct stream *stream)
{
    struct moments_start start = stream_start(stream);
    struct moments_walk walk = moments_begin(&stream->moments, &start);

    moments_next(&walk);
    return walk;
}

/* The first segment may make two moments: the end of the TIME_WAIT before it is one of its own. */
static void
visit_side(const struct stream *stream, enum role role, struct instant end, take_visit *take,
           void *context)
{
    unsigned side = role_of_side(stream, 0) == role ? 0 : 1;
    struct instant expiry = {.ns = stream->end[side].time_wait_end_ns};
    struct moments_start start = stream_start(stream);
    struct moments_walk walk = first_moment(stream);
    const struct moment *moment = &walk.moment;
    const uint32_t first_frame = moment->frame;
    const uint8_t first_layer = moment->layer;
    struct visit visit = {
        .role = role,
        .state = (enum tcp_state)start.state[side],
        .from = instant_of(stream, moment->time_ns, first_frame),
    };

    do {
        bool by_clock = moment->side[side].reason == REASON_TWO_MSL;
        struct instant at = instant_of(stream, moment->time_ns, by_clock ? 0 : moment->frame);

        if (!moment->side[side].changed)
            continue;
        if (moment->frame != first_frame || moment->layer != first_layer)
            end_visit(&visit, at, by_clock, take, context);
        visit.state = (enum tcp_state)moment->side[side].state;
        visit.from = at;
    } while (moments_next(&walk));
    if (visit.state == STATE_TIME_WAIT && end.ns >= expiry.ns) {
        end_visit(&visit, expiry, true, take, context);
        visit.state = STATE_CLOSED;
        visit.from = expiry;
    }
    visit.open = !stream_newer(stream);
    end_visit(&visit, end, true, take, context);
}

void
visits_walk(const struct stream *stream, int64_t end_ns, take_visit *take, void *context)
{
    const struct stream *newer = stream_newer(stream);
    struct instant end = {.ns = end_ns};

    if (moments_is_empty(&stream->moments))
        return;
    if (newer && !moments_is_empty(&newer->moments)) {
        end.ns = newer->first_ns < end_ns ? newer->first_ns : end_ns;
        end.frame = first_moment(newer).moment.frame;
    }
    visit_side(stream, ROLE_CLIENT, end, take, context);
    visit_side(stream, ROLE_SERVER, end, take, context);
}
