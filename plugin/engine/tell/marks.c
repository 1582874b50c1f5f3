/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "marks.h"

#include "role.h"
#include "stream.h"

static bool
is_same_segment(const struct log_entry *a, const struct log_entry *b)
{
    return a->frame == b->frame && a->layer == b->layer;
}

/* Of a TIME_WAIT that ended by time before the segment: the segment itself changed nothing. */
static bool
is_by_clock(const struct log_entry *entry)
{
    return entry->events == 0 && entry->rst == RST_NONE &&
           ((entry->side[0].changed && entry->side[0].reason == REASON_TWO_MSL) ||
            (entry->side[1].changed && entry->side[1].reason == REASON_TWO_MSL));
}

static struct mark
mark_of(const struct stream *stream, const struct log_entry *entry)
{
    struct mark mark = {
        .time_ns = entry->time_ns,
        .frame = entry->frame,
        .layer = entry->layer,
        .sender = role_of_side(stream, entry->sender),
        .shown = snapshot_at(stream, entry->frame, entry->layer, entry->time_ns),
    };

    mark.rst = rst_told_at(stream, entry->frame, entry->layer);
    return mark;
}

/* The first segment is the begin of the stream, whatever it changed. */
void
marks_walk(const struct stream *stream, take_mark *take, void *context)
{
    const struct transition_log *log = &stream->memory.log;
    const struct log_entry *first;

    if (stream_is_empty(stream))
        return;
    first = log_first_segment(log);
    for (const struct log_entry *entry = first, *end = log->entries + log->count; entry < end;
         entry++) {
        bool is_last = entry + 1 == end || !is_same_segment(entry, entry + 1);

        if (is_last && (entry == first || !is_by_clock(entry))) {
            struct mark mark = mark_of(stream, entry);

            take(context, &mark);
        }
    }
}

struct fin_frames
fin_frames_of(const struct stream *stream)
{
    const struct close_facts *close = &stream->memory.close;
    struct fin_frames frames = {.fin = {0}};

    for (unsigned side = 0; side < 2; side++) {
        frames.fin[role_of_side(stream, side)] = close->fin_frame[side];
        frames.acked[role_of_side(stream, side)] = close->fin_acked_frame[side];
    }
    return frames;
}
