/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/dissectors/packet-ip.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>
#include <epan/tap.h>

#include "network_order.h"
#include "wscompat.h"

static int proto_tcp = -1;
static int proto_tcp_read = -1; /* in name only: TCP by way of these */
static int tap_tcp;
static dissector_handle_t tcp_handle;
static dissector_handle_t below_ip_handle;
static dissector_handle_t elsewhere_handle;
static layers_take *take_layers;

/* The layers of the TCP dissection that is under way, and of those inside it. */
static struct {
    unsigned depth;
    struct tcp_layer *first; /* outermost */
    struct tcp_layer *last;
} under_way;

static struct host
host_of(const address *addr, const uint8_t *port)
{
    return (struct host){
        .address = (const uint8_t *)addr->data,
        .port = read_u16(port),
        .type = (uint8_t)addr->type,
        .length = (uint8_t)MIN(addr->len, UINT8_MAX),
    };
}

static void
set_ends(struct tcp_layer *layer, const address *source, const address *destination,
         const uint8_t *header)
{
    struct host sender = host_of(source, header);
    struct host receiver = host_of(destination, header + 2);
    uint8_t side = capture_side(&sender, &receiver);

    layer->segment.side = side;
    layer->host[side] = sender;
    layer->host[!side] = receiver;
    copy_address_shallow(&layer->address[side], source);
    copy_address_shallow(&layer->address[!side], destination);
}

/* What IP says of its packet; NULL, or what IP dissectors hand to those of its table. */
static void
set_ip(struct segment *segment, const void *ip)
{
    const ws_ip4 *ip4 = WS_IP4_PTR(ip);
    const ws_ip6 *ip6 = WS_IP6_PTR(ip);

    if (ip4) {
        segment->ip_id = (uint16_t)ip4->ip_id;
        segment->ttl = ip4->ip_ttl;
    } else if (ip6) {
        segment->ttl = ip6->ip6_hop;
    }
}

/* NULL if it is no segment. */
static struct tcp_layer *
read_layer(tvbuff_t *tvb, packet_info *pinfo, const void *ip)
{
    unsigned length = MIN(tvb_captured_length(tvb), LAYER_BYTES_MAX);
    struct captured_layer captured = {
        .bytes = tvb_get_ptr(tvb, 0, (int)length),
        .length = length,
        .reported_length = tvb_reported_length(tvb),
        .time_s = pinfo->abs_ts.secs,
        .time_ns = pinfo->abs_ts.nsecs,
        .frame = pinfo->num,
        .layer = pinfo->curr_layer_num,
        .is_fragment = pinfo->fragmented,
        .is_quoted = pinfo->flags.in_error_pkt,
    };
    struct tcp_layer *layer = wmem_new(pinfo->pool, struct tcp_layer);
    struct segment *segment = &layer->segment;

    if (!segment_read(segment, &captured))
        return NULL;
    layer->next = NULL;
    layer->tvb = tvb;
    set_ip(segment, ip);
    set_ends(layer, &pinfo->src, &pinfo->dst, captured.bytes);
    return layer;
}

static void
begin_layer(tvbuff_t *tvb, packet_info *pinfo, const void *ip)
{
    struct tcp_layer *layer = read_layer(tvb, pinfo, ip);

    if (under_way.depth++ == 0)
        under_way.first = NULL;
    if (!layer)
        return;
    if (under_way.first)
        under_way.last->next = layer;
    else
        under_way.first = layer;
    under_way.last = layer;
}

/*
 * Headers before *next are not looked at, and *next is set behind the one found. TCP takes the
 * addresses from where they were taken for the layer.
 */
static const struct tcpheader *
find_tapped_header(const struct tcp_layer *layer, int *next)
{
    const struct segment *segment = &layer->segment;
    unsigned sender = segment->side;
    const struct tcpheader *header;

    for (int i = *next; (header = (const struct tcpheader *)fetch_tapped_data(tap_tcp, i)); i++) {
        /* Headers that are no layers have no length: see read_layer. */
        if (header->th_have_seglen && header->th_rawseq == segment->seq &&
            header->th_sport == layer->host[sender].port &&
            header->th_dport == layer->host[!sender].port &&
            header->ip_src.data == layer->address[sender].data &&
            header->ip_dst.data == layer->address[!sender].data) {
            *next = i + 1;
            return header;
        }
    }
    return NULL;
}

static uint32_t
find_stream(uint32_t frame, const address *source, uint16_t source_port, const address *destination,
            uint16_t destination_port)
{
    const conversation_t *conversation = find_conversation(
        frame, source, destination, CONVERSATION_TCP, source_port, destination_port, 0);
    const struct tcp_analysis *analysis =
        conversation
            ? (const struct tcp_analysis *)conversation_get_proto_data(conversation, proto_tcp)
            : NULL;

    return analysis ? analysis->stream : LAYER_NO_STREAM;
}

/* TCP has returned, for whatever reason: of the outermost layer, all that were begun are complete.
 */
static void
end_layer(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    int next_header = 0;

    if (--under_way.depth > 0 || !under_way.first)
        return;
    for (struct tcp_layer *layer = under_way.first; layer; layer = layer->next) {
        layer->header = find_tapped_header(layer, &next_header);
        layer->stream = layer->header
                            ? layer->header->th_stream
                            : find_stream(pinfo->num, &layer->address[0], layer->host[0].port,
                                          &layer->address[1], layer->host[1].port);
    }
    take_layers(pinfo, tvb, proto_tree_get_root(tree), under_way.first);
}

/* In TCP's place: reads the segment, and lets TCP dissect it. */
static int
dissect_tcp_read(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const void *ip, void *data)
{
    volatile int length = 0;

    begin_layer(tvb, pinfo, ip);
    TRY
    {
        length = call_dissector_with_data(tcp_handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        end_layer(tvb, pinfo, tree);
    }
    ENDTRY;
    return length;
}

static int
dissect_below_ip(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_tcp_read(tvb, pinfo, tree, data, data);
}

/* Whatever carries it, and hands over something else. */
static int
dissect_elsewhere(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_tcp_read(tvb, pinfo, tree, NULL, data);
}

/* A table that the user has told to hand something to TCP: Decode As, or a preference. */
static void
take_over_entry(const char *table, ftenum_t type, gpointer key, gpointer value, gpointer data)
{
    dtbl_entry_t *entry = (dtbl_entry_t *)value;

    (void)data;
    if (dtbl_entry_get_handle(entry) != tcp_handle || type < FT_UINT8 || type > FT_UINT32)
        return;
    dissector_change_uint(table, GPOINTER_TO_UINT(key),
                          strcmp(table, "ip.proto") == 0 ? below_ip_handle : elsewhere_handle);
}

/* Before the first frame of every reading, as the user may have said so in between. */
static void
take_over_tables(void)
{
    dissector_all_tables_foreach_changed(take_over_entry, NULL);
}

void
layers_register(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
    proto_tcp_read = proto_register_protocol_in_name_only(
        "TCP with TCP Close Analysis", "TCP (TCP Close)", "tcpclose.tcp", proto_tcp, FT_PROTOCOL);
}

/*
 * Without callbacks, so that what TCP has tapped is there when TCP returns, as packet-smb.c does it
 * with NTLMSSP: it spares looking up the conversation, which costs as much as all of the engine.
 */
static void
listen_to_tcp(void)
{
    GString *error =
        register_tap_listener("tcp", NULL, NULL, TL_IS_DISSECTOR_HELPER, NULL, NULL, NULL, NULL);

    if (error)
        g_string_free(error, TRUE); /* the conversation will do */
    tap_tcp = find_tap_id("tcp");
}

void
layers_handoff(layers_take *take)
{
    take_layers = take;
    tcp_handle = find_dissector("tcp");
    listen_to_tcp();
    below_ip_handle = create_dissector_handle(dissect_below_ip, proto_tcp_read);
    elsewhere_handle = create_dissector_handle(dissect_elsewhere, proto_tcp_read);
    dissector_add_uint("ip.proto", IP_PROTO_TCP, below_ip_handle);
    dissector_add_for_decode_as("udp.port", elsewhere_handle);
    register_init_routine(take_over_tables);
}

uint32_t
layers_stream_of_frame(const packet_info *pinfo)
{
    return find_stream(pinfo->num, &pinfo->src, (uint16_t)pinfo->srcport, &pinfo->dst,
                       (uint16_t)pinfo->destport);
}
