/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence numbers: arithmetic modulo 2^32 (RFC 9293 section 3.4). Two numbers compare as the
 * shorter way around says; exactly half a circle apart, each is "before" the other.
 */
#ifndef TCPCLOSE_SEQ_H
#define TCPCLOSE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

static inline bool
seq_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static inline bool
seq_after(uint32_t a, uint32_t b)
{
    return seq_before(b, a);
}

static inline uint32_t
seq_max(uint32_t a, uint32_t b)
{
    return seq_after(b, a) ? b : a;
}

/* low <= s <= high, going upwards from low */
static inline bool
seq_between(uint32_t s, uint32_t low, uint32_t high)
{
    return s - low <= high - low;
}

#endif
