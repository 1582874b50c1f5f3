/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary.h"

#include "course.h"

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
    if (!visit->proved)
        role->assumed |= 1U << visit->state;
    role->final_state = visit->state;
}

struct summary
summary_of_course(const struct stream *stream, const struct course *course, int64_t end_ns)
{
    struct summary summary = {.outcome = outcome_of(stream, end_ns)};

    course_walk(course, end_ns, add_visit, &summary);
    return summary;
}

struct summary
summary_of(const struct stream *stream, int64_t end_ns)
{
    struct course *course = course_new(stream);
    struct summary summary = summary_of_course(stream, course, end_ns);

    course_free(course);
    return summary;
}
