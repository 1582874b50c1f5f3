/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot.h"

#include "about.h"
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
        return fins_at(memory, side, index);
    case REASON_FIN_PEERS:
        return fins_at(memory, !side, index);
    case REASON_FIN_NO:
        break;
    }
    return 0;
}

/* A look-up under way. */
struct look_up {
    const struct stream *stream;
    struct log_start start;
    uint32_t index;                /* of the last entry that is not after the frame's segment */
    const struct log_entry *entry; /* the same if that segment made it; NULL: it changed nothing */
};

/* The segment changed the side's state, in that entry of the log. */
static void
show_change(struct endpoint_snapshot *end, const struct look_up *look_up, uint32_t index,
            unsigned side)
{
    const struct memory *memory = &look_up->stream->memory;
    const struct log_entry *change = &memory->log.entries[index];
    uint32_t before = index > 0 ? index - 1 : LOG_NONE;

    end->changed = true;
    end->previous = log_state(&memory->log, &look_up->start, before, side);
    end->dwell_ns = elapsed_ns(log_entered(&memory->log, &look_up->start, before, side).time_ns,
                               change->time_ns);
    end->reason = (enum reason)change->side[side].reason;
    end->reason_frame = frame_of_reason(memory, end->reason, index, side);
}

static void
show_side(struct endpoint_snapshot *end, const struct look_up *look_up, int64_t time_ns,
          unsigned side)
{
    const struct transition_log *log = &look_up->stream->memory.log;
    const struct log_side *now = &log->entries[look_up->index].side[side];
    struct log_entrance entered = log_entered(log, &look_up->start, look_up->index, side);

    end->state = (enum tcp_state)now->state;
    end->confirmed = now->confirmed;
    end->since_ns = elapsed_ns(entered.time_ns, time_ns);
    if (!look_up->entry || entered.index == LOG_NONE)
        return;
    /* The change may be in an entry before of the same segment: the end of TIME_WAIT. */
    if (log->entries[entered.index].frame == look_up->entry->frame &&
        log->entries[entered.index].layer == look_up->entry->layer)
        show_change(end, look_up, entered.index, side);
}

static void
add_fins(struct snapshot *shown, const struct memory *memory, uint32_t index)
{
    const struct log_entry *entry = &memory->log.entries[index];
    const unsigned sender = entry->sender;

    if ((shown->events & event_bit(EVENT_fin)) && !(shown->events & event_bit(EVENT_fin_moved))) {
        uint32_t fin_frame = fins_at(memory, sender, index);

        /* Beyond a gap of the capture, it was not known here to be its sender's. */
        if (memory->close.fin_frame[sender] == fin_frame ||
            memory->close.fin_frame[sender] == entry->frame)
            shown->fin_acked_in = memory->close.fin_acked_frame[sender];
        if (fin_frame != entry->frame)
            shown->fin_retransmission_of = fin_frame;
    }
    if (shown->events & event_bit(EVENT_fin_ack))
        shown->fin_acks = fins_at(memory, !sender, index);
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
    const uint32_t index = log_find(log, frame, layer);
    struct snapshot shown = {.events = 0};
    const struct log_entry *entry;
    struct look_up look_up;

    if (index == LOG_NONE)
        return shown;
    entry = entry_of(log, index, frame, layer);
    look_up = (struct look_up){
        .stream = stream,
        .start = stream_start(stream),
        .index = index,
        .entry = entry,
    };
    for (unsigned side = 0; side < 2; side++)
        show_side(&shown.end[role_of_side(stream, side)], &look_up, time_ns, side);
    if (!entry)
        return shown;
    shown.events = entry->events;
    shown.rst = (enum rst_verdict)entry->rst;
    if (entry->has_about)
        shown.about_frame = about_at(&stream->memory, index);
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
