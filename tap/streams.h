/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,streams and the dialog "TCP Close Streams": a row a stream. */
#ifndef TCPCLOSE_STREAMS_H
#define TCPCLOSE_STREAMS_H

void streams_register(void);

#endif
