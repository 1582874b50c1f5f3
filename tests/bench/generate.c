/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * generate KIND COUNT [HOLES] FILE: writes made-up traffic as a capture (pcap, Ethernet, IPv4).
 * KIND is "closes", "four-ways" or "tiny", with COUNT streams, or "one", a stream of COUNT segments
 * with HOLES. Checksums are 0, as on hosts that leave them to the network card.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

enum {
    ETHERNET_BYTES = 14,
    IPV4_BYTES = 20,
    TCP_BYTES = 20,
    OPTIONS_MAX = 40,
    BODY_MAX = 256,
    RESPONSE_BODY = 152,
    FRAME_MAX = ETHERNET_BYTES + IPV4_BYTES + TCP_BYTES + OPTIONS_MAX + BODY_MAX,
    PORTS = 28000, /* per client address */
    PORT_HTTP = 80,
    PORT_BULK = 5001,
    NS_PER_S = 1000000000,
};

/* A frame under construction. */
struct frame {
    uint8_t bytes[FRAME_MAX];
    size_t length;
};

static void
put8(struct frame *frame, unsigned value)
{
    frame->bytes[frame->length++] = (uint8_t)value;
}

static void
put16(struct frame *frame, unsigned value)
{
    put8(frame, value >> 8);
    put8(frame, value);
}

static void
put32(struct frame *frame, uint32_t value)
{
    put16(frame, value >> 16);
    put16(frame, value);
}

static void
put_bytes(struct frame *frame, const void *bytes, size_t length)
{
    memcpy(frame->bytes + frame->length, bytes, length);
    frame->length += length;
}

static uint32_t
client_address(uint32_t stream)
{
    return 0x0a000001U + stream / PORTS;
}

static uint32_t
server_address(uint32_t stream)
{
    return 0xc6336401U + stream % 8; /* 198.51.100.1 to .8 */
}

static void
put_ethernet(struct frame *frame, const struct segment *segment)
{
    static const uint8_t host[2][6] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};

    put_bytes(frame, host[!segment->side], 6);
    put_bytes(frame, host[segment->side], 6);
    put16(frame, 0x0800);
}

static void
put_ipv4(struct frame *frame, const struct packet *packet, size_t length)
{
    uint32_t address[2] = {client_address(packet->stream), server_address(packet->stream)};

    put16(frame, 0x4500);
    put16(frame, (unsigned)length);
    put16(frame, packet->segment.ip_id);
    put16(frame, 0x4000); /* don't fragment */
    put16(frame, 64 << 8 | 6);
    put16(frame, 0);
    put32(frame, address[packet->segment.side]);
    put32(frame, address[!packet->segment.side]);
}

static struct frame
options_of(const struct tcp_options *options)
{
    struct frame made = {.length = 0};

    if (options->has_window_shift)
        put_bytes(&made, "\2\4\5\264\4\2\1\3\3\0",
                  10); /* MSS 1460, SACK permitted, window scale 0 */
    else if (options->has_ts)
        put16(&made, 0x0101); /* aligned, as all stacks send it (RFC 7323, appendix A) */
    if (options->has_ts) {
        put16(&made, 8 << 8 | 10);
        put32(&made, options->ts_val);
        put32(&made, options->ts_val); /* the echo, of a host with the same clock */
    }
    if (options->sack_count > 0)
        put16(&made, 5U << 8 | (2U + 8U * options->sack_count));
    for (unsigned i = 0; i < options->sack_count; i++) {
        put32(&made, options->sack_left[i]);
        put32(&made, options->sack_right[i]);
    }
    while (made.length % 4 != 0)
        put8(&made, 1);
    return made;
}

static void
put_tcp(struct frame *frame, const struct packet *packet, const struct frame *options, bool http)
{
    const struct segment *segment = &packet->segment;
    unsigned ports[2] = {32768 + packet->stream % PORTS, http ? PORT_HTTP : PORT_BULK};

    put16(frame, ports[segment->side]);
    put16(frame, ports[!segment->side]);
    put32(frame, segment->seq);
    put32(frame, segment->ack);
    put16(frame, (unsigned)(TCP_BYTES + options->length) << 10 | segment->flags);
    put16(frame, segment->window);
    put32(frame, 0);
    put_bytes(frame, options->bytes, options->length);
}

/* A request or a response, complete in its segment. */
static void
put_http(struct frame *frame, const struct segment *segment)
{
    char body[BODY_MAX + 1];
    uint32_t end = segment->side == 0 ? segment->len : segment->len - RESPONSE_BODY;
    int head;

    if (segment->side == 0)
        head = snprintf(body, sizeof(body),
                        "GET /item/%08x HTTP/1.1\r\nHost: www.example.com\r\n"
                        "Accept: */*\r\nX-Pad: ",
                        segment->seq);
    else
        head = snprintf(body, sizeof(body),
                        "HTTP/1.1 200 OK\r\nServer: example\r\n"
                        "Content-Type: text/plain\r\nContent-Length: %d\r\nX-Tag: ",
                        RESPONSE_BODY);
    memset(body + head, 'x', sizeof(body) - (size_t)head);
    memcpy(body + end - 4, "\r\n\r\n", 4);
    put_bytes(frame, body, segment->len);
}

/* Of bulk data the headers alone are captured. */
static bool
write_packet(FILE *file, const struct packet *packet, bool http)
{
    const struct segment *segment = &packet->segment;
    struct frame options = options_of(&segment->options);
    struct frame frame = {.length = 0};
    size_t headers = IPV4_BYTES + TCP_BYTES + options.length;
    uint32_t record[4];

    put_ethernet(&frame, segment);
    put_ipv4(&frame, packet, headers + segment->len);
    put_tcp(&frame, packet, &options, http);
    if (http && segment->len > 0)
        put_http(&frame, segment);
    record[0] = (uint32_t)(segment->time_ns / NS_PER_S);
    record[1] = (uint32_t)(segment->time_ns % NS_PER_S);
    record[2] = (uint32_t)frame.length;
    record[3] = (uint32_t)(ETHERNET_BYTES + headers + segment->len);
    return fwrite(record, sizeof(record), 1, file) == 1 &&
           fwrite(frame.bytes, frame.length, 1, file) == 1;
}

static bool
write_capture(FILE *file, struct traffic *traffic, bool http)
{
    /* pcap with nanoseconds, version 2.4, in this machine's byte order; link type 1: Ethernet */
    const uint32_t header[6] = {0xa1b23c4dU, 2 | 4 << 16, 0, 0, 262144, 1};
    struct packet packet;

    if (fwrite(header, sizeof(header), 1, file) != 1)
        return false;
    while (traffic_next(traffic, &packet)) {
        if (!write_packet(file, &packet, http))
            return false;
    }
    return true;
}

static struct traffic *
traffic_asked_for(int count, char **words)
{
    uint32_t number = count > 2 ? (uint32_t)strtoul(words[2], NULL, 10) : 0;

    if (count == 4 && strcmp(words[1], "closes") == 0)
        return traffic_of_closes(number);
    if (count == 4 && strcmp(words[1], "four-ways") == 0)
        return traffic_of_four_ways(number);
    if (count == 4 && strcmp(words[1], "tiny") == 0)
        return traffic_of_tiny(number);
    if (count == 5 && strcmp(words[1], "one") == 0)
        return traffic_of_one(number, (uint32_t)strtoul(words[3], NULL, 10));
    return NULL;
}

int
main(int count, char **words)
{
    struct traffic *traffic = traffic_asked_for(count, words);
    const char *path = words[count - 1];
    FILE *file;
    bool written;

    if (!traffic) {
        fprintf(stderr, "usage: generate closes|four-ways|tiny STREAMS FILE\n"
                        "       generate one SEGMENTS HOLES FILE\n");
        return 2;
    }
    file = fopen(path, "wb");
    written = file && write_capture(file, traffic, count == 4);
    if (file && fclose(file) != 0)
        written = false;
    traffic_free(traffic);
    if (!written)
        fprintf(stderr, "generate: cannot write %s: %s\n", path, strerror(errno));
    return written ? 0 : 1;
}
