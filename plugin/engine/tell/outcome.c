/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "outcome.h"

#include "pattern.h"
#include "role.h"
#include "stream.h"

static enum closer
closer_of_side(const struct stream *stream, unsigned side)
{
    return role_of_side(stream, side) == ROLE_CLIENT ? CLOSER_CLIENT : CLOSER_SERVER;
}

static enum closer
closer_of(const struct stream *stream)
{
    const struct close_facts *facts = &stream->memory.close;
    const struct reset_facts *reset = &memory_extra(&stream->memory)->reset;

    if (facts->first_fin_frame != 0 && !pattern_is_reset(&stream->memory))
        return facts->fins_crossed ? CLOSER_BOTH : closer_of_side(stream, facts->first_fin_side);
    return reset->frame != 0 ? closer_of_side(stream, reset->side) : CLOSER_NONE;
}

static bool
has_teardown(const struct memory *memory)
{
    return memory->close.first_fin_frame != 0 || memory_extra(memory)->reset.frame != 0;
}

/* The last entry in which a segment changed the side's state, not the clock; LOG_NONE: there is
 * none. */
static uint32_t
last_change(const struct stream *stream, unsigned side)
{
    const struct transition_log *log = &stream->memory.log;
    struct log_start start = stream_start(stream);
    uint32_t index = log->count - 1;

    do {
        index = log_entered(log, &start, index, side).index;
        if (index == LOG_NONE || log->entries[index].side[side].reason != REASON_TWO_MSL)
            return index;
    } while (index-- > 0);
    return LOG_NONE;
}

static int64_t
teardown_ns(const struct stream *stream)
{
    const struct memory *memory = &stream->memory;
    uint32_t change[2];
    uint32_t last;
    int64_t ns;

    if (!has_teardown(memory))
        return 0;
    change[0] = last_change(stream, 0);
    change[1] = last_change(stream, 1);
    if (change[0] == LOG_NONE || change[1] == LOG_NONE)
        last = change[0] == LOG_NONE ? change[1] : change[0];
    else
        last = change[0] > change[1] ? change[0] : change[1];
    if (last == LOG_NONE)
        return 0;
    ns = memory->log.entries[last].time_ns - memory->close.begin_ns;
    return ns > 0 ? ns : 0;
}

/* The first segment's: a TIME_WAIT that ended before it is in the log, too. */
static int64_t
first_ns(const struct transition_log *log)
{
    uint32_t first = log_find(log, log->entries[0].frame, log->entries[0].layer);

    return log->entries[first].time_ns;
}

struct outcome
outcome_of(const struct stream *stream)
{
    const struct memory *memory = &stream->memory;
    const struct memory_extra *extra = memory_extra(memory);
    struct outcome outcome = {
        .pattern = pattern_of(memory),
        .closed_by = closer_of(stream),
        .role_guessed = stream->role_guessed,
        .complete = memory->close.complete_frame != 0,
        .has_teardown = has_teardown(memory),
        .teardown_ns = teardown_ns(stream),
        .last_ns = memory->last_ns,
        .half_close_bytes = extra->half_close_bytes,
        .fin_retransmissions = extra->fin_retransmissions,
        .rsts = extra->rsts,
    };

    for (unsigned side = 0; side < 2; side++)
        outcome.reset_by[role_of_side(stream, side)] = pattern_is_reset_by(memory, side);
    if (!stream_is_empty(stream))
        outcome.first_ns = first_ns(&memory->log);
    return outcome;
}

const char *
closer_name(enum closer closer)
{
    switch (closer) {
    case CLOSER_CLIENT:
        return role_name(ROLE_CLIENT);
    case CLOSER_SERVER:
        return role_name(ROLE_SERVER);
    case CLOSER_BOTH:
        return "both";
    case CLOSER_NONE:
        break;
    }
    return "none";
}
