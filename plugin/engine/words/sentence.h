/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about one endpoint and the other, each written once for both roles. */
#ifndef TCPCLOSE_SENTENCE_H
#define TCPCLOSE_SENTENCE_H

#include <glib.h>

#include "state.h"

/* Appends the text; in it, @ stands for the actor ("the client") and # for the other side. */
void sentence_append(GString *out, const char *text, enum role actor);

#endif
