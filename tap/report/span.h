/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A time for people who read it at a glance: "167us", "4.0ms", "1.15s". */
#ifndef TCPCLOSE_SPAN_H
#define TCPCLOSE_SPAN_H

#include <glib.h>
#include <stdbool.h>

/*
 * Appends the time, which is not negative, in the unit that leaves three or four digits: rounded,
 * or with at_least as a lower bound, cut and with ">=" before it.
 */
void span_append(GString *out, int64_t ns, bool at_least);

#endif
