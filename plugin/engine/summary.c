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

int64_t
summary_teardown_ns(const struct stream *stream)
{
    if (!(stream->flags & (STREAM_FIN | STREAM_RST)))
        return 0;
    for (uint32_t index = stream->moment_count; index-- > 0;) {
        if (changes_a_state(stream, index)) {
            int64_t ns = stream->moments[index].time_ns - stream->close_begin_ns;

            return ns > 0 ? ns : 0;
        }
    }
    return 0;
}

static void
add_visit(struct role_summary *role, enum tcp_state state, int64_t from_ns, int64_t to_ns)
{
    role->visits[state]++;
    if (to_ns > from_ns)
        role->dwell_ns[state] += to_ns - from_ns;
}

static struct role_summary
summarize_side(const struct stream *stream, unsigned side, int64_t end_ns)
{
    struct role_summary role = {0};
    enum tcp_state state = (enum tcp_state)stream->before_state[side];
    int64_t since_ns = stream->first_ns; /* what was before is the stream before's */
    const struct endpoint *endpoint = &stream->end[side];

    for (uint32_t index = 0; index < stream->moment_count; index++) {
        const struct moment *moment = &stream->moments[index];

        if (moment->entered[side] != index)
            continue;
        /* What the first segment ended is no state of this stream. */
        if (index > 0)
            add_visit(&role, state, since_ns, moment->time_ns);
        if (index > 0 && moment->side[side].reason == REASON_TWO_MSL)
            role.censored |= 1U << state;
        state = (enum tcp_state)moment->side[side].state;
        since_ns = moment->time_ns;
    }
    role.censored |= 1U << state;
    if (state == STATE_TIME_WAIT && end_ns >= endpoint->time_wait_end_ns) {
        add_visit(&role, state, since_ns, endpoint->time_wait_end_ns);
        state = STATE_CLOSED;
        since_ns = endpoint->time_wait_end_ns;
        role.censored |= 1U << STATE_CLOSED;
    }
    add_visit(&role, state, since_ns, end_ns);
    role.final_state = state;
    return role;
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

    if (stream->superseded_ns < end_ns)
        end_ns = stream->superseded_ns;
    summary.role[ROLE_CLIENT] = summarize_side(stream, stream->client, end_ns);
    summary.role[ROLE_SERVER] = summarize_side(stream, !stream->client, end_ns);
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
