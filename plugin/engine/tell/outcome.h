/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a stream ends, as far as is known from the segments fed so far. */
#ifndef TCPCLOSE_OUTCOME_H
#define TCPCLOSE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

/* Who closed first: sent the first FIN, or the accepted RST that ended the stream. */
enum closer { CLOSER_NONE, CLOSER_CLIENT, CLOSER_SERVER, CLOSER_BOTH };

struct outcome {
    enum tcp_pattern pattern;
    enum closer closed_by;
    bool reset_by[ROLE_COUNT]; /* its accepted RST ended it before both FINs were acknowledged */
    bool role_guessed;         /* no SYN was captured: side 0 is taken for the client */
    bool complete;             /* both FINs acknowledged, or a RST accepted */
    bool has_teardown;         /* there is a FIN or an accepted RST */
    int64_t teardown_ns;       /* from the first of them to the last segment that changed a state */
    int64_t first_ns;          /* the first segment, and the newest; since the epoch */
    int64_t last_ns;
    uint64_t half_close_bytes;
    uint32_t fin_retransmissions;
    uint32_t rsts; /* segments with RST, whatever became of them */
};

/* O(1). */
struct outcome outcome_of(const struct stream *stream);

/* "client", "server", "both" or "none" */
const char *closer_name(enum closer closer);

#endif
