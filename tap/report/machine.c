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

/*
 * A row, as it is written. There is always room for all its values, but for texts: so only a text
 * has to ask for it.
 */
struct line {
    GString *out;
    char *at;
    size_t room;
};

static struct line
line_begin(GString *out, size_t room)
{
    return (struct line){
        .out = out,
        .at = append_room(out, append_begin(out), room),
        .room = room,
    };
}

/* A text as it is. */
static void
add_text(struct line *line, const char *text)
{
    const size_t length = strlen(text);

    line->at = append_room(line->out, line->at, length + line->room);
    line->at = write_bytes(line->at, text, length);
}

/* The text as valid UTF-8, by way of the form's own function. */
static void
add_valid(struct line *line, const char *text, void (*append)(GString *out, const char *text))
{
    append_end(line->out, line->at);
    if (g_utf8_validate(text, -1, NULL)) {
        append(line->out, text);
    } else {
        char *valid = g_utf8_make_valid(text, -1);

        append(line->out, valid);
        g_free(valid);
    }
    *line = line_begin(line->out, line->room);
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
add_csv_value(struct line *line, const struct column *column, struct value value)
{
    if (value.absent)
        return;
    if (column->kind != COLUMN_TEXT)
        line->at = value_write(line->at, column->kind, value);
    else if (is_plain(column, value.text))
        add_text(line, value.text);
    else
        add_valid(line, value.text, append_csv_text);
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
    struct line line = line_begin(out, count * (1 + VALUE_MAX)); /* and commas */
    bool is_first = true;

    for (unsigned i = 0; i < count; i++) {
        if (!columns[i].name)
            continue;
        if (!is_first)
            *line.at++ = ',';
        add_csv_value(&line, &columns[i], columns[i].get(row, &columns[i]));
        is_first = false;
    }
    add_text(&line, CSV_LINE_END);
    append_end(out, line.at);
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
add_json_value(struct line *line, const struct column *column, struct value value)
{
    if (value.absent) {
        add_text(line, "null");
    } else if (column->kind != COLUMN_TEXT) {
        line->at = value_write(line->at, column->kind, value);
    } else if (is_plain(column, value.text)) {
        add_text(line, "\"");
        add_text(line, value.text);
        add_text(line, "\"");
    } else {
        add_valid(line, value.text, append_json_text);
    }
}

void
json_append_row(GString *out, const struct column *columns, unsigned count, const void *row)
{
    struct line line = line_begin(out, (1 + count) * VALUE_MAX);

    add_text(&line, "{\"v\":");
    line.at = write_number(line.at, JSON_VERSION);
    for (unsigned i = 0; i < count; i++) {
        if (!columns[i].name)
            continue;
        add_text(&line, ",\"");
        add_text(&line, columns[i].name);
        add_text(&line, "\":");
        add_json_value(&line, &columns[i], columns[i].get(row, &columns[i]));
    }
    add_text(&line, "}\n");
    append_end(out, line.at);
}
