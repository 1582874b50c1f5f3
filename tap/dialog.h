/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a dialog of Wireshark's Statistics menu: a table of Wireshark's own, filled from
 * columns.
 *
 * Wireshark keeps pointers to the rows of a dialog that is open, also when another dialog of the
 * same report resets their common table. So rows are made once and used again, never freed before
 * the table.
 */
#ifndef TCPCLOSE_DIALOG_H
#define TCPCLOSE_DIALOG_H

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "columns.h"

struct dialog {
    stat_tap_table_ui ui; /* first: what Wireshark passes around */
    const struct column *columns;
    unsigned column_count;
    wmem_stack_t *spare_rows; /* rows that a reset took out of the table */
};

/*
 * dialog must stay alive; title is that of menu and window, name that of -z. take_segment has to
 * answer TAP_PACKET_DONT_REDRAW: in any case Wireshark draws a dialog when it has read the file
 * again. It would else draw all rows so far every three seconds, and with 100,000 rows do little
 * but that.
 */
void dialog_register(struct dialog *dialog, const char *title, const char *name,
                     const struct column *columns, unsigned column_count,
                     tap_packet_cb take_segment);

/* The dialog whose tap a packet callback was called for. */
struct dialog *dialog_of_tap(void *tap_data);

/* The rows that the table has now: none after a reset. */
unsigned dialog_row_count(const struct dialog *dialog);

/* Fills a row of the table, or adds the next. */
void dialog_set_row(struct dialog *dialog, unsigned index, const void *row);

#endif
