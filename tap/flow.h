/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ladder: an arrow a closing segment, with both endpoints' states after it. In the list of
 * Statistics, Flow Graph as "TCP Close", and -z flow,tcpclose,network.
 */
#ifndef TCPCLOSE_FLOW_H
#define TCPCLOSE_FLOW_H

void flow_register(void);

#endif
