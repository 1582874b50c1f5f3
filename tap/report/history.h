/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened to one stream, moment by moment: the segments that mattered, and the visits of both
 * endpoints that began with each. The story tells it, the timeline draws it.
 */
#ifndef TCPCLOSE_HISTORY_H
#define TCPCLOSE_HISTORY_H

#include "cause.h"
#include "course.h"
#include "marks.h"
#include "outcome.h"
#include "rows.h"

/* A segment, or several of one sender that all mean the same; or the clock. */
struct moment {
    struct instant at;   /* of the first segment; frame 0: the clock's doing */
    struct mark mark;    /* of the first segment; all zero for the clock */
    uint32_t last_frame; /* of the last one */
    uint32_t segments;   /* 0: the clock's doing */
};

/* A visit of a course, and the moment that it began with. */
struct stay {
    struct visit visit;
    unsigned moment;
    unsigned place; /* in the course: the client's first, then in order of time */
};

struct history {
    const struct stream_entry *entry; /* not owned */
    struct outcome outcome;
    struct cause cause;
    struct fin_frames fins;
    uint32_t disowned_frame[ROLE_COUNT]; /* shows that the FINs before were not its own; 0: none */
    int64_t begin_ns;                    /* of the capture */
    GArray *moments;                     /* struct moment, in order of time */
    GArray *stays; /* struct stay, by moment; of one moment in order of role and time */
};

/*
 * Of a stream that was fed. Costs a walk over its transition log. The entry has to live as long;
 * freed with history_free().
 */
struct history *history_new(const struct stream_entry *entry, const struct report_input *input);
void history_free(struct history *history);

static inline const struct moment *
history_moment(const struct history *history, unsigned index)
{
    return &g_array_index(history->moments, struct moment, index);
}

static inline const struct stay *
history_stay(const struct history *history, unsigned index)
{
    return &g_array_index(history->stays, struct stay, index);
}

static inline bool
moment_has(const struct moment *moment, enum tcp_event event)
{
    return (moment->mark.shown.events & event_bit(event)) != 0;
}

/* It has a FIN, whether for the first time, again, or beyond missing data. */
bool moment_has_fin(const struct moment *moment);

/* That FIN, or the one that it repeats, is its sender's as far as is known in the end. */
bool moment_fin_stands(const struct history *history, const struct moment *moment);

#endif
