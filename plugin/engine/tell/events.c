/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "events.h"

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
