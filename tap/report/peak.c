/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A treap: a search tree by time that random priorities keep shallow. Each step knows the sum of
 * its subtree and the most that a running sum over it comes to; the root's is the answer.
 */
#include "peak.h"

enum { NONE = 0 }; /* no step: the first of the array stands for it */

struct peak_step {
    struct instant at;
    int32_t delta; /* +1 or -1 */
    int32_t sum;   /* of the deltas of the subtree */
    int32_t most;  /* of the running sums over the subtree; at least 0 */
    uint32_t priority;
    unsigned before; /* the subtrees: indices */
    unsigned after;
};

static struct peak_step *
step_at(const struct peak *peak, unsigned index)
{
    return &g_array_index(peak->steps, struct peak_step, index);
}

/* Of two steps in the same frame, the end of a stay comes first. */
static bool
is_before(const struct peak_step *step, const struct peak_step *other)
{
    int order = instant_compare(step->at, other->at);

    return order ? order < 0 : step->delta < other->delta;
}

static void
sum_up(struct peak *peak, unsigned index)
{
    struct peak_step *step = step_at(peak, index);
    const struct peak_step *before = step_at(peak, step->before);
    const struct peak_step *after = step_at(peak, step->after);
    int32_t here = before->sum + step->delta;

    step->sum = here + after->sum;
    step->most = MAX(before->most, here + after->most);
}

/* Splits a subtree into what comes before the step and what comes after it. */
static void
split(struct peak *peak, unsigned index, const struct peak_step *step, unsigned *before,
      unsigned *after)
{
    struct peak_step *root = step_at(peak, index);

    if (index == NONE) {
        *before = NONE;
        *after = NONE;
        return;
    }
    if (is_before(root, step)) {
        split(peak, root->after, step, &root->after, after);
        *before = index;
    } else {
        split(peak, root->before, step, before, &root->before);
        *after = index;
    }
    sum_up(peak, index);
}

/* Puts a step that is in the array into a subtree; returns the subtree's new root. */
static unsigned
insert(struct peak *peak, unsigned index, unsigned added)
{
    struct peak_step *root = step_at(peak, index);
    struct peak_step *step = step_at(peak, added);

    if (index == NONE || step->priority > root->priority) {
        split(peak, index, step, &step->before, &step->after);
        index = added;
    } else if (is_before(root, step)) {
        root->after = insert(peak, root->after, added);
    } else {
        root->before = insert(peak, root->before, added);
    }
    sum_up(peak, index);
    return index;
}

static void
add_step(struct peak *peak, struct instant at, int32_t delta)
{
    struct peak_step step = {.at = at, .delta = delta, .priority = g_random_int()};

    g_array_append_val(peak->steps, step);
    peak->root = insert(peak, peak->root, peak->steps->len - 1);
}

void
peak_clear(struct peak *peak)
{
    if (peak->steps)
        g_array_unref(peak->steps);
    *peak = (struct peak){0};
}

void
peak_add(struct peak *peak, const struct visit *visit)
{
    if (visit_is_empty(visit))
        return;
    if (!peak->steps) {
        peak->steps = g_array_new(FALSE, FALSE, sizeof(struct peak_step));
        g_array_append_val(peak->steps, ((struct peak_step){.delta = 0}));
    }
    add_step(peak, visit->from, +1);
    if (!visit->open)
        add_step(peak, visit->to, -1);
}

uint32_t
peak_most(const struct peak *peak)
{
    return peak->steps ? (uint32_t)step_at(peak, peak->root)->most : 0;
}
