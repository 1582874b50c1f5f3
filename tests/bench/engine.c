/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine WHAT [COUNT]: the engine alone, without Wireshark, on made-up traffic. Prints one number:
 *
 *     ordinary SEGMENTS   nanoseconds a segment of a transfer where nothing is missing
 *     closing STREAMS     nanoseconds a segment of streams that open and close four-way
 *     growth STREAMS      nanoseconds a segment of many streams of all kinds of closes
 *     long SEGMENTS       nanoseconds a segment of one stream with a hole every 500 segments
 *     snapshots STREAMS   looks up what each frame of four-way closes shows: how many there are
 *     memory STREAMS      bytes that a stream with a four-way close keeps: record, log, census
 *     resets STREAMS      bytes that a stream keeps which a RST ends
 *     closes STREAMS      bytes that a stream keeps on the average of all kinds of closes
 *     data SEGMENTS       bytes that so many data segments keep
 *
 * Segments are made some at a time, while the clock does not run, as they come from a dissector:
 * just read. Times are of the processor, whatever else it does.
 */
#include <glib.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "capture.h"
#include "snapshot.h"
#include "traffic.h"
#include "units.h"

enum { PACKETS_AT_A_TIME = 4096 };

static const struct policy policy = {
    .two_msl_ns = 60 * NS_PER_S,
    .close_wait_alarm_ns = 30 * NS_PER_S,
    .rst_policy = RST_POLICY_RFC5961,
};

/* What was measured of feeding some traffic. */
struct fed {
    double ns;
    size_t bytes; /* still in use, as the allocator counts */
    uint32_t segments;
};

/* What the dissector does with a segment. bench.py counts the instructions of this function. */
static G_GNUC_NO_INLINE void
feed_packet(struct capture *capture, const struct packet *packet)
{
    const struct host hosts[2] = {
        {.address = (const uint8_t *)&packet->stream,
         .length = sizeof(packet->stream),
         .port = 40000},
        {.address = (const uint8_t *)&packet->stream, .length = sizeof(packet->stream), .port = 80},
    };

    capture_feed(capture, packet->stream, hosts, &packet->segment);
}

/* What the dissector asks of a frame. bench.py counts the instructions of this function. */
static G_GNUC_NO_INLINE bool
look_up(const struct capture *capture, const struct packet *packet)
{
    const struct segment *seg = &packet->segment;
    struct snapshot shown =
        snapshot_at(capture_stream(capture, packet->stream), seg->frame, seg->layer, seg->time_ns);

    return shown.end[ROLE_CLIENT].changed || shown.end[ROLE_SERVER].changed;
}

/* Feeds the traffic twice, the second time to look its frames up; returns how many there are. */
static uint32_t
look_all_up(uint32_t streams)
{
    struct capture *capture = capture_new(&policy);
    struct traffic *fed = traffic_of_four_ways(streams);
    struct traffic *asked = traffic_of_four_ways(streams);
    struct packet packet;
    uint32_t count = 0;

    while (traffic_next(fed, &packet))
        feed_packet(capture, &packet);
    for (; traffic_next(asked, &packet); count++)
        look_up(capture, &packet);
    capture_free(capture);
    traffic_free(fed);
    traffic_free(asked);
    return count;
}

/* Feeds up to so many packets; returns how many there were, and adds the time. */
static uint32_t
feed_some(struct capture *capture, struct traffic *traffic, uint32_t most, double *ns)
{
    static struct packet packets[PACKETS_AT_A_TIME];
    uint32_t count = 0;
    clock_t begin;

    while (count < MIN(most, PACKETS_AT_A_TIME) && traffic_next(traffic, &packets[count]))
        count++;
    begin = clock();
    for (uint32_t i = 0; i < count; i++)
        feed_packet(capture, &packets[i]);
    *ns += 1e9 * (double)(clock() - begin) / CLOCKS_PER_SEC;
    return count;
}

/* Feeds the traffic, which is freed; the first so many packets, less than are made at a time, do
 * not count. */
static struct fed
feed_all(struct traffic *traffic, uint32_t unmeasured)
{
    struct capture *capture = capture_new(&policy);
    struct fed fed = {0};
    double ns = 0;
    size_t bytes;

    feed_some(capture, traffic, unmeasured, &ns);
    ns = 0;
    bytes = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (uint32_t count; (count = feed_some(capture, traffic, UINT32_MAX, &ns)) > 0;)
        fed.segments += count;
    fed.ns = ns / fed.segments;
    fed.bytes = mallinfo2().uordblks + mallinfo2().hblkhd - bytes;
    capture_free(capture);
    traffic_free(traffic);
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
    else if (strcmp(what, "snapshots") == 0)
        printf("%u\n", look_all_up(number));
    else if (strcmp(what, "memory") == 0)
        printf("%zu\n", feed_all(traffic_of_four_ways(number), 0).bytes / number);
    else if (strcmp(what, "resets") == 0)
        printf("%zu\n", feed_all(traffic_of_resets(number), 0).bytes / number);
    else if (strcmp(what, "closes") == 0)
        printf("%zu\n", feed_all(traffic_of_closes(number), 0).bytes / number);
    else if (strcmp(what, "data") == 0)
        printf("%zu\n", feed_all(traffic_of_one(number, 0), HANDSHAKE_AND_FIRST_DATA).bytes);
    else
        return fprintf(stderr, "usage: engine ordinary|closing|growth|long|snapshots|memory|resets|"
                               "closes|data COUNT\n"),
               2;
    return 0;
}
