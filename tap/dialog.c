/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dialog.h"

/*
 * Up to 4.4 a dialog shows a number as it is and a float with six decimals, and sorts by what it
 * shows. Durations and large numbers are therefore texts, filled up with spaces on the left so that
 * they sort as numbers: this wide.
 */
enum { NUMBER_WIDTH = 18 };

/* Lower bounds sort after all measured times: to see a space, in order above all digits. */
static const char NO_BREAK_SPACE[] = "\u00a0";

/* Our table, with the way back to the dialog; Wireshark frees it as what it begins with. */
struct dialog_table {
    stat_tap_table table;
    struct dialog *dialog;
};

static bool
is_counter(const struct column *column)
{
    return column->kind == COLUMN_COUNT;
}

static stat_tap_table *
table_of(const struct dialog *dialog)
{
    const GArray *tables = dialog->ui.tables;

    return tables && tables->len > 0 ? g_array_index(tables, stat_tap_table *, 0) : NULL;
}

/* ---- cells ---- */

static char *
cell_text(const struct column *column, const struct value *value)
{
    GString *text = g_string_new(NULL);

    value_append(text, column, value);
    if (column_is_numeric(column) && text->len > 0) {
        while (text->len < NUMBER_WIDTH)
            g_string_prepend_c(text, ' ');
        if (value->at_least)
            g_string_prepend(text, NO_BREAK_SPACE);
    }
    return g_string_free(text, FALSE);
}

static void
set_cell(stat_tap_table_item_type *cell, const struct column *column, const struct value *value)
{
    if (is_counter(column)) {
        cell->type = TABLE_ITEM_UINT;
        cell->value.uint_value = (unsigned)value->number;
    } else {
        g_free(cell->user_data.ptr_value);
        cell->user_data.ptr_value = cell_text(column, value);
        cell->type = TABLE_ITEM_STRING;
        cell->value.string_value = (const char *)cell->user_data.ptr_value;
    }
}

static void
free_cell(stat_tap_table *table G_GNUC_UNUSED, unsigned row G_GNUC_UNUSED,
          unsigned column G_GNUC_UNUSED, stat_tap_table_item_type *cell)
{
    g_free(cell->user_data.ptr_value);
}

/* ---- rows ---- */

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

unsigned
dialog_row_count(const struct dialog *dialog)
{
    return table_of(dialog)->num_elements;
}

void
dialog_set_row(struct dialog *dialog, unsigned index, const void *row)
{
    stat_tap_table *table = table_of(dialog);
    stat_tap_table_item_type *cells =
        index < table->num_elements ? table->elements[index] : add_row(dialog, table);

    for (unsigned i = 0; i < dialog->column_count; i++) {
        const struct column *column = &dialog->columns[i];

        if (column->title) {
            struct value value = column->get(row, column);

            set_cell(cells++, column, &value);
        }
    }
}

/* ---- what Wireshark calls ---- */

static void
reset(stat_tap_table *table)
{
    struct dialog *dialog = ((struct dialog_table *)table)->dialog;

    while (table->num_elements > 0)
        wmem_stack_push(dialog->spare_rows, table->elements[--table->num_elements]);
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
    made = g_new0(struct dialog_table, 1);
    made->table.title = ui->title;
    made->table.num_fields = (unsigned)ui->nfields;
    made->dialog = dialog;
    stat_tap_add_table(ui, &made->table);
}

struct dialog *
dialog_of_tap(void *tap_data)
{
    return (struct dialog *)((stat_data_t *)tap_data)->stat_tap_data;
}

void
dialog_register(struct dialog *dialog, const char *title, const char *name,
                const struct column *columns, unsigned column_count, tap_packet_cb take_segment)
{
    static tap_param filter = {
        .type = PARAM_FILTER, .name = "filter", .title = "Filter", .optional = true};
    stat_tap_table_item *fields =
        wmem_alloc0_array(wmem_epan_scope(), stat_tap_table_item, column_count);
    unsigned shown = 0;

    for (unsigned i = 0; i < column_count; i++) {
        if (!columns[i].title)
            continue;
        fields[shown++] = (stat_tap_table_item){
            .type = is_counter(&columns[i]) ? TABLE_ITEM_UINT : TABLE_ITEM_STRING,
            .align = column_is_numeric(&columns[i]) ? TAP_ALIGN_RIGHT : TAP_ALIGN_LEFT,
            .column_name = columns[i].title,
            .field_format = is_counter(&columns[i]) ? "%u" : "%s",
        };
    }
    dialog->ui = (stat_tap_table_ui){
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = title,
        .tap_name = "tcpclose",
        .cli_string = name,
        .stat_tap_init_cb = init,
        .packet_func = take_segment,
        .stat_tap_reset_table_cb = reset,
        .stat_tap_free_table_item_cb = free_cell,
        .nfields = shown,
        .fields = fields,
        .nparams = 1,
        .params = &filter,
    };
    dialog->columns = columns;
    dialog->column_count = column_count;
    dialog->spare_rows = wmem_stack_new(wmem_epan_scope());
    register_stat_tap_table_ui(&dialog->ui);
}
