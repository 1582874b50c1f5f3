/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "aggregate.h"

#include <string.h>

#include "dialog.h"
#include "text.h"

struct aggregate {
    const struct aggregate_report *report;
    uint32_t stream_count;
    GPtrArray *rows;    /* struct aggregate_row, owned, as shown */
    GHashTable *by_key; /* the same: rank and name -> row */
    GPtrArray *changed; /* by the newest stream; new ones in order */
    bool moved;         /* the newest stream put a row before others */
};

/* ---- rows ---- */

static unsigned
row_hash(const void *key)
{
    const struct aggregate_row *row = (const struct aggregate_row *)key;

    return row->rank + g_str_hash(row->name);
}

static gboolean
row_equal(const void *a, const void *b)
{
    const struct aggregate_row *row = (const struct aggregate_row *)a;
    const struct aggregate_row *other = (const struct aggregate_row *)b;

    return row->rank == other->rank && strcmp(row->name, other->name) == 0;
}

static void
row_free(void *data)
{
    struct aggregate_row *row = (struct aggregate_row *)data;
    const struct aggregate_report *report = row->whole->report;

    if (report->clear_row)
        report->clear_row(row);
    distribution_clear(&row->times);
    g_free(row->name);
    g_free(row);
}

static struct aggregate_row *
row_at(const GPtrArray *rows, unsigned index)
{
    return (struct aggregate_row *)g_ptr_array_index(rows, index);
}

static struct aggregate_row *
row_new(struct aggregate *aggregate, unsigned rank, const char *name)
{
    struct aggregate_row *row = (struct aggregate_row *)g_malloc0(aggregate->report->row_size);
    unsigned position = aggregate->rows->len;

    while (position > 0 && row_at(aggregate->rows, position - 1)->rank > rank)
        position--;
    aggregate->moved |= position < aggregate->rows->len;
    row->whole = aggregate;
    row->rank = rank;
    row->name = g_strdup(name);
    g_ptr_array_insert(aggregate->rows, (int)position, row);
    for (; position < aggregate->rows->len; position++)
        row_at(aggregate->rows, position)->position = position;
    g_hash_table_add(aggregate->by_key, row);
    return row;
}

struct aggregate_row *
aggregate_row(struct aggregate *aggregate, unsigned rank, const char *name)
{
    struct aggregate_row key = {.rank = rank, .name = (char *)name};
    struct aggregate_row *row =
        (struct aggregate_row *)g_hash_table_lookup(aggregate->by_key, &key);

    if (!row)
        row = row_new(aggregate, rank, name);
    if (row->changed_by != aggregate->stream_count) {
        row->changed_by = aggregate->stream_count;
        g_ptr_array_add(aggregate->changed, row);
    }
    return row;
}

/* ---- adding up ---- */

static void
aggregate_init(struct aggregate *aggregate, const struct aggregate_report *report)
{
    *aggregate = (struct aggregate){
        .report = report,
        .rows = g_ptr_array_new_with_free_func(row_free),
        .by_key = g_hash_table_new(row_hash, row_equal),
        .changed = g_ptr_array_new(),
    };
}

/* Of zeros there is nothing to clear. */
static void
aggregate_clear(struct aggregate *aggregate)
{
    if (!aggregate->rows)
        return;
    g_hash_table_destroy(aggregate->by_key);
    g_ptr_array_unref(aggregate->changed);
    g_ptr_array_unref(aggregate->rows);
}

static void
add_stream(struct aggregate *aggregate, const struct selected_stream *selected, int64_t end_ns)
{
    aggregate->stream_count++;
    aggregate->moved = false;
    g_ptr_array_set_size(aggregate->changed, 0);
    aggregate->report->add(aggregate, selected, end_ns);
}

/* ---- columns ---- */

static const struct aggregate_row *
of_column(const void *row)
{
    return (const struct aggregate_row *)row;
}

struct value
aggregate_get_count(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->count};
}

struct value
aggregate_get_count_with_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = distribution_count(&of_column(row)->times)};
}

struct value
aggregate_get_count_without_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = of_column(row);

    return (struct value){.number = of->count - distribution_count(&of->times)};
}

struct value
aggregate_share(uint32_t part, uint32_t whole)
{
    if (whole == 0)
        return (struct value){.absent = true};
    return (struct value){.number = (UINT64_C(1000) * part + whole / 2) / whole};
}

struct value
aggregate_get_stream_share(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = of_column(row);

    return aggregate_share(of->count, of->whole->stream_count);
}

struct value
aggregate_get_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->bytes};
}

struct value
aggregate_get_percentile(const void *row, const struct column *column)
{
    const struct distribution *times = &of_column(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_percentile(times, column->percent)};
}

struct value
aggregate_get_mean(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct distribution *times = &of_column(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_mean(times)};
}

/* ---- tshark ---- */

static int
compare_in_text(const void *a, const void *b)
{
    const struct aggregate_row *row = *(struct aggregate_row *const *)a;
    const struct aggregate_row *other = *(struct aggregate_row *const *)b;
    int order = row->whole->report->compare(row, other);

    return order ? order : (int)row->position - (int)other->position;
}

static const void *
row_of_text(void *context, unsigned index)
{
    return row_at((const GPtrArray *)context, index);
}

static void
draw(const struct report_run *run)
{
    const struct aggregate_report *report = (const struct aggregate_report *)run->report;
    struct aggregate aggregate;
    GPtrArray *streams = selection_sorted(&run->selection);
    struct text_rows rows = {.row = row_of_text};

    aggregate_init(&aggregate, report);
    for (unsigned i = 0; i < streams->len; i++)
        add_stream(&aggregate, (const struct selected_stream *)g_ptr_array_index(streams, i),
                   run->end_ns);
    if (report->compare)
        g_ptr_array_sort(aggregate.rows, compare_in_text);
    rows.count = aggregate.rows->len;
    rows.context = aggregate.rows;
    text_print(report->report.title, run->filter, report->columns, report->column_count, &rows);
    aggregate_clear(&aggregate);
    g_ptr_array_unref(streams);
}

/* ---- Wireshark ---- */

struct aggregate_dialog {
    struct dialog dialog; /* first: see dialog_of_tap() */
    const struct aggregate_report *report;
    struct selection selection;
    struct aggregate aggregate; /* zeros until the dialog is opened */
};

/* What the newest stream has changed: with many rows, no more than that. */
static void
show(struct aggregate_dialog *dialog)
{
    const struct aggregate *aggregate = &dialog->aggregate;
    bool all = aggregate->moved || aggregate->report->is_relative;
    const GPtrArray *rows = all ? aggregate->rows : aggregate->changed;

    for (unsigned i = 0; i < rows->len; i++)
        dialog_set_row(&dialog->dialog, row_at(rows, i)->position, row_at(rows, i));
}

/*
 * Wireshark calls this only while it reads the file again, which it does when the dialog opens and
 * on Apply: the records are final then, and the first segment of a stream tells all of it. Nobody
 * says which segment is the last, so the rows are always up to date.
 */
static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct aggregate_dialog *dialog = (struct aggregate_dialog *)dialog_of_tap(data);
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    const struct selected_stream *selected;

    if (dialog_row_count(&dialog->dialog) == 0) {
        selection_clear(&dialog->selection);
        aggregate_clear(&dialog->aggregate);
        aggregate_init(&dialog->aggregate, dialog->report);
    }
    selected = selection_note(&dialog->selection, pinfo, tap);
    if (selected->position >= dialog->aggregate.stream_count) {
        add_stream(&dialog->aggregate, selected, tap->end_ns);
        show(dialog);
    }
    return TAP_PACKET_DONT_REDRAW; /* see dialog_register() */
}

void
aggregate_register(struct aggregate_report *report)
{
    struct aggregate_dialog *dialog = wmem_new0(wmem_epan_scope(), struct aggregate_dialog);

    report->report.draw = draw;
    report_register(&report->report);
    dialog->report = report;
    dialog_register(&dialog->dialog, report->menu_title, report->report.name, report->columns,
                    report->column_count, take_segment);
}
