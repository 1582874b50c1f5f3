/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one segment means for a connection: what infer/ returns, and all that remember/ is told.
 * Sides are 0 and 1, as in the segment.
 *
 * Where FINs were seen is remembered, not inferred: of an event or a reason that is about a FIN,
 * the list of reasons (state.h) says whose FIN it is, and memory knows its frame.
 */
#ifndef TCPCLOSE_STEP_H
#define TCPCLOSE_STEP_H

#include "state.h"
#include "units.h"

/* From here on a pause is a silence: what comes after it never goes the short way. */
#define SILENCE_NS NS_PER_S

/* What becomes of an endpoint's FIN. */
enum fin_change {
    FIN_UNCHANGED,
    FIN_HERE, /* its FIN is the one in this segment */
    FIN_GONE, /* the FIN was another socket's, or there was none */
};

/* What a segment says once more: its sender waits for an answer. */
enum repeat {
    REPEAT_NONE,
    REPEAT_DATA,
    REPEAT_FIN,
    REPEAT_PROBE, /* of a live connection: RFC 9293 section 3.8.4 */
};

/*
 * A side before a segment with FIN or RST, one that repeats, or one with is_lacked or after_pause;
 * else zero.
 */
struct step_before {
    int64_t sent_ns;       /* when it last sent something new; 0: that was not seen */
    uint32_t response_us;  /* its quickest ACK of something new, seen from here; 0: none seen */
    bool has_payload : 1;  /* it has sent some */
    bool is_acked : 1;     /* the other side has acknowledged all that it sent, with the segment */
    bool has_fin : 1;      /* it has sent its FIN, */
    bool reads_on : 1;     /* and taken payload since */
    bool has_answered : 1; /* it has acknowledged something */
    bool is_known : 1;     /* its numbers are known, without a gap up to its newest */
    bool confirmed : 1;    /* its own segments show its state */
    bool lacks_ack : 1;    /* of a RST's receiver: not all of its payload was acknowledged */
};

struct step_side {
    struct step_before was;
    int64_t expired_ns;        /* with expired */
    enum tcp_state before : 8; /* when the segment was sent, after what time had ended */
    enum tcp_state state : 8;  /* now */
    enum fin_change fin : 8;
    enum reason reason : 16; /* of the last change; valid if there was one */
    bool confirmed;          /* its own segments show the state */
    bool expired;            /* its TIME_WAIT ended by time, before the segment */
};

/* Packed: it is cleared and handed over for each segment. */
struct step {
    struct step_side side[2];
    event_set events;
    uint32_t follows_frame; /* of a RST: the one that had closed its sender before, as it seemed */
    uint32_t about_frame;   /* the RST that it refutes, or what its challenge ACK is for; of a RST:
                               what it answers; 0: none */
    uint32_t stray_fin_frame; /* the other side's FIN is the one in that frame, which had counted as
                                 somebody else's until here; 0: no such one */
    uint32_t taken_frame;     /* the RST that has reached its receiver, though something before it
                                 seemed to be missing; 0: no such one */
    enum rst_verdict rst;
    uint64_t half_close_bytes;
    piece_set pieces; /* of a RST: what speaks against its sender's having sent it */
    enum repeat repeat : 8;
    enum rst_origin origin : 8; /* of a RST */
    bool is_exact;    /* of a RST: its number is its sender's next, or that of an ACK to it */
    bool covers_syn;  /* of a RST: it answers something that covers its sender's SYN */
    bool new_payload; /* some of the payload was not sent before */
    bool old_payload; /* nothing of segment and payload is new: all was sent before */
    bool after_fin;   /* a side had sent its FIN before */
    bool after_pause; /* nothing was captured for SILENCE_NS before it */
    /* After the other side's FIN: payload that it has not acknowledged, or a FIN behind some. */
    bool is_lacked;
    bool covers_fin;      /* it acknowledges the other side's FIN, */
    bool covers_rest;     /* or all that came before that FIN */
    bool may_cross_fin;   /* its sender may not have received that FIN yet */
    bool is_syn;          /* a SYN without ACK and RST */
    bool both_fins_acked; /* now */
    bool fin_covered;     /* the peer's FIN, captured before, acknowledges that of the sender */
    bool refutes_fin;     /* its sender has not sent the FIN that an ACK had seemed to count */
    bool disowns_rst;     /* its sender goes on: the RST in about_frame was not its own */
    bool refutes_rst;     /* its sender has not taken a RST that had counted as accepted */
    bool is_copy;         /* made by the network or the capture: it proves and raises nothing */
    bool is_stale;        /* of an earlier connection: it tells nothing of this one */
    bool resumes_former;  /* the SYN was not real: the connection before goes on in this stream */
    bool role_guessed;    /* of the first segment: no SYN tells who the client is */
    uint8_t client;       /* of the first segment: the client's side */
};

static inline bool
step_has_event(const struct step *step, enum tcp_event event)
{
    return (step->events & event_bit(event)) != 0;
}

#endif
