/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fins.h"

#include "memory.h"

static bool
is_of_fin(const struct log_entry *entry, unsigned side)
{
    return entry->has_fin && entry->sender == side;
}

/* The entry of the FIN that the side has; there has to be one. */
static uint32_t
index_of_fin(const struct memory *memory, unsigned side)
{
    const struct transition_log *log = &memory->log;
    uint32_t index = log_find(log, memory->close.fin_frame[side] - 1, UINT8_MAX) + 1;

    /* A frame can hold several segments of a stream. */
    while (!is_of_fin(&log->entries[index], side))
        index++;
    return index;
}

/* From the entry that is to come on, the FIN is in that frame; 0: there is none. A side's first FIN
 * needs no history: its frame says where it was seen. */
static void
keep_history(struct memory *memory, unsigned side, uint32_t fin_frame)
{
    GArray **history = &memory_make_rare(memory)->fin_history[side];

    if (!*history && memory->close.fin_frame[side] != 0)
        log_notes_add(history, index_of_fin(memory, side), memory->close.fin_frame[side]);
    log_notes_add(history, memory->log.count, fin_frame);
}

static bool
has_history(const struct memory *memory, unsigned side)
{
    return memory_rare(memory)->fin_history[side];
}

bool
fins_set(struct memory *memory, unsigned side, uint32_t fin_frame, bool is_late)
{
    memory->close.fin_acked_frame[side] = 0;
    if (fin_frame == memory->close.fin_frame[side])
        return false;
    if (is_late || memory->close.fin_frame[side] != 0 || has_history(memory, side))
        keep_history(memory, side, fin_frame);
    memory->close.fin_frame[side] = fin_frame;
    return true;
}

/* Of a side that has had one FIN only, or none. */
static bool
is_fin_known(const struct memory *memory, unsigned side, uint32_t index)
{
    const struct log_entry *entry = &memory->log.entries[index];

    if (memory->close.fin_frame[side] != entry->frame)
        return memory->close.fin_frame[side] < entry->frame;
    return is_of_fin(entry, side) || index_of_fin(memory, side) <= index;
}

uint32_t
fins_at(const struct memory *memory, unsigned side, uint32_t index)
{
    const GArray *history = memory_rare(memory)->fin_history[side];

    if (!history)
        return is_fin_known(memory, side, index) ? memory->close.fin_frame[side] : 0;
    return log_notes_at(history, index);
}
