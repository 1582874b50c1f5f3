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

    if (facts->first_fin_frame == 0 || pattern_is_reset(&stream->memory))
        return CLOSER_NONE; /* a FIN that crosses the RST closes nothing any more */
    return facts->fins_crossed ? CLOSER_BOTH : closer_of_side(stream, facts->first_fin_side);
}

static enum resetter
resetter_of_side(const struct stream *stream, unsigned side)
{
    return role_of_side(stream, side) == ROLE_CLIENT ? RESETTER_CLIENT : RESETTER_SERVER;
}

static enum resetter
resetter_of(const struct stream *stream)
{
    const struct reset_facts *facts = &memory_extra(&stream->memory)->reset;

    if (facts->frame != 0)
        return facts->is_forged ? RESETTER_NETWORK : resetter_of_side(stream, facts->side);
    return facts->gave_up_frame != 0 ? resetter_of_side(stream, facts->gave_up_side)
                                     : RESETTER_NONE;
}

static enum directions
directions_of(const struct stream *stream)
{
    unsigned seen = stream->memory.close.was_seen;

    if (seen == 1U << role_side(stream, ROLE_CLIENT))
        return DIRECTIONS_CLIENT;
    return seen == 1U << role_side(stream, ROLE_SERVER) ? DIRECTIONS_SERVER : DIRECTIONS_BOTH;
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

/* The last segment that changed a state; the close's begin if there is none. */
static int64_t
last_change_ns(const struct stream *stream)
{
    const struct memory *memory = &stream->memory;
    uint32_t change[2];
    uint32_t last;

    change[0] = last_change(stream, 0);
    change[1] = last_change(stream, 1);
    if (change[0] == LOG_NONE || change[1] == LOG_NONE)
        last = change[0] == LOG_NONE ? change[1] : change[0];
    else
        last = change[0] > change[1] ? change[0] : change[1];
    return last == LOG_NONE ? memory->close.begin_ns : memory->log.entries[last].time_ns;
}

/* From the first FIN or accepted RST to the end of the close, or the time so far. */
static int64_t
teardown_ns(const struct stream *stream, int64_t end_ns)
{
    const struct close_facts *facts = &stream->memory.close;
    int64_t to_ns = facts->is_complete ? last_change_ns(stream) : end_ns;

    if (!memory_has_close_begun(&stream->memory) || to_ns < facts->begin_ns)
        return 0;
    return to_ns - facts->begin_ns;
}

struct outcome
outcome_of(const struct stream *stream, int64_t end_ns)
{
    const struct memory *memory = &stream->memory;
    const struct memory_extra *extra = memory_extra(memory);
    struct outcome outcome = {
        .pattern = pattern_of(memory),
        .closed_by = closer_of(stream),
        .reset_by = resetter_of(stream),
        .directions = directions_of(stream),
        .role_guessed = stream->role_guessed,
        .complete = memory->close.is_complete,
        .has_teardown = memory_has_close_begun(memory),
        .teardown_censored = memory_has_close_begun(memory) && !memory->close.is_complete,
        .teardown_ns = teardown_ns(stream, end_ns),
        .last_ns = memory->last_ns,
        .last_frame = memory_last_frame(memory),
        .first_fin_frame = memory->close.first_fin_frame,
        .first_rst_frame =
            extra->reset.frame != 0 ? extra->reset.frame : extra->reset.gave_up_frame,
        .half_close_bytes = extra->half_close_bytes,
        .fin_retransmissions = extra->fin_retransmissions,
        .rsts = extra->rst_count,
    };

    if (!stream_is_empty(stream)) {
        const struct log_entry *first = log_first_segment(&memory->log);

        outcome.first_ns = first->time_ns;
        outcome.first_frame = first->frame;
    }
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
    case CLOSER_UNKNOWN:
        return "unknown";
    case CLOSER_NONE:
        break;
    }
    return "none";
}

const char *
resetter_name(enum resetter resetter)
{
    switch (resetter) {
    case RESETTER_CLIENT:
        return role_name(ROLE_CLIENT);
    case RESETTER_SERVER:
        return role_name(ROLE_SERVER);
    case RESETTER_NETWORK:
        return "network";
    case RESETTER_NONE:
        break;
    }
    return "none";
}

const char *
directions_name(enum directions directions)
{
    switch (directions) {
    case DIRECTIONS_CLIENT:
        return role_name(ROLE_CLIENT);
    case DIRECTIONS_SERVER:
        return role_name(ROLE_SERVER);
    case DIRECTIONS_BOTH:
        break;
    }
    return "both";
}
