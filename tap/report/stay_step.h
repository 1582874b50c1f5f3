/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One more from an instant on, or one less: where a stay begins, and where it ends. There are many.
 */
#ifndef TCPCLOSE_STAY_STEP_H
#define TCPCLOSE_STAY_STEP_H

#include "course.h"

struct stay_step {
    int64_t ns; /* with frame: a struct instant, without its padding */
    uint32_t frame;
    int32_t delta; /* +1 or -1 */
};

static inline struct stay_step
stay_step_at(struct instant at, int32_t delta)
{
    return (struct stay_step){.ns = at.ns, .frame = at.frame, .delta = delta};
}

/* Below, equal to or above 0, as one comes before the other. Of two in the same frame, the end of a
 * stay comes first. */
static inline int
stay_step_compare(const struct stay_step *step, const struct stay_step *other)
{
    if (step->ns != other->ns)
        return step->ns < other->ns ? -1 : 1;
    if (step->frame != other->frame)
        return step->frame < other->frame ? -1 : 1;
    return step->delta - other->delta;
}

#endif
