/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IP packets from their fragments, as Wireshark's reassembly has it: whole once all are there, in
 * the packet that brought the last. Memory is bounded: what waits longest is given up.
 */
#ifndef TCPCLOSE_FRAGMENTS_H
#define TCPCLOSE_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "packet.h"
#include "tally.h"

struct fragments;

struct fragments *fragments_new(void);
void fragments_free(struct fragments *fragments);

/* The next frame, by its number: what the fragments of the last one completed is given up. */
void fragments_begin(struct fragments *fragments, uint32_t frame);

/* What is the same in all fragments of a packet: RFC 791 section 3.2, RFC 8200 section 4.5. */
struct fragment_key {
    uint8_t source[16]; /* the rest is zeros */
    uint8_t destination[16];
    uint32_t id;
    uint16_t protocol; /* 0 in IPv6 */
    uint16_t version;
};

struct fragment {
    struct slice slice; /* behind IP's header; all that was reported is captured */
    uint32_t offset;
    uint16_t vlan; /* 0: none */
    uint8_t protocol;
    bool has_more;
};

/*
 * The payload of the packet that this fragment completes, valid until fragments_begin(); empty
 * (bytes are NULL) if it completes none. What is not put together as Wireshark would do it is
 * counted in unread.
 */
struct slice fragments_add(struct fragments *fragments, const struct fragment_key *key,
                           const struct fragment *fragment, struct tally *unread);

/* The earlier frames with fragments of what this frame completed; uint32_t, until
 * fragments_begin(). */
const GArray *fragments_earlier(const struct fragments *fragments);

/* This frame brought a fragment that is kept for the others to come. */
bool fragments_is_kept(const struct fragments *fragments);

#endif
