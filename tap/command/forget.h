/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which streams are forgotten, and when: bounded memory for captures of any length. */
#ifndef TCPCLOSE_FORGET_H
#define TCPCLOSE_FORGET_H

#include <stdbool.h>
#include <stdint.h>

struct capture;
struct forgetting;

/* As zeros: nothing is forgotten. */
struct bound {
    int64_t idle_ns;    /* a stream is finished that has no segment for so long; 0: none is */
    uint64_t max_bytes; /* that streams take; 0: any number */
    bool keeps_open;    /* what is told of an open stream depends on the capture's end, and has to
                           be right: only the lack of memory has such streams forgotten */
};

static inline bool
bound_is_set(const struct bound *bound)
{
    return bound->idle_ns > 0 || bound->max_bytes > 0;
}

/* Both live as long as the process. */
struct forgetting *forgetting_new(const struct bound *bound, const struct capture *capture);

/* A stream that the capture has not had. Amortised O(log n). */
void forgetting_note(struct forgetting *forgetting, uint32_t number);

/*
 * The number of a stream that is to be forgotten, now that it is so late: the caller has to do it
 * before asking again. UINT32_MAX: there is none. Amortised O(log n).
 */
uint32_t forgetting_next(struct forgetting *forgetting, int64_t now_ns);

#endif
