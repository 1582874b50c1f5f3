/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "events.h"

#include "rst.h"
#include "stream.h"

event_set
events_of(const struct stream *stream)
{
    const struct transition_log *log = &stream->memory.log;
    event_set events = 0;

    for (uint32_t i = 0; i < log->count; i++)
        events |= log->entries[i].events;
    return events;
}

bool
has_forged_rst(const struct stream *stream)
{
    const struct transition_log *log = &stream->memory.log;

    for (uint32_t i = 0; i < log->count; i++) {
        if (log->entries[i].rst != RST_NONE &&
            rst_is_forged(&stream->memory, log->entries[i].frame))
            return true;
    }
    return false;
}
