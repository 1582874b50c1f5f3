/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"

#include <stddef.h>
#include <string.h>

/* A stream's record and its pair of endpoints, which is written the same way for both directions.
 */
struct tcp_stream {
    struct stream record;
    uint16_t port[2]; /* by side, and so on */
    uint8_t type[2];  /* of the addresses */
    uint8_t length[2];
    uint8_t addresses[]; /* one after the other */
};

enum { PAIR_BEGIN = offsetof(struct tcp_stream, port) };

static size_t
pair_size(const struct tcp_stream *stream)
{
    return offsetof(struct tcp_stream, addresses) - PAIR_BEGIN + stream->length[0] +
           stream->length[1];
}

static guint
pair_hash(gconstpointer stream)
{
    return wmem_strong_hash((const uint8_t *)stream + PAIR_BEGIN, pair_size(stream));
}

static gboolean
pair_equal(gconstpointer a, gconstpointer b)
{
    size_t size = pair_size(a);

    return size == pair_size(b) &&
           memcmp((const uint8_t *)a + PAIR_BEGIN, (const uint8_t *)b + PAIR_BEGIN, size) == 0;
}

static struct tcp_stream *
new_stream(const struct tcp_layer *layer)
{
    const address *host = layer->address;
    uint8_t length[2] = {(uint8_t)MIN(host[0].len, UINT8_MAX),
                         (uint8_t)MIN(host[1].len, UINT8_MAX)};
    struct tcp_stream *stream = (struct tcp_stream *)wmem_alloc0(
        wmem_file_scope(), offsetof(struct tcp_stream, addresses) + length[0] + length[1]);
    uint8_t *addresses = stream->addresses;

    for (unsigned side = 0; side < 2; side++) {
        stream->port[side] = layer->port[side];
        stream->type[side] = (uint8_t)host[side].type;
        stream->length[side] = length[side];
        if (length[side] > 0)
            memcpy(addresses, host[side].data, length[side]);
        addresses += length[side];
    }
    return stream;
}

void
streams_init(struct streams *streams)
{
    *streams = (struct streams){
        .by_number = g_ptr_array_new(),
        .newest = g_hash_table_new(pair_hash, pair_equal),
    };
}

void
streams_clear(struct streams *streams)
{
    for (unsigned i = 0; i < streams->by_number->len; i++) {
        struct stream *stream = streams_find(streams, i);

        if (stream)
            stream_clear(stream);
    }
    g_hash_table_destroy(streams->newest);
    g_ptr_array_free(streams->by_number, TRUE);
    *streams = (struct streams){0};
}

struct stream *
streams_find(const struct streams *streams, uint32_t number)
{
    struct tcp_stream *stream;

    if (number >= streams->by_number->len)
        return NULL;
    stream = (struct tcp_stream *)g_ptr_array_index(streams->by_number, number);
    return stream ? &stream->record : NULL;
}

struct stream *
streams_begin(struct streams *streams, const struct tcp_layer *layer)
{
    struct tcp_stream *stream = new_stream(layer);
    struct tcp_stream *previous = (struct tcp_stream *)g_hash_table_lookup(streams->newest, stream);

    if (layer->stream >= streams->by_number->len)
        g_ptr_array_set_size(streams->by_number, (int)layer->stream + 1);
    g_ptr_array_index(streams->by_number, layer->stream) = stream;
    stream_init(&stream->record, previous ? &previous->record : NULL);
    g_hash_table_add(streams->newest, stream);
    return &stream->record;
}
