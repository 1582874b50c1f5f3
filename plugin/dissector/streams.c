/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"

#include <string.h>

/* A stream's record, and its pair of endpoints, written the same way for both directions. */
struct tcp_stream {
    struct stream record;
    uint32_t pair_hash;
    uint16_t pair_size;
    uint8_t pair[]; /* by side: port, type and length of the address; then both addresses */
};

struct pair_head {
    uint16_t port[2];
    uint8_t type[2];
    uint8_t length[2];
};

static guint
pair_hash(gconstpointer key)
{
    return ((const struct tcp_stream *)key)->pair_hash;
}

static gboolean
pair_equal(gconstpointer a, gconstpointer b)
{
    const struct tcp_stream *one = (const struct tcp_stream *)a;
    const struct tcp_stream *other = (const struct tcp_stream *)b;

    return one->pair_size == other->pair_size && memcmp(one->pair, other->pair, one->pair_size) == 0;
}

static struct tcp_stream *
new_stream(const struct tcp_layer *layer)
{
    const address *host = layer->address;
    struct pair_head head = {
        .port = {layer->port[0], layer->port[1]},
        .type = {(uint8_t)host[0].type, (uint8_t)host[1].type},
        .length = {(uint8_t)MIN(host[0].len, UINT8_MAX), (uint8_t)MIN(host[1].len, UINT8_MAX)},
    };
    size_t size = sizeof(head) + head.length[0] + head.length[1];
    struct tcp_stream *stream =
        (struct tcp_stream *)wmem_alloc0(wmem_file_scope(), sizeof(*stream) + size);

    stream->pair_size = (uint16_t)size;
    memcpy(stream->pair, &head, sizeof(head));
    if (head.length[0] > 0)
        memcpy(stream->pair + sizeof(head), host[0].data, head.length[0]);
    if (head.length[1] > 0)
        memcpy(stream->pair + sizeof(head) + head.length[0], host[1].data, head.length[1]);
    stream->pair_hash = wmem_strong_hash(stream->pair, size);
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
    struct tcp_stream *previous =
        (struct tcp_stream *)g_hash_table_lookup(streams->newest, stream);

    if (layer->stream >= streams->by_number->len)
        g_ptr_array_set_size(streams->by_number, (int)layer->stream + 1);
    g_ptr_array_index(streams->by_number, layer->stream) = stream;
    stream_init(&stream->record, previous ? &previous->record : NULL);
    g_hash_table_add(streams->newest, stream);
    return &stream->record;
}
