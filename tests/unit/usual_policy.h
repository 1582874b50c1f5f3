/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of the network where a test says nothing else. */
#ifndef TCPCLOSE_TESTS_USUAL_POLICY_H
#define TCPCLOSE_TESTS_USUAL_POLICY_H

#include "policy.h"
#include "units.h"

static const struct policy usual_policy = {
    .two_msl_ns = POLICY_TWO_MSL_S * NS_PER_S,
    .close_wait_alarm_ns = POLICY_CLOSE_WAIT_ALARM_S * NS_PER_S,
};

#endif
