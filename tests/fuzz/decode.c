/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes as packets of one link, through the decoding of links, tunnels and fragments. The first
 * byte says which link; each packet has its captured length in two bytes before it, and in one how
 * many more were on the wire. What is found lies in bytes that are there: they are all read, for
 * AddressSanitizer to see.
 */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/engine.h"

enum { HEAD = 3, FOUND_MAX = 4096 };

/* Never inlined away. */
static volatile unsigned sum;

static void
read_all(const uint8_t *bytes, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        sum += bytes[i];
}

static void
require(bool holds)
{
    if (!holds)
        abort();
}

static void
take(void *context, const struct packet *packet, const struct found_header *found)
{
    unsigned *count = (unsigned *)context;

    require(packet->frame > 0);
    require(found->slice.captured <= found->slice.reported);
    require(found->slice.captured >= 14);
    require(found->sender.length == found->receiver.length);
    require(found->sender.length == 4 || found->sender.length == 16);
    require(found->layer > 0);
    require(++*count <= FOUND_MAX);
    read_all(found->slice.bytes, found->slice.captured);
    read_all(found->sender.address, found->sender.length);
    read_all(found->receiver.address, found->receiver.length);
}

/* In memory of its own, so that not a byte more can be read. */
static void
decode(const uint8_t *bytes, uint32_t captured, uint32_t unseen, struct packet *packet,
       struct fragments *fragments, struct tally *unread)
{
    uint8_t *copy = (uint8_t *)malloc(captured);
    unsigned count = 0;

    memcpy(copy, bytes, captured);
    packet->frame++;
    packet->slice = (struct slice){copy, captured, captured + unseen};
    decode_packet(packet, fragments, unread, take, &count);
    free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct packet packet = {.link_name = "any"};
    struct fragments *fragments = fragments_new();
    struct tally *unread = tally_new();
    char *text;

    if (size > 0) {
        packet.link = (enum link)(*data++ % LINK_COUNT);
        size--;
    }
    while (size > HEAD) {
        uint32_t captured = (uint32_t)MIN(size - HEAD, (size_t)(data[0] << 8 | data[1]));

        decode(data + HEAD, captured, data[2], &packet, fragments, unread);
        data += HEAD + captured;
        size -= HEAD + captured;
    }
    text = tally_text(unread);
    require((tally_total(unread) == 0) == (*text == '\0'));
    g_free(text);
    tally_free(unread);
    fragments_free(fragments);
    return 0;
}
