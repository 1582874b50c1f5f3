/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sequence numbers of an endpoint, as they are in the segments: by them, rows of one connection
 * in several captures know each other.
 */
#ifndef TCPCLOSE_NUMBERS_H
#define TCPCLOSE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

struct numbers {
    bool has_isn;   /* its SYN was captured: isn is valid */
    bool has_sent;  /* first and next are valid */
    bool has_acked; /* acked is valid */
    bool has_fin;   /* it has sent its FIN, captured or not: next is behind it */
    uint32_t isn;   /* of its SYN */
    uint32_t first; /* of its first byte after a SYN, as far as the capture shows it */
    uint32_t next;  /* after the last byte that it is known to have sent */
    uint32_t acked; /* its peer's highest ACK number */
};

/* As of the newest segment. O(1). */
struct numbers numbers_of(const struct stream *stream, enum role role);

#endif
