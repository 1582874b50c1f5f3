/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside decode.h: a packet that is being looked into, and the ways from one layer to another.
 * decode.c has the links, decode_wlan.c IEEE 802.11, decode_ip.c IP and what is in it,
 * decode_tunnel.c the tunnels.
 */
#ifndef TCPCLOSE_DECODER_H
#define TCPCLOSE_DECODER_H

#include <glib.h>

#include "decode.h"
#include "network_order.h"

enum { LAYERS_MAX = 64 }; /* deeper than any network: a packet of this many was made by hand */

struct decoder {
    const struct packet *packet;
    struct tally *unread;
    decode_take *take;
    void *context;
    struct fragments *fragments;
    unsigned layers;
    uint16_t vlan; /* the innermost; 0: none */
    bool is_quoted;
};

/* ---- bytes ---- */

/* So many bytes are there to be read. */
static inline bool
holds(struct slice slice, uint32_t size)
{
    return slice.captured >= size;
}

/* Behind so many bytes; empty if there are no more. */
static inline struct slice
skip(struct slice slice, uint32_t size)
{
    uint32_t captured = MIN(size, slice.captured);

    return (struct slice){
        .bytes = slice.bytes + captured,
        .captured = slice.captured - captured,
        .reported = slice.reported - MIN(size, slice.reported),
    };
}

/* No more than so many bytes: what follows is padding, or somebody else's. */
static inline struct slice
cut(struct slice slice, uint32_t size)
{
    slice.captured = MIN(slice.captured, size);
    slice.reported = MIN(slice.reported, size);
    return slice;
}

/* ---- layers: each finds what is in the slice, or counts it as unread ---- */

void decode_ethernet(struct decoder *decoder, struct slice slice);
void decode_llc(struct decoder *decoder, struct slice slice);
void decode_wlan(struct decoder *decoder, enum link link, struct slice slice);
void decode_ethertype(struct decoder *decoder, uint16_t type, struct slice slice);
void decode_ip(struct decoder *decoder, struct slice slice); /* of either version */
void decode_gre(struct decoder *decoder, struct slice slice);
void decode_udp(struct decoder *decoder, struct slice slice);

#endif
