/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary is made from the moments when it is asked for; nothing of it is stored. */
#include "summary.h"

/* The segment itself changed a state: that 2MSL have passed does not count. */
static bool
changes_a_state(const struct stream *stream, uint32_t index)
{
    const struct moment *moment = &stream->moments[index];

    for (unsigned i = 0; i < 2; i++) {
        if (moment->entered[i] == index && moment->side[i].reason != REASON_TWO_MSL)
            return true;
    }
    return false;
}

/* How many of the first count moments there are up to the last in which a state was entered. */
static uint32_t
changes_up_to(const struct stream *stream, uint32_t count)
{
    const uint32_t *entered;

    if (count == 0)
        return 0;
    entered = stream->moments[count - 1].entered;
    /* MOMENT_BEFORE, and one more, is none. */
    return entered[0] + 1 > entered[1] + 1 ? entered[0] + 1 : entered[1] + 1;
}

int64_t
summary_teardown_ns(const struct stream *stream)
{
    if (!(stream->flags & (STREAM_FIN | STREAM_RST)))
        return 0;
    for (uint32_t count = stream->moment_count; (count = changes_up_to(stream, count)) > 0; count--) {
        if (changes_a_state(stream, count - 1)) {
            int64_t ns = stream->moments[count - 1].time_ns - stream->close_begin_ns;

            return ns > 0 ? ns : 0;
        }
    }
    return 0;
}

/* ---- visits ---- */

/* The first segment may make two moments: the end of the TIME_WAIT before it is one of its own. */
static bool
is_of_first_segment(const struct stream *stream, const struct moment *moment)
{
    return moment->frame == stream->moments[0].frame && moment->layer == stream->moments[0].layer;
}

typedef void take_visit(void *context, const struct visit *visit);

/* Time stamps may go back; time spent does not. */
static void
end_visit(struct visit *visit, struct instant to, bool censored, take_visit *take, void *context)
{
    visit->to = instant_compare(to, visit->from) < 0 ? visit->from : to;
    visit->censored = censored;
    take(context, visit);
}

/* When the moment changed a state; what was before the stream is the stream before's. */
static struct instant
instant_of(const struct stream *stream, const struct moment *moment, bool by_clock)
{
    return (struct instant){
        .ns = moment->time_ns > stream->first_ns ? moment->time_ns : stream->first_ns,
        .frame = by_clock ? 0 : moment->frame,
    };
}

static void
visit_side(const struct stream *stream, enum role role, struct instant end, take_visit *take,
           void *context)
{
    unsigned side = role == ROLE_CLIENT ? stream->client : !stream->client;
    struct instant expiry = {.ns = stream->end[side].time_wait_end_ns};
    struct visit visit = {
        .role = role,
        .state = (enum tcp_state)stream->before_state[side],
        .from = instant_of(stream, stream->moments, false),
    };

    for (uint32_t index = 0; index < stream->moment_count; index++) {
        const struct moment *moment = &stream->moments[index];
        bool by_clock = moment->side[side].reason == REASON_TWO_MSL;

        if (moment->entered[side] != index)
            continue;
        if (!is_of_first_segment(stream, moment))
            end_visit(&visit, instant_of(stream, moment, by_clock), by_clock, take, context);
        visit.state = (enum tcp_state)moment->side[side].state;
        visit.from = instant_of(stream, moment, by_clock);
    }
    if (visit.state == STATE_TIME_WAIT && end.ns >= expiry.ns) {
        end_visit(&visit, expiry, true, take, context);
        visit.state = STATE_CLOSED;
        visit.from = expiry;
    }
    visit.open = !stream->newer;
    end_visit(&visit, end, true, take, context);
}

void
summary_visit(const struct stream *stream, int64_t end_ns, take_visit *take, void *context)
{
    const struct stream *newer = stream->newer; /* goes on with the sockets */
    struct instant end = {.ns = end_ns};

    if (stream->moment_count == 0)
        return;
    if (newer && newer->moment_count > 0) {
        end.ns = newer->first_ns < end_ns ? newer->first_ns : end_ns;
        end.frame = newer->moments[0].frame;
    }
    visit_side(stream, ROLE_CLIENT, end, take, context);
    visit_side(stream, ROLE_SERVER, end, take, context);
}

/* ---- the summary ---- */

/* Where time stamps jump to and fro, there can be more time than fits. */
static int64_t
add_ns(int64_t sum_ns, int64_t ns)
{
    return ns > INT64_MAX - sum_ns ? INT64_MAX : sum_ns + ns;
}

static void
add_visit(void *context, const struct visit *visit)
{
    struct role_summary *role = &((struct summary *)context)->role[visit->role];

    role->visits[visit->state]++;
    role->dwell_ns[visit->state] =
        add_ns(role->dwell_ns[visit->state], visit->to.ns - visit->from.ns);
    if (visit->censored)
        role->censored |= 1U << visit->state;
    role->final_state = visit->state;
}

struct summary
summary_of(const struct stream *stream, int64_t end_ns)
{
    struct summary summary = {
        .pattern = pattern_of(stream),
        .closer = closer_of(stream),
        .complete = (stream->flags & STREAM_COMPLETE) != 0,
        .has_teardown = (stream->flags & (STREAM_FIN | STREAM_RST)) != 0,
        .teardown_ns = summary_teardown_ns(stream),
        .half_close_bytes = stream->half_close_bytes,
        .fin_retransmissions = stream->fin_retransmissions,
        .rsts = stream->rst_count,
    };

    summary_visit(stream, end_ns, add_visit, &summary);
    return summary;
}

const char *
closer_name(const struct stream *stream)
{
    switch (closer_of(stream)) {
    case CLOSER_SIDE_0:
        return stream->client == 0 ? "client" : "server";
    case CLOSER_SIDE_1:
        return stream->client == 1 ? "client" : "server";
    case CLOSER_BOTH:
        return "both";
    case CLOSER_NONE:
        break;
    }
    return "none";
}
