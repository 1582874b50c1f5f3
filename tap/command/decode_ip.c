/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "decoder.h"
#include "wtcompat.h"

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

/* What IP says of its payload. */
struct ip {
    struct host source; /* without ports */
    struct host destination;
    uint16_t id;
    uint8_t ttl;
};

static void decode_protocol(struct decoder *decoder, uint8_t protocol, struct slice slice,
                            const struct ip *ip);

/* ---- TCP, and what quotes it ---- */

/* OpenFlow sends whole packets inside of TCP; Wireshark finds it by these ports. */
static bool
is_openflow(const struct host *host)
{
    return host->port == 6633 || host->port == 6653;
}

/*
 * A greeting of VNC's, RFC 6143 section 7.1.1, on a port that is not VNC's: where Wireshark finds
 * one, it begins another stream, test_vnc_protocol() of packet-vnc.c.
 */
static bool
is_vnc_greeting(const struct slice *slice, uint16_t source, uint16_t destination)
{
    enum { SIZE = 12 };
    static const uint16_t known[] = {5500, 5501, 5900, 5901};
    const uint32_t header = (slice->bytes[12] >> 4) * 4U;

    if (slice->reported != header + SIZE || slice->captured < slice->reported ||
        memcmp(slice->bytes + header, "RFB ", 4) != 0)
        return false;
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++) {
        if (source == known[i] || destination == known[i])
            return false;
    }
    return true;
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
    found.sender.port = read_u16(slice.bytes);
    found.receiver.port = read_u16(slice.bytes + 2);
    decoder->take(decoder->context, decoder->packet, &found);
    if (is_vnc_greeting(&slice, found.sender.port, found.receiver.port))
        tally_add(decoder->unread, "TCP with a greeting of VNC's on another port than its own, "
                                   "which Wireshark takes for another stream");
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

/*
 * The payload that it completes; captured is 0 where it completes none. Wireshark puts together
 * what was captured whole.
 */
static struct slice
found_fragment(struct decoder *decoder, const struct ip *ip, uint32_t id,
               const struct fragment *fragment)
{
    const bool is_ipv4 = ip->source.length == 4;
    struct fragment_key key = {
        .id = id,
        .protocol = is_ipv4 ? fragment->protocol : 0,
        .version = is_ipv4 ? 4 : 6,
    };

    if (fragment->slice.reported == 0)
        return (struct slice){0};
    if (fragment->slice.captured < fragment->slice.reported) {
        if (may_hold_tcp(fragment->protocol))
            tally_add(decoder->unread, "fragments of IP protocol %u, not captured whole",
                      fragment->protocol);
        return (struct slice){0};
    }
    memcpy(key.source, ip->source.address, ip->source.length);
    memcpy(key.destination, ip->destination.address, ip->destination.length);
    return fragments_add(decoder->fragments, &key, fragment, decoder->unread);
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
    uint16_t place;
    struct ip ip;

    if (!holds(slice, 20))
        return;
    header = (bytes[0] & 15U) * 4;
    total = read_u16(bytes + 2);
    if (total == 0) /* left to the network interface, which cuts it into packets */
        total = slice.reported;
    if (header < 20 || total < header)
        return;
    place = read_u16(bytes + 6);
    slice = skip(cut(slice, total), header);
    ip = (struct ip){
        .source = host_at(bytes + 12, 4),
        .destination = host_at(bytes + 16, 4),
        .id = read_u16(bytes + 4),
        .ttl = bytes[8],
    };
    if (place & (MORE_FRAGMENTS | OFFSET)) {
        const struct fragment fragment = {
            .slice = slice,
            .offset = (place & OFFSET) * 8U,
            .vlan = decoder->vlan,
            .protocol = bytes[9],
            .has_more = place & MORE_FRAGMENTS,
        };

        slice = found_fragment(decoder, &ip, ip.id, &fragment);
    }
    if (holds(slice, 1))
        decode_protocol(decoder, bytes[9], slice, &ip);
}

/* RFC 8200 section 4.5: what is behind it, or what it completes. */
static struct slice
decode_fragment_header(struct decoder *decoder, struct slice slice, const struct ip *ip)
{
    enum { OFFSET = 0xFFF8, MORE_FRAGMENTS = 1 };
    const uint16_t place = read_u16(slice.bytes + 2);
    const struct fragment fragment = {
        .slice = skip(slice, 8),
        .offset = place & OFFSET,
        .vlan = decoder->vlan,
        .protocol = slice.bytes[0],
        .has_more = place & MORE_FRAGMENTS,
    };

    if ((place & (OFFSET | MORE_FRAGMENTS)) == 0)
        return fragment.slice;
    return found_fragment(decoder, ip, read_u32(slice.bytes + 4), &fragment);
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
            next = slice.bytes[0];
            slice = decode_fragment_header(decoder, slice, ip);
            if (slice.captured == 0)
                return;
            continue;
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
    length = read_u16(slice.bytes + 4);
    if (length == 0) /* as with IPv4 */
        length = slice.reported - 40;
    ip = (struct ip){
        .source = host_at(slice.bytes + 8, 6),
        .destination = host_at(slice.bytes + 24, 6),
        .ttl = slice.bytes[7],
    };
    decode_extensions(decoder, slice.bytes[6], cut(skip(slice, 40), length), &ip);
}

void
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
