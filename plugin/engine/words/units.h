/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of time. All times of the engine are in nanoseconds, in signed 64 bits. */
#ifndef TCPCLOSE_UNITS_H
#define TCPCLOSE_UNITS_H

#include <stdint.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

#endif
