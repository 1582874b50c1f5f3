/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of a stream's sequence numbers, for programs: by them, SQL joins the rows of one
 * connection in several captures (captures/join.sql).
 */
#ifndef TCPCLOSE_STREAM_NUMBERS_H
#define TCPCLOSE_STREAM_NUMBERS_H

#include "columns.h"

/* Of a struct stream_row, and of the column's role. */
struct value stream_get_isn(const void *row, const struct column *column);
struct value stream_get_first_number(const void *row, const struct column *column);
struct value stream_get_next_number(const void *row, const struct column *column);
struct value stream_get_acked_number(const void *row, const struct column *column);
struct value stream_get_has_fin(const void *row, const struct column *column);

/* clang-format off */
#define NUMBER_COLUMN(ROLE, PROGRAM, get_) \
    {.name = PROGRAM, .kind = COLUMN_COUNT, .get = get_, .role = ROLE}
#define NUMBER_COLUMNS(ROLE, PROGRAM)                              \
    NUMBER_COLUMN(ROLE, PROGRAM "_isn", stream_get_isn),                  \
    NUMBER_COLUMN(ROLE, PROGRAM "_first_seq", stream_get_first_number),   \
    NUMBER_COLUMN(ROLE, PROGRAM "_next_seq", stream_get_next_number),     \
    NUMBER_COLUMN(ROLE, PROGRAM "_acked", stream_get_acked_number),       \
    {.name = PROGRAM "_fin", .kind = COLUMN_BOOL, .get = stream_get_has_fin, .role = ROLE}
/* clang-format on */

#endif
