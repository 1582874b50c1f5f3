/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of a stream: its transition log, and the facts of its close and of its resets,
 * each with the frame where it was seen. It takes steps as they come and asks nothing of TCP.
 */
#ifndef TCPCLOSE_MEMORY_H
#define TCPCLOSE_MEMORY_H

#include <glib.h>

#include "ending.h"
#include "fins.h"
#include "history.h"
#include "log.h"
#include "resets.h"
#include "segment.h"
#include "step.h"

/* Of the handshake and the FINs. By side where there are two; frame 0: not seen. */
struct close_facts {
    int64_t begin_ns;            /* of the first FIN or accepted RST; valid if there is one */
    int64_t idle_ns;             /* with begin_ns: without payload either way before it */
    uint32_t fin_frame[2];       /* its FIN, as it stands */
    uint32_t fin_acked_frame[2]; /* the first ACK that covers that FIN */
    uint32_t first_fin_frame;    /* the FIN that began the close */
    bool is_complete : 1;        /* both FINs acknowledged, or a RST accepted */
    uint8_t first_fin_side : 1;  /* with first_fin_frame */
    bool fins_crossed : 1;       /* the second FIN did not cover the first */
    bool second_fin_acks : 1;    /* the second FIN was the first ACK of the first */
    bool is_over : 1;            /* both FINs are acknowledged: what comes later is of no account */
    bool has_syn : 1;            /* a SYN without ACK was seen */
    bool has_answer : 1;         /* something else than SYNs and RSTs of one side was seen */
    bool was_aborted : 1;        /* a RST or FIN came before both sides were ESTABLISHED */
    bool is_answered : 1;        /* a segment of the other side came after the first FIN */
    bool has_more_than_rsts : 1; /* a segment without RST was seen */
    /* Of the first FIN: */
    bool fin_has_payload : 1;    /* it carries some, */
    bool closer_spoke_last : 1;  /* the newest payload before it was its sender's, */
    bool peer_spoke_last : 1;    /* or the other side's, */
    bool peer_waits : 1;         /* which it acknowledges: it gets no answer, */
    bool all_acked : 1;          /* and nothing that was sent lacks an ACK */
    uint8_t was_established : 2; /* a bit a side: it was ESTABLISHED, or got further */
    uint8_t was_seen : 2;        /* a bit a side: a segment of it was seen */
};

/* Of the RST that counts as the one that ended the stream, and of those that do not count. */
struct reset_facts {
    uint32_t frame;           /* the first accepted one that was not refuted since; 0: none */
    uint32_t gave_up_frame;   /* the first that only its sender heeded; 0: none */
    uint8_t side : 1;         /* with frame: its sender's */
    bool after_fin : 1;       /* with frame: it came after a FIN, */
    bool after_close : 1;     /* after both FINs were acknowledged, */
    bool answered_syn : 1;    /* in answer to the SYN */
    bool is_forged : 1;       /* with frame: its sender goes on as if it had not sent it */
    uint8_t gave_up_side : 1; /* with gave_up_frame: its sender's */
};

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
