/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people on standard output. */
#ifndef TCPCLOSE_TEXT_H
#define TCPCLOSE_TEXT_H

#include "columns.h"

/* Where the rows come from: each is made when it is printed, so that they take no memory. */
struct text_rows {
    unsigned count;
    const void *(*row)(void *context, unsigned index); /* valid until the next call */
    void *context;
};

/*
 * Prints title, filter (NULL: none) and the rows. Columns are as wide as what is in them; a column
 * that is empty in every row is left out. Makes each row twice.
 */
void text_print(const char *title, const char *filter, const struct column *columns, unsigned count,
                const struct text_rows *rows);

#endif
