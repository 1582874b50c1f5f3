/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user says of the network; the same for a whole capture. */
#ifndef TCPCLOSE_POLICY_H
#define TCPCLOSE_POLICY_H

#include <stdint.h>

/* In the lists: the name, the word that the user gives for it, and what it means. */
/* clang-format off */
#define RST_POLICY_LIST(X)                                                                    \
    X(RFC5961, "rfc5961", "RFC 5961: an inexact RST inside the window draws a challenge ACK") \
    X(RFC793, "rfc793", "RFC 793: any RST inside the window is accepted")

/* Whose TCP the endpoints run, where stacks differ: infer/stack.c says in what. */
#define STACK_LIST(X)          \
    X(LINUX, "linux", "Linux") \
    X(BSD, "bsd", "FreeBSD: a RST never ends TIME_WAIT, and has to be exact elsewhere")
/* clang-format on */

#define X(name, word, meaning) RST_POLICY_##name,
enum rst_policy { RST_POLICY_LIST(X) };
#undef X

#define X(name, word, meaning) STACK_##name,
enum tcp_stack { STACK_LIST(X) };
#undef X

/* Where the user says nothing. The ports are Linux's: net.ipv4.ip_local_port_range is 32768 to
 * 60999.
 */
#define POLICY_TWO_MSL_S 60
#define POLICY_CLOSE_WAIT_ALARM_S 30
#define POLICY_PORT_RANGE 28232

struct policy {
    int64_t two_msl_ns;
    int64_t close_wait_alarm_ns;
    enum rst_policy rst_policy;
    enum tcp_stack stack;
    uint32_t port_range;      /* a client's ephemeral ports for a service */
    int64_t capture_begin_ns; /* since the epoch; 0: the first frame. A later one is as that */
    int64_t capture_end_ns; /* since the epoch; 0: the newest segment. An earlier one is as that */
};

#endif
