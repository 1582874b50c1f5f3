/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "small_capture.h"

#include "units.h"
#include "usual_policy.h"

/* Side 0 is the client; the numbers of both sides begin at 0. */
struct line {
    unsigned stream;
    int64_t at_ms;
    uint8_t side;
    uint8_t flags;
    uint32_t seq;
    uint32_t ack;
};

#define SYN FLAG_SYN
#define ACK FLAG_ACK
#define FIN (FLAG_FIN | FLAG_ACK)
#define RST FLAG_RST

/* clang-format off */
static const struct line lines[] = {
    {0, 0,    0, SYN, 0, 0},
    {0, 10,   1, SYN | ACK, 0, 1},
    {0, 20,   0, ACK, 1, 1},
    {1, 30,   0, SYN, 0, 0},
    {1, 40,   1, RST | ACK, 0, 1},
    {2, 50,   0, SYN, 0, 0},
    {2, 60,   1, SYN | ACK, 0, 1},
    {2, 70,   0, ACK, 1, 1},
    {0, 100,  0, FIN, 1, 1},
    {0, 120,  1, ACK, 1, 2},
    {0, 620,  1, FIN, 1, 2},
    {0, 640,  0, ACK, 2, 2},
    {2, 1500, 0, FIN, 1, 1},
    {2, 1510, 1, ACK, 1, 2},
};
/* clang-format on */

static const char *const servers[SMALL_CAPTURE_STREAMS] = {"10.0.0.2", "10.0.0.2", "fd00::2"};

static void
name_endpoints(struct stream_entry *entry)
{
    static const struct endpoint_names client = {
        .host = "laptop\n", .service = "40000", .address = "10.0.0.1", .port = 40000};
    struct endpoint_names server = {
        .host = servers[entry->id], .service = "http", .address = servers[entry->id], .port = 80};

    stream_entry_name(entry, ROLE_CLIENT, &client);
    stream_entry_name(entry, ROLE_SERVER, &server);
}

void
small_capture_make(struct small_capture *capture)
{
    *capture = (struct small_capture){.input = {.interval_ns = NS_PER_S,
                                                .end_ns = 1510 * NS_PER_MS,
                                                .policy = {.port_range = 100}}};
    capture->streams = capture_new(&usual_policy);
    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        const struct line *line = &lines[i];
        const uint8_t number = (uint8_t)line->stream;
        const struct host hosts[2] = {{.address = &number, .length = 1, .port = 40000},
                                      {.address = &number, .length = 1, .port = 80}};
        const struct stream *stream;
        struct segment segment = {
            .time_ns = line->at_ms * NS_PER_MS,
            .frame = i + 1,
            .seq = line->seq,
            .ack = line->ack,
            .window = 60000,
            .flags = line->flags,
            .side = line->side,
        };

        stream = capture_feed(capture->streams, line->stream, hosts, &segment);
        if (!stream_entries_find(&capture->entries, line->stream))
            name_endpoints(
                stream_entries_add(&capture->entries, line->stream, stream, segment.time_ns));
    }
}

void
small_capture_clear(struct small_capture *capture)
{
    stream_entries_clear(&capture->entries);
    capture_free(capture->streams);
}
