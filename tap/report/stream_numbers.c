/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_numbers.h"

#include "stream_rows.h"

static const struct numbers *
numbers(const void *row, const struct column *column)
{
    return &stream_row(row)->numbers[column->role];
}

struct value
stream_get_isn(const void *row, const struct column *column)
{
    const struct numbers *of = numbers(row, column);

    return (struct value){.absent = !of->has_isn, .number = of->isn};
}

struct value
stream_get_first_number(const void *row, const struct column *column)
{
    const struct numbers *of = numbers(row, column);

    return (struct value){.absent = !of->has_sent, .number = of->first};
}

struct value
stream_get_next_number(const void *row, const struct column *column)
{
    const struct numbers *of = numbers(row, column);

    return (struct value){.absent = !of->has_sent, .number = of->next};
}

struct value
stream_get_acked_number(const void *row, const struct column *column)
{
    const struct numbers *of = numbers(row, column);

    return (struct value){.absent = !of->has_acked, .number = of->acked};
}

struct value
stream_get_has_fin(const void *row, const struct column *column)
{
    return (struct value){.number = numbers(row, column)->has_fin};
}
