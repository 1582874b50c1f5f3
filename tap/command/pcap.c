/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source: draft-ietf-opsawg-pcap, sections 4 and 5. */
#include "mapped_format.h"

enum {
    HEADER_SIZE = 24,
    RECORD_SIZE = 16,
    VERSION_2_4 = 2 << 16 | 4,
    NS_PER_S = 1000000000,
};

#define MAGIC_US UINT32_C(0xA1B2C3D4)
#define MAGIC_NS UINT32_C(0xA1B23C4D)

static enum mapped_next
pcap_next(struct mapped *mapped, struct packet *packet)
{
    const struct interface *interface = &g_array_index(mapped->interfaces, struct interface, 0);
    const uint8_t *record = mapped->at;
    size_t left = (size_t)(mapped->end - record);
    struct lengths lengths;
    uint32_t fraction;

    if (left == 0)
        return MAPPED_END;
    if (left < RECORD_SIZE)
        return MAPPED_UNUSUAL;
    fraction = mapped_u32(mapped, record + 4);
    lengths.captured = mapped_u32(mapped, record + 8);
    lengths.reported = mapped_u32(mapped, record + 12);
    if (fraction >= interface->fractions || !lengths_are_usual(lengths) ||
        lengths.captured > left - RECORD_SIZE)
        return MAPPED_UNUSUAL;
    *packet = mapped_packet(interface, record + RECORD_SIZE, lengths);
    packet->time_s = mapped_u32(mapped, record);
    packet->time_ns = (int32_t)(interface->fractions == NS_PER_S ? fraction : fraction * 1000);
    mapped->at = record + RECORD_SIZE + lengths.captured;
    return MAPPED_PACKET;
}

static bool
is_magic(uint32_t magic)
{
    return magic == MAGIC_US || magic == MAGIC_NS;
}

bool
pcap_begin(struct mapped *mapped)
{
    struct interface interface;
    uint32_t magic;

    if (mapped->end - mapped->at < HEADER_SIZE)
        return false;
    mapped->is_swapped = false;
    magic = mapped_u32(mapped, mapped->at);
    mapped->is_swapped = !is_magic(magic);
    magic = mapped_u32(mapped, mapped->at);
    interface = (struct interface){
        .fractions = magic == MAGIC_NS ? NS_PER_S : NS_PER_S / 1000,
        .link = mapped_link(mapped_u32(mapped, mapped->at + 20)),
    };
    if (!is_magic(magic) || interface.link == LINK_UNKNOWN ||
        (mapped_u16(mapped, mapped->at + 4) << 16 | mapped_u16(mapped, mapped->at + 6)) !=
            VERSION_2_4)
        return false;
    g_array_append_val(mapped->interfaces, interface);
    mapped->next = pcap_next;
    mapped->at += HEADER_SIZE;
    return true;
}
