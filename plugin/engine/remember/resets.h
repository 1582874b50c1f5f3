/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of RSTs: a record for each, with what was known when it came, and what later
 * segments say of it. Most streams have none.
 */
#ifndef TCPCLOSE_RESETS_H
#define TCPCLOSE_RESETS_H

#include <glib.h>

#include "ending.h"

/* A RST. Without padding but at its end: a capture may have as many as streams. */
struct rst_record {
    int64_t time_ns;

    /* What was known before it. */
    struct step_before sender;
    struct step_before receiver;
    const struct unanswered *repeated; /* by its sender, whoever was heard since; never NULL; owned
                                          but for one with count 0 */
    const struct late_payload *late;   /* payload to its sender after its FIN; frame 0: none; never
                                          NULL; owned but for that one */
    uint32_t frame;
    uint32_t seq;
    uint32_t sender_frame;   /* the sender's newest segment, */
    uint32_t answered_frame; /* and the receiver's */
    uint32_t trigger_frame;  /* what it answers, where that is certain enough */
    uint32_t about_frame;    /* of its entry in the log: see about.h; 0: none */
    uint32_t decided_frame;  /* the first RST that its sender sent by its own decision */
    uint32_t follows_frame; /* one that had closed its sender before: it stands and falls with it */

    /* What may be known only later. */
    uint32_t challenge_frame; /* the challenge ACK that it drew */
    uint32_t refuted_frame;   /* the segment that shows that it was not taken, or not sent */
    piece_set pieces;         /* what speaks against its sender's having sent it */
    bool not_taken : 1;       /* it had counted as accepted, and its receiver goes on */

    bool is_exact : 1;
    bool covers_syn : 1;
    bool is_stale : 1;
    uint8_t side : 1; /* its sender's */
    uint8_t layer;
    enum rst_origin origin : 8;
    enum rst_verdict verdict : 8; /* NONE: nobody may judge it: it is of an earlier connection */
    enum tcp_state sender_state : 8;
    enum tcp_state receiver_state : 8;
};
_Static_assert(sizeof(struct rst_record) == 104, "a RST has no padding but at its end");

/* A segment to a socket that is gone, or reads no more: it is answered by a RST, unless lost. */
struct awaiting_rst {
    int64_t time_ns;
    uint32_t frame;
    uint32_t ack; /* the number that the answer has: RFC 9293 section 3.5.2 */
};

/* Zeroed memory has none. */
struct resets {
    struct rst_record *records; /* in the order of frames; owned */
    uint32_t count;
    uint32_t capacity;
    uint32_t decided_frame[2]; /* by side: its first RST of its own decision; 0: none */
    /* By side, of the receiver: struct awaiting_rst, the newest; NULL: none; owned. */
    GArray *awaiting[2];
};

struct memory;

/* Frees what it owns. */
void resets_clear(struct resets *resets);

/* Another segment: it may be what a RST answers. O(1). */
void resets_await(struct memory *memory, const struct segment *seg, const struct step *step);

/* A RST, before anything else of the memory takes it in. */
void resets_take(struct memory *memory, const struct segment *seg, const struct step *step);

/* A segment whose step is about another frame: what it says of the RST there. O(log n). */
void resets_tell(struct memory *memory, const struct segment *seg, const struct step *step);

/* The RST in the frame was taken, though it had not seemed to be. O(log n). */
void resets_note_taken(struct resets *resets, uint32_t frame);

/* How many there are, and one of them, in the order of frames. */
static inline unsigned
resets_count(const struct resets *resets)
{
    return resets->count;
}

static inline const struct rst_record *
resets_record(const struct resets *resets, unsigned index)
{
    return &resets->records[index];
}

/* What its sender has sent again since the RST's receiver was last heard; count 0: nothing. */
const struct unanswered *rst_unanswered(const struct rst_record *rst);

/* When its sender last probed, and sent nothing new since; 0: never. */
int64_t rst_probed_ns(const struct rst_record *rst);

/* The RST in a frame, of that layer or of any one (UINT8_MAX); NULL: it has none. O(log n). */
const struct rst_record *resets_at(const struct resets *resets, uint32_t frame, uint8_t layer);

#endif
