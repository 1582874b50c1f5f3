/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The course of an endpoint's close for people, with the time in each state:
 * "FW1 4.0ms > FW2? 96.3ms > TW >=1.15s".
 */
#ifndef TCPCLOSE_COURSE_TEXT_H
#define TCPCLOSE_COURSE_TEXT_H

#include <glib.h>

#include "course.h"

/* What the signs stand for: a line with its end, and the begin of another. */
#define COURSE_LEGEND                                                                        \
    "FW1 FIN_WAIT_1, FW2 FIN_WAIT_2, CW CLOSE_WAIT, CG CLOSING, LA LAST_ACK, TW TIME_WAIT\n" \
    "? assumed, not proved; >= not seen to end"

/*
 * Replaces the text of each role (GString, by enum role) by its visits of closing states in order:
 * '?' behind an assumed one, ">=" before a time that was not seen to end; "" where there is none.
 * end_ns: the newest time stamp of the capture. Costs a walk over the visits.
 */
void course_text(const struct course *course, int64_t end_ns, GString *const text[ROLE_COUNT]);

#endif
