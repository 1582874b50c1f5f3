/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts of a stream's close and of its resets, each with the frame where it was seen: what the
 * whole of the stream is told from. Where the FINs are is in fins.h.
 */
#ifndef TCPCLOSE_FACTS_H
#define TCPCLOSE_FACTS_H

#include <stdbool.h>
#include <stdint.h>

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

struct memory;

/*
 * A segment, behind all that the memory keeps of FINs and RSTs. Tells whether the stream is
 * complete with it, and was not before. O(1), and O(log n) where a FIN or RST is known late.
 */
bool facts_take(struct memory *memory, const struct segment *seg, const struct step *step);

/* The frame of the step's stray FIN; 0: there is none, or it lies in the stream before. */
uint32_t facts_stray_fin_frame(const struct memory *memory, const struct step *step);

#endif
