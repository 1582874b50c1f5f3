/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine as data: what sending shows of the sender, what receiving does to the receiver.
 * Whether a stimulus applies at all (numbers, windows, holes) is decided before the look-up.
 */
#ifndef TCPCLOSE_TRANSITIONS_H
#define TCPCLOSE_TRANSITIONS_H

#include "state.h"

enum stimulus {
    /* what the sender of a segment is shown to have done */
    SENT_SYN,
    SENT_SYN_ACK,
    SENT_AS_SYNCHRONIZED, /* anything that only a synchronized endpoint sends */
    SENT_ACK_OF_FIN,      /* its ACK number covers the peer's FIN */
    SENT_FIN,
    SENT_RST,
    SENT_RST_BEFORE_ACK,  /* that was sent before the ACK of its FIN reached it */
    SENT_RST_WITHOUT_FIN, /* that does not cover the FIN that was taken as delivered to it */
    /* corrections: what the sender shows not to have happened */
    SHOWED_FIN_UNACKED,      /* sent its FIN again */
    SHOWED_FIN_NOT_RECEIVED, /* its ACK number does not cover a FIN that was taken as delivered */
    SHOWED_FIN_COVERED,      /* its FIN was an ACK of the peer's, which is captured only now */
    SHOWED_FINS_CROSSED,     /* the same of both: its FIN, captured only now, was no answer */
    SHOWED_BYTE_FOR_FIN,     /* sent data where an ACK had seemed to count its FIN */
    SHOWED_NO_FIN,           /* sent new data where its FIN was thought to be */
    /* what the receiver of a segment takes in, once the segment has passed its checks */
    GOT_SYN,
    GOT_SYN_FIN, /* a SYN that opens nothing */
    GOT_SYN_ACK,
    GOT_ACK_OF_SYN,
    GOT_ACK_OF_FIN,
    GOT_FIN,          /* in order: nothing is missing before it */
    GOT_BYTE_FOR_FIN, /* what it acknowledged as a FIN, as it seemed, was data */
    GOT_RST,
    TWO_MSL_PASSED,
    STIMULUS_COUNT
};

/* reason REASON_NONE: the stimulus moves nothing in this state, and next is the state itself. */
struct transition {
    enum tcp_state next;
    enum reason reason;
};

/* What the stimulus does in that state. Total: defined for every pair. */
struct transition transition_of(enum stimulus stimulus, enum tcp_state state);

#endif
