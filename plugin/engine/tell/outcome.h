/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a stream ends, as far as is known from the segments fed so far. */
#ifndef TCPCLOSE_OUTCOME_H
#define TCPCLOSE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

/* Who closed first: sent the first FIN. A RST is no close. UNKNOWN: the capture cannot tell. */
enum closer { CLOSER_NONE, CLOSER_CLIENT, CLOSER_SERVER, CLOSER_BOTH, CLOSER_UNKNOWN };

/* Whose RST ended the stream. NETWORK: not made by the endpoint that it names. */
enum resetter { RESETTER_NONE, RESETTER_CLIENT, RESETTER_SERVER, RESETTER_NETWORK };

/* Whose segments the capture has. */
enum directions { DIRECTIONS_CLIENT, DIRECTIONS_SERVER, DIRECTIONS_BOTH };

struct outcome {
    enum tcp_pattern pattern;
    enum closer closed_by;
    enum resetter reset_by;
    enum directions directions;
    bool role_guessed;      /* no SYN was captured: side 0 is taken for the client */
    bool complete;          /* both FINs acknowledged, or a RST accepted */
    bool has_teardown;      /* there is a FIN or an accepted RST */
    bool teardown_censored; /* the close has not ended: teardown_ns is the time so far */
    int64_t teardown_ns;    /* from the first of them to the end of the close */
    uint32_t first_frame;   /* the first segment, and the newest; 0: there is none */
    uint32_t last_frame;
    uint32_t first_fin_frame; /* the FIN that began the close; 0: none */
    uint32_t first_rst_frame; /* the RST that ended the stream; 0: none */
    int64_t first_ns;         /* the first segment, and the newest; since the epoch */
    int64_t last_ns;
    uint64_t half_close_bytes;
    uint32_t fin_retransmissions;
    uint32_t rsts; /* segments with RST, whatever became of them, but for copies */
};

/* end_ns: the newest time stamp of the capture. O(1). */
struct outcome outcome_of(const struct stream *stream, int64_t end_ns);

/* "client", "server", "both", "none" and so on. */
const char *closer_name(enum closer closer);
const char *resetter_name(enum resetter resetter);
const char *directions_name(enum directions directions);

#endif
