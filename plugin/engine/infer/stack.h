/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between the TCPs of operating systems where RFC 9293 leaves room or is not followed:
 * a member for each difference, a row for each stack. The rules ask a member, never which stack it
 * is.
 */
#ifndef TCPCLOSE_STACK_H
#define TCPCLOSE_STACK_H

#include <stdbool.h>

#include "policy.h"

struct stack {
    /* ---- a RST, outside TIME_WAIT ---- */
    bool rst_at_fin;       /* takes one at the number before the next, after the peer's FIN */
    bool rst_at_sack_edge; /* takes one at the highest number received out of order */
    bool rst_at_last_ack;  /* takes one at its last ACK number: its window for RSTs begins there */
    bool rst_at_edge;      /* its window for RSTs includes the right edge */
    bool orphan_takes_rst; /* an orphan in FIN_WAIT_2 takes any in the window */

    /* ---- TIME_WAIT ---- */
    bool time_wait_takes_rst;        /* a RST ends it; RFC 1337 says that none should */
    bool time_wait_takes_syn_fin;    /* SYN with FIN ends it, and opens nothing */
    bool time_wait_reads_timestamps; /* PAWS, and a SYN with a newer one opens: RFC 6191 */
    bool time_wait_challenges_syn;   /* a SYN that opens nothing is answered by an ACK */
    bool time_wait_renewed_by_ack;   /* any ACK re-arms 2MSL; else only the peer's FIN again */

    /* ---- other segments ---- */
    bool ack_of_old_counts; /* of a segment before the window, the ACK number counts */
    bool fin_ack_waits;     /* the ACK of a FIN is delayed, where one of data would not be */
};

/* The row of a stack. */
const struct stack *stack_of(enum tcp_stack stack);

#endif
