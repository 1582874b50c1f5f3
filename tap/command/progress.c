/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include <glib.h>

enum { INTERVAL_US = 200000 };

struct progress {
    gint64 begin_us;
    gint64 next_us; /* when it is told again */
};

struct progress *
progress_begin(bool writes_meanwhile)
{
    struct progress *progress;

    if (!isatty(STDERR_FILENO) || (writes_meanwhile && isatty(STDOUT_FILENO)))
        return NULL;
    progress = g_new(struct progress, 1);
    progress->begin_us = g_get_monotonic_time();
    progress->next_us = progress->begin_us + INTERVAL_US;
    return progress;
}

void
progress_tell(struct progress *progress, uint32_t packets, double part)
{
    gint64 now_us;

    if (!progress)
        return;
    now_us = g_get_monotonic_time();
    if (now_us < progress->next_us)
        return;
    progress->next_us = now_us + INTERVAL_US;
    fputc('\r', stderr);
    if (part >= 0)
        fprintf(stderr, "%d %%, ", (int)(part * 100));
    fprintf(stderr, "%u packets, %.0f a second   ", packets,
            packets * (double)G_USEC_PER_SEC / (double)(now_us - progress->begin_us));
}

void
progress_erase(const struct progress *progress)
{
    if (progress)
        fputs("\r\033[K", stderr);
}

void
progress_end(struct progress *progress)
{
    progress_erase(progress);
    g_free(progress);
}
