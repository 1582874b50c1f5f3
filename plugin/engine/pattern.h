/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of a stream, finished or not, as one of the teardown patterns. */
#ifndef TCPCLOSE_ENGINE_PATTERN_H
#define TCPCLOSE_ENGINE_PATTERN_H

#include "stream.h"

/* The pattern as known from the segments fed so far; first rule that fits. O(1). */
enum tcp_pattern pattern_of(const struct stream *stream);

/* Who began the close: side 0, side 1, both (their FINs crossed) or none. */
enum closer { CLOSER_SIDE_0, CLOSER_SIDE_1, CLOSER_BOTH, CLOSER_NONE };
enum closer closer_of(const struct stream *stream);

/* A RST of that side ended the connection: accepted, and before both FINs were acknowledged. */
bool reset_by(const struct stream *stream, unsigned side);

#endif
