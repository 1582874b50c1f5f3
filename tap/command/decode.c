/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decode.h"

#include <string.h>

#include "decoder.h"

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

    if (holds(slice, 2) && read_u16(slice.bytes) == 0xFF03)
        slice = skip(slice, 2);
    if (!holds(slice, 2))
        return;
    protocol = slice.bytes[0] & 1 ? slice.bytes[0] : read_u16(slice.bytes);
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
        decode_ppp(decoder, cut(skip(slice, 6), read_u16(slice.bytes + 4)));
}

/* IEEE 802.2: in a SNAP header with an empty organisation is an EtherType. */
void
decode_llc(struct decoder *decoder, struct slice slice)
{
    static const uint8_t snap[] = {0xAA, 0xAA, 0x03, 0, 0, 0};

    if (!holds(slice, 1))
        return;
    if (holds(slice, 8) && memcmp(slice.bytes, snap, sizeof(snap)) == 0)
        decode_ethertype(decoder, read_u16(slice.bytes + 6), skip(slice, 8));
    else if (slice.bytes[0] == 0xAA || slice.bytes[0] == 0x06)
        tally_add(decoder->unread, "LLC service access point 0x%02x", slice.bytes[0]);
}

void
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
        if (!holds(slice, 4))
            break;
        decoder->vlan = read_u16(slice.bytes) & 0xFFF;
        decode_ethertype(decoder, read_u16(slice.bytes + 2), skip(slice, 4));
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

void
decode_ethernet(struct decoder *decoder, struct slice slice)
{
    if (holds(slice, 14))
        decode_ethertype(decoder, read_u16(slice.bytes + 12), skip(slice, 14));
}

/* The family as BSD has it, in the byte order of the machine that captured. */
static void
decode_null(struct decoder *decoder, struct slice slice)
{
    uint32_t family;

    if (!holds(slice, 4))
        return;
    family = read_u32(slice.bytes);
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
        decode_ethertype(decoder, read_u16(slice.bytes + type_at), skip(slice, size));
}

void
decode_packet(const struct packet *packet, struct fragments *fragments, struct tally *unread,
              decode_take *take, void *context)
{
    struct decoder decoder = {
        .packet = packet,
        .fragments = fragments,
        .unread = unread,
        .take = take,
        .context = context,
    };

    fragments_begin(fragments, packet->frame);
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
    case LINK_WLAN:
    case LINK_WLAN_PRISM:
    case LINK_WLAN_RADIOTAP:
    case LINK_WLAN_AVS:
        decode_wlan(&decoder, packet->link, packet->slice);
        break;
    case LINK_NONE:
        break;
    case LINK_UNKNOWN:
    case LINK_COUNT:
        tally_add(unread, "link type %s", packet->link_name);
        break;
    }
}
