/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "about.h"

#include "memory.h"

void
about_set(struct memory *memory, uint32_t about_frame)
{
    log_notes_add(&memory_make_rare(memory)->abouts, memory->log.count, about_frame);
}

uint32_t
about_at(const struct memory *memory, uint32_t index)
{
    const struct log_entry *entry = &memory->log.entries[index];
    const struct rst_record *rst =
        resets_at(&memory_extra(memory)->resets, entry->frame, entry->layer);

    return rst ? rst->about_frame : log_notes_at(memory_rare(memory)->abouts, index);
}
