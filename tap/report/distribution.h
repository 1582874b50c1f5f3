/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of measured times and its percentiles: exact, by nearest rank. The p-th percentile of n
 * times is the one of rank ceil(p * n / 100) in ascending order, and so always a time that was
 * measured; the 0th is the shortest.
 *
 * Takes 8 bytes a time. Can be asked at any moment, also after each time added: a dialog never
 * knows which segment is the last.
 */
#ifndef TCPCLOSE_DISTRIBUTION_H
#define TCPCLOSE_DISTRIBUTION_H

#include <glib.h>
#include <stdint.h>

/* Begins as zeros. */
struct distribution {
    GArray *sorted;  /* int64_t, nanoseconds, ascending */
    GArray *recent;  /* as sorted, and short: so that adding does not move all there is */
    int64_t total_s; /* the sum of all times: total_s seconds and total_ns, below a second */
    int64_t total_ns;
};

/* Back to none, and nothing owned. */
void distribution_clear(struct distribution *distribution);

/* Times are not negative. Amortised O(log n) and short moves of memory. */
void distribution_add(struct distribution *distribution, int64_t ns);

/* How many times were added. */
unsigned distribution_count(const struct distribution *distribution);

/* percent: 0 to 100; there has to be a time. O(log n). */
int64_t distribution_percentile(const struct distribution *distribution, unsigned percent);

/* To the nearest nanosecond; there has to be a time. O(1). */
int64_t distribution_mean(const struct distribution *distribution);

#endif
