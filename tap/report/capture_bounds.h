/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The begin and the end of the capture as the user gave them, against the capture. */
#ifndef TCPCLOSE_CAPTURE_BOUNDS_H
#define TCPCLOSE_CAPTURE_BOUNDS_H

#include "rows.h"

/* When the capture begins: with its first frame, or earlier, if the user says so. */
int64_t capture_begin_ns(const struct policy *policy, int64_t first_frame_ns);

/*
 * Why nothing can be reported with the begin, or the end, that the user gave: it is no time, or
 * there are frames before it, or segments after it. One sentence, freed by the caller; NULL: there
 * is nothing against it.
 */
char *capture_begin_problem(const struct report_input *input);
char *capture_end_problem(const struct report_input *input);

#endif
