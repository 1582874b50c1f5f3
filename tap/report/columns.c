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

static char *
write_seconds(char *at, int64_t ns)
{
    const uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    const uint32_t rest = (uint32_t)(size % NS_PER_S);

    if (ns < 0)
        *at++ = '-';
    at = write_number(at, size / NS_PER_S);
    *at++ = '.';
    *at++ = (char)('0' + rest / EIGHT_DIGITS);
    return write_eight_digits(at, rest % EIGHT_DIGITS);
}

static char *
write_percent(char *at, uint64_t tenths)
{
    at = write_number(at, tenths / 10);
    *at++ = '.';
    *at++ = (char)('0' + tenths % 10);
    return at;
}

char *
value_write(char *at, enum column_kind kind, struct value value)
{
    switch (kind) {
    case COLUMN_TEXT:
        break;
    case COLUMN_COUNT:
    case COLUMN_BYTES:
        return write_number(at, value.number);
    case COLUMN_PERCENT:
        return write_percent(at, value.number);
    case COLUMN_DURATION:
    case COLUMN_SPAN:
    case COLUMN_TIME:
        return write_seconds(at, value.ns);
    case COLUMN_BOOL:
        return value.number ? write_bytes(at, "true", 4) : write_bytes(at, "false", 5);
    }
    return at;
}

void
value_append(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent || value->is_none)
        return;
    if (column->kind == COLUMN_DURATION) {
        append_duration(out, value);
    } else if (column->kind == COLUMN_SPAN) {
        span_append(out, value->ns, value->at_least);
    } else if (column->kind == COLUMN_TEXT) {
        append_text(out, value->text);
    } else {
        char *at = append_room(out, append_begin(out), VALUE_MAX);

        append_end(out, value_write(at, column->kind, *value));
    }
}
