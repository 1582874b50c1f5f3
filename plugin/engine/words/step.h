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

/* What becomes of an endpoint's FIN. */
enum fin_change {
    FIN_UNCHANGED,
    FIN_HERE, /* its FIN is the one in this segment */
    FIN_GONE, /* the FIN was another socket's, or there was none */
};

struct step_side {
    int64_t expired_ns;    /* with expired */
    enum tcp_state before; /* when the segment was sent, after what time had ended */
    enum tcp_state state;  /* now */
    enum reason reason;    /* of the last change; valid if there was one */
    enum fin_change fin;
    bool confirmed; /* its own segments show the state */
    bool expired;   /* its TIME_WAIT ended by time, before the segment */
};

struct step {
    struct step_side side[2];
    event_set events;
    enum rst_verdict rst;
    piece_set pieces;       /* of a RST: what speaks against its sender's having sent it */
    uint32_t follows_frame; /* of a RST: the one that had closed its sender before, as it seemed */
    uint32_t about_frame;   /* the RST that it refutes, or what its challenge ACK is for; of a RST:
                               what it answers; 0: none */
    uint64_t half_close_bytes;
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

#endif
