/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences that are written once, for both roles and for every frame. */
#ifndef TCPCLOSE_SENTENCE_H
#define TCPCLOSE_SENTENCE_H

#include <glib.h>

#include "state.h"

/* Appends the text; in it, @ stands for the actor ("the client") and # for the other side. */
void sentence_append(GString *out, const char *text, enum role actor);

/*
 * Appends why a state changed, with the frame of the FIN that the reason is about; 0: it has none,
 * as it was not captured or is in another stream.
 */
void sentence_append_reason(GString *out, enum reason reason, uint32_t frame);

#endif
