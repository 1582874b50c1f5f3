/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "aggregate.h"

#include "dialog.h"
#include "text.h"

struct aggregate {
    const struct aggregate_report *report;
    uint32_t stream_count;
    uint32_t occurred; /* rows, a bit each, that have got something */
    struct aggregate_row rows[AGGREGATE_ROWS_MAX];
};

static uint32_t
row_bit(unsigned row)
{
    return (uint32_t)1 << row;
}

/* ---- adding up ---- */

static void
aggregate_init(struct aggregate *aggregate, const struct aggregate_report *report)
{
    *aggregate = (struct aggregate){.report = report};
    for (unsigned i = 0; i < AGGREGATE_ROWS_MAX; i++) {
        aggregate->rows[i].index = i;
        aggregate->rows[i].whole = aggregate;
    }
}

static void
aggregate_clear(struct aggregate *aggregate)
{
    for (unsigned i = 0; i < AGGREGATE_ROWS_MAX; i++)
        distribution_clear(&aggregate->rows[i].times);
    aggregate_init(aggregate, aggregate->report);
}

/* Returns the rows that it changes. */
static uint32_t
add_stream(struct aggregate *aggregate, const struct stream *stream, int64_t end_ns)
{
    GArray *contributions = g_array_new(FALSE, FALSE, sizeof(struct contribution));
    uint32_t changed = 0;

    aggregate->report->contribute(contributions, stream, end_ns);
    aggregate->stream_count++;
    for (unsigned i = 0; i < contributions->len; i++) {
        const struct contribution *given = &g_array_index(contributions, struct contribution, i);
        struct aggregate_row *row = &aggregate->rows[given->row];

        row->count++;
        row->bytes += given->bytes;
        if (given->has_time)
            distribution_add(&row->times, given->ns);
        changed |= row_bit(given->row);
    }
    g_array_unref(contributions);
    aggregate->occurred |= changed;
    return changed;
}

/* ---- columns ---- */

static const struct aggregate_row *
aggregate_row(const void *row)
{
    return (const struct aggregate_row *)row;
}

struct value
aggregate_get_count(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = aggregate_row(row)->count};
}

struct value
aggregate_get_count_with_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = distribution_count(&aggregate_row(row)->times)};
}

struct value
aggregate_get_count_without_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = aggregate_row(row);

    return (struct value){.number = of->count - distribution_count(&of->times)};
}

/* To the nearest tenth of a percent. */
struct value
aggregate_get_stream_share(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = aggregate_row(row);
    uint64_t all = of->whole->stream_count;

    return (struct value){.number = (UINT64_C(1000) * of->count + all / 2) / all};
}

struct value
aggregate_get_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = aggregate_row(row)->bytes};
}

struct value
aggregate_get_percentile(const void *row, const struct column *column)
{
    const struct distribution *times = &aggregate_row(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_percentile(times, column->percent)};
}

struct value
aggregate_get_mean(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct distribution *times = &aggregate_row(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_mean(times)};
}

/* ---- tshark ---- */

/* The index-th of the rows that occur. */
static const void *
occurring_row(void *context, unsigned index)
{
    const struct aggregate *aggregate = (const struct aggregate *)context;
    unsigned row = 0;

    while (!(aggregate->occurred & row_bit(row)) || index-- > 0)
        row++;
    return &aggregate->rows[row];
}

static unsigned
count_rows(uint32_t rows)
{
    unsigned count = 0;

    for (; rows; rows &= rows - 1)
        count++;
    return count;
}

static void
draw(const struct report *drawn, const struct selection *selection, int64_t end_ns,
     const char *filter)
{
    const struct aggregate_report *report = (const struct aggregate_report *)drawn;
    struct aggregate *aggregate = g_new(struct aggregate, 1);
    GPtrArray *streams = selection_sorted(selection);
    struct text_rows rows = {.row = occurring_row, .context = aggregate};

    aggregate_init(aggregate, report);
    for (unsigned i = 0; i < streams->len; i++) {
        const struct selected_stream *selected =
            (const struct selected_stream *)g_ptr_array_index(streams, i);

        add_stream(aggregate, selected->stream, end_ns);
    }
    rows.count = count_rows(aggregate->occurred);
    text_print(drawn->title, filter, report->columns, report->column_count, &rows);
    aggregate_clear(aggregate);
    g_ptr_array_unref(streams);
    g_free(aggregate);
}

/* ---- Wireshark ---- */

struct aggregate_dialog {
    struct dialog dialog; /* first: see dialog_of_tap() */
    struct selection selection;
    struct aggregate aggregate;
};

/* Row n of the table is the n-th that has occurred: they all move when one comes in between. */
static void
show(struct aggregate_dialog *dialog, uint32_t changed)
{
    const struct aggregate *aggregate = &dialog->aggregate;
    unsigned shown = dialog_row_count(&dialog->dialog);
    unsigned index = 0;

    if (aggregate->report->is_relative || count_rows(aggregate->occurred) != shown)
        changed = aggregate->occurred;
    for (unsigned row = 0; row < aggregate->report->row_count; row++) {
        if (changed & row_bit(row))
            dialog_set_row(&dialog->dialog, index, &aggregate->rows[row]);
        if (aggregate->occurred & row_bit(row))
            index++;
    }
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
    }
    selected = selection_note(&dialog->selection, pinfo, tap);
    if (selected->position < dialog->aggregate.stream_count)
        return TAP_PACKET_DONT_REDRAW;
    show(dialog, add_stream(&dialog->aggregate, tap->stream, tap->end_ns));
    return TAP_PACKET_REDRAW;
}

void
aggregate_register(struct aggregate_report *report)
{
    struct aggregate_dialog *dialog = wmem_new0(wmem_epan_scope(), struct aggregate_dialog);

    report->report.draw = draw;
    report_register(&report->report);
    aggregate_init(&dialog->aggregate, report);
    dialog_register(&dialog->dialog, report->report.title, report->report.name, report->columns,
                    report->column_count, take_segment);
}
