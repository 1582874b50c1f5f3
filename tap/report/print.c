/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "print.h"

#include "machine.h"
#include "overview.h"
#include "text.h"

/* Writes the lines and empties them. */
static bool
put(FILE *out, GString *lines)
{
    bool done = fwrite(lines->str, 1, lines->len, out) == lines->len;

    g_string_truncate(lines, 0);
    return done;
}

typedef void append_row(GString *out, const struct column *columns, unsigned count,
                        const void *row);

/* Behind the lines that are there, all rows. Stops where nothing more can be written. */
static void
print_rows(FILE *out, GString *lines, struct rows *rows, append_row *append)
{
    enum { ENOUGH = 1 << 16 }; /* a write a row is a system call for every few of them */
    const struct report *report = rows->report;
    bool done = true;

    for (unsigned i = 0; done && i < rows_count(rows); i++) {
        append(lines, report->columns, report->column_count, rows_row(rows, i));
        if (lines->len >= ENOUGH)
            done = put(out, lines);
    }
    if (done)
        put(out, lines);
}

static void
print_csv(FILE *out, struct rows *rows, bool goes_on)
{
    const struct report *report = rows->report;
    GString *lines = g_string_new(NULL);

    if (!goes_on)
        csv_append_header(lines, report->columns, report->column_count);
    print_rows(out, lines, rows, csv_append_row);
    g_string_free(lines, TRUE);
}

static void
print_json(FILE *out, struct rows *rows)
{
    GString *lines = g_string_new(NULL);

    print_rows(out, lines, rows, json_append_row);
    g_string_free(lines, TRUE);
}

void
report_print(FILE *out, struct rows *rows, bool goes_on)
{
    switch (rows->report->form) {
    case FORM_TEXT:
        text_print(out, rows);
        break;
    case FORM_CSV:
        print_csv(out, rows, goes_on);
        break;
    case FORM_JSON:
        print_json(out, rows);
        break;
    case FORM_PAGE:
        overview_print(out, rows);
        break;
    }
}

bool
report_is_written(FILE *out)
{
    return fflush(out) == 0 && !ferror(out);
}
