/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of the capture as the user gave it, against the capture. */
#ifndef TCPCLOSE_CAPTURE_END_H
#define TCPCLOSE_CAPTURE_END_H

#include "rows.h"

/*
 * Why nothing can be reported with the end that the user gave: it is no time, or there are segments
 * after it. One sentence, freed by the caller; NULL: there is nothing against it.
 */
char *capture_end_problem(const struct report_input *input);

#endif
