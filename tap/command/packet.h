/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet as a capture file holds it. */
#ifndef TCPCLOSE_PACKET_H
#define TCPCLOSE_PACKET_H

#include <stdint.h>

/* What a packet begins with. */
enum link {
    LINK_UNKNOWN,
    LINK_ETHERNET,
    LINK_RAW_IP, /* IPv4 or IPv6, as the first nibble says */
    LINK_NULL,   /* an address family in four bytes, in either byte order */
    LINK_SLL,    /* Linux cooked, version 1 */
    LINK_SLL2,
    LINK_PPP,
    LINK_WLAN, /* IEEE 802.11, and behind the headers that monitoring cards put before it */
    LINK_WLAN_PRISM,
    LINK_WLAN_RADIOTAP,
    LINK_WLAN_AVS,
    LINK_COUNT, /* of those */
    LINK_NONE,  /* a frame of Wireshark's that is no packet: a log entry, a system call */
};

/* Bytes of a packet from some layer on: those that were captured are there, the others are not. */
struct slice {
    const uint8_t *bytes;
    uint32_t captured;
    uint32_t reported; /* on the wire; at least captured */
};

struct packet {
    struct slice slice;
    int64_t time_s;  /* since the epoch, */
    int32_t time_ns; /* and 0 to 999999999 */
    uint32_t frame;  /* from 1, over all files */
    enum link link;
    const char *link_name; /* as Wireshark calls it */
};

#endif
