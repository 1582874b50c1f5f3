/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the engine: what is remembered of a stream, finished or not, as one of the teardown
 * patterns. */
#ifndef TCPCLOSE_PATTERN_H
#define TCPCLOSE_PATTERN_H

#include "memory.h"

/* The pattern as known from the segments so far; first rule that fits. O(1). */
enum tcp_pattern pattern_of(const struct memory *memory);

/* The accepted RST came before any FIN. */
bool pattern_is_reset(const struct memory *memory);

/* A RST of that side ended the connection: accepted, and before both FINs were acknowledged. */
bool pattern_is_reset_by(const struct memory *memory, unsigned side);

#endif
