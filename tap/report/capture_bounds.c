/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_bounds.h"

#include <inttypes.h>

#include "epoch.h"
#include "units.h"

#define MOMENT "%" PRIi64 ".%09" PRIi64

int64_t
capture_begin_ns(const struct policy *policy, int64_t first_frame_ns)
{
    return policy->capture_begin_ns > 0 ? MIN(policy->capture_begin_ns, first_frame_ns)
                                        : first_frame_ns;
}

/* The input's begin is the earlier one of the user's and the first frame. */
char *
capture_begin_problem(const struct report_input *input)
{
    const int64_t given_ns = input->policy.capture_begin_ns;

    if (given_ns == EPOCH_UNREADABLE)
        return g_strdup("the begin of the capture that was given has to be " EPOCH_FORM ".");
    if (given_ns == 0 || input->begin_ns >= given_ns)
        return NULL;
    return g_strdup_printf("the capture cannot begin at " MOMENT
                           ", as its first frame is of " MOMENT
                           ": give that time or an earlier one.",
                           given_ns / NS_PER_S, given_ns % NS_PER_S, input->begin_ns / NS_PER_S,
                           input->begin_ns % NS_PER_S);
}

/* The input's end is the later one of the user's and the newest segment. */
char *
capture_end_problem(const struct report_input *input)
{
    const int64_t given_ns = input->policy.capture_end_ns;

    if (given_ns == EPOCH_UNREADABLE)
        return g_strdup("the end of the capture that was given has to be " EPOCH_FORM ".");
    if (given_ns == 0 || input->end_ns <= given_ns)
        return NULL;
    return g_strdup_printf("the capture cannot end at " MOMENT ", as its last segment is of " MOMENT
                           ": give that time or a later one.",
                           given_ns / NS_PER_S, given_ns % NS_PER_S, input->end_ns / NS_PER_S,
                           input->end_ns % NS_PER_S);
}
