/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fins.h"

#include "memory.h"

/* From that entry of the log on, the side's FIN is the one in that frame; 0: it has none. */
struct fin_since {
    uint32_t index;
    uint32_t fin_frame;
};

/* The entry of the FIN that the side has; there has to be one. */
static uint32_t
index_of_fin(const struct memory *memory, unsigned side)
{
    const struct transition_log *log = &memory->log;
    uint32_t index = log_find(log, memory->close.fin_frame[side] - 1, UINT8_MAX) + 1;

    /* A frame can hold several segments of a stream. */
    while (!log->entries[index].has_fin || log->entries[index].sender != side)
        index++;
    return index;
}

/* A side's first FIN needs no history: its frame says where it was seen. */
static void
keep_history(struct memory *memory, unsigned side, struct fin_since now)
{
    GArray **history = &memory_make_rare(memory)->fin_history[side];

    if (!*history) {
        *history = g_array_new(FALSE, FALSE, sizeof(struct fin_since));
        if (memory->close.fin_frame[side] != 0) {
            struct fin_since since = {index_of_fin(memory, side), memory->close.fin_frame[side]};

            g_array_append_val(*history, since);
        }
    }
    g_array_append_val(*history, now);
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
        keep_history(memory, side, (struct fin_since){memory->log.count, fin_frame});
    memory->close.fin_frame[side] = fin_frame;
    return true;
}

/* Of a side that has had one FIN only, or none. */
static bool
is_fin_known(const struct memory *memory, unsigned side, uint32_t index)
{
    uint32_t frame = memory->log.entries[index].frame;

    if (memory->close.fin_frame[side] != frame)
        return memory->close.fin_frame[side] < frame;
    return index_of_fin(memory, side) <= index;
}

uint32_t
fins_at(const struct memory *memory, unsigned side, uint32_t index)
{
    const GArray *history = memory_rare(memory)->fin_history[side];
    guint low = 0;
    guint high = history ? history->len : 0;

    if (!history)
        return is_fin_known(memory, side, index) ? memory->close.fin_frame[side] : 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(history, struct fin_since, middle).index > index)
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 ? g_array_index(history, struct fin_since, low - 1).fin_frame : 0;
}
