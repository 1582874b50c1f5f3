/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "distribution.h"

#include "units.h"

enum {
    RECENT_MIN = 256,    /* recent is merged into sorted when it is longer than this, */
    RECENT_FRACTION = 64 /* and than this fraction of sorted */
};

static int64_t *
times_of(const GArray *array)
{
    return (int64_t *)(void *)array->data;
}

/* How many are less. */
static unsigned
rank_in(const GArray *array, int64_t ns)
{
    unsigned low = 0;
    unsigned high = array->len;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (times_of(array)[middle] < ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From the end, so that sorted needs no copy. */
static void
merge_recent(struct distribution *distribution)
{
    unsigned left = distribution->sorted->len;
    unsigned recent_left = distribution->recent->len;
    const int64_t *recent = times_of(distribution->recent);
    int64_t *sorted;

    g_array_set_size(distribution->sorted, left + recent_left);
    sorted = times_of(distribution->sorted);
    while (recent_left > 0) {
        unsigned to = left + recent_left - 1;

        if (left > 0 && sorted[left - 1] > recent[recent_left - 1])
            sorted[to] = sorted[--left];
        else
            sorted[to] = recent[--recent_left];
    }
    g_array_set_size(distribution->recent, 0);
}

void
distribution_clear(struct distribution *distribution)
{
    if (distribution->sorted) {
        g_array_unref(distribution->sorted);
        g_array_unref(distribution->recent);
    }
    *distribution = (struct distribution){0};
}

void
distribution_add(struct distribution *distribution, int64_t ns)
{
    if (!distribution->sorted) {
        distribution->sorted = g_array_new(FALSE, FALSE, sizeof(int64_t));
        distribution->recent = g_array_new(FALSE, FALSE, sizeof(int64_t));
    }
    g_array_insert_val(distribution->recent, rank_in(distribution->recent, ns), ns);
    if (distribution->recent->len > RECENT_MIN + distribution->sorted->len / RECENT_FRACTION)
        merge_recent(distribution);
    distribution->total_s += ns / NS_PER_S;
    distribution->total_ns += ns % NS_PER_S;
    if (distribution->total_ns >= NS_PER_S) {
        distribution->total_s++;
        distribution->total_ns -= NS_PER_S;
    }
}

unsigned
distribution_count(const struct distribution *distribution)
{
    return distribution->sorted ? distribution->sorted->len + distribution->recent->len : 0;
}

/* The time that index times come before: of these, some are in recent and the others in sorted. */
static int64_t
time_at(const struct distribution *distribution, unsigned index)
{
    const int64_t *sorted = times_of(distribution->sorted);
    const int64_t *recent = times_of(distribution->recent);
    unsigned count = distribution->sorted->len;
    unsigned recent_count = distribution->recent->len;
    unsigned low = index > count ? index - count : 0;
    unsigned high = MIN(index, recent_count);

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (recent[middle] < sorted[index - middle - 1])
            low = middle + 1;
        else
            high = middle;
    }
    if (low == recent_count)
        return sorted[index - low];
    if (index - low == count)
        return recent[low];
    return MIN(recent[low], sorted[index - low]);
}

int64_t
distribution_percentile(const struct distribution *distribution, unsigned percent)
{
    uint64_t rank = ((uint64_t)distribution_count(distribution) * percent + 99) / 100;

    return time_at(distribution, rank > 0 ? (unsigned)rank - 1 : 0);
}

/* Whole seconds first: the sum in nanoseconds may need more than 64 bits. */
int64_t
distribution_mean(const struct distribution *distribution)
{
    int64_t count = distribution_count(distribution);
    int64_t rest_ns = distribution->total_s % count * NS_PER_S + distribution->total_ns;

    return distribution->total_s / count * NS_PER_S + (rest_ns + count / 2) / count;
}
