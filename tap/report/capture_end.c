/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_end.h"

#include <inttypes.h>

#include "epoch.h"
#include "units.h"

/* The input's end is the later one of the user's and the newest segment. */
char *
capture_end_problem(const struct report_input *input)
{
    const int64_t given_ns = input->policy.capture_end_ns;

    if (given_ns == EPOCH_UNREADABLE)
        return g_strdup("the end of the capture that was given has to be " EPOCH_FORM ".");
    if (given_ns == 0 || input->end_ns <= given_ns)
        return NULL;
    return g_strdup_printf("the capture cannot end at %" PRIi64 ".%09" PRIi64
                           ", as its last segment is of %" PRIi64 ".%09" PRIi64
                           ": give that time or a later one.",
                           given_ns / NS_PER_S, given_ns % NS_PER_S, input->end_ns / NS_PER_S,
                           input->end_ns % NS_PER_S);
}
