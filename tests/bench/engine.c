/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine WHAT [COUNT]: the engine alone, without Wireshark, on made-up traffic. Prints one number:
 *
 *     ordinary SEGMENTS   nanoseconds a segment of a transfer where nothing is missing
 *     closing STREAMS     nanoseconds a segment of streams that open and close four-way, nothing else
 *     growth STREAMS      nanoseconds a segment of many streams of all kinds of closes
 *     long SEGMENTS       nanoseconds a segment of one stream with a hole every 500 segments
 *     memory STREAMS      bytes that a stream with a four-way close keeps: record, moments, census
 *     data SEGMENTS       bytes that so many data segments keep
 *
 * The segments are made before the clock starts. Times are of the processor, whatever else it does.
 */
#include <glib.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/census.h"
#include "engine/stream.h"
#include "traffic.h"

static const struct policy policy = {
    .two_msl_ns = 60000000000,
    .close_wait_alarm_ns = 30000000000,
    .rst_policy = RST_POLICY_RFC5961,
};

/* What the dissector keeps of a file, less Wireshark. */
struct file {
    GPtrArray *streams;
    struct census census;
};

/* What was measured of feeding some traffic. */
struct fed {
    double ns;
    size_t bytes; /* still in use, as the allocator counts */
    uint32_t segments;
};

static void
free_stream(void *data)
{
    struct stream *stream = data;

    stream_clear(stream);
    g_free(stream);
}

/* What the dissector does with a segment. bench.py counts the instructions of this function. */
static G_GNUC_NO_INLINE void
feed_packet(struct file *file, const struct packet *packet)
{
    struct stream *stream;

    if (packet->stream >= file->streams->len)
        g_ptr_array_set_size(file->streams, (int)packet->stream + 1);
    stream = g_ptr_array_index(file->streams, packet->stream);
    if (!stream) {
        stream = g_new0(struct stream, 1);
        stream_init(stream, NULL);
        g_ptr_array_index(file->streams, packet->stream) = stream;
    }
    stream_feed(stream, &packet->segment, &policy);
    census_feed(&file->census, stream, &packet->segment);
}

/* All packets of the traffic, which is freed. */
static GArray *
packets_of(struct traffic *traffic)
{
    GArray *packets = g_array_new(FALSE, FALSE, sizeof(struct packet));
    struct packet packet;

    while (traffic_next(traffic, &packet))
        g_array_append_val(packets, packet);
    traffic_free(traffic);
    return packets;
}

/* Feeds all packets; the first so many are not measured. */
static struct fed
feed_all(struct traffic *traffic, uint32_t unmeasured)
{
    GArray *packets = packets_of(traffic);
    struct file file = {.streams = g_ptr_array_new_with_free_func(free_stream)};
    struct fed fed = {.segments = packets->len - unmeasured};
    size_t bytes;
    clock_t begin;

    census_init(&file.census);
    for (uint32_t i = 0; i < unmeasured; i++)
        feed_packet(&file, &g_array_index(packets, struct packet, i));
    bytes = mallinfo2().uordblks + mallinfo2().hblkhd;
    begin = clock();
    for (uint32_t i = unmeasured; i < packets->len; i++)
        feed_packet(&file, &g_array_index(packets, struct packet, i));
    fed.ns = 1e9 * (double)(clock() - begin) / CLOCKS_PER_SEC / fed.segments;
    fed.bytes = mallinfo2().uordblks + mallinfo2().hblkhd - bytes;
    census_clear(&file.census);
    g_ptr_array_free(file.streams, TRUE);
    g_array_free(packets, TRUE);
    return fed;
}

int
main(int count, char **words)
{
    enum { HANDSHAKE_AND_FIRST_DATA = 6, SEGMENTS_A_HOLE = 500 };
    const char *what = count == 3 ? words[1] : "";
    uint32_t number = count == 3 ? (uint32_t)strtoul(words[2], NULL, 10) : 0;

    if (strcmp(what, "ordinary") == 0)
        printf("%.1f\n", feed_all(traffic_of_one(number, 0), HANDSHAKE_AND_FIRST_DATA).ns);
    else if (strcmp(what, "closing") == 0)
        printf("%.1f\n", feed_all(traffic_of_four_ways(number), 0).ns);
    else if (strcmp(what, "growth") == 0)
        printf("%.1f\n", feed_all(traffic_of_closes(number), 0).ns);
    else if (strcmp(what, "long") == 0)
        printf("%.1f\n", feed_all(traffic_of_one(number, number / SEGMENTS_A_HOLE), 0).ns);
    else if (strcmp(what, "memory") == 0)
        printf("%zu\n", feed_all(traffic_of_four_ways(number), 0).bytes / number);
    else if (strcmp(what, "data") == 0)
        printf("%zu\n", feed_all(traffic_of_one(number, 0), HANDSHAKE_AND_FIRST_DATA).bytes);
    else
        return fprintf(stderr, "usage: engine ordinary|closing|growth|long|memory|data COUNT\n"), 2;
    return 0;
}
