/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP segment as the engine sees it: the facts of its header, and when and where it was
 * captured. The engine knows nothing of packets, links or tunnels.
 */
#ifndef TCPCLOSE_SEGMENT_H
#define TCPCLOSE_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tcp_flag {
    FLAG_FIN = 0x01,
    FLAG_SYN = 0x02,
    FLAG_RST = 0x04,
    FLAG_PSH = 0x08,
    FLAG_ACK = 0x10,
};

enum { SACK_BLOCKS_MAX = 4 };

/* Times are between these, 1843 and 2096: differences of times, and times and 2MSL, fit 64 bits. */
#define SEGMENT_TIME_MIN_NS (-INT64_C(4000000000000000000))
#define SEGMENT_TIME_MAX_NS INT64_C(4000000000000000000)

/*
 * The two endpoints of a stream are its sides. Which one is 0 is the same for both directions
 * without storing anything: the one with the higher port, or with equal ports the higher address.
 */
enum { SIDE_OF_HIGHER_PORT = 0 };

/* The options that tell something about a close; RFC 7323 and RFC 2018. */
struct tcp_options {
    uint32_t ts_val;
    uint32_t ts_ecr; /* of a RST, or without ACK, it means nothing */
    uint32_t sack_left[SACK_BLOCKS_MAX];
    uint32_t sack_right[SACK_BLOCKS_MAX];
    uint8_t sack_count;
    uint8_t mptcp_ends; /* a bit for each enum mptcp_end: RFC 8684 */
    bool has_ts;
    uint8_t window_shift : 4; /* 0 to 14; only with has_window_shift */
    bool has_window_shift : 1;
    bool sack_permitted : 1;
    bool fast_open : 1; /* a Fast Open cookie or request, RFC 7413 */
    bool is_cut : 1;    /* by the capture: an option that is missing here is unknown, not absent */
};

struct segment {
    int64_t time_ns; /* since the epoch, SEGMENT_TIME_MIN_NS to SEGMENT_TIME_MAX_NS */
    uint32_t frame;  /* Wireshark's frame number, from 1 */
    uint32_t seq;    /* raw */
    uint32_t ack;    /* raw; meaningless without FLAG_ACK */
    uint32_t len;    /* payload bytes on the wire, whatever the capture kept */
    uint16_t window; /* as in the header, unscaled */
    uint16_t ip_id;  /* identification of the IPv4 packet; 0: none, not known, or not in use */
    uint8_t flags;   /* enum tcp_flag; other bits are ignored */
    uint8_t side;    /* 0 or 1: which of the stream's endpoints sent it */
    uint8_t layer;   /* of several TCP layers in a frame, later ones have higher numbers */
    uint8_t ttl;     /* or hop limit; 0: not known */
    bool is_alert;   /* its payload is a TLS alert and nothing else, as far as can be seen */
    struct tcp_options options;
};

enum { TCP_HEADER_MIN = 20, TCP_HEADER_MAX = 60 };

/* Of a TLS record, the header: RFC 8446 section 5.1. */
enum { TLS_HEADER = 5, LAYER_BYTES_MAX = TCP_HEADER_MAX + TLS_HEADER };

/* A TCP layer as a reader of captures finds it. */
struct captured_layer {
    const uint8_t *bytes;     /* from the TCP header on; at least LAYER_BYTES_MAX, if captured */
    size_t length;            /* of bytes */
    uint32_t reported_length; /* of header and payload on the wire */
    int64_t time_s;           /* time stamp of the frame: any number of seconds, since the epoch, */
    int32_t time_ns;          /* and 0 to 999999999 */
    uint32_t frame;
    uint8_t layer;
    bool is_fragment; /* of an IP packet that is not whole: nobody knows the length */
    bool is_quoted;   /* by an ICMP error: nobody has sent it here */
};

/* A time stamp in nanoseconds: a file may hold any number of seconds, and what is beyond the limits
 * is taken as at them. */
int64_t segment_time_ns(int64_t s, int32_t ns);

/*
 * Makes a segment of it, RFC 9293 section 3.1; side, ip_id and ttl are up to the reader. False: it
 * is no segment. A fragment, a quoted header, and one that is cut off before its options say
 * nothing of a connection.
 */
bool segment_read(struct segment *seg, const struct captured_layer *layer);

/*
 * Reads the options of a TCP header: length bytes (at most 40) behind the 20 fixed ones. Malformed
 * or cut options end the reading; what was read until then counts.
 */
struct tcp_options tcp_options_parse(const uint8_t *bytes, size_t length);

/* The sequence number after the segment: payload, SYN and FIN take space, a RST's payload does not.
 */
static inline uint32_t
segment_end(const struct segment *seg)
{
    if (seg->flags & FLAG_RST)
        return seg->seq;
    return seg->seq + seg->len + ((seg->flags & FLAG_SYN) ? 1U : 0U) +
           ((seg->flags & FLAG_FIN) ? 1U : 0U);
}

#endif
