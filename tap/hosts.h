/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,hosts and the dialog "TCP Close Hosts": a row an address, and a row a service. */
#ifndef TCPCLOSE_HOSTS_H
#define TCPCLOSE_HOSTS_H

void hosts_register(void);

#endif
