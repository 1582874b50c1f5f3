/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream told step by step: one sentence for each, in the terms of the textbooks. */
#ifndef TCPCLOSE_STORY_H
#define TCPCLOSE_STORY_H

#include "history.h"

/* Appends it as text, lines of any width. Linear in the history. */
void story_append(GString *out, const struct history *history);

/* The lines above it: who, how it ended, and why. */
void story_append_head(GString *out, const struct history *history);

#endif
