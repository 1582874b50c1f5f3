/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source: draft-ietf-opsawg-pcap, sections 4 and 5. */
#include "pcap.h"

#include <string.h>

#include <glib.h>

enum {
    HEADER_SIZE = 24,
    RECORD_SIZE = 16,
    VERSION_2_4 = 2 << 16 | 4,
    CAPTURED_MAX = 262144, /* Wireshark's own limit; more is a damaged file */
    PROBED = 16,           /* records that have to look right before any of them is believed */
};

#define MAGIC_US UINT32_C(0xA1B2C3D4)
#define MAGIC_NS UINT32_C(0xA1B23C4D)

struct pcap {
    GMappedFile *file;
    const uint8_t *at; /* the next record */
    const uint8_t *end;
    bool is_swapped;
    uint32_t fractions; /* in a second */
    enum link link;
};

static uint32_t
get32(const struct pcap *pcap, const uint8_t *bytes)
{
    uint32_t number;

    memcpy(&number, bytes, sizeof(number));
    return pcap->is_swapped ? GUINT32_SWAP_LE_BE(number) : number;
}

static uint32_t
get16(const struct pcap *pcap, const uint8_t *bytes)
{
    uint16_t number;

    memcpy(&number, bytes, sizeof(number));
    return pcap->is_swapped ? GUINT16_SWAP_LE_BE(number) : number;
}

/* LINKTYPE_ numbers, and what some systems write instead of LINKTYPE_RAW. */
static enum link
link_of(uint32_t number)
{
    switch (number) {
    case 0:
    case 108:
        return LINK_NULL;
    case 1:
        return LINK_ETHERNET;
    case 9:
        return LINK_PPP;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
        return LINK_RAW_IP;
    case 113:
        return LINK_SLL;
    case 276:
        return LINK_SLL2;
    default:
        return LINK_UNKNOWN;
    }
}

static bool
read_magic(struct pcap *pcap)
{
    uint32_t magic = get32(pcap, pcap->at);

    pcap->is_swapped =
        magic == GUINT32_SWAP_LE_BE(MAGIC_US) || magic == GUINT32_SWAP_LE_BE(MAGIC_NS);
    magic = get32(pcap, pcap->at);
    pcap->fractions = magic == MAGIC_NS ? 1000000000 : 1000000;
    return magic == MAGIC_US || magic == MAGIC_NS;
}

static bool
read_header(struct pcap *pcap)
{
    if (pcap->end - pcap->at < HEADER_SIZE || !read_magic(pcap))
        return false;
    pcap->link = link_of(get32(pcap, pcap->at + 20));
    if ((get16(pcap, pcap->at + 4) << 16 | get16(pcap, pcap->at + 6)) != VERSION_2_4)
        return false;
    pcap->at += HEADER_SIZE;
    return pcap->link != LINK_UNKNOWN;
}

enum pcap_next
pcap_next(struct pcap *pcap, struct packet *packet)
{
    const uint8_t *record = pcap->at;
    size_t left = (size_t)(pcap->end - record);
    uint32_t fraction;
    uint32_t captured;
    uint32_t reported;

    if (left == 0)
        return PCAP_END;
    if (left < RECORD_SIZE)
        return PCAP_UNUSUAL;
    fraction = get32(pcap, record + 4);
    captured = get32(pcap, record + 8);
    reported = get32(pcap, record + 12);
    if (fraction >= pcap->fractions || captured > CAPTURED_MAX || captured > reported ||
        reported > INT32_MAX || captured > left - RECORD_SIZE)
        return PCAP_UNUSUAL;
    packet->slice = (struct slice){
        .bytes = record + RECORD_SIZE,
        .captured = captured,
        .reported = reported,
    };
    packet->time_s = get32(pcap, record);
    packet->time_ns = (int32_t)(fraction * (1000000000 / pcap->fractions));
    packet->link = pcap->link;
    packet->link_name = "";
    pcap->at = record + RECORD_SIZE + captured;
    return PCAP_PACKET;
}

/* Other formats have the same magic number and longer records: they go wrong soon. */
static bool
looks_right(struct pcap *pcap)
{
    const uint8_t *first = pcap->at;
    enum pcap_next next = PCAP_PACKET;
    struct packet packet;

    for (unsigned i = 0; i < PROBED && next == PCAP_PACKET; i++)
        next = pcap_next(pcap, &packet);
    pcap->at = first;
    return next != PCAP_UNUSUAL;
}

struct pcap *
pcap_open(const char *name)
{
    GMappedFile *file = g_mapped_file_new(name, FALSE, NULL);
    struct pcap *pcap;

    if (!file)
        return NULL;
    pcap = g_new0(struct pcap, 1);
    pcap->file = file;
    pcap->at = (const uint8_t *)g_mapped_file_get_contents(file);
    pcap->end = pcap->at + g_mapped_file_get_length(file);
    if (pcap->at && read_header(pcap) && looks_right(pcap))
        return pcap;
    pcap_close(pcap);
    return NULL;
}

void
pcap_close(struct pcap *pcap)
{
    g_mapped_file_unref(pcap->file);
    g_free(pcap);
}
