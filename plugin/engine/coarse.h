/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times that only serve to tell whether something was less than some ten milliseconds ago: rounded
 * down to 40 microseconds, they take 6 bytes, and hold for all times that a segment can have.
 */
#ifndef TCPCLOSE_ENGINE_COARSE_H
#define TCPCLOSE_ENGINE_COARSE_H

#include "segment.h"

#define COARSE_NS INT64_C(40000)

/* 48 bits, the low ones first: which unit since SEGMENT_TIME_MIN_NS, from 1. 0: never. */
struct coarse_time {
    uint16_t part[3];
};

_Static_assert((SEGMENT_TIME_MAX_NS - SEGMENT_TIME_MIN_NS) / COARSE_NS + 1 < INT64_C(1) << 48,
               "the whole range fits");

static inline struct coarse_time
coarse_time(int64_t ns)
{
    uint64_t unit = (uint64_t)(ns - SEGMENT_TIME_MIN_NS) / COARSE_NS + 1;

    return (struct coarse_time){{(uint16_t)unit, (uint16_t)(unit >> 16), (uint16_t)(unit >> 32)}};
}

/* The time back; never is 1970. */
static inline int64_t
coarse_time_ns(struct coarse_time time)
{
    int64_t unit = time.part[0] | (int64_t)time.part[1] << 16 | (int64_t)time.part[2] << 32;

    return unit ? (unit - 1) * COARSE_NS + SEGMENT_TIME_MIN_NS : 0;
}

#endif
