/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside mapped.h: a file in memory, and what its formats have in common. */
#ifndef TCPCLOSE_MAPPED_FORMAT_H
#define TCPCLOSE_MAPPED_FORMAT_H

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include "mapped.h"

/* What its packets have in common; a pcap file has one. */
struct interface {
    uint64_t fractions;    /* of time, in a second */
    uint32_t captured_max; /* of a packet that does not say how much is captured; 0: all */
    enum link link;
};

struct mapped {
    GMappedFile *file;
    uint8_t *kept;     /* what is before was given back to the system */
    const uint8_t *at; /* the next record or block */
    const uint8_t *end;
    enum mapped_next (*next)(struct mapped *mapped, struct packet *packet);
    GArray *interfaces; /* struct interface */
    bool is_swapped;    /* its numbers are in the other byte order */
};

static inline uint32_t
mapped_u32(const struct mapped *mapped, const uint8_t *bytes)
{
    uint32_t number;

    memcpy(&number, bytes, sizeof(number));
    return mapped->is_swapped ? GUINT32_SWAP_LE_BE(number) : number;
}

static inline uint16_t
mapped_u16(const struct mapped *mapped, const uint8_t *bytes)
{
    uint16_t number;

    memcpy(&number, bytes, sizeof(number));
    return mapped->is_swapped ? GUINT16_SWAP_LE_BE(number) : number;
}

/* How much of a packet is there, and how much was sent. */
struct lengths {
    uint32_t captured;
    uint32_t reported;
};

/* No file of Wireshark's or tcpdump's has others. */
static inline bool
lengths_are_usual(struct lengths lengths)
{
    enum { CAPTURED_MAX = 262144 }; /* Wireshark's own limit; more is a damaged file */

    return lengths.captured <= CAPTURED_MAX && lengths.captured <= lengths.reported &&
           lengths.reported <= INT32_MAX;
}

static inline struct packet
mapped_packet(const struct interface *interface, const uint8_t *bytes, struct lengths lengths)
{
    return (struct packet){
        .slice = {.bytes = bytes, .captured = lengths.captured, .reported = lengths.reported},
        .link = interface->link,
        .link_name = "",
    };
}

/* Of a LINKTYPE_ number, and of what some systems write instead of LINKTYPE_RAW. */
enum link mapped_link(uint32_t number);

/* False: the file is not of that format, or not as usual. Else next and at are set. */
bool pcap_begin(struct mapped *mapped);
bool pcapng_begin(struct mapped *mapped);

#endif
