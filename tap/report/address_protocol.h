/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TCPCLOSE_ADDRESS_PROTOCOL_H
#define TCPCLOSE_ADDRESS_PROTOCOL_H

/* "ip" or "ipv6": the protocol whose fields, as ip.addr, hold such a numeric address. NULL:
 * neither. */
const char *address_protocol(const char *address);

#endif
