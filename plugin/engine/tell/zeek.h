/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zeek's words for a connection, conn_state and history of its conn.log, by Zeek's own definition:
 * its letters, and its seven states of an endpoint, which follow from them.
 */
#ifndef TCPCLOSE_ZEEK_H
#define TCPCLOSE_ZEEK_H

#include <stdint.h>

#include "state.h"

struct stream;

enum { ZEEK_HISTORY_SIZE = 202 };

struct zeek_words {
    const char *conn_state;          /* "SF", "S0" and so on; static */
    char history[ZEEK_HISTORY_SIZE]; /* upper case: the originator's */
};

/*
 * port, by role: where no SYN tells it, Zeek takes the sender of the first segment for the
 * originator, if its port is not one that it knows as a server's. The pattern is the stream's.
 * O(letters): some ten.
 */
struct zeek_words zeek_words_of(const struct stream *stream, enum tcp_pattern pattern,
                                const uint16_t port[ROLE_COUNT]);

#endif
