/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds the most connections in TIME_WAIT at one moment, and to which service. */
#ifndef TCPCLOSE_TIME_WAITS_H
#define TCPCLOSE_TIME_WAITS_H

#include "course.h"
#include "stream_entry.h"

struct time_waits;

struct time_waits *time_waits_new(void);
void time_waits_free(struct time_waits *time_waits);

/* A stay in TIME_WAIT. Amortised O(log n). */
void time_waits_add(struct time_waits *time_waits, const struct stream_entry *entry,
                    const struct visit *visit);

/*
 * Those who hold the most, at most three, in one sentence, with their share of a client's ephemeral
 * ports, of which there are so many; NULL: nobody was in TIME_WAIT. Freed by the caller.
 */
char *time_waits_text(const struct time_waits *time_waits, uint32_t port_range);

#endif
