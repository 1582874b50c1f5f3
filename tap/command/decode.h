/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP headers of a packet, through links and tunnels, in the order in which Wireshark meets
 * them. What could hold one and is not looked into is counted: nothing is left out silently.
 */
#ifndef TCPCLOSE_DECODE_H
#define TCPCLOSE_DECODE_H

#include <stdbool.h>

#include "capture.h"
#include "fragments.h"
#include "packet.h"
#include "tally.h"

struct found_header {
    struct slice slice; /* from the TCP header on */
    struct host sender; /* with their ports */
    struct host receiver;
    uint16_t ip_id;
    uint8_t ttl;
    uint8_t layer;  /* later ones of a packet have higher numbers */
    bool is_quoted; /* by an ICMP error */
};

typedef void decode_take(void *context, const struct packet *packet,
                         const struct found_header *found);

/* Calls take for every TCP header of which Wireshark would read ports and numbers. fragments: of
 * the packets before, which this one may complete. */
void decode_packet(const struct packet *packet, struct fragments *fragments, struct tally *unread,
                   decode_take *take, void *context);

#endif
