/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

#include "append.h"
#include "span.h"
#include "units.h"

/* To the microsecond: a measured time is rounded, a lower bound is cut so that it stays one. */
static void
append_duration(GString *out, const struct value *value)
{
    enum { US_PER_S = NS_PER_S / NS_PER_US };
    bool up = !value->at_least && value->ns % NS_PER_US >= NS_PER_US / 2;
    int64_t us = value->ns / NS_PER_US + up;

    g_string_append_printf(out, "%s%" G_GINT64_FORMAT ".%06d", value->at_least ? ">=" : "",
                           us / US_PER_S, (int)(us % US_PER_S));
}

static void
append_seconds(GString *out, int64_t ns)
{
    uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

    if (ns < 0)
        g_string_append_c(out, '-');
    append_number(out, size / NS_PER_S);
    append_bytes(out, ".", 1);
    append_last_digits(out, size % NS_PER_S, 9);
}

void
value_append_exact(GString *out, const struct column *column, const struct value *value)
{
    switch (column->kind) {
    case COLUMN_TEXT:
        append_text(out, value->text);
        break;
    case COLUMN_COUNT:
    case COLUMN_BYTES:
        append_number(out, value->number);
        break;
    case COLUMN_PERCENT:
        append_number(out, value->number / 10);
        g_string_append_c(out, '.');
        append_last_digits(out, value->number, 1);
        break;
    case COLUMN_DURATION:
    case COLUMN_SPAN:
    case COLUMN_TIME:
        append_seconds(out, value->ns);
        break;
    case COLUMN_BOOL:
        append_text(out, value->number ? "true" : "false");
        break;
    }
}

void
value_append(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent || value->is_none)
        return;
    if (column->kind == COLUMN_DURATION)
        append_duration(out, value);
    else if (column->kind == COLUMN_SPAN)
        span_append(out, value->ns, value->at_least);
    else
        value_append_exact(out, column, value);
}
