/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decoder.h"

/* RFC 2784 and RFC 2890. */
void
decode_gre(struct decoder *decoder, struct slice slice)
{
    enum { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, VERSION = 7 };
    uint32_t size = 4;
    uint16_t flags;
    uint16_t type;

    if (!holds(slice, 4))
        return;
    flags = read_u16(slice.bytes);
    type = read_u16(slice.bytes + 2);
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
        decode_ethertype(decoder, read_u16(slice.bytes + 2),
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
void
decode_udp(struct decoder *decoder, struct slice slice)
{
    static const uint16_t tunnels[] = {1701, 2152, 3544, 4341, 4789, 4790, 5247, 6081, 6635, 37008};
    struct slice payload = skip(slice, 8);
    uint16_t port = 0;

    if (!holds(slice, 8))
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(tunnels) && port == 0; i++) {
        if (read_u16(slice.bytes) == tunnels[i] || read_u16(slice.bytes + 2) == tunnels[i])
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
