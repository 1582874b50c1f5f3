/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a row of a report to its packets, in Wireshark: the entry "Find" of the Statistics menu asks
 * for a cell of any report and applies the filter of its packets.
 */
#ifndef TCPCLOSE_FIND_H
#define TCPCLOSE_FIND_H

void find_register(void);

#endif
