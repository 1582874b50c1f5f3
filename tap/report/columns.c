/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

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

    g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ".%09u", ns < 0 ? "-" : "", size / NS_PER_S,
                           (unsigned)(size % NS_PER_S));
}

void
value_append_exact(GString *out, const struct column *column, const struct value *value)
{
    switch (column->kind) {
    case COLUMN_TEXT:
        g_string_append(out, value->text);
        break;
    case COLUMN_COUNT:
    case COLUMN_BYTES:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, value->number);
        break;
    case COLUMN_PERCENT:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT ".%u", value->number / 10,
                               (unsigned)(value->number % 10));
        break;
    case COLUMN_DURATION:
    case COLUMN_TIME:
        append_seconds(out, value->ns);
        break;
    case COLUMN_BOOL:
        g_string_append(out, value->number ? "true" : "false");
        break;
    }
}

void
value_append(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent)
        return;
    if (column->kind == COLUMN_DURATION)
        append_duration(out, value);
    else
        value_append_exact(out, column, value);
}
