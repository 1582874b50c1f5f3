/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP layers of a frame: the only reader of TCP facts from Wireshark. A header quoted in an
 * ICMP error, a fragment and a header that is cut off are no layers.
 *
 * Each segment is read where IP hands it to TCP, and is complete when TCP has returned. To ask
 * Wireshark for TCP's fields instead would make it build a tree for every packet, a third more work
 * for tshark -q; to keep the segments for a postdissector would cost as much as all of the engine.
 */
#ifndef TCPCLOSE_LAYERS_H
#define TCPCLOSE_LAYERS_H

#include <epan/packet.h>
#include <epan/dissectors/packet-tcp.h>

#include "capture.h"

#define LAYER_NO_STREAM UINT32_MAX

struct tcp_layer {
    struct tcp_layer *next; /* one inside this one, or NULL */
    struct host host[2];    /* by side */
    address address[2];     /* by side; as long as the frame */
    uint32_t stream;        /* tcp.stream, or LAYER_NO_STREAM where TCP gave it none */
    tvbuff_t *tvb;          /* from the TCP header on; as long as the frame */
    struct segment segment;
    /*
     * What Wireshark's tap "tcp" gets of the layer. NULL if it gets nothing: TCP gave up before the
     * end of the header, or this pass has no taps.
     */
    const struct tcpheader *header;
};

/*
 * Takes the layers of a frame on every pass, with and without a tree (its root): once for each TCP
 * layer that is in no other one, with all that are inside. They live in pinfo->pool.
 */
typedef void layers_take(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree,
                         const struct tcp_layer *layers);

/* With the other protocols. */
void layers_register(void);

/* Once, when all protocols are known: take gets every layer from then on. */
void layers_handoff(layers_take *take);

/* tcp.stream of a frame that has been dissected, of its last TCP layer; LAYER_NO_STREAM: none. */
uint32_t layers_stream_of_frame(const packet_info *pinfo);

#endif
