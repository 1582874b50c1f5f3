/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wireshark keeps pointers to the rows of a dialog that is open, also when another dialog of the
 * same report resets their common table. So rows are made once and used again, never freed before
 * the table.
 */
#include "dialog.h"

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "cells.h"
#include "rows.h"
#include "selection.h"
#include "wscompat.h"

struct dialog {
    stat_tap_table_ui ui; /* first: what Wireshark passes around */
    const struct report *report;
    stat_tap_table_item *fields; /* the columns that people are shown */
    unsigned *widths;            /* of their widest numbers */
    wmem_stack_t *spare_rows;    /* rows that a reset took out of the table */
    struct selection selection;
    struct rows *rows; /* NULL: begun with the next segment */
};

/* Our table, with the way back to the dialog; Wireshark frees it as what it begins with. */
struct dialog_table {
    stat_tap_table table;
    struct dialog *dialog;
};

static stat_tap_table *
table_of(const struct dialog *dialog)
{
    const GArray *tables = dialog->ui.tables;

    return tables && tables->len > 0 ? g_array_index(tables, stat_tap_table *, 0) : NULL;
}

/* ---- rows of the table ---- */

static stat_tap_table_item_type *
add_row(struct dialog *dialog, stat_tap_table *table)
{
    stat_tap_table_item_type *cells;

    if (wmem_stack_count(dialog->spare_rows) > 0)
        cells = (stat_tap_table_item_type *)wmem_stack_pop(dialog->spare_rows);
    else
        cells = g_new0(stat_tap_table_item_type, table->num_fields);
    table->elements = g_renew(stat_tap_table_item_type *, table->elements, table->num_elements + 1);
    table->elements[table->num_elements++] = cells;
    return cells;
}

/* What has to be done to the cells of a column in every row that was made: see cells.h. */
typedef void change_cell(const struct dialog *dialog, unsigned field, const struct column *column,
                         stat_tap_table_item_type *cell);

static void
change_cells(const struct dialog *dialog, unsigned field, const struct column *column,
             change_cell *change)
{
    stat_tap_table *table = table_of(dialog);

    for (unsigned row = 0; row < table->num_elements; row++)
        change(dialog, field, column, &table->elements[row][field]);
    for (wmem_list_frame_t *spare = wmem_list_head(dialog->spare_rows); spare;
         spare = wmem_list_frame_next(spare)) {
        stat_tap_table_item_type *cells = (stat_tap_table_item_type *)wmem_list_frame_data(spare);

        change(dialog, field, column, &cells[field]);
    }
}

static void
make_text(const struct dialog *dialog, unsigned field, const struct column *column,
          stat_tap_table_item_type *cell)
{
    cells_to_text(cell, column, dialog->widths[field]);
}

static void
widen(const struct dialog *dialog, unsigned field, const struct column *column G_GNUC_UNUSED,
      stat_tap_table_item_type *cell)
{
    cells_widen(cell, dialog->widths[field]);
}

static void
set_cell(struct dialog *dialog, unsigned field, const struct column *column, const void *row,
         stat_tap_table_item_type *cell)
{
    const struct value value = column->get(row, column);
    unsigned width = cells_width(column, &value);

    if (width > dialog->widths[field]) {
        dialog->widths[field] = width;
        change_cells(dialog, field, column, widen);
    }
    if (cells_need_text(&dialog->fields[field], &value)) {
        cells_field_to_text(&dialog->fields[field]);
        change_cells(dialog, field, column, make_text);
    }
    cells_set(cell, &dialog->fields[field], column, &value, dialog->widths[field]);
}

/* Fills a row of the table, or adds the next. */
static void
set_row(void *context, unsigned position, const void *row)
{
    struct dialog *dialog = (struct dialog *)context;
    const struct report *report = dialog->report;
    stat_tap_table *table = table_of(dialog);
    stat_tap_table_item_type *cells =
        position < table->num_elements ? table->elements[position] : add_row(dialog, table);
    unsigned field = 0;

    for (unsigned i = 0; i < report->column_count; i++) {
        const struct column *column = &report->columns[i];

        if (!column->title)
            continue;
        set_cell(dialog, field, column, row, &cells[field]);
        field++;
    }
}

/* ---- what Wireshark calls ---- */

static void
forget_streams(struct dialog *dialog)
{
    if (dialog->rows)
        rows_free(dialog->rows);
    dialog->rows = NULL;
    selection_clear(&dialog->selection);
}

/*
 * Wireshark calls this only while it reads the file again, which it does when the dialog opens and
 * on Apply: the records are final then, and the first segment of a stream tells all of it. Nobody
 * says which segment is the last, so the rows are always up to date.
 *
 * In any case Wireshark draws a dialog when it has read the file again. If asked to, it would draw
 * all rows so far every three seconds as well, and with 100,000 rows do little but that.
 */
static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct dialog *dialog = (struct dialog *)((stat_data_t *)data)->stat_tap_data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    unsigned streams = dialog->selection.entries.count;
    const struct stream_entry *entry = selection_note(&dialog->selection, pinfo, tap);

    if (!dialog->rows) {
        const struct report_input input = selection_input(pinfo, tap);

        dialog->rows = rows_begin(dialog->report, &input);
    }
    if (entry->position == streams) {
        rows_collect(dialog->rows, entry);
        rows_changed(dialog->rows, set_row, dialog);
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void
reset(stat_tap_table *table)
{
    struct dialog *dialog = ((struct dialog_table *)table)->dialog;

    while (table->num_elements > 0)
        wmem_stack_push(dialog->spare_rows, table->elements[--table->num_elements]);
    forget_streams(dialog);
    memset(dialog->widths, 0, sizeof(*dialog->widths) * table->num_fields);
}

/* At every opening, and whenever the filter is applied. */
static void
init(stat_tap_table_ui *ui)
{
    struct dialog *dialog = (struct dialog *)ui;
    struct dialog_table *made;

    if (table_of(dialog)) {
        reset(table_of(dialog));
        return;
    }
    forget_streams(dialog);
    made = g_new0(struct dialog_table, 1);
    made->table.title = ui->title;
    made->table.num_fields = (unsigned)ui->nfields;
    made->dialog = dialog;
    stat_tap_add_table(ui, &made->table);
}

static void
free_cell(stat_tap_table *table G_GNUC_UNUSED, unsigned row G_GNUC_UNUSED,
          unsigned column G_GNUC_UNUSED, stat_tap_table_item_type *cell)
{
    cells_clear(cell);
}

/* ---- registration ---- */

/*
 * Wireshark sorts by the first column when it opens a dialog, and makes a column as wide as its
 * title: up to 4.4 the mark of the order covers the begin of one that stands on the right.
 */
static const char *
room_for_mark(const char *title)
{
    return wmem_strdup_printf(wmem_epan_scope(), "    %s", title);
}

bool
dialog_is_possible(const struct report *report)
{
    return report->form == FORM_TEXT && report->source->changed;
}

void
dialog_register(const struct report *report)
{
    static tap_param filter = {
        .type = PARAM_FILTER, .name = "filter", .title = "Filter", .optional = true};
    struct dialog *dialog = wmem_new0(wmem_epan_scope(), struct dialog);
    unsigned shown = 0;

    dialog->report = report;
    dialog->spare_rows = wmem_stack_new(wmem_epan_scope());
    dialog->fields =
        wmem_alloc0_array(wmem_epan_scope(), stat_tap_table_item, report->column_count);
    dialog->widths = wmem_alloc0_array(wmem_epan_scope(), unsigned, report->column_count);
    for (unsigned i = 0; i < report->column_count; i++) {
        if (report->columns[i].title)
            dialog->fields[shown++] = cells_field(&report->columns[i]);
    }
    if (dialog->fields[0].align == TAP_ALIGN_RIGHT)
        dialog->fields[0].column_name = room_for_mark(dialog->fields[0].column_name);
    dialog->ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = wmem_strdup_printf(wmem_epan_scope(), COMPAT_SUBMENU(REPORT_FAMILY, "%s"),
                                    report->title), /* of menu and window */
        .tap_name = "tcpclose",
        .cli_string = wmem_strdup_printf(wmem_epan_scope(), "tcpclose,%s", report->name),
        .stat_tap_init_cb = init,
        .packet_func = take_segment,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_cell,
        .nfields = shown,
        .fields = dialog->fields,
        .nparams = 1,
        .params = &filter,
    };
    register_stat_tap_table_ui(&dialog->ui);
}
