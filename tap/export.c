/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export.h"

#include <stdio.h>

#include "machine.h"
#include "report.h"

typedef void (*append_row)(GString *out, const struct column *columns, unsigned count,
                           const void *row);

/* Writes the line and empties it. After an error nothing more is written: see report.c. */
static bool
put(GString *line)
{
    bool done = fwrite(line->str, 1, line->len, stdout) == line->len;

    g_string_truncate(line, 0);
    return done;
}

static void
put_streams(const struct report_run *run, append_row append)
{
    GPtrArray *streams = selection_sorted(&run->selection);
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < streams->len; i++) {
        struct stream_row row = stream_row_of(
            (const struct selected_stream *)g_ptr_array_index(streams, i), run->end_ns);

        append(line, stream_columns, stream_column_count, &row);
        if (!put(line))
            break;
    }
    g_string_free(line, TRUE);
    g_ptr_array_unref(streams);
}

static void
draw_csv(const struct report_run *run)
{
    GString *line = g_string_new(NULL);

    csv_append_header(line, stream_columns, stream_column_count);
    if (put(line))
        put_streams(run, csv_append_row);
    g_string_free(line, TRUE);
}

static void
draw_json(const struct report_run *run)
{
    put_streams(run, json_append_row);
}

void
export_register(void)
{
    static const struct report csv = {
        .name = "tcpclose,csv", .title = "TCP Close Streams (CSV)", .draw = draw_csv};
    static const struct report json = {
        .name = "tcpclose,json", .title = "TCP Close Streams (JSON)", .draw = draw_json};

    report_register(&csv);
    report_register(&json);
}
