/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stream drawn: a bar an endpoint, a colour a state, and an arrow a segment between them. SVG,
 * and of that only what Qt's small renderer knows.
 */
#ifndef TCPCLOSE_TIMELINE_H
#define TCPCLOSE_TIMELINE_H

#include "history.h"

/*
 * Appends an svg element; with_words: below the picture a line for each segment. Names are escaped.
 * Of a stream with many segments the newest are drawn, and the picture says so. Linear in the
 * history.
 */
void timeline_append(GString *out, const struct history *history, bool with_words);

#endif
