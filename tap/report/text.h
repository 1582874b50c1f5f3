/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people. */
#ifndef TCPCLOSE_TEXT_H
#define TCPCLOSE_TEXT_H

#include <stdio.h>

#include "rows.h"

/* What a terminal is taken to have. */
enum { TEXT_WIDTH = 120 };

/*
 * Prints title, what selected the streams, the rows and the report's legend. Columns are as wide as
 * what is in them; a column that is empty in every row is left out. Where all of them are wider
 * than TEXT_WIDTH, those that fold go on below the row, in as many lines as they need. Makes each
 * row twice, so that they take no memory.
 */
void text_print(FILE *out, struct rows *rows);

#endif
