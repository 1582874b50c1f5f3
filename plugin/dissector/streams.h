/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of the open file: by tcp.stream, and which of them are on the same pair of endpoints.
 */
#ifndef TCPCLOSE_STREAMS_H
#define TCPCLOSE_STREAMS_H

#include <glib.h>

#include "layers.h"
#include "stream.h"

struct streams {
    GPtrArray *by_number; /* struct tcp_stream by tcp.stream; NULL where none was seen */
    GHashTable *newest;   /* a set: of each pair of endpoints the newest struct tcp_stream */
};

/* With wmem_file_scope(), in which the records are. */
void streams_init(struct streams *streams);
void streams_clear(struct streams *streams);

/* The record of a tcp.stream; NULL if none was begun. */
struct stream *streams_find(const struct streams *streams, uint32_t number);

/* A new record, of the layer's tcp.stream; it goes on from the newest one of the same endpoints. */
struct stream *streams_begin(struct streams *streams, const struct tcp_layer *layer);

#endif
