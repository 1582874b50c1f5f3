/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows for programs: CSV (RFC 4180) and JSON, an object a line (RFC 8259). Both hold the columns
 * that have a name, in order, and are valid UTF-8 whatever the texts hold. A row is made in memory,
 * line end included; writing it is up to the caller.
 */
#ifndef TCPCLOSE_MACHINE_H
#define TCPCLOSE_MACHINE_H

#include "columns.h"

/* The names. */
void csv_append_header(GString *out, const struct column *columns, unsigned count);

/* Where there is nothing to say, the cell is empty. */
void csv_append_row(GString *out, const struct column *columns, unsigned count, const void *row);

/* Begins with "v", the version of the format; where there is nothing to say, the value is null. */
void json_append_row(GString *out, const struct column *columns, unsigned count, const void *row);

#endif
