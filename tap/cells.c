/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cells.h"

#include <string.h>

/* In order behind all digits, and so behind all measured times. */
static const char LOWER_BOUND[] = ">=";

/* Where the number begins in a text. */
static gsize
begin_of_number(const char *text)
{
    return g_str_has_prefix(text, LOWER_BOUND) ? strlen(LOWER_BOUND) : 0;
}

static char *
fill_up(const char *text, unsigned width)
{
    gsize begin = begin_of_number(text);
    const char *number = text + begin + strspn(text + begin, " ");

    if (*number == '\0')
        return g_strdup(text);
    return g_strdup_printf("%.*s%*s", (int)begin, text, (int)width, number);
}

static char *
plain_text(const struct column *column, const struct value *value)
{
    GString *text = g_string_new(NULL);

    value_append(text, column, value);
    return g_string_free(text, FALSE);
}

unsigned
cells_width(const struct column *column, const struct value *value)
{
    char *text;
    size_t width;

    if (!column_is_numeric(column))
        return 0;
    text = plain_text(column, value);
    width = strlen(text + begin_of_number(text));
    g_free(text);
    return (unsigned)width;
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

/* Takes the text. */
static void
set_text(stat_tap_table_item_type *cell, char *text)
{
    g_free(cell->user_data.ptr_value);
    cell->user_data.ptr_value = text;
    cell->type = TABLE_ITEM_STRING;
    cell->value.string_value = text;
}

void
cells_widen(stat_tap_table_item_type *cell, unsigned width)
{
    if (cell->type == TABLE_ITEM_STRING)
        set_text(cell, fill_up(cell->value.string_value, width));
}

void
cells_to_text(stat_tap_table_item_type *cell, const struct column *column, unsigned width)
{
    struct value value = {.number = cell->value.uint_value};

    if (cell->type == TABLE_ITEM_UINT) {
        set_text(cell, plain_text(column, &value));
        cells_widen(cell, width);
    }
}

void
cells_set(stat_tap_table_item_type *cell, const stat_tap_table_item *field,
          const struct column *column, const struct value *value, unsigned width)
{
    if (field->type == TABLE_ITEM_UINT) {
        cell->type = TABLE_ITEM_UINT;
        cell->value.uint_value = (unsigned)value->number;
        return;
    }
    set_text(cell, plain_text(column, value));
    if (column_is_numeric(column))
        cells_widen(cell, width);
}

void
cells_clear(stat_tap_table_item_type *cell)
{
    g_free(cell->user_data.ptr_value);
}
