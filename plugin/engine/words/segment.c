/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TCP header, RFC 9293 section 3.1. Options are kind, length, value; two kinds have one byte.
 */
#include "segment.h"

#include <string.h>

#include "network_order.h"
#include "said.h"
#include "units.h"

enum option_kind {
    OPTION_END = 0,
    OPTION_NOP = 1,
    OPTION_WINDOW_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIMESTAMPS = 8,
    OPTION_MPTCP = 30,
    OPTION_FAST_OPEN = 34,
};

enum { WINDOW_SHIFT_MAX = 14 }; /* RFC 7323 section 2.3 */

static void
read_sack(struct tcp_options *options, const uint8_t *value, size_t length)
{
    for (; length >= 8 && options->sack_count < SACK_BLOCKS_MAX; value += 8, length -= 8) {
        options->sack_left[options->sack_count] = read_u32(value);
        options->sack_right[options->sack_count] = read_u32(value + 4);
        options->sack_count++;
    }
}

static void
read_option(struct tcp_options *options, uint8_t kind, const uint8_t *value, size_t length)
{
    switch (kind) {
    case OPTION_WINDOW_SCALE:
        if (length == 1) {
            options->has_window_shift = true;
            options->window_shift =
                (value[0] < WINDOW_SHIFT_MAX ? value[0] : WINDOW_SHIFT_MAX) & 0xfU;
        }
        break;
    case OPTION_SACK_PERMITTED:
        options->sack_permitted = true;
        break;
    case OPTION_SACK:
        read_sack(options, value, length);
        break;
    case OPTION_TIMESTAMPS:
        if (length == 8) {
            options->has_ts = true;
            options->ts_val = read_u32(value);
            options->ts_ecr = read_u32(value + 4);
        }
        break;
    case OPTION_MPTCP:
        if (length > 0) /* from the kind on */
            options->mptcp_ends |= mptcp_option_ends(value - 2, length + 2);
        break;
    case OPTION_FAST_OPEN:
        options->fast_open = true;
        break;
    }
}

/* As Linux reads options (tcp_parse_aligned_timestamp): nearly all segments have these and no
 * other. */
static bool
is_timestamp_alone(const uint8_t *bytes, size_t length)
{
    static const uint8_t aligned[] = {OPTION_NOP, OPTION_NOP, OPTION_TIMESTAMPS, 10};

    return length == 12 && memcmp(bytes, aligned, sizeof(aligned)) == 0;
}

/* Into zeros: a copy of what is read would cost as much as reading it. */
static inline void
read_options(struct tcp_options *options, const uint8_t *bytes, size_t length)
{
    size_t at = 0;

    if (is_timestamp_alone(bytes, length)) {
        options->has_ts = true;
        options->ts_val = read_u32(bytes + 4);
        options->ts_ecr = read_u32(bytes + 8);
        return;
    }
    while (at < length && bytes[at] != OPTION_END) {
        if (bytes[at] == OPTION_NOP) {
            at++;
            continue;
        }
        if (at + 2 > length || bytes[at + 1] < 2 || at + bytes[at + 1] > length)
            break;
        read_option(options, bytes[at], bytes + at + 2, (size_t)bytes[at + 1] - 2);
        at += bytes[at + 1];
    }
}

struct tcp_options
tcp_options_parse(const uint8_t *bytes, size_t length)
{
    struct tcp_options options = {0};

    read_options(&options, bytes, length);
    return options;
}

/*
 * An alert is two bytes. In the clear and in TLS 1.2 its record has a type of its own (RFC 5246
 * section 6.2.1); in TLS 1.3 it looks like data, and is known by its length: a byte for the type
 * and 16 for the tag are added (RFC 8446 section 5.2).
 */
static bool
is_tls_alert(const struct captured_layer *layer, size_t header_length)
{
    enum { TYPE_ALERT = 21, TYPE_DATA = 23, ALERT_MIN = 7, ALERT_MAX = 80, SEALED_ALERT = 19 };
    const uint8_t *record = layer->bytes + header_length;
    size_t length = layer->reported_length - header_length;

    if (length < ALERT_MIN || length > ALERT_MAX || layer->length < header_length + TLS_HEADER)
        return false;
    if (record[1] != 3 || record[2] > 4 || read_u16(record + 3) + (size_t)TLS_HEADER != length)
        return false;
    return record[0] == TYPE_ALERT ||
           (record[0] == TYPE_DATA && length == TLS_HEADER + SEALED_ALERT);
}

int64_t
segment_time_ns(int64_t s, int32_t ns)
{
    if (s < SEGMENT_TIME_MIN_NS / NS_PER_S)
        return SEGMENT_TIME_MIN_NS;
    if (s >= SEGMENT_TIME_MAX_NS / NS_PER_S)
        return SEGMENT_TIME_MAX_NS;
    return s * NS_PER_S + ns;
}

bool
segment_read(struct segment *seg, const struct captured_layer *layer)
{
    const uint8_t *bytes = layer->bytes;
    size_t header_length, kept;

    if (layer->is_fragment || layer->is_quoted || layer->length < TCP_HEADER_MIN)
        return false;
    header_length = (size_t)(bytes[12] >> 4) * 4;
    if (header_length < TCP_HEADER_MIN || header_length > layer->reported_length)
        return false;
    kept = header_length < layer->length ? header_length : layer->length;
    seg->time_ns = segment_time_ns(layer->time_s, layer->time_ns);
    seg->frame = layer->frame;
    seg->seq = read_u32(bytes + 4);
    seg->ack = read_u32(bytes + 8);
    seg->len = layer->reported_length - (uint32_t)header_length;
    seg->window = read_u16(bytes + 14);
    seg->ip_id = 0;
    seg->ttl = 0;
    seg->flags = bytes[13];
    seg->side = 0;
    seg->layer = layer->layer;
    seg->is_alert = is_tls_alert(layer, header_length);
    seg->options = (struct tcp_options){.is_cut = kept < header_length};
    read_options(&seg->options, bytes + TCP_HEADER_MIN, kept - TCP_HEADER_MIN);
    return true;
}
