/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which stream a TCP header belongs to: the numbers that Wireshark gives, tcp.stream. Source:
 * dissect_tcp() of epan/dissectors/packet-tcp.c.
 */
#ifndef TCPCLOSE_CONVERSATIONS_H
#define TCPCLOSE_CONVERSATIONS_H

#include <stdbool.h>

#include "capture.h"

struct conversations;

struct conversations *conversations_new(void);
void conversations_free(struct conversations *conversations);

/* What Wireshark looks at. */
struct tcp_numbers {
    uint32_t seq;
    uint32_t ack;
    uint8_t flags;
    uint8_t side;
    bool has_header; /* its length is that of a TCP header */
    bool has_length; /* the segment is no shorter than its header */
    bool is_quoted;  /* by an ICMP error */
};

struct stream_number {
    uint32_t stream;
    bool was_forgotten;    /* and is heard of again */
    bool may_be_forgotten; /* it does not begin with a SYN, and not all that were forgotten are
                              still known */
};

/* The stream of the next header in capture order, between the hosts (by side). O(1). */
struct stream_number conversations_stream(struct conversations *conversations,
                                          const struct host hosts[2],
                                          const struct tcp_numbers *numbers);

/*
 * The stream of that number is forgotten by everybody else. Its place is kept for a while, so that
 * what is heard of it again has its number; open: longer than that of others. O(1).
 */
void conversations_forget(struct conversations *conversations, const struct host hosts[2],
                          uint32_t number, bool is_open);

#endif
