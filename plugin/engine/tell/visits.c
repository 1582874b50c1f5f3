/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visits are made from the transition log when they are asked for; nothing of them is stored. */
#include "visits.h"

#include "role.h"
#include "stream.h"

/* A walk through the log for one side's visits. */
struct walk {
    struct visit visit; /* under way */
    take_visit *take;
    void *context;
};

/* Time stamps may go back; time spent does not. */
static void
end_visit(struct walk *walk, struct instant to, bool censored)
{
    walk->visit.to = instant_compare(to, walk->visit.from) < 0 ? walk->visit.from : to;
    walk->visit.censored = censored;
    walk->take(walk->context, &walk->visit);
}

static void
begin_visit(struct walk *walk, enum tcp_state state, struct instant from)
{
    walk->visit.state = state;
    walk->visit.from = from;
}

/* The stream's first segment. */
static const struct log_entry *
first_segment(const struct transition_log *log)
{
    return &log->entries[log_find(log, log->entries[0].frame, log->entries[0].layer)];
}

/* What was before the stream is the stream before's. */
static struct instant
instant_of(const struct log_entry *first, int64_t ns, uint32_t frame)
{
    return (struct instant){.ns = ns > first->time_ns ? ns : first->time_ns, .frame = frame};
}

static void
walk_side(const struct stream *stream, enum role role, struct instant end, take_visit *take,
          void *context)
{
    const struct transition_log *log = &stream->memory.log;
    const struct log_entry *first = first_segment(log);
    const unsigned side = role_side(stream, role);
    const struct instant expiry = {.ns = stream->end[side].time_wait_end_ns};
    struct log_start start = stream_start(stream);
    struct walk walk = {.take = take, .context = context, .visit.role = role};

    begin_visit(&walk, start.state[side],
                instant_of(first, log->entries[0].time_ns, log->entries[0].frame));
    for (uint32_t i = 0; i < log->count; i++) {
        const struct log_entry *entry = &log->entries[i];
        bool by_clock = entry->side[side].reason == REASON_TWO_MSL;
        struct instant at = instant_of(first, entry->time_ns, by_clock ? 0 : entry->frame);

        if (!entry->side[side].changed)
            continue;
        if (entry > first)
            end_visit(&walk, at, by_clock);
        begin_visit(&walk, (enum tcp_state)entry->side[side].state, at);
    }
    if (walk.visit.state == STATE_TIME_WAIT && end.ns >= expiry.ns) {
        end_visit(&walk, expiry, true);
        begin_visit(&walk, STATE_CLOSED, expiry);
    }
    walk.visit.open = !stream_newer(stream);
    end_visit(&walk, end, true);
}

void
visits_walk(const struct stream *stream, int64_t end_ns, take_visit *take, void *context)
{
    const struct stream *newer = stream_newer(stream);
    struct instant end = {.ns = end_ns};

    if (stream_is_empty(stream))
        return;
    if (newer && !stream_is_empty(newer)) {
        const struct log_entry *next = first_segment(&newer->memory.log);

        end.ns = next->time_ns < end_ns ? next->time_ns : end_ns;
        end.frame = next->frame;
    }
    walk_side(stream, ROLE_CLIENT, end, take, context);
    walk_side(stream, ROLE_SERVER, end, take, context);
}
