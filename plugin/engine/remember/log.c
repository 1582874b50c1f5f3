/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "log.h"

enum { CAPACITY_STEP = 4 }; /* a handshake, and one more; twice that: most closes */

void
log_clear(struct transition_log *log)
{
    g_free(log->entries);
    *log = (struct transition_log){0};
}

enum tcp_state
log_state(const struct transition_log *log, const struct log_start *start, uint32_t index,
          unsigned side)
{
    if (index == LOG_NONE)
        return start->state[side];
    return (enum tcp_state)log->entries[index].side[side].state;
}

/* How far an entry is behind the side's last change, if the one before it is so far. */
static uint8_t
next_back(uint8_t back)
{
    return back < LOG_FAR ? (uint8_t)(back + 1) : (uint8_t)LOG_FAR;
}

static void
grow(struct transition_log *log)
{
    log->capacity += MAX(CAPACITY_STEP, log->capacity / 2);
    log->entries = g_renew(struct log_entry, log->entries, log->capacity);
}

void
log_add(struct transition_log *log, const enum tcp_state start[2], const struct log_entry *entry)
{
    const struct log_entry *last;
    struct log_entry *added;

    if (log->count == log->capacity)
        grow(log);
    added = &log->entries[log->count];
    last = log->count++ > 0 ? added - 1 : NULL;
    *added = *entry;
    for (unsigned side = 0; side < 2; side++) {
        struct log_side now = entry->side[side];

        now.changed = now.state != (last ? last->side[side].state : (unsigned)start[side]);
        added->side[side] = now;
        added->back[side] = now.changed ? 0 : next_back(last ? last->back[side] : 0);
    }
}

static bool
is_after(const struct log_entry *entry, uint32_t frame, uint8_t layer)
{
    return entry->frame > frame || (entry->frame == frame && entry->layer > layer);
}

uint32_t
log_find(const struct transition_log *log, uint32_t frame, uint8_t layer)
{
    uint32_t low = 0; /* all before are not after the segment */
    uint32_t high = log->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (is_after(&log->entries[middle], frame, layer))
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 ? low - 1 : LOG_NONE;
}

const struct log_entry *
log_first_segment(const struct transition_log *log)
{
    return &log->entries[log_find(log, log->entries[0].frame, log->entries[0].layer)];
}

struct log_entrance
log_entered(const struct transition_log *log, const struct log_start *start, uint32_t index,
            unsigned side)
{
    while (index != LOG_NONE && log->entries[index].back[side] > 0) {
        uint8_t back = log->entries[index].back[side];

        index = back > index ? LOG_NONE : index - back;
    }
    return (struct log_entrance){
        .time_ns = index == LOG_NONE ? start->entered_ns[side] : log->entries[index].time_ns,
        .index = index,
    };
}

/* ---- notes ---- */

void
log_notes_add(GArray **notes, uint32_t index, uint32_t frame)
{
    const struct log_note note = {index, frame};

    if (!*notes)
        *notes = g_array_new(FALSE, FALSE, sizeof(note));
    g_array_append_val(*notes, note);
}

uint32_t
log_notes_at(const GArray *notes, uint32_t index)
{
    guint low = 0;
    guint high = notes ? notes->len : 0;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(notes, struct log_note, middle).index > index)
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 ? g_array_index(notes, struct log_note, low - 1).frame : 0;
}
