/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports on one stream: -z tcpclose,story,STREAM as text and -z tcpclose,timeline,STREAM as
 * SVG. */
#ifndef TCPCLOSE_ONE_STREAM_H
#define TCPCLOSE_ONE_STREAM_H

void one_stream_register(void);

#endif
