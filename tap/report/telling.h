/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words for a stream's history, as textbooks have them. */
#ifndef TCPCLOSE_TELLING_H
#define TCPCLOSE_TELLING_H

#include "history.h"

/* A word or two for a segment: "FIN", "ACK of FIN"; static. "" for what has no name. */
const char *moment_label(const struct moment *moment);

/* One sentence on what happened, without a period. Freed by the caller. */
char *moment_sentence(const struct history *history, const struct moment *moment);

/* What an endpoint does in that state, and what it waits for. Static, with # for the other side:
 * see sentence_append(). */
const char *state_sentence(enum tcp_state state);

/* How long a visit lasted: ">=4.000 s" where its end was not seen. */
void visit_append_span(GString *out, const struct visit *visit);

#endif
