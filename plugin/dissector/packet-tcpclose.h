/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocol "tcpclose": what plugin.c registers with Wireshark. */
#ifndef TCPCLOSE_PACKET_TCPCLOSE_H
#define TCPCLOSE_PACKET_TCPCLOSE_H

void packet_tcpclose_register(void);
void packet_tcpclose_handoff(void);

#endif
