/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ahead.h"

#include "fetch.h"
#include "stream.h"

void
ahead_of_stream(const struct stream *stream)
{
    fetch(stream, sizeof(*stream));
}

void
ahead_of_log(const struct stream *stream)
{
    enum { ENTRIES_USUAL = 8 };
    const struct memory *memory = &stream->memory;

    fetch(memory->log.entries,
          MIN(memory->log.count, ENTRIES_USUAL) * sizeof(memory->log.entries[0]));
    if (memory->extra)
        fetch(memory->extra, sizeof(*memory->extra));
}
