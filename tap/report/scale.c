/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scale.h"

#include <math.h>

static int
compare_gaps(const void *a, const void *b)
{
    const int64_t gap = *(const int64_t *)a;
    const int64_t other = *(const int64_t *)b;

    return gap < other ? -1 : gap > other;
}

/* Gaps from here on are broken: ten times longer than all shorter ones together. INT64_MAX: none
 * is. */
static int64_t
least_broken(const int64_t *times_ns, unsigned count)
{
    const unsigned gaps = count - 1;
    int64_t *sorted = g_new(int64_t, gaps + 1);
    double shorter = 0;
    int64_t least = INT64_MAX;

    for (unsigned i = 0; i < gaps; i++)
        sorted[i] = times_ns[i + 1] - times_ns[i];
    qsort(sorted, gaps, sizeof(*sorted), compare_gaps);
    for (unsigned i = 0; i < gaps; i++)
        shorter += (double)sorted[i];
    for (unsigned i = gaps; i > 1; i--) {
        shorter -= (double)sorted[i - 1];
        if (shorter <= 0 || (double)sorted[i - 1] <= 10 * shorter)
            break;
        least = sorted[i - 1];
    }
    g_free(sorted);
    return least;
}

static void
break_gaps(struct scale *scale, const int64_t *times_ns, unsigned matters)
{
    const int64_t least = least_broken(times_ns, scale->count);
    double matter = 0; /* ns */

    for (unsigned i = 0; i + 1 < scale->count; i++) {
        const int64_t gap_ns = times_ns[i + 1] - times_ns[i];

        scale->broken[i] = gap_ns >= least;
        if (i >= matters && !scale->broken[i])
            matter += (double)gap_ns;
    }
    for (unsigned i = 0; i < matters && i + 1 < scale->count && matter > 0; i++)
        scale->broken[i] |= (double)(times_ns[i + 1] - times_ns[i]) > matter / 2;
}

/* What the gaps have that are neither broken nor stretched: their time, and the room for it. */
struct share {
    double ns;
    int width;
};

static struct share
share_of(const struct scale *scale, const int64_t *times_ns, int width)
{
    struct share share = {.width = width};

    for (unsigned i = 0; i + 1 < scale->count; i++) {
        const double gap_ns = (double)(times_ns[i + 1] - times_ns[i]);

        if (scale->broken[i])
            share.width -= SCALE_BREAK;
        else if (!(gap_ns * scale->px_per_ns >= SCALE_GAP_MIN)) /* 0 times infinity, too */
            share.width -= SCALE_GAP_MIN;
        else
            share.ns += gap_ns;
    }
    return share;
}

/* Each round stretches more gaps, and leaves less room for the others. */
static void
find_scale(struct scale *scale, const int64_t *times_ns, int width)
{
    double before;

    scale->px_per_ns = INFINITY;
    do {
        const struct share share = share_of(scale, times_ns, width);

        before = scale->px_per_ns;
        scale->px_per_ns = share.ns > 0 && share.width > 0 ? share.width / share.ns : 0;
    } while (scale->px_per_ns < before && scale->px_per_ns > 0);
}

struct scale
scale_make(const int64_t *times_ns, unsigned count, unsigned matters, int width)
{
    struct scale scale = {.count = count, .x = g_new0(int, count), .broken = g_new0(bool, count)};

    break_gaps(&scale, times_ns, matters);
    find_scale(&scale, times_ns, width);
    for (unsigned i = 0; i + 1 < count; i++) {
        const double px = (double)(times_ns[i + 1] - times_ns[i]) * scale.px_per_ns;

        scale.x[i + 1] = scale.x[i] + (scale.broken[i]      ? SCALE_BREAK
                                       : px < SCALE_GAP_MIN ? SCALE_GAP_MIN
                                                            : (int)px);
    }
    return scale;
}

void
scale_clear(struct scale *scale)
{
    g_free(scale->x);
    g_free(scale->broken);
}
