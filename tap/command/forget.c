/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "forget.h"

#include <glib.h>

#include "capture.h"
#include "deadlines.h"

/*
 * What a stream takes, as measured with 1,000,000 of them, most with a four-way close: its record
 * and log, its entry and names, its conversation, and what lies between them.
 */
enum { STREAM_BYTES = 1000 };

/* Of those that memory is needed from. */
struct candidate {
    bool is_open;
    int64_t last_ns;
    uint32_t number;
};

struct forgetting {
    struct bound bound;
    const struct capture *capture;
    struct deadlines looks; /* numbers: such a stream is looked at then */
    GArray *candidates;     /* struct candidate: the next one last */
    uint64_t count;         /* of streams that are there */
    uint64_t count_max;
};

struct forgetting *
forgetting_new(const struct bound *bound, const struct capture *capture)
{
    struct forgetting *forgetting = g_new0(struct forgetting, 1);

    forgetting->bound = *bound;
    forgetting->capture = capture;
    forgetting->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
    forgetting->count_max =
        bound->max_bytes > 0 ? MAX(bound->max_bytes / STREAM_BYTES, 1) : UINT64_MAX;
    return forgetting;
}

/* ---- idle streams ---- */

static void
look_at(struct forgetting *forgetting, uint32_t number, int64_t due_ns)
{
    deadlines_push(&forgetting->looks, (struct deadline){due_ns, GUINT_TO_POINTER(number)});
}

void
forgetting_note(struct forgetting *forgetting, uint32_t number)
{
    forgetting->count++;
    if (forgetting->bound.idle_ns > 0)
        look_at(forgetting, number, INT64_MIN);
}

/* When the stream is finished, if nothing more is heard of it. */
static int64_t
due_ns(const struct forgetting *forgetting, const struct stream_rest *rest)
{
    const int64_t idle_ns = forgetting->bound.idle_ns;
    const int64_t idle_end_ns =
        rest->last_ns > INT64_MAX - idle_ns ? INT64_MAX : rest->last_ns + idle_ns;

    return MAX(idle_end_ns, rest->time_wait_end_ns);
}

/* When to look again at one that cannot be forgotten: the longer it is silent, the more seldom. */
static int64_t
again_ns(const struct forgetting *forgetting, const struct stream_rest *rest, int64_t now_ns)
{
    const int64_t wait_ns = MAX(forgetting->bound.idle_ns, now_ns - rest->last_ns);

    return now_ns > INT64_MAX - wait_ns ? INT64_MAX : now_ns + wait_ns;
}

static uint32_t
next_idle(struct forgetting *forgetting, int64_t now_ns)
{
    struct deadlines *looks = &forgetting->looks;

    while (looks->count > 0 && deadlines_next_ns(looks) <= now_ns) {
        const uint32_t number = GPOINTER_TO_UINT(deadlines_pop(looks).item);
        struct stream_rest rest;
        int64_t look_ns;

        if (!capture_stream(forgetting->capture, number))
            continue; /* memory was needed */
        rest = capture_rest(forgetting->capture, number);
        look_ns = due_ns(forgetting, &rest);
        if (look_ns <= now_ns && !rest.has_older && !(rest.is_open && forgetting->bound.keeps_open))
            return number;
        if (look_ns <= now_ns)
            look_ns = again_ns(forgetting, &rest, now_ns);
        look_at(forgetting, number, look_ns);
    }
    return UINT32_MAX;
}

/* ---- memory ---- */

/* Those that have ended come last, as they go first; of these, the longest idle. */
static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *candidate = (const struct candidate *)a;
    const struct candidate *other = (const struct candidate *)b;

    if (candidate->is_open != other->is_open)
        return candidate->is_open ? -1 : 1;
    if (candidate->last_ns != other->last_ns)
        return candidate->last_ns > other->last_ns ? -1 : 1;
    return candidate->number > other->number ? -1 : candidate->number < other->number;
}

/* An eighth more than is too much, so that looking at all of them pays. */
static void
find_candidates(struct forgetting *forgetting, int64_t now_ns)
{
    const struct capture *capture = forgetting->capture;
    GArray *candidates = forgetting->candidates;
    const uint64_t freed = forgetting->count - forgetting->count_max + forgetting->count_max / 8;

    for (uint32_t number = capture_next(capture, 0); number != UINT32_MAX;
         number = capture_next(capture, number + 1)) {
        const struct stream_rest rest = capture_rest(capture, number);
        const struct candidate candidate = {
            .is_open = rest.is_open || rest.time_wait_end_ns > now_ns,
            .last_ns = rest.last_ns,
            .number = number,
        };

        g_array_append_val(candidates, candidate);
    }
    g_array_sort(candidates, compare_candidates);
    if (candidates->len > freed)
        g_array_remove_range(candidates, 0, candidates->len - (unsigned)freed);
}

/* The newest stream may be the only one that is there, and stays. */
static uint32_t
next_candidate(struct forgetting *forgetting, int64_t now_ns)
{
    GArray *candidates = forgetting->candidates;

    if (candidates->len == 0 && forgetting->count > forgetting->count_max)
        find_candidates(forgetting, now_ns);
    while (candidates->len > 0) {
        const uint32_t number =
            g_array_index(candidates, struct candidate, candidates->len - 1).number;

        g_array_set_size(candidates, candidates->len - 1);
        if (capture_stream(forgetting->capture, number) &&
            !capture_rest(forgetting->capture, number).has_older)
            return number;
    }
    return UINT32_MAX;
}

uint32_t
forgetting_next(struct forgetting *forgetting, int64_t now_ns)
{
    uint32_t number = next_idle(forgetting, now_ns);

    if (number == UINT32_MAX)
        number = next_candidate(forgetting, now_ns);
    if (number != UINT32_MAX)
        forgetting->count--;
    return number;
}
