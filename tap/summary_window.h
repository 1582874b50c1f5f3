/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary in a window of Wireshark: Statistics, TCP Close, Summary. */
#ifndef TCPCLOSE_SUMMARY_WINDOW_H
#define TCPCLOSE_SUMMARY_WINDOW_H

void summary_window_register(void);

#endif
