/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP layers of a frame: the only reader of TCP facts from Wireshark. A header quoted in an ICMP
 * error, a fragment and a header that is cut off are no layers.
 *
 * Each segment is read where IP hands it to TCP. To ask Wireshark for TCP's fields instead would make it
 * build a tree for every packet: a third more work for tshark -q.
 */
#ifndef TCPCLOSE_LAYERS_H
#define TCPCLOSE_LAYERS_H

#include <epan/packet.h>
#include <epan/dissectors/packet-tcp.h>

#include "engine/segment.h"

#define LAYER_NO_STREAM UINT32_MAX

struct tcp_layer {
    struct tcp_layer *next; /* the frame's next one, or NULL */
    uint16_t port[2];       /* by side */
    address address[2];     /* by side; as long as the frame */
    uint32_t stream;        /* tcp.stream, or LAYER_NO_STREAM where TCP gave it none */
    struct segment segment;
};

/* With the other protocols. */
void layers_register(void);

/* Once, when all protocols are known: every segment is read from then on. */
void layers_handoff(void);

/*
 * On every pass, with and without a tree, once the frame has been dissected: its layers, outermost
 * first, in pinfo->pool, or NULL.
 */
const struct tcp_layer *layers_of_frame(packet_info *pinfo);

/*
 * Any pass on which taps listen: what Wireshark's tap "tcp" will get of the layer; NULL if it gets
 * nothing. Headers before *next are not looked at, and *next is set behind the one found: ask for the
 * layers in order, beginning with 0.
 */
const struct tcpheader *layers_tapped_header(const struct tcp_layer *layer, int *next);

/*
 * The layer's pair of endpoints, addresses and ports, the same for both directions; owned by the caller.
 * (The conversation before cannot be asked for by frame number: with tshark -R several frames have the
 * same.)
 */
GBytes *layers_pair(const struct tcp_layer *layer);

#endif
