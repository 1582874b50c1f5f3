/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is read soon. The streams of a capture do not fit the processor's caches: who reads
 * one after the other would spend half of that time waiting for them. No result depends on it.
 */
#ifndef TCPCLOSE_FETCH_H
#define TCPCLOSE_FETCH_H

#include <stddef.h>

static inline void
fetch(const void *begin, size_t size)
{
#ifdef __GNUC__
    enum { CACHE_LINE = 64 };

    for (size_t at = 0; at < size; at += CACHE_LINE)
        __builtin_prefetch((const char *)begin + at);
    /* Else GCC leaves out the calls of a function that does nothing but this. */
    __asm__ volatile("" : : "r"(begin));
#else
    (void)begin;
    (void)size;
#endif
}

#endif
