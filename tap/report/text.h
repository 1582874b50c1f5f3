/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people. */
#ifndef TCPCLOSE_TEXT_H
#define TCPCLOSE_TEXT_H

#include <stdio.h>

#include "rows.h"

/*
 * Prints title, filter (NULL: none) and the rows. Columns are as wide as what is in them; a column
 * that is empty in every row is left out. Makes each row twice, so that they take no memory.
 */
void text_print(FILE *out, const char *filter, struct rows *rows);

#endif
