/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP layers of a frame: the only reader of TCP facts from Wireshark. A header quoted in an ICMP
 * error, a fragment and a header that is cut off are no layers.
 */
#ifndef TCPCLOSE_LAYERS_H
#define TCPCLOSE_LAYERS_H

#include <epan/packet.h>
#include <epan/dissectors/packet-tcp.h>

#include "engine/segment.h"

struct tcp_layer {
    uint32_t stream;        /* tcp.stream */
    uint16_t port[2];       /* by side */
    address address[2];     /* by side; first pass only */
    struct segment segment; /* side, frame, layer and time; the rest first pass only */
};

/* Once, when all protocols are known: the fields that the postdissector has to ask for. Owned by the caller. */
GArray *layers_wanted_fields(void);

/*
 * First pass: the frame's layers, outermost first, in pinfo->pool; *count may be 0. tree is what the
 * wanted fields are in.
 */
struct tcp_layer *layers_dissected(packet_info *pinfo, proto_tree *tree, unsigned *count);

/*
 * Any pass, without a tree: the layer that the frame's conversation tells, if it has one. It is right
 * for most frames; layers_dissected says which.
 */
bool layers_of_conversation(packet_info *pinfo, struct tcp_layer *layer);

/*
 * Any pass on which taps listen: what Wireshark's tap "tcp" will get of the frame's layer; NULL if it
 * gets nothing. Headers before *next are not looked at, and *next is set behind the one found: ask for
 * the layers in order, beginning with 0.
 */
const struct tcpheader *layers_tapped_header(const struct tcp_layer *layer, int *next);

/*
 * First pass: the layer's pair of endpoints, addresses and ports, the same for both directions; owned by
 * the caller. (The conversation before cannot be asked for by frame number: with tshark -R several
 * frames have the same.)
 */
GBytes *layers_pair(const struct tcp_layer *layer);

#endif
