/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report in its form, from its rows to a file. */
#ifndef TCPCLOSE_PRINT_H
#define TCPCLOSE_PRINT_H

#include <stdio.h>

#include "rows.h"

/*
 * Prints the rows, which have to be finished. goes_on: rows of the same report were printed before,
 * CSV has its header. Stops where nothing more can be written: see report_is_written().
 */
void report_print(FILE *out, struct rows *rows, bool goes_on);

/* All that was printed is written; if not, errno says why. */
bool report_is_written(FILE *out);

#endif
