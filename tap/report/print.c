/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "print.h"

#include "machine.h"
#include "overview.h"
#include "text.h"

/* Writes the line and empties it. */
static bool
put(FILE *out, GString *line)
{
    bool done = fwrite(line->str, 1, line->len, out) == line->len;

    g_string_truncate(line, 0);
    return done;
}

static void
print_csv(FILE *out, struct rows *rows, bool goes_on)
{
    const struct report *report = rows->report;
    GString *line = g_string_new(NULL);
    bool done;

    if (!goes_on)
        csv_append_header(line, report->columns, report->column_count);
    done = put(out, line);
    for (unsigned i = 0; done && i < rows_count(rows); i++) {
        csv_append_row(line, report->columns, report->column_count, rows_row(rows, i));
        done = put(out, line);
    }
    g_string_free(line, TRUE);
}

static void
print_json(FILE *out, struct rows *rows)
{
    const struct report *report = rows->report;
    GString *line = g_string_new(NULL);
    bool done = true;

    for (unsigned i = 0; done && i < rows_count(rows); i++) {
        json_append_row(line, report->columns, report->column_count, rows_row(rows, i));
        done = put(out, line);
    }
    g_string_free(line, TRUE);
}

void
report_print(FILE *out, const char *filter, struct rows *rows, bool goes_on)
{
    switch (rows->report->form) {
    case FORM_TEXT:
        text_print(out, filter, rows);
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
