/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode.h"

#include <string.h>

#include "wtcompat.h"

enum {
    LAYERS_MAX = 64, /* deeper than any network: a packet of this many was made by hand */
};

enum ethertype {
    ETHERTYPE_LENGTH_MAX = 1500, /* not more: the length of an IEEE 802.3 frame */
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_ARP = 0x0806,
    ETHERTYPE_BRIDGED = 0x6558,
    ETHERTYPE_RARP = 0x8035,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86DD,
    ETHERTYPE_SLOW = 0x8809,
    ETHERTYPE_MPLS = 0x8847,
    ETHERTYPE_MPLS_UPSTREAM = 0x8848,
    ETHERTYPE_PPPOE_DISCOVERY = 0x8863,
    ETHERTYPE_PPPOE_SESSION = 0x8864,
    ETHERTYPE_EAPOL = 0x888E,
    ETHERTYPE_QINQ = 0x88A8,
    ETHERTYPE_LLDP = 0x88CC,
    ETHERTYPE_PTP = 0x88F7,
    ETHERTYPE_LOOPBACK_TEST = 0x9000,
    ETHERTYPE_QINQ_OLD = 0x9100,
};

enum protocol {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_IGMP = 2,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_RSVP = 46,
    PROTOCOL_GRE = 47,
    PROTOCOL_ESP = 50,
    PROTOCOL_AH = 51,
    PROTOCOL_ICMPV6 = 58,
    PROTOCOL_NONE = 59,
    PROTOCOL_DESTINATION_OPTIONS = 60,
    PROTOCOL_EIGRP = 88,
    PROTOCOL_OSPF = 89,
    PROTOCOL_PIM = 103,
    PROTOCOL_VRRP = 112,
    PROTOCOL_SCTP = 132,
};

struct decoder {
    const struct packet *packet;
    struct tally *unread;
    decode_take *take;
    void *context;
    unsigned layers;
    bool is_quoted;
};

/* What IP says of its payload. */
struct ip {
    struct host source; /* without ports */
    struct host destination;
    uint16_t id;
    uint8_t ttl;
};

static void decode_ethernet(struct decoder *decoder, struct slice slice);
static void decode_ethertype(struct decoder *decoder, uint16_t type, struct slice slice);
static void decode_ip(struct decoder *decoder, struct slice slice);
static void decode_protocol(struct decoder *decoder, uint8_t protocol, struct slice slice,
                            const struct ip *ip);

/* ---- bytes ---- */

static uint16_t
get16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t
get32(const uint8_t *bytes)
{
    return (uint32_t)get16(bytes) << 16 | get16(bytes + 2);
}

/* So many bytes are there to be read. */
static bool
holds(struct slice slice, uint32_t size)
{
    return slice.captured >= size;
}

/* Behind so many bytes; empty if there are no more. */
static struct slice
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
static struct slice
cut(struct slice slice, uint32_t size)
{
    slice.captured = MIN(slice.captured, size);
    slice.reported = MIN(slice.reported, size);
    return slice;
}

/* ---- TCP, and what quotes it ---- */

/* OpenFlow sends whole packets inside of TCP; Wireshark finds it by these ports. */
static bool
is_openflow(const struct host *host)
{
    return host->port == 6633 || host->port == 6653;
}

static void
found_tcp(struct decoder *decoder, struct slice slice, const struct ip *ip)
{
    struct found_header found = {
        .slice = slice,
        .sender = ip->source,
        .receiver = ip->destination,
        .ip_id = ip->id,
        .ttl = ip->ttl,
        .layer = (uint8_t)decoder->layers,
        .is_quoted = decoder->is_quoted,
    };

    if (!holds(slice, COMPAT_TCP_NUMBERS_SIZE))
        return;
    found.sender.port = get16(slice.bytes);
    found.receiver.port = get16(slice.bytes + 2);
    decoder->take(decoder->context, decoder->packet, &found);
    if (slice.reported > TCP_HEADER_MAX &&
        (is_openflow(&found.sender) || is_openflow(&found.receiver)))
        tally_add(decoder->unread, "TCP port %u, OpenFlow's",
                  is_openflow(&found.sender) ? found.sender.port : found.receiver.port);
}

/* The packet that an error is about, as far as it is quoted. */
static void
decode_quoted(struct decoder *decoder, struct slice slice)
{
    bool was_quoted = decoder->is_quoted;

    decoder->is_quoted = true;
    decode_ip(decoder, skip(slice, 8));
    decoder->is_quoted = was_quoted;
}

/* RFC 792: destination unreachable, source quench, redirect, time exceeded, parameter problem. */
static void
decode_icmp(struct decoder *decoder, struct slice slice)
{
    uint8_t type = holds(slice, 1) ? slice.bytes[0] : 0;

    if (type == 3 || type == 4 || type == 5 || type == 11 || type == 12)
        decode_quoted(decoder, slice);
}

/* RFC 4443 section 2.1: errors are below 128. */
static void
decode_icmpv6(struct decoder *decoder, struct slice slice)
{
    if (holds(slice, 1) && slice.bytes[0] >= 1 && slice.bytes[0] <= 4)
        decode_quoted(decoder, slice);
}

/* ---- tunnels ---- */

/* RFC 2784 and RFC 2890. */
static void
decode_gre(struct decoder *decoder, struct slice slice)
{
    enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, VERSION = 7 };
    uint32_t size = 4;
    uint16_t flags;
    uint16_t type;

    if (!holds(slice, 4))
        return;
    flags = get16(slice.bytes);
    type = get16(slice.bytes + 2);
    if (flags & (ROUTING | VERSION)) {
        tally_add(decoder->unread, "GRE with routing or of version %d", flags & VERSION);
        return;
    }
    size += (flags & CHECKSUM ? 4 : 0) + (flags & KEY ? 4 : 0) + (flags & SEQUENCE ? 4 : 0);
    decode_ethertype(decoder, type, skip(slice, size));
}

/* RFC 7348. */
static void
decode_vxlan(struct decoder *decoder, struct slice slice)
{
    decode_ethernet(decoder, skip(slice, 8));
}

/* RFC 8926 section 3.4. */
static void
decode_geneve(struct decoder *decoder, struct slice slice)
{
    if (holds(slice, 8))
        decode_ethertype(decoder, get16(slice.bytes + 2),
                         skip(slice, 8 + (slice.bytes[0] & 0x3FU) * 4));
}

/* Behind the extension headers of GTP-U; captured is 0 where they do not end. */
static struct slice
skip_gtp_extensions(struct slice slice, uint8_t type)
{
    while (type != 0) {
        uint32_t size = holds(slice, 1) ? slice.bytes[0] * 4U : 0;

        if (size == 0 || !holds(slice, size))
            return (struct slice){0};
        type = slice.bytes[size - 1];
        slice = skip(slice, size);
    }
    return slice;
}

/* 3GPP TS 29.281 section 5.1: version 1, a G-PDU. */
static void
decode_gtp(struct decoder *decoder, struct slice slice)
{
    enum { VERSION_AND_TYPE = 0xF0, VERSION_1_GTP = 0x30, OPTIONAL = 7, EXTENDED = 4, G_PDU = 255 };
    uint32_t size;

    if (!holds(slice, 12) || (slice.bytes[0] & VERSION_AND_TYPE) != VERSION_1_GTP ||
        slice.bytes[1] != G_PDU)
        return;
    size = slice.bytes[0] & OPTIONAL ? 12 : 8;
    decode_ip(decoder, slice.bytes[0] & EXTENDED
                           ? skip_gtp_extensions(skip(slice, size), slice.bytes[11])
                           : skip(slice, size));
}

/* Tunnels by their ports; a port that carries one which is not read here is counted. */
static void
decode_udp(struct decoder *decoder, struct slice slice)
{
    static const uint16_t tunnels[] = {1701, 2152, 3544, 4341, 4789, 4790, 5247, 6081, 6635, 37008};
    struct slice payload = skip(slice, 8);
    uint16_t port = 0;

    if (!holds(slice, 8))
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(tunnels) && port == 0; i++) {
        if (get16(slice.bytes) == tunnels[i] || get16(slice.bytes + 2) == tunnels[i])
            port = tunnels[i];
    }
    switch (port) {
    case 0:
        break;
    case 2152:
        decode_gtp(decoder, payload);
        break;
    case 4789:
        decode_vxlan(decoder, payload);
        break;
    case 6081:
        decode_geneve(decoder, payload);
        break;
    default:
        tally_add(decoder->unread, "UDP port %u, a tunnel's", port);
    }
}

/* ---- IP ---- */

/* RFC 4302: the length is in words of four bytes, less two. */
static void
decode_ah(struct decoder *decoder, struct slice slice, const struct ip *ip)
{
    if (holds(slice, 2))
        decode_protocol(decoder, slice.bytes[0], skip(slice, (slice.bytes[1] + 2U) * 4), ip);
}

static void
decode_protocol(struct decoder *decoder, uint8_t protocol, struct slice slice, const struct ip *ip)
{
    switch (protocol) {
    case PROTOCOL_TCP:
        found_tcp(decoder, slice, ip);
        break;
    case PROTOCOL_UDP:
        decode_udp(decoder, slice);
        break;
    case PROTOCOL_ICMP:
        decode_icmp(decoder, slice);
        break;
    case PROTOCOL_ICMPV6:
        decode_icmpv6(decoder, slice);
        break;
    case PROTOCOL_IPV4:
    case PROTOCOL_IPV6:
        decode_ip(decoder, slice);
        break;
    case PROTOCOL_GRE:
        decode_gre(decoder, slice);
        break;
    case PROTOCOL_AH:
        decode_ah(decoder, slice, ip);
        break;
    case PROTOCOL_IGMP: /* these carry no TCP, or nobody can read it */
    case PROTOCOL_RSVP:
    case PROTOCOL_ESP:
    case PROTOCOL_NONE:
    case PROTOCOL_EIGRP:
    case PROTOCOL_OSPF:
    case PROTOCOL_PIM:
    case PROTOCOL_VRRP:
    case PROTOCOL_SCTP:
        break;
    default:
        tally_add(decoder->unread, "IP protocol %u", protocol);
    }
}

/* What can hold a TCP header, whole or in pieces. */
static bool
may_hold_tcp(uint8_t protocol)
{
    return protocol == PROTOCOL_TCP || protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6 ||
           protocol == PROTOCOL_GRE || protocol == PROTOCOL_UDP || protocol == PROTOCOL_AH;
}

static void
found_fragment(struct decoder *decoder, uint8_t protocol)
{
    if (may_hold_tcp(protocol))
        tally_add(decoder->unread, "fragments of IP protocol %u", protocol);
}

static struct host
host_at(const uint8_t *address, uint8_t version)
{
    return (struct host){.address = address, .type = version, .length = version == 4 ? 4 : 16};
}

/* RFC 791. */
static void
decode_ipv4(struct decoder *decoder, struct slice slice)
{
    enum { MORE_FRAGMENTS = 0x2000, OFFSET = 0x1FFF };
    const uint8_t *bytes = slice.bytes;
    uint32_t header;
    uint32_t total;
    struct ip ip;

    if (!holds(slice, 20))
        return;
    header = (bytes[0] & 15U) * 4;
    total = get16(bytes + 2);
    if (total == 0) /* left to the network interface, which cuts it into packets */
        total = slice.reported;
    if (header < 20 || total < header)
        return;
    if (get16(bytes + 6) & (MORE_FRAGMENTS | OFFSET)) {
        found_fragment(decoder, bytes[9]);
        return;
    }
    ip = (struct ip){
        .source = host_at(bytes + 12, 4),
        .destination = host_at(bytes + 16, 4),
        .id = get16(bytes + 4),
        .ttl = bytes[8],
    };
    decode_protocol(decoder, bytes[9], skip(cut(slice, total), header), &ip);
}

/* The extension headers of IPv6, RFC 8200 section 4, and what is behind them. */
static void
decode_extensions(struct decoder *decoder, uint8_t next, struct slice slice, const struct ip *ip)
{
    for (;;) {
        uint32_t size;

        switch (next) {
        case PROTOCOL_HOP_BY_HOP:
        case PROTOCOL_DESTINATION_OPTIONS:
        case PROTOCOL_ROUTING:
            if (!holds(slice, 8))
                return;
            if (next == PROTOCOL_ROUTING && slice.bytes[3] != 0) {
                tally_add(decoder->unread, "IPv6 packets that are on their way to a router");
                return;
            }
            size = (slice.bytes[1] + 1U) * 8;
            break;
        case PROTOCOL_FRAGMENT:
            if (!holds(slice, 8))
                return;
            if (get16(slice.bytes + 2) & 0xFFF9) {
                found_fragment(decoder, slice.bytes[0]);
                return;
            }
            size = 8;
            break;
        default:
            decode_protocol(decoder, next, slice, ip);
            return;
        }
        next = slice.bytes[0];
        slice = skip(slice, size);
    }
}

/* RFC 8200. */
static void
decode_ipv6(struct decoder *decoder, struct slice slice)
{
    uint32_t length;
    struct ip ip;

    if (!holds(slice, 40))
        return;
    length = get16(slice.bytes + 4);
    if (length == 0) /* as with IPv4 */
        length = slice.reported - 40;
    ip = (struct ip){
        .source = host_at(slice.bytes + 8, 6),
        .destination = host_at(slice.bytes + 24, 6),
        .ttl = slice.bytes[7],
    };
    decode_extensions(decoder, slice.bytes[6], cut(skip(slice, 40), length), &ip);
}

static void
decode_ip(struct decoder *decoder, struct slice slice)
{
    if (!holds(slice, 1))
        return;
    if (decoder->layers++ == LAYERS_MAX)
        tally_add(decoder->unread, "packets in more than %d others", LAYERS_MAX);
    else if (slice.bytes[0] >> 4 == 4)
        decode_ipv4(decoder, slice);
    else if (slice.bytes[0] >> 4 == 6)
        decode_ipv6(decoder, slice);
}

/* ---- links ---- */

/* Labels up to the bottom of the stack, RFC 3032; then IP, or what only the routers know. */
static void
decode_mpls(struct decoder *decoder, struct slice slice)
{
    bool is_bottom = false;

    while (!is_bottom && holds(slice, 4)) {
        is_bottom = slice.bytes[2] & 1;
        slice = skip(slice, 4);
    }
    if (!holds(slice, 1))
        return;
    if (slice.bytes[0] >> 4 == 4 || slice.bytes[0] >> 4 == 6)
        decode_ip(decoder, slice);
    else
        tally_add(decoder->unread, "MPLS packets that hold no IP");
}

/* RFC 1661: address and control bytes and the first byte of the protocol may be left out. */
static void
decode_ppp(struct decoder *decoder, struct slice slice)
{
    uint16_t protocol;

    if (holds(slice, 2) && get16(slice.bytes) == 0xFF03)
        slice = skip(slice, 2);
    if (!holds(slice, 2))
        return;
    protocol = slice.bytes[0] & 1 ? slice.bytes[0] : get16(slice.bytes);
    slice = skip(slice, slice.bytes[0] & 1 ? 1 : 2);
    if (protocol == 0x0021 || protocol == 0x0057)
        decode_ip(decoder, slice);
    else if (protocol < 0x8000) /* above are those that only set up the others */
        tally_add(decoder->unread, "PPP protocol 0x%04x", protocol);
}

/* RFC 2516 section 4. */
static void
decode_pppoe(struct decoder *decoder, struct slice slice)
{
    if (holds(slice, 6))
        decode_ppp(decoder, cut(skip(slice, 6), get16(slice.bytes + 4)));
}

/* IEEE 802.2: in a SNAP header with an empty organisation is an EtherType. */
static void
decode_llc(struct decoder *decoder, struct slice slice)
{
    static const uint8_t snap[] = {0xAA, 0xAA, 0x03, 0, 0, 0};

    if (!holds(slice, 1))
        return;
    if (holds(slice, 8) && memcmp(slice.bytes, snap, sizeof(snap)) == 0)
        decode_ethertype(decoder, get16(slice.bytes + 6), skip(slice, 8));
    else if (slice.bytes[0] == 0xAA || slice.bytes[0] == 0x06)
        tally_add(decoder->unread, "LLC service access point 0x%02x", slice.bytes[0]);
}

static void
decode_ethertype(struct decoder *decoder, uint16_t type, struct slice slice)
{
    if (type <= ETHERTYPE_LENGTH_MAX) {
        decode_llc(decoder, cut(slice, type));
        return;
    }
    if (decoder->layers++ == LAYERS_MAX) {
        tally_add(decoder->unread, "packets in more than %d others", LAYERS_MAX);
        return;
    }
    switch (type) {
    case ETHERTYPE_IPV4:
    case ETHERTYPE_IPV6:
        decode_ip(decoder, slice);
        break;
    case ETHERTYPE_VLAN:
    case ETHERTYPE_QINQ:
    case ETHERTYPE_QINQ_OLD:
        if (holds(slice, 4))
            decode_ethertype(decoder, get16(slice.bytes + 2), skip(slice, 4));
        break;
    case ETHERTYPE_MPLS:
    case ETHERTYPE_MPLS_UPSTREAM:
        decode_mpls(decoder, slice);
        break;
    case ETHERTYPE_PPPOE_SESSION:
        decode_pppoe(decoder, slice);
        break;
    case ETHERTYPE_BRIDGED:
        decode_ethernet(decoder, slice);
        break;
    case ETHERTYPE_ARP: /* these carry no TCP */
    case ETHERTYPE_RARP:
    case ETHERTYPE_SLOW:
    case ETHERTYPE_PPPOE_DISCOVERY:
    case ETHERTYPE_EAPOL:
    case ETHERTYPE_LLDP:
    case ETHERTYPE_PTP:
    case ETHERTYPE_LOOPBACK_TEST:
        break;
    default:
        tally_add(decoder->unread, "EtherType 0x%04x", type);
    }
}

static void
decode_ethernet(struct decoder *decoder, struct slice slice)
{
    if (holds(slice, 14))
        decode_ethertype(decoder, get16(slice.bytes + 12), skip(slice, 14));
}

/* The family as BSD has it, in the byte order of the machine that captured. */
static void
decode_null(struct decoder *decoder, struct slice slice)
{
    uint32_t family;

    if (!holds(slice, 4))
        return;
    family = get32(slice.bytes);
    if (family > 0xFFFF)
        family = GUINT32_SWAP_LE_BE(family);
    if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30)
        decode_ip(decoder, skip(slice, 4));
    else
        tally_add(decoder->unread, "address family %u", family);
}

static void
decode_cooked(struct decoder *decoder, struct slice slice, uint32_t type_at, uint32_t size)
{
    if (holds(slice, size))
        decode_ethertype(decoder, get16(slice.bytes + type_at), skip(slice, size));
}

void
decode_packet(const struct packet *packet, struct tally *unread, decode_take *take, void *context)
{
    struct decoder decoder = {.packet = packet, .unread = unread, .take = take, .context = context};

    switch (packet->link) {
    case LINK_ETHERNET:
        decode_ethernet(&decoder, packet->slice);
        break;
    case LINK_RAW_IP:
        decode_ip(&decoder, packet->slice);
        break;
    case LINK_NULL:
        decode_null(&decoder, packet->slice);
        break;
    case LINK_SLL:
        decode_cooked(&decoder, packet->slice, 14, 16);
        break;
    case LINK_SLL2:
        decode_cooked(&decoder, packet->slice, 0, 20);
        break;
    case LINK_PPP:
        decode_ppp(&decoder, packet->slice);
        break;
    case LINK_UNKNOWN:
        tally_add(unread, "link type %s", packet->link_name);
        break;
    }
}
