/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The segments of a stream that changed a state or mean something for its close, one by one, and
 * the frames of its FINs: with everything known at the time of asking.
 */
#ifndef TCPCLOSE_MARKS_H
#define TCPCLOSE_MARKS_H

#include "rst.h"
#include "snapshot.h"

/* Such a segment. */
struct mark {
    int64_t time_ns;
    uint32_t frame;
    uint8_t layer;
    enum role sender;
    struct snapshot shown; /* what it showed when it came */
    struct rst_told rst;   /* of a RST, in hindsight */
};

typedef void take_mark(void *context, const struct mark *mark);

/*
 * Calls take for each of them, in order of frame and layer, from the stream's first segment on.
 * Costs a binary search in the transition log for each.
 */
void marks_walk(const struct stream *stream, take_mark *take, void *context);

/* Frames, by role; 0: not seen. */
struct fin_frames {
    uint32_t fin[ROLE_COUNT];   /* its FIN, as it stands */
    uint32_t acked[ROLE_COUNT]; /* the first segment that acknowledges that FIN */
};

/* O(1). */
struct fin_frames fin_frames_of(const struct stream *stream);

#endif
