/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary is made from the visits when it is asked for; nothing of it is stored. */
#include "summary.h"

#include "visits.h"

/* Where time stamps jump to and fro, there can be more time than fits. */
static int64_t
add_ns(int64_t sum_ns, int64_t ns)
{
    return ns > INT64_MAX - sum_ns ? INT64_MAX : sum_ns + ns;
}

static void
add_visit(void *context, const struct visit *visit)
{
    struct role_summary *role = &((struct summary *)context)->role[visit->role];

    role->visits[visit->state]++;
    role->dwell_ns[visit->state] =
        add_ns(role->dwell_ns[visit->state], visit->to.ns - visit->from.ns);
    if (visit->censored)
        role->censored |= 1U << visit->state;
    role->final_state = visit->state;
}

struct summary
summary_of(const struct stream *stream, int64_t end_ns)
{
    struct summary summary = {.outcome = outcome_of(stream)};

    visits_walk(stream, end_ns, add_visit, &summary);
    return summary;
}
