/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cells.h"

/* Texts that sort as numbers are this wide. */
enum { NUMBER_WIDTH = 18 };

/* Lower bounds sort after all measured times: to see a space, in order above all digits. */
static const char NO_BREAK_SPACE[] = "\u00a0";

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

stat_tap_table_item
cells_field(const struct column *column)
{
    stat_tap_table_item field = {
        .type = TABLE_ITEM_UINT,
        .align = column_is_numeric(column) ? TAP_ALIGN_RIGHT : TAP_ALIGN_LEFT,
        .column_name = column->title,
        .field_format = "%u",
    };

    if (column->kind != COLUMN_COUNT)
        cells_field_to_text(&field);
    return field;
}

bool
cells_need_text(const stat_tap_table_item *field, const struct value *value)
{
    return field->type == TABLE_ITEM_UINT && value->absent;
}

void
cells_field_to_text(stat_tap_table_item *field)
{
    field->type = TABLE_ITEM_STRING;
    field->field_format = "%s";
}

static void
set_text(stat_tap_table_item_type *cell, const struct column *column, const struct value *value)
{
    g_free(cell->user_data.ptr_value);
    cell->user_data.ptr_value = cell_text(column, value);
    cell->type = TABLE_ITEM_STRING;
    cell->value.string_value = (const char *)cell->user_data.ptr_value;
}

void
cells_to_text(stat_tap_table_item_type *cell, const struct column *column)
{
    struct value value = {.number = cell->value.uint_value};

    if (cell->type == TABLE_ITEM_UINT)
        set_text(cell, column, &value);
}

void
cells_set(stat_tap_table_item_type *cell, const stat_tap_table_item *field,
          const struct column *column, const struct value *value)
{
    if (field->type == TABLE_ITEM_UINT) {
        cell->type = TABLE_ITEM_UINT;
        cell->value.uint_value = (unsigned)value->number;
    } else {
        set_text(cell, column, value);
    }
}

void
cells_clear(stat_tap_table_item_type *cell)
{
    g_free(cell->user_data.ptr_value);
}
