/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row a stimulus, a cell a state. What is not written stays as it is. The observer stands between
 * the endpoints: a sender's row says what its own segment proves, a receiver's row what the segment
 * does to it if it is delivered. States and arrows are those of RFC 9293, figure 5 and section
 * 3.10.7; where Linux goes another way, the cell says so.
 */
#include "transitions.h"

/* clang-format off */
#define TO(state, why) {STATE_##state, REASON_##why}

static const struct transition table[STIMULUS_COUNT][STATE_COUNT] = {
    [SENT_SYN] = {
        [STATE_CLOSED] = TO(SYN_SENT, SENT_SYN),
        /* The same SYN again: what was taken as delivered to it since did not arrive. */
        [STATE_SYN_RECEIVED] = TO(SYN_SENT, SENT_SYN_AGAIN),
        [STATE_ESTABLISHED] = TO(SYN_SENT, SENT_SYN_AGAIN),
        [STATE_CLOSE_WAIT] = TO(SYN_SENT, SENT_SYN_AGAIN),
    },
    [SENT_SYN_ACK] = {
        [STATE_CLOSED] = TO(SYN_RECEIVED, SENT_SYN_ACK),
        [STATE_SYN_SENT] = TO(SYN_RECEIVED, SENT_SYN_ACK), /* simultaneous open */
        /* The same SYN-ACK again: nothing that followed the peer's SYN has arrived or was taken. */
        [STATE_ESTABLISHED] = TO(SYN_RECEIVED, SENT_SYN_ACK_AGAIN),
        [STATE_CLOSE_WAIT] = TO(SYN_RECEIVED, SENT_SYN_ACK_AGAIN),
    },
    [SENT_AS_SYNCHRONIZED] = {
        [STATE_CLOSED] = TO(ESTABLISHED, FIRST_SEEN),
        [STATE_SYN_SENT] = TO(ESTABLISHED, SENT_ACK_OF_SYN),
        [STATE_SYN_RECEIVED] = TO(ESTABLISHED, SENT_AS_SYNCHRONIZED),
    },
    [SENT_ACK_OF_FIN] = {
        [STATE_SYN_RECEIVED] = TO(CLOSE_WAIT, SENT_ACK_OF_FIN),
        [STATE_ESTABLISHED] = TO(CLOSE_WAIT, SENT_ACK_OF_FIN),
        [STATE_FIN_WAIT_1] = TO(CLOSING, SENT_ACK_OF_FIN),
        [STATE_FIN_WAIT_2] = TO(TIME_WAIT, SENT_ACK_OF_FIN),
    },
    [SENT_FIN] = {
        /* A Fast Open server may close before the handshake ACK (RFC 7413 section 4.2). */
        [STATE_SYN_RECEIVED] = TO(FIN_WAIT_1, SENT_FIN),
        [STATE_ESTABLISHED] = TO(FIN_WAIT_1, SENT_FIN),
        [STATE_CLOSE_WAIT] = TO(LAST_ACK, SENT_FIN),
    },
    [SENT_RST] = {
        [STATE_SYN_SENT] = TO(CLOSED, SENT_RST), /* an abort: RFC 9293 section 3.10.5 */
        [STATE_SYN_RECEIVED] = TO(CLOSED, SENT_RST),
        [STATE_ESTABLISHED] = TO(CLOSED, SENT_RST),
        [STATE_CLOSE_WAIT] = TO(CLOSED, SENT_RST),
        [STATE_FIN_WAIT_1] = TO(CLOSED, SENT_RST),
        [STATE_CLOSING] = TO(CLOSED, SENT_RST),
        [STATE_LAST_ACK] = TO(CLOSED, SENT_RST),
        [STATE_FIN_WAIT_2] = TO(CLOSED, SENT_RST),
        [STATE_TIME_WAIT] = TO(CLOSED, SENT_RST),
    },
    [SENT_RST_BEFORE_ACK] = {
        [STATE_FIN_WAIT_2] = TO(CLOSED, SENT_RST_BEFORE_ACK),
        [STATE_TIME_WAIT] = TO(CLOSED, SENT_RST_BEFORE_ACK),
    },
    [SENT_RST_WITHOUT_FIN] = {
        [STATE_CLOSE_WAIT] = TO(CLOSED, SENT_RST_WITHOUT_FIN),
        [STATE_CLOSING] = TO(CLOSED, SENT_RST_WITHOUT_FIN),
        [STATE_TIME_WAIT] = TO(CLOSED, SENT_RST_WITHOUT_FIN),
    },
    [SHOWED_FIN_UNACKED] = {
        [STATE_FIN_WAIT_2] = TO(FIN_WAIT_1, SENT_FIN_AGAIN),
        [STATE_TIME_WAIT] = TO(CLOSING, SENT_FIN_AGAIN),
        [STATE_CLOSED] = TO(LAST_ACK, SENT_FIN_AGAIN),
    },
    [SHOWED_FIN_NOT_RECEIVED] = {
        [STATE_CLOSE_WAIT] = TO(ESTABLISHED, FIN_NOT_RECEIVED),
        [STATE_CLOSING] = TO(FIN_WAIT_1, FIN_NOT_RECEIVED),
        [STATE_TIME_WAIT] = TO(FIN_WAIT_2, FIN_NOT_RECEIVED),
    },
    [SHOWED_FIN_COVERED] = {
        [STATE_FIN_WAIT_1] = TO(LAST_ACK, SENT_ACK_OF_FIN),
        [STATE_FIN_WAIT_2] = TO(CLOSED, GOT_ACK_OF_FIN),
        [STATE_CLOSING] = TO(LAST_ACK, SENT_ACK_OF_FIN),
        [STATE_TIME_WAIT] = TO(CLOSED, GOT_ACK_OF_FIN),
    },
    [SHOWED_FINS_CROSSED] = {
        [STATE_LAST_ACK] = TO(CLOSING, SENT_FIN_UNCOVERED),
        [STATE_CLOSED] = TO(TIME_WAIT, SENT_FIN_UNCOVERED), /* after LAST_ACK */
        [STATE_TIME_WAIT] = TO(CLOSING, SENT_ACK_OF_FIN),   /* of the peer */
    },
    [SHOWED_BYTE_FOR_FIN] = {
        [STATE_FIN_WAIT_1] = TO(ESTABLISHED, BYTE_FOR_FIN),
        [STATE_FIN_WAIT_2] = TO(ESTABLISHED, BYTE_FOR_FIN),
        [STATE_CLOSING] = TO(CLOSE_WAIT, BYTE_FOR_FIN),
        [STATE_LAST_ACK] = TO(CLOSE_WAIT, BYTE_FOR_FIN),
        [STATE_TIME_WAIT] = TO(CLOSE_WAIT, BYTE_FOR_FIN),
        [STATE_CLOSED] = TO(CLOSE_WAIT, BYTE_FOR_FIN), /* after LAST_ACK or TIME_WAIT */
    },
    [SHOWED_NO_FIN] = {
        [STATE_FIN_WAIT_1] = TO(ESTABLISHED, SENT_WITHOUT_FIN),
        [STATE_FIN_WAIT_2] = TO(ESTABLISHED, SENT_WITHOUT_FIN),
        [STATE_CLOSING] = TO(CLOSE_WAIT, SENT_WITHOUT_FIN),
        [STATE_LAST_ACK] = TO(CLOSE_WAIT, SENT_WITHOUT_FIN),
        [STATE_TIME_WAIT] = TO(CLOSE_WAIT, SENT_WITHOUT_FIN),
    },
    [GOT_SYN] = {
        [STATE_CLOSED] = TO(SYN_RECEIVED, GOT_SYN), /* a listener is there, until a RST denies it */
        [STATE_SYN_SENT] = TO(SYN_RECEIVED, GOT_SYN_CROSSED),
        [STATE_TIME_WAIT] = TO(SYN_RECEIVED, GOT_SYN), /* RFC 6191; RFC 9293 section 3.10.7.4 */
    },
    [GOT_SYN_FIN] = {
        /* Linux: tcp_timewait_state_process makes way, tcp_rcv_state_process drops it in LISTEN. */
        [STATE_TIME_WAIT] = TO(CLOSED, GOT_SYN_FIN),
    },
    [GOT_SYN_ACK] = {
        [STATE_SYN_SENT] = TO(ESTABLISHED, GOT_SYN_ACK),
        [STATE_SYN_RECEIVED] = TO(ESTABLISHED, GOT_SYN_ACK),
    },
    [GOT_ACK_OF_SYN] = {
        [STATE_SYN_RECEIVED] = TO(ESTABLISHED, GOT_ACK_OF_SYN),
    },
    [GOT_ACK_OF_FIN] = {
        [STATE_FIN_WAIT_1] = TO(FIN_WAIT_2, GOT_ACK_OF_FIN),
        [STATE_CLOSING] = TO(TIME_WAIT, GOT_ACK_OF_FIN),
        [STATE_LAST_ACK] = TO(CLOSED, GOT_ACK_OF_FIN),
    },
    [GOT_FIN] = {
        [STATE_SYN_RECEIVED] = TO(CLOSE_WAIT, GOT_FIN),
        [STATE_ESTABLISHED] = TO(CLOSE_WAIT, GOT_FIN),
        [STATE_FIN_WAIT_1] = TO(CLOSING, GOT_FIN),
        [STATE_FIN_WAIT_2] = TO(TIME_WAIT, GOT_FIN),
    },
    [GOT_BYTE_FOR_FIN] = {
        [STATE_CLOSE_WAIT] = TO(ESTABLISHED, BYTE_FOR_FIN),
        [STATE_CLOSING] = TO(FIN_WAIT_1, BYTE_FOR_FIN),
        [STATE_LAST_ACK] = TO(FIN_WAIT_1, BYTE_FOR_FIN),
        [STATE_TIME_WAIT] = TO(FIN_WAIT_2, BYTE_FOR_FIN),
        [STATE_CLOSED] = TO(FIN_WAIT_2, BYTE_FOR_FIN), /* after LAST_ACK or TIME_WAIT */
    },
    [GOT_RST] = {
        [STATE_SYN_SENT] = TO(CLOSED, GOT_RST),
        [STATE_SYN_RECEIVED] = TO(CLOSED, GOT_RST),
        [STATE_ESTABLISHED] = TO(CLOSED, GOT_RST),
        [STATE_CLOSE_WAIT] = TO(CLOSED, GOT_RST),
        [STATE_FIN_WAIT_1] = TO(CLOSED, GOT_RST),
        [STATE_CLOSING] = TO(CLOSED, GOT_RST),
        [STATE_LAST_ACK] = TO(CLOSED, GOT_RST),
        [STATE_FIN_WAIT_2] = TO(CLOSED, GOT_RST),
        [STATE_TIME_WAIT] = TO(CLOSED, GOT_RST), /* Linux; RFC 1337 would stay */
    },
    [TWO_MSL_PASSED] = {
        [STATE_TIME_WAIT] = TO(CLOSED, TWO_MSL),
    },
};
/* clang-format on */

struct transition
transition_of(enum stimulus stimulus, enum tcp_state state)
{
    struct transition cell = table[stimulus][state];

    if (cell.reason == REASON_NONE)
        cell.next = state;
    return cell;
}
