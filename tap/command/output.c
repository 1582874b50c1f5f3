/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include <stdio.h>

#include "bpf.h"
#include "print.h"

struct output {
    const struct options *options;
    const struct collection *collection;
    struct rows *rows; /* of reports that add up; NULL: not yet */
    char *names;       /* of the files; owned */
    bool is_live;
    bool goes_on; /* rows were printed */
};

struct output *
output_new(const struct options *options, const struct collection *collection, bool is_live)
{
    struct output *output = g_new0(struct output, 1);

    output->options = options;
    output->names = g_strjoinv(";", options->files);
    output->collection = collection;
    output->is_live = is_live;
    return output;
}

void
output_free(struct output *output)
{
    if (output->rows)
        rows_free(output->rows);
    g_free(output->names);
    g_free(output);
}

static struct rows *
begin(const struct output *output)
{
    struct report_input input = collection_input(output->collection);

    input.interval_ns = output->options->interval_ns;
    input.selected = output->options->filter_text;
    if (output->options->bpf)
        input.bpf = bpf_expression(output->options->bpf);
    input.file.names = output->names;
    return rows_begin(output->options->report, &input);
}

/* Finishes the rows, prints and frees them. */
static bool
print(struct output *output, struct rows *rows)
{
    char *error = rows_finish(rows);
    bool is_done = !error;

    if (error)
        fprintf(stderr, "tcpclose: there is no report \"%s\": %s\n", output->options->report->name,
                error);
    else
        report_print(stdout, rows, output->goes_on);
    output->goes_on = true;
    rows_free(rows);
    g_free(error);
    return is_done;
}

void
output_take(void *context, const struct stream_entry *entry)
{
    struct output *output = (struct output *)context;
    struct rows *rows;

    if (output->options->report->source->needs_no_stream) {
        if (!output->rows)
            output->rows = begin(output);
        rows_advance(output->rows, collection_input(output->collection).end_ns);
        rows_collect(output->rows, entry);
        return;
    }
    rows = begin(output);
    rows_collect(rows, entry);
    print(output, rows);
    if (output->is_live)
        fflush(stdout);
}

bool
output_is_in_parts(const struct output *output)
{
    const struct options *options = output->options;

    return bound_is_set(&options->bound) && !options->report->source->needs_no_stream;
}

bool
output_is_closed(const struct output *output G_GNUC_UNUSED)
{
    return ferror(stdout);
}

bool
output_finish(struct output *output)
{
    struct rows *rows = output->rows ? output->rows : begin(output);

    output->rows = NULL;
    rows_advance(rows, collection_input(output->collection).end_ns);
    rows_collect_all(rows, collection_entries(output->collection));
    return print(output, rows);
}
