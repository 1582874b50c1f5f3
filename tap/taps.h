/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The taps that plugin.c registers. */
#ifndef TCPCLOSE_TAPS_H
#define TCPCLOSE_TAPS_H

/* Once, after the protocols: all reports, dialogs, graphs and menus. */
void tap_register_all(void);

#endif
