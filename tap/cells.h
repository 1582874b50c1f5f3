/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cells of a dialog's table. Up to 4.4 a dialog shows a number as it is and a float with six
 * decimals, and sorts by what it shows: so only counts are numbers, and all else is texts, whose
 * numbers are filled up with spaces on the left to the width of their column's widest. Copy and
 * Save as have those spaces too: where all numbers of a column are as wide, there are none.
 *
 * An empty cell is a text too, for Wireshark knows no empty number: of a cell without a type it
 * shows nothing, but copies the row without it. And a column must not have both, for cells are
 * compared as if they were of one type. So a column of counts in which one is absent has to become
 * a column of texts, in every row that Wireshark may look at.
 */
#ifndef TCPCLOSE_CELLS_H
#define TCPCLOSE_CELLS_H

#include <glib.h> /* first: the next one needs it */

#include <epan/stat_tap_ui.h>

#include "columns.h"

/* How Wireshark is to show the column: counts as numbers, as long as all are there. */
stat_tap_table_item cells_field(const struct column *column);

/* The value would not fit into the column as it is. */
bool cells_need_text(const stat_tap_table_item *field, const struct value *value);

/* The column is of texts from now on; its cells have to follow. */
void cells_field_to_text(stat_tap_table_item *field);

/* How wide the number is as a text; 0: it is none. */
unsigned cells_width(const struct column *column, const struct value *value);

/* A cell of the column as it was; one that is not a number stays as it is. */
void cells_to_text(stat_tap_table_item_type *cell, const struct column *column, unsigned width);

/* A cell of a column of numbers that was narrower; one that is no text stays as it is. */
void cells_widen(stat_tap_table_item_type *cell, unsigned width);

/*
 * Fills a cell, which begins as zeros; value has to fit, see cells_need_text(). width: of the
 * column's widest number.
 */
void cells_set(stat_tap_table_item_type *cell, const stat_tap_table_item *field,
               const struct column *column, const struct value *value, unsigned width);

/* Frees what a cell owns. */
void cells_clear(stat_tap_table_item_type *cell);

#endif
