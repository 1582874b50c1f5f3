/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reuse.h"

#include "role.h"
#include "stream.h"

static const struct reuse none = {.is_reuse = false};

/* Its TIME_WAIT, which it was in at the start, had not ended by time when the first segment came.
 */
static bool
is_in_time_wait(const struct stream *stream, unsigned side, const struct log_entry *first)
{
    if (stream_start(stream).state[side] != STATE_TIME_WAIT)
        return false;
    for (const struct log_entry *entry = stream->memory.log.entries; entry < first; entry++) {
        if (entry->side[side].changed)
            return false;
    }
    return true;
}

/* It shows both sides before the answer as if the SYN had been taken: the answer tells. */
static enum reuse_outcome
outcome_of_answer(const struct log_entry *answer, unsigned side)
{
    if (answer->rst != RST_NONE)
        return REUSE_refused;
    return answer->side[side].state == STATE_SYN_RECEIVED ||
                   answer->side[side].state == STATE_ESTABLISHED
               ? REUSE_accepted
               : REUSE_challenged;
}

static enum reuse_outcome
reuse_outcome_of(const struct stream *stream, const struct log_entry *first)
{
    const struct transition_log *log = &stream->memory.log;
    const unsigned answerer = !first->sender;

    for (const struct log_entry *entry = first + 1; entry < log->entries + log->count; entry++) {
        if (entry->sender == answerer)
            return outcome_of_answer(entry, answerer);
    }
    return REUSE_unanswered;
}

struct reuse
reuse_of(const struct stream *stream)
{
    const struct log_entry *first;
    unsigned holder;

    if (!stream->kinship || !stream->kinship->incarnation.has_former || stream_is_empty(stream) ||
        !stream->memory.close.has_syn)
        return none;
    first = log_first_segment(&stream->memory.log);
    holder = is_in_time_wait(stream, !first->sender, first) ? !first->sender : first->sender;
    if (!is_in_time_wait(stream, holder, first))
        return none;
    return (struct reuse){
        .is_reuse = true,
        .held_by = role_of_side(stream, holder),
        .age_ns = MAX(first->time_ns - stream_start(stream).entered_ns[holder], 0),
        .outcome = reuse_outcome_of(stream, first),
        .of_stream = stream->kinship->older_number,
    };
}

const char *
reuse_outcome_name(enum reuse_outcome outcome)
{
#define X(slug) [REUSE_##slug] = #slug,
    static const char *const names[] = {REUSE_OUTCOME_LIST(X)};
#undef X

    return names[outcome];
}
