/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot.h"

#include "role.h"
#include "stream.h"

static int64_t
elapsed_ns(int64_t from_ns, int64_t to_ns)
{
    return to_ns > from_ns ? to_ns - from_ns : 0;
}

/* The frame of the FIN that a reason is about; 0: none. */
static uint32_t
frame_of_reason(const struct memory *memory, enum reason reason, uint32_t index, unsigned side)
{
    switch (reason_fin(reason)) {
    case REASON_FIN_OWN:
        return memory_fin_at(memory, side, index);
    case REASON_FIN_PEERS:
        return memory_fin_at(memory, !side, index);
    case REASON_FIN_NO:
        break;
    }
    return 0;
}

/* entry: the one that the frame's segment made; NULL: it changed nothing. */
static struct endpoint_snapshot
snapshot_of_side(const struct stream *stream, uint32_t index, const struct log_entry *entry,
                 int64_t time_ns, unsigned side)
{
    const struct transition_log *log = &stream->memory.log;
    const struct log_start start = stream_start(stream);
    struct log_entrance entered = log_entered(log, &start, index, side);
    struct endpoint_snapshot shown = {
        .state = log_state(log, &start, index, side),
        .confirmed = log->entries[index].side[side].confirmed,
        .since_ns = elapsed_ns(entered.time_ns, time_ns),
    };
    const struct log_entry *change;
    uint32_t before;

    if (!entry || entered.index == LOG_NONE)
        return shown;
    /* The change may be in an entry before of the same segment: the end of TIME_WAIT. */
    change = &log->entries[entered.index];
    if (change->frame != entry->frame || change->layer != entry->layer)
        return shown;
    before = entered.index > 0 ? entered.index - 1 : LOG_NONE;
    shown.changed = true;
    shown.previous = log_state(log, &start, before, side);
    shown.dwell_ns = elapsed_ns(log_entered(log, &start, before, side).time_ns, change->time_ns);
    shown.reason = (enum reason)change->side[side].reason;
    shown.reason_frame = frame_of_reason(&stream->memory, shown.reason, entered.index, side);
    return shown;
}

static void
add_fins(struct snapshot *shown, const struct memory *memory, uint32_t index)
{
    const struct log_entry *entry = &memory->log.entries[index];
    const unsigned sender = entry->sender;

    if ((shown->events & event_bit(EVENT_fin)) && !(shown->events & event_bit(EVENT_fin_moved))) {
        uint32_t fin_frame = memory_fin_at(memory, sender, index);

        if (memory->close.fin_frame[sender] == fin_frame)
            shown->fin_acked_in = memory->close.fin_acked_frame[sender];
        if (fin_frame != entry->frame)
            shown->fin_retransmission_of = fin_frame;
    }
    if (shown->events & event_bit(EVENT_fin_ack))
        shown->fin_acks = memory_fin_at(memory, !sender, index);
}

/* The entry that a frame's segment made; NULL: it changed nothing. */
static const struct log_entry *
entry_of(const struct transition_log *log, uint32_t index, uint32_t frame, uint8_t layer)
{
    const struct log_entry *entry = &log->entries[index];

    return entry->frame == frame && entry->layer == layer ? entry : NULL;
}

struct snapshot
snapshot_at(const struct stream *stream, uint32_t frame, uint8_t layer, int64_t time_ns)
{
    const struct transition_log *log = &stream->memory.log;
    uint32_t index = log_find(log, frame, layer);
    struct snapshot shown = {0};
    const struct log_entry *entry;

    if (index == LOG_NONE)
        return shown;
    entry = entry_of(log, index, frame, layer);
    for (unsigned side = 0; side < 2; side++)
        shown.end[role_of_side(stream, side)] =
            snapshot_of_side(stream, index, entry, time_ns, side);
    if (!entry)
        return shown;
    shown.events = entry->events;
    shown.rst = (enum rst_verdict)entry->rst;
    shown.about_frame = entry->about_frame;
    add_fins(&shown, &stream->memory, index);
    return shown;
}

event_set
snapshot_events_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    const struct transition_log *log = &stream->memory.log;
    uint32_t index = log->count - 1;
    const struct log_entry *entry;

    if (log->count == 0)
        return 0;
    /* The newest segment is asked for most. */
    if (log->entries[index].frame > frame ||
        (log->entries[index].frame == frame && log->entries[index].layer > layer))
        index = log_find(log, frame, layer);
    if (index == LOG_NONE)
        return 0;
    entry = entry_of(log, index, frame, layer);
    return entry ? entry->events : 0;
}
