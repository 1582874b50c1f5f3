/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/proto_data.h>
#include <epan/tap.h>

#include "wscompat.h"

enum { TCP_HEADER_MIN = 20, IPV4_HEADER_MIN = 20, IPV4_HEADER_MAX = 60, NS_PER_S = 1000000000 };

static int proto_tcp = -1;
static int proto_tcp_read = -1; /* in name only: TCP by way of dissect_tcp_read */
static int tap_tcp;
static dissector_handle_t tcp_handle;

/*
 * Which side a segment comes from, for both directions of a stream the same without storing one: side 0
 * has the higher port, or with equal ports the higher address.
 */
static uint8_t
side_of(const address *source, uint16_t source_port, const address *destination,
        uint16_t destination_port)
{
    if (source_port != destination_port)
        return source_port < destination_port;
    return cmp_address(source, destination) < 0;
}

static void
set_ends(struct tcp_layer *layer, const address *source, uint16_t source_port,
         const address *destination, uint16_t destination_port)
{
    uint8_t side = side_of(source, source_port, destination, destination_port);

    layer->segment.side = side;
    layer->port[side] = source_port;
    layer->port[!side] = destination_port;
    copy_address_shallow(&layer->address[side], source);
    copy_address_shallow(&layer->address[!side], destination);
}

/* A file may hold any number of seconds. */
static int64_t
frame_time_ns(const packet_info *pinfo)
{
    const int64_t first_s = SEGMENT_TIME_MIN_NS / NS_PER_S;
    const int64_t last_s = SEGMENT_TIME_MAX_NS / NS_PER_S;
    int64_t s = pinfo->abs_ts.secs;

    if (s < first_s)
        return SEGMENT_TIME_MIN_NS;
    if (s >= last_s)
        return SEGMENT_TIME_MAX_NS;
    return s * NS_PER_S + pinfo->abs_ts.nsecs;
}

/* The identification in the IPv4 header right before the segment; 0: there is none. */
static uint16_t
ip_id_before(tvbuff_t *segment)
{
    tvbuff_t *tvb = tvb_get_ds_tvb(segment);
    int at = tvb_raw_offset(segment);

    for (int length = IPV4_HEADER_MIN; length <= IPV4_HEADER_MAX && length <= at; length += 4) {
        int ip = at - length;

        if (compat_tvb_uint8(tvb, ip) == (0x40 | length / 4) &&
            compat_tvb_uint8(tvb, ip + 9) == IP_PROTO_TCP)
            return tvb_get_ntohs(tvb, ip + 4);
    }
    return 0;
}

/* NULL if it is no segment: of a fragment or a quoted header, TCP does not know the length either. */
static struct tcp_layer *
read_layer(tvbuff_t *tvb, packet_info *pinfo)
{
    uint32_t captured = tvb_captured_length(tvb);
    uint32_t header_length;
    struct tcp_layer *layer;
    struct segment *segment;

    if (pinfo->fragmented || pinfo->flags.in_error_pkt || captured < TCP_HEADER_MIN)
        return NULL;
    header_length = (compat_tvb_uint8(tvb, 12) >> 4) * 4U;
    if (header_length < TCP_HEADER_MIN || captured < header_length)
        return NULL;
    layer = wmem_new0(pinfo->pool, struct tcp_layer);
    segment = &layer->segment;
    set_ends(layer, &pinfo->src, tvb_get_ntohs(tvb, 0), &pinfo->dst, tvb_get_ntohs(tvb, 2));
    segment->seq = tvb_get_ntohl(tvb, 4);
    segment->ack = tvb_get_ntohl(tvb, 8);
    segment->flags = compat_tvb_uint8(tvb, 13);
    segment->window = tvb_get_ntohs(tvb, 14);
    segment->len = tvb_reported_length(tvb) - header_length;
    segment->options =
        tcp_options_parse(tvb_get_ptr(tvb, TCP_HEADER_MIN, (int)header_length - TCP_HEADER_MIN),
                          header_length - TCP_HEADER_MIN);
    if ((segment->flags & FLAG_FIN) && !segment->options.has_ts)
        segment->ip_id = ip_id_before(tvb);
    segment->frame = pinfo->num;
    segment->time_ns = frame_time_ns(pinfo);
    return layer;
}

static struct tcp_layer *
kept_layers(packet_info *pinfo)
{
    return (struct tcp_layer *)p_get_proto_data(pinfo->pool, pinfo, proto_tcp_read, 0);
}

/* As the frame's last. */
static void
keep_layer(packet_info *pinfo, struct tcp_layer *layer)
{
    struct tcp_layer *last = kept_layers(pinfo);

    if (!last) {
        p_add_proto_data(pinfo->pool, pinfo, proto_tcp_read, 0, layer);
        return;
    }
    while (last->next)
        last = last->next;
    layer->segment.layer = (uint8_t)(last->segment.layer + 1);
    last->next = layer;
}

/* In TCP's place below IP: reads the segment, and lets TCP dissect it. */
static int
dissect_tcp_read(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct tcp_layer *layer = read_layer(tvb, pinfo);

    if (layer)
        keep_layer(pinfo, layer);
    return call_dissector_with_data(tcp_handle, tvb, pinfo, tree, data);
}

void
layers_register(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
    proto_tcp_read = proto_register_protocol_in_name_only("TCP with TCP Close Analysis", "TCP (TCP Close)",
                                                          "tcpclose.tcp", proto_tcp, FT_PROTOCOL);
}

void
layers_handoff(void)
{
    tcp_handle = find_dissector("tcp");
    tap_tcp = find_tap_id("tcp");
    dissector_add_uint("ip.proto", IP_PROTO_TCP,
                       create_dissector_handle(dissect_tcp_read, proto_tcp_read));
}

/* TCP has put it into the conversation. */
static uint32_t
find_stream(const packet_info *pinfo, const struct tcp_layer *layer)
{
    const conversation_t *conversation =
        find_conversation(pinfo->num, &layer->address[0], &layer->address[1], CONVERSATION_TCP,
                          layer->port[0], layer->port[1], 0);
    const struct tcp_analysis *analysis =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp)
                     : NULL;

    return analysis ? analysis->stream : LAYER_NO_STREAM;
}

const struct tcp_layer *
layers_of_frame(packet_info *pinfo)
{
    struct tcp_layer *layers = kept_layers(pinfo);

    for (struct tcp_layer *layer = layers; layer; layer = layer->next)
        layer->stream = find_stream(pinfo, layer);
    return layers;
}

const struct tcpheader *
layers_tapped_header(const struct tcp_layer *layer, int *next)
{
    const struct tcpheader *header;

    for (int i = *next; (header = (const struct tcpheader *)fetch_tapped_data(tap_tcp, i)); i++) {
        /* Headers that are no layers have no length: see read_layer. */
        if (header->th_have_seglen && header->th_stream == layer->stream &&
            header->th_sport == layer->port[layer->segment.side]) {
            *next = i + 1;
            return header;
        }
    }
    return NULL;
}

GBytes *
layers_pair(const struct tcp_layer *layer)
{
    GByteArray *pair = g_byte_array_new();

    g_byte_array_append(pair, (const uint8_t *)layer->port, sizeof(layer->port));
    for (unsigned side = 0; side < 2; side++) {
        const address *host = &layer->address[side];

        g_byte_array_append(pair, (const uint8_t *)&host->type, sizeof(host->type));
        g_byte_array_append(pair, (const uint8_t *)host->data, (guint)host->len);
    }
    return g_byte_array_free_to_bytes(pair);
}
