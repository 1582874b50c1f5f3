/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/tap.h>

#include "wscompat.h"

enum { TCP_HEADER_MIN = 20, IPV4_HEADER_MIN = 20, IPV4_HEADER_MAX = 60, IPV6_HEADER = 40 };
enum { NS_PER_S = 1000000000 };

static int proto_tcp = -1;
static int hf_tcp_stream = -1;
static int hf_tcp_len = -1;
static int tap_tcp;

GArray *
layers_wanted_fields(void)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

    proto_tcp = proto_get_id_by_filter_name("tcp");
    hf_tcp_stream = proto_registrar_get_id_byname("tcp.stream");
    hf_tcp_len = proto_registrar_get_id_byname("tcp.len");
    tap_tcp = find_tap_id("tcp");
    g_array_append_val(wanted, proto_tcp);
    g_array_append_val(wanted, hf_tcp_stream);
    g_array_append_val(wanted, hf_tcp_len);
    return wanted;
}

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

/* The field of that layer: it is at the layer's own place in the layer's own buffer. */
static const field_info *
field_of_layer(const GPtrArray *fields, const field_info *tcp)
{
    for (unsigned i = 0; fields && i < fields->len; i++) {
        const field_info *field = (const field_info *)g_ptr_array_index(fields, i);

        if (field->ds_tvb == tcp->ds_tvb && field->start == tcp->start)
            return field;
    }
    return NULL;
}

/*
 * Where the IPv4 header right before a TCP header begins; -1: there is none. No field is asked for: that
 * would cost every packet what only few need.
 */
static int
ipv4_before(tvbuff_t *tvb, int at)
{
    for (int length = IPV4_HEADER_MIN; length <= IPV4_HEADER_MAX && length <= at; length += 4) {
        int ip = at - length;

        if (compat_tvb_uint8(tvb, ip) == (0x40 | length / 4) &&
            compat_tvb_uint8(tvb, ip + 9) == IP_PROTO_TCP)
            return ip;
    }
    return -1;
}

/* The same for IPv6, without extension headers. */
static int
ipv6_before(tvbuff_t *tvb, int at)
{
    int ip = at - IPV6_HEADER;

    if (ip >= 0 && compat_tvb_uint8(tvb, ip) >> 4 == 6 &&
        compat_tvb_uint8(tvb, ip + 6) == IP_PROTO_TCP)
        return ip;
    return -1;
}

static uint16_t
ip_id_before(tvbuff_t *tvb, int at)
{
    int ip = ipv4_before(tvb, at);

    return ip >= 0 ? tvb_get_ntohs(tvb, ip + 4) : 0;
}

/* Of a frame with several TCP layers, pinfo has the addresses of the last only. */
static void
get_addresses(const packet_info *pinfo, const field_info *tcp, bool alone, address *source,
              address *destination)
{
    int ipv4 = alone ? -1 : ipv4_before(tcp->ds_tvb, tcp->start);
    int ipv6 = alone || ipv4 >= 0 ? -1 : ipv6_before(tcp->ds_tvb, tcp->start);

    copy_address_shallow(source, &pinfo->src);
    copy_address_shallow(destination, &pinfo->dst);
    if (ipv4 >= 0) {
        set_address_tvb(source, AT_IPv4, 4, tcp->ds_tvb, ipv4 + 12);
        set_address_tvb(destination, AT_IPv4, 4, tcp->ds_tvb, ipv4 + 16);
    } else if (ipv6 >= 0) {
        set_address_tvb(source, AT_IPv6, 16, tcp->ds_tvb, ipv6 + 8);
        set_address_tvb(destination, AT_IPv6, 16, tcp->ds_tvb, ipv6 + 24);
    }
}

static bool
read_header(const packet_info *pinfo, const field_info *tcp, bool alone, struct tcp_layer *layer)
{
    struct segment *segment = &layer->segment;
    tvbuff_t *tvb = tcp->ds_tvb;
    int at = tcp->start;
    int header_length;
    address source;
    address destination;

    if (tvb_captured_length_remaining(tvb, at) < TCP_HEADER_MIN)
        return false;
    header_length = (compat_tvb_uint8(tvb, at + 12) >> 4) * 4;
    if (header_length < TCP_HEADER_MIN || tvb_captured_length_remaining(tvb, at) < header_length)
        return false;
    get_addresses(pinfo, tcp, alone, &source, &destination);
    set_ends(layer, &source, tvb_get_ntohs(tvb, at), &destination, tvb_get_ntohs(tvb, at + 2));
    segment->seq = tvb_get_ntohl(tvb, at + 4);
    segment->ack = tvb_get_ntohl(tvb, at + 8);
    segment->flags = compat_tvb_uint8(tvb, at + 13);
    segment->window = tvb_get_ntohs(tvb, at + 14);
    segment->options = tcp_options_parse(
        tvb_get_ptr(tvb, at + TCP_HEADER_MIN, header_length - TCP_HEADER_MIN),
        (size_t)(header_length - TCP_HEADER_MIN));
    if ((segment->flags & FLAG_FIN) && !segment->options.has_ts)
        segment->ip_id = ip_id_before(tvb, at);
    segment->frame = pinfo->num;
    segment->time_ns = frame_time_ns(pinfo);
    return true;
}

struct tcp_layer *
layers_dissected(packet_info *pinfo, proto_tree *tree, unsigned *count)
{
    const GPtrArray *tcp = proto_get_finfo_ptr_array(tree, proto_tcp);
    const GPtrArray *streams = proto_get_finfo_ptr_array(tree, hf_tcp_stream);
    const GPtrArray *lengths = proto_get_finfo_ptr_array(tree, hf_tcp_len);
    struct tcp_layer *layers;

    *count = 0;
    if (!tcp || !lengths)
        return NULL;
    layers = wmem_alloc0_array(pinfo->pool, struct tcp_layer, tcp->len);
    for (unsigned i = 0; i < tcp->len; i++) {
        const field_info *layer = (const field_info *)g_ptr_array_index(tcp, i);
        const field_info *stream = field_of_layer(streams, layer);
        const field_info *length = field_of_layer(lengths, layer);
        struct tcp_layer *found = &layers[*count];

        /* Without a length Wireshark did not see a whole segment: quoted, or a fragment. */
        if (!stream || !length || !read_header(pinfo, layer, tcp->len == 1, found))
            continue;
        found->stream = compat_field_uint(stream);
        found->segment.len = compat_field_uint(length);
        found->segment.layer = (uint8_t)*count;
        ++*count;
    }
    return layers;
}

static bool
stream_of_conversation(const conversation_t *conversation, uint32_t *stream)
{
    const struct tcp_analysis *analysis =
        conversation ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp)
                     : NULL;

    if (!analysis)
        return false;
    *stream = analysis->stream;
    return true;
}

bool
layers_of_conversation(packet_info *pinfo, struct tcp_layer *layer)
{
    if (pinfo->ptype != PT_TCP)
        return false;
    set_ends(layer, &pinfo->src, (uint16_t)pinfo->srcport, &pinfo->dst, (uint16_t)pinfo->destport);
    layer->segment.frame = pinfo->num;
    layer->segment.layer = 0;
    layer->segment.time_ns = frame_time_ns(pinfo);
    return stream_of_conversation(find_conversation(pinfo->num, &pinfo->src, &pinfo->dst,
                                                    CONVERSATION_TCP, pinfo->srcport, pinfo->destport,
                                                    0),
                                  &layer->stream);
}

const struct tcpheader *
layers_tapped_header(const struct tcp_layer *layer, int *next)
{
    const struct tcpheader *header;

    for (int i = *next; (header = (const struct tcpheader *)fetch_tapped_data(tap_tcp, i)); i++) {
        /* Headers that are no layers have no length: see layers_dissected. */
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
