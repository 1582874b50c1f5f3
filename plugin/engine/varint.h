/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers in as few bytes as they need, for what is kept of every stream: 7 bits a byte, the low
 * ones first, and the top bit where more follow (LEB128). Signed ones alternate: 0, -1, 1, -2, ...
 */
#ifndef TCPCLOSE_ENGINE_VARINT_H
#define TCPCLOSE_ENGINE_VARINT_H

#include <stdint.h>

enum { VARINT_MAX_32 = 5, VARINT_MAX_64 = 10 }; /* bytes */

/* Answers the place after the number. */
static inline uint8_t *
varint_put(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    return at;
}

/* Moves *at behind the number. */
static inline uint64_t
varint_take(const uint8_t **at)
{
    uint64_t value = *(*at)++;

    if (value < 0x80)
        return value;
    value &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint8_t byte = *(*at)++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

static inline uint64_t
varint_from_signed(int64_t value)
{
    return value < 0 ? ~((uint64_t)value << 1) : (uint64_t)value << 1;
}

static inline int64_t
varint_to_signed(uint64_t value)
{
    return (int64_t)(value & 1 ? ~(value >> 1) : value >> 1);
}

#endif
