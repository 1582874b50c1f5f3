/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rows.h"

struct rows *
rows_begin(const struct report *report, const struct report_input *input)
{
    struct rows *rows = (struct rows *)g_malloc0(report->source->size);

    rows->report = report;
    rows->input = *input;
    if (report->source->begin)
        report->source->begin(rows);
    return rows;
}

void
rows_free(struct rows *rows)
{
    rows->report->source->clear(rows);
    g_free(rows);
}

void
rows_collect(struct rows *rows, const struct stream_entry *entry)
{
    rows->report->source->collect(rows, entry);
}

void
rows_advance(struct rows *rows, int64_t end_ns)
{
    rows->input.end_ns = end_ns;
}

void
rows_collect_all(struct rows *rows, const struct stream_entries *entries)
{
    GPtrArray *sorted = stream_entries_sorted(entries);

    for (unsigned i = 0; i < sorted->len; i++) {
        if (!rows->report->source->is_of_streams)
            stream_entries_ahead(sorted, i);
        rows_collect(rows, (const struct stream_entry *)g_ptr_array_index(sorted, i));
    }
    g_ptr_array_unref(sorted);
}

void
rows_changed(struct rows *rows, take_row *take, void *context)
{
    rows->report->source->changed(rows, take, context);
}

char *
rows_finish(struct rows *rows)
{
    return rows->report->source->finish ? rows->report->source->finish(rows) : NULL;
}

unsigned
rows_count(const struct rows *rows)
{
    return rows->report->source->count(rows);
}

const void *
rows_row(struct rows *rows, unsigned index)
{
    return rows->report->source->row(rows, index);
}
