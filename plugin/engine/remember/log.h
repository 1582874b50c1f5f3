/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transition log of a stream: an entry for each segment that changed something, and none for
 * the others. An entry says what both sides are in from then on, so that what a frame shows is a
 * binary search away.
 */
#ifndef TCPCLOSE_LOG_H
#define TCPCLOSE_LOG_H

#include <glib.h>

#include "state.h"

/* One side in an entry. */
struct log_side {
    uint16_t state : 4; /* enum tcp_state */
    uint16_t confirmed : 1;
    uint16_t changed : 1; /* another state than in the entry before */
    uint16_t reason : 10; /* enum reason; with changed */
};

/*
 * What a segment changed. A TIME_WAIT that ended by time before the segment is an entry of its own,
 * with the segment's frame and the time of the end. Without padding: there are many.
 */
struct log_entry {
    int64_t time_ns;
    uint32_t events; /* an event_set */
    uint32_t frame;
    struct log_side side[2];
    uint8_t layer;
    uint8_t sender : 1;
    uint8_t has_fin : 1;   /* its FIN is the sender's from now on */
    uint8_t has_about : 1; /* it is about another frame: see about.h */
    uint8_t rst : 5;       /* enum rst_verdict */
    /*
     * By side: so many entries back is the one with changed; LOG_FAR: it is at least that far, look
     * on from there. Made by log_add().
     */
    uint8_t back[2];
};

enum { LOG_FAR = UINT8_MAX };

_Static_assert(sizeof(struct log_entry) == 24, "an entry has no padding");
_Static_assert(STATE_COUNT <= 1 << 4 && REASON_COUNT <= 1 << 10 && RST_VERDICT_COUNT <= 1 << 5 &&
                   EVENT_COUNT <= 32,
               "names fit");

/* Zeroed memory is an empty log. */
struct transition_log {
    struct log_entry *entries; /* in the order of frame and layer; owned */
    uint32_t count;
    uint32_t capacity;
};

/* What the two sides were in before the first entry, and since when. */
struct log_start {
    int64_t entered_ns[2];
    enum tcp_state state[2];
    bool confirmed[2];
};

/* When and where a side entered a state. */
struct log_entrance {
    int64_t time_ns;
    uint32_t index; /* of the entry that says so; LOG_NONE: it is older than the log */
};

#define LOG_NONE UINT32_MAX

/* Frees the entries. */
void log_clear(struct transition_log *log);

/*
 * Appends an entry, not before the last one; changed and back are made here. start: the states
 * before the first one. Amortised O(1). Allocates as the log grows: room for 4 entries, then 8, 12,
 * and half as much again each time.
 */
void log_add(struct transition_log *log, const enum tcp_state start[2],
             const struct log_entry *entry);

/* The last entry that is not after the segment; LOG_NONE: all are. O(log n). */
uint32_t log_find(const struct transition_log *log, uint32_t frame, uint8_t layer);

/* The first segment's entry: a TIME_WAIT that ended before it is in the log, too. Not of an empty
 * log. O(log n). */
const struct log_entry *log_first_segment(const struct transition_log *log);

/* The state of a side right after an entry; LOG_NONE: before the first. */
enum tcp_state log_state(const struct transition_log *log, const struct log_start *start,
                         uint32_t index, unsigned side);

/* Since when a side is in the state of an entry; LOG_NONE: of the start. O(1), or n / LOG_FAR. */
struct log_entrance log_entered(const struct transition_log *log, const struct log_start *start,
                                uint32_t index, unsigned side);

/* A frame that goes with an entry. */
struct log_note {
    uint32_t index;
    uint32_t frame;
};

/* Appends one to an array of them, which is made if there is none. Amortised O(1). */
void log_notes_add(GArray **notes, uint32_t index, uint32_t frame);

/* The frame of the last of them that is not behind the entry; 0: there is none. notes may be NULL.
 * O(log n). */
uint32_t log_notes_at(const GArray *notes, uint32_t index);

#endif
