/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a cell of a report to the display filter of its packets: Wireshark's tables cannot carry a
 * filter, so the cell itself has to say which packets it is about.
 */
#ifndef TCPCLOSE_CELL_FILTER_H
#define TCPCLOSE_CELL_FILTER_H

/*
 * The text of a cell: the number of a stream, an address, a service (address and port, of IPv6 in
 * brackets), a pattern, a cause, a state or an event. Blanks around it do not count. NULL: it is
 * none of these. Freed by the caller with g_free().
 */
char *filter_of_cell(const char *text);

#endif
