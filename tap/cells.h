/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cells of a dialog's table. Up to 4.4 a dialog shows a number as it is and a float with six
 * decimals, and sorts by what it shows: so only counts are numbers, and all else is texts, which
 * are filled up with spaces on the left where they have to sort as numbers.
 */
#ifndef TCPCLOSE_CELLS_H
#define TCPCLOSE_CELLS_H

#include <glib.h> /* first: the next one needs it */

#include <epan/stat_tap_ui.h>

#include "columns.h"

/* How Wireshark is to show the column: counts as numbers. */
stat_tap_table_item cells_field(const struct column *column);

/* Fills a cell, which begins as zeros. */
void cells_set(stat_tap_table_item_type *cell, const stat_tap_table_item *field,
               const struct column *column, const struct value *value);

/* Frees what a cell owns. */
void cells_clear(stat_tap_table_item_type *cell);

#endif
