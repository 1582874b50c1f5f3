/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of a stream: its transition log, the facts of its close and of its resets, and
 * what else each kind of them needs. It takes steps as they come and asks nothing of TCP.
 */
#ifndef TCPCLOSE_MEMORY_H
#define TCPCLOSE_MEMORY_H

#include <glib.h>

#include "ending.h"
#include "facts.h"
#include "fins.h"
#include "history.h"
#include "log.h"
#include "resets.h"
#include "segment.h"
#include "step.h"

/* What few of the streams with an extra need. */
struct memory_rare {
    GArray *fin_history[2]; /* struct log_note, of a side whose FIN is another than it was: see
                               fins.h; owned */
    GArray *abouts;         /* struct log_note, see about.h; NULL: none; owned */
    struct history_extra history;
    uint32_t twin_frame; /* the newest of the connection between other hosts whose numbers its
                            segments have; 0: none, or nobody has looked */
};

/* What most streams never need: a RST needs all but what is pointed to. */
struct memory_extra {
    struct reset_facts reset;
    uint32_t rst_count; /* segments with RST, whatever became of them, but for copies */
    struct resets resets;
    uint32_t rst_seq[2]; /* by side: of its newest RST */
    uint64_t half_close_bytes;
    struct ending_facts *ending; /* NULL while there are none; owned */
    struct memory_rare *rare;    /* NULL while there is nothing; owned */
    uint32_t fin_retransmissions;
};

/* Zeroed memory is that of a stream without segments. Without padding: there are many. */
struct memory {
    struct transition_log log;
    struct memory_extra *extra; /* NULL while there is nothing; owned */
    int64_t last_ns;            /* of the newest segment, never moving back */
    uint32_t last_frame[2];     /* by side: of its newest segment; 0: none */
    struct close_facts close;
    struct history history;
};

/* Frees what it owns. */
void memory_clear(struct memory *memory);

/* Keeps what a segment meant; start, the states before the first one, is the same each time. O(1).
 */
void memory_take(struct memory *memory, const enum tcp_state start[2], const struct segment *seg,
                 const struct step *step);

/* It is not before the newest segment, and follows it without a pause. */
static inline bool
memory_is_soon(const struct memory *memory, const struct segment *seg)
{
    return (uint64_t)(seg->time_ns - memory->last_ns) < SILENCE_NS;
}

/* For the time of a segment. */
static inline void
memory_pass_time(struct memory *memory, const struct segment *seg)
{
    if (seg->time_ns > memory->last_ns)
        memory->last_ns = seg->time_ns;
    memory->last_frame[seg->side] = seg->frame;
}

/* A segment that meant nothing: it came, and may be the first of its kind. */
static inline void
memory_pass(struct memory *memory, const struct segment *seg)
{
    memory_pass_time(memory, seg);
    if (!history_is_settled(&memory->history, seg))
        history_pass(memory, seg);
}

/* The newest segment of both sides; 0: there is none. */
static inline uint32_t
memory_last_frame(const struct memory *memory)
{
    return MAX(memory->last_frame[0], memory->last_frame[1]);
}

/* The rest, to read: all zero where there is nothing. */
const struct memory_extra *memory_extra(const struct memory *memory);

/* A FIN or an accepted RST was seen: close.begin_ns is valid. */
static inline bool
memory_has_close_begun(const struct memory *memory)
{
    return memory->close.first_fin_frame != 0 || memory_extra(memory)->reset.frame != 0;
}

/* And to write. */
struct memory_extra *memory_make_extra(struct memory *memory);

/* The same of what the extra points to. */
const struct ending_facts *memory_ending(const struct memory *memory);
struct ending_facts *memory_make_ending(struct memory *memory);
const struct memory_rare *memory_rare(const struct memory *memory);
struct memory_rare *memory_make_rare(struct memory *memory);

#endif
