/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#include <string.h>

#include "append.h"

/* Goes up when a column is renamed, removed or gets another meaning, not for a new column. */
enum { JSON_VERSION = 2 };

/* CRLF, as RFC 4180 wants it: on Windows, standard output makes that of a line feed. */
#ifdef G_OS_WIN32
static const char CSV_LINE_END[] = "\n";
#else
static const char CSV_LINE_END[] = "\r\n";
#endif

/* Printable ASCII, and nothing that a form has to quote: it stands there as it is. */
static bool
is_plain(const struct column *column, const char *text)
{
    if (column->is_plain)
        return true;
    /* as nearly all are */
    while (g_ascii_isalnum(*text) ||
           (*text >= ' ' && *text <= '~' && *text != '"' && *text != ',' && *text != '\\'))
        text++;
    return *text == '\0';
}

/* The text as valid UTF-8, by way of the form's own function. */
static void
append_valid(GString *out, const char *text, void (*append)(GString *out, const char *text))
{
    char *valid;

    if (g_utf8_validate(text, -1, NULL)) {
        append(out, text);
        return;
    }
    valid = g_utf8_make_valid(text, -1);
    append(out, valid);
    g_free(valid);
}

/* ---- CSV ---- */

/* RFC 4180 section 2, rules 5 to 7 */
static void
append_csv_text(GString *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void
append_csv_value(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent)
        return;
    if (column->kind == COLUMN_TEXT && !is_plain(column, value->text))
        append_valid(out, value->text, append_csv_text);
    else
        value_append_exact(out, column, value);
}

void
csv_append_header(GString *out, const struct column *columns, unsigned count)
{
    const char *comma = "";

    for (unsigned i = 0; i < count; i++) {
        if (!columns[i].name)
            continue;
        g_string_append(out, comma);
        append_csv_text(out, columns[i].name);
        comma = ",";
    }
    g_string_append(out, CSV_LINE_END);
}

void
csv_append_row(GString *out, const struct column *columns, unsigned count, const void *row)
{
    bool is_first = true;

    for (unsigned i = 0; i < count; i++) {
        struct value value;

        if (!columns[i].name)
            continue;
        value = columns[i].get(row, &columns[i]);
        if (!is_first)
            append_bytes(out, ",", 1);
        append_csv_value(out, &columns[i], &value);
        is_first = false;
    }
    g_string_append(out, CSV_LINE_END);
}

/* ---- JSON ---- */

/* RFC 8259 section 7 */
static void
append_json_text(GString *out, const char *text)
{
    enum { FIRST_PRINTABLE = 0x20 };

    g_string_append_c(out, '"');
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            g_string_append_c(out, '\\');
        if (byte < FIRST_PRINTABLE)
            g_string_append_printf(out, "\\u%04x", byte);
        else
            g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void
append_json_value(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent) {
        append_text(out, "null");
    } else if (column->kind != COLUMN_TEXT) {
        value_append_exact(out, column, value);
    } else if (is_plain(column, value->text)) {
        append_bytes(out, "\"", 1);
        append_text(out, value->text);
        append_bytes(out, "\"", 1);
    } else {
        append_valid(out, value->text, append_json_text);
    }
}

void
json_append_row(GString *out, const struct column *columns, unsigned count, const void *row)
{
    g_string_append_printf(out, "{\"v\":%d", JSON_VERSION);
    for (unsigned i = 0; i < count; i++) {
        struct value value;

        if (!columns[i].name)
            continue;
        value = columns[i].get(row, &columns[i]);
        append_bytes(out, ",\"", 2);
        append_text(out, columns[i].name);
        append_bytes(out, "\":", 2);
        append_json_value(out, &columns[i], &value);
    }
    g_string_append(out, "}\n");
}
