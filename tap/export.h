/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,csv and -z tcpclose,json: a row a stream, for programs. */
#ifndef TCPCLOSE_EXPORT_H
#define TCPCLOSE_EXPORT_H

void export_register(void);

#endif
