/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A pair of endpoints that is used again while one of them is in TIME_WAIT: RFC 6191, RFC 1122
 * section 4.2.2.13. */
#ifndef TCPCLOSE_REUSE_H
#define TCPCLOSE_REUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

/* slug: what the first answer to the SYN is. */
#define REUSE_OUTCOME_LIST(X)                                                   \
    X(accepted)   /* a SYN-ACK: the new connection takes the old one's place */ \
    X(challenged) /* an ACK of the old connection, RFC 9293 section 3.10.7.4 */ \
    X(refused)    /* a RST */                                                   \
    X(unanswered) /* nothing, as far as was captured */

#define X(slug) REUSE_##slug,
enum reuse_outcome { REUSE_OUTCOME_LIST(X) REUSE_OUTCOME_COUNT };
#undef X

struct reuse {
    bool
        is_reuse; /* the stream begins with a SYN inside a TIME_WAIT; the rest is valid only then */
    enum role held_by; /* who was in TIME_WAIT: its role in the new stream */
    int64_t age_ns;    /* of the TIME_WAIT, when the SYN came; never negative */
    enum reuse_outcome outcome;
    uint32_t of_stream; /* the number of the stream of that TIME_WAIT, or of one after it */
};

/* Costs a walk over the log entries up to the first answer. */
struct reuse reuse_of(const struct stream *stream);

/* "accepted" and so on. */
const char *reuse_outcome_name(enum reuse_outcome outcome);

#endif
