/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IEEE 802.11-2020, section 9.3.2: data frames; and what monitoring puts before them. */
#include "decoder.h"

enum { MORE_FRAGMENTS = 0x0400, PROTECTED = 0x4000, ORDER = 0x8000 }; /* of frame control */

static uint16_t
read_u16_le(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t
read_u32_le(const uint8_t *bytes)
{
    return read_u16_le(bytes) | (uint32_t)read_u16_le(bytes + 2) << 16;
}

/* Section 9.3.2.2.2: several packets, each padded to four bytes but for the last. */
static void
decode_amsdu(struct decoder *decoder, struct slice slice)
{
    enum { SUBFRAME_HEADER = 14 };

    while (holds(slice, SUBFRAME_HEADER + 1)) {
        uint32_t size = read_u16(slice.bytes + 12);

        decode_llc(decoder, cut(skip(slice, SUBFRAME_HEADER), size));
        slice = skip(slice, (SUBFRAME_HEADER + size + 3U) & ~3U);
    }
}

/*
 * The service access points of LLC are the same on both ends, but for a bit that tells a response.
 * Some cards hand on a frame of Ethernet instead, which begins with an address; Wireshark finds it.
 */
static void
decode_body(struct decoder *decoder, struct slice slice)
{
    enum { RESPONSE = 1, SHORTEST_IN_LLC = 8 + 20 + 14 };

    if (slice.reported < SHORTEST_IN_LLC)
        return;
    if (holds(slice, 2) && slice.bytes[0] > RESPONSE &&
        ((slice.bytes[0] ^ slice.bytes[1]) & ~RESPONSE) == 0)
        decode_llc(decoder, slice);
    else
        tally_add(decoder->unread, "IEEE 802.11 frames without LLC");
}

/* is_padded: the header is filled up to four bytes. */
static void
decode_frame(struct decoder *decoder, struct slice slice, bool is_padded)
{
    enum { TYPE_AND_NULL = 0x4C, DATA = 0x08, QOS = 0x80, BOTH_DS = 0x0300 };
    uint32_t size = 24;
    uint16_t control;
    uint16_t qos = 0;
    bool is_relayed;

    if (!holds(slice, 24))
        return;
    control = read_u16_le(slice.bytes);
    is_relayed = (control & BOTH_DS) == BOTH_DS;
    if ((control & TYPE_AND_NULL) != DATA || (control & PROTECTED))
        return; /* no data, or nobody can read it */
    if ((control & MORE_FRAGMENTS) || (slice.bytes[22] & 0xF)) {
        tally_add(decoder->unread, "IEEE 802.11 fragments");
        return;
    }
    size += is_relayed ? 6 : 0;
    if (control & QOS) {
        if (!holds(slice, size + 2))
            return;
        qos = read_u16_le(slice.bytes + size);
        size += 2 + (control & ORDER ? 4 : 0);
    }
    if (is_padded)
        size = (size + 3U) & ~3U;
    if (is_relayed && (qos & 0x0100))
        tally_add(decoder->unread, "IEEE 802.11 frames of a mesh");
    else if (qos & 0x80)
        decode_amsdu(decoder, skip(slice, size));
    else
        decode_body(decoder, skip(slice, size));
}

/* radiotap.org: of the fields only the flags matter, the second, behind a time stamp. */
static void
decode_radiotap(struct decoder *decoder, struct slice slice)
{
    enum { TIME = 1, FLAGS = 2, DATA_PADDED = 0x20 };
    uint32_t present;
    uint32_t at = 4;
    uint32_t size;
    uint8_t flags = 0;

    if (!holds(slice, 8))
        return;
    size = read_u16_le(slice.bytes + 2);
    present = read_u32_le(slice.bytes + 4);
    do { /* the first bit of 32 says that there is another word of them */
        at += 4;
    } while (holds(slice, at) && (read_u32_le(slice.bytes + at - 4) & 0x80000000U));
    if (present & TIME)
        at = ((at + 7U) & ~7U) + 8;
    if ((present & FLAGS) && at < size && holds(slice, at + 1))
        flags = slice.bytes[at];
    if (size >= 8)
        decode_frame(decoder, skip(slice, size), flags & DATA_PADDED);
}

void
decode_wlan(struct decoder *decoder, enum link link, struct slice slice)
{
    enum { PRISM_SIZE = 144 };
    bool is_avs = holds(slice, 8) && (read_u32(slice.bytes) & 0xFFFFF000U) == 0x80211000U;

    if (link == LINK_WLAN)
        decode_frame(decoder, slice, false);
    else if (link == LINK_WLAN_RADIOTAP)
        decode_radiotap(decoder, slice);
    else if (is_avs)
        decode_frame(decoder, skip(slice, read_u32(slice.bytes + 4)), false);
    else if (link == LINK_WLAN_PRISM)
        decode_frame(decoder, skip(slice, PRISM_SIZE), false);
    else
        tally_add(decoder->unread, "AVS headers of an unknown version");
}
