/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of FINs are not filled in: they need the sender, whom stream_at() is told. */
#include "snapshot.h"

#include "role.h"
#include "stream.h"

struct snapshot
snapshot_at(const struct stream *stream, uint32_t frame, uint8_t layer, int64_t time_ns)
{
    struct view view = stream_at(stream, frame, layer, time_ns, 0);
    struct snapshot snapshot = {.events = view.events, .rst = view.rst};

    for (unsigned side = 0; side < 2; side++) {
        const struct endpoint_view *end = &view.side[side];

        snapshot.end[role_of_side(stream, side)] = (struct endpoint_snapshot){
            .state = end->state,
            .confirmed = end->confirmed,
            .since_ns = end->since_ns,
            .changed = end->changed,
            .previous = end->previous,
            .dwell_ns = end->dwell_ns,
            .reason = end->reason,
            .reason_frame = end->reason_frame,
        };
    }
    return snapshot;
}

event_set
snapshot_events_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    return stream_events_at(stream, frame, layer);
}
