/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a dialog of Wireshark's Statistics menu: a table of Wireshark's own, filled from the
 * report's rows.
 */
#ifndef TCPCLOSE_DIALOG_H
#define TCPCLOSE_DIALOG_H

#include "report.h"

/* Its rows are for people, and each stream tells which of them it changes. */
bool dialog_is_possible(const struct report *report);

/* The report must stay alive. */
void dialog_register(const struct report *report);

#endif
