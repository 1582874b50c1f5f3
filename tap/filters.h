/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From an answer to the packets, in Wireshark: menu entries that apply the display filters of the
 * README, and the conversation filter that leaves a stream's closing segments.
 */
#ifndef TCPCLOSE_FILTERS_H
#define TCPCLOSE_FILTERS_H

void filters_register(void);

#endif
