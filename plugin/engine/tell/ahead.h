/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams that are told of soon: see fetch.h. */
#ifndef TCPCLOSE_AHEAD_H
#define TCPCLOSE_AHEAD_H

struct stream;

/* Fetches the record of the stream; and then, when that has come, what it points to. */
void ahead_of_stream(const struct stream *stream);
void ahead_of_log(const struct stream *stream);

#endif
