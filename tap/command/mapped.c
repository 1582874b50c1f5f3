/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE /* madvise(); posix_madvise() of glibc gives nothing back */
#include "mapped_format.h"

#include "fetch.h"

#ifdef G_OS_UNIX
#include <sys/mman.h>
#endif

enum link
mapped_link(uint32_t number)
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

/* Else a file of gigabytes counts as memory until it is closed. Who still looks there reads it
 * again. */
static void
give_back(struct mapped *mapped)
{
    enum { STEP = 16 << 20 }; /* bytes: a multiple of any system's page */

    for (; mapped->at - mapped->kept > STEP; mapped->kept += STEP) {
#ifdef MADV_DONTNEED
        madvise(mapped->kept, STEP, MADV_DONTNEED);
#endif
    }
}

enum mapped_next
mapped_next(struct mapped *mapped, struct packet *packet)
{
    enum { HEADERS = 128 }; /* bytes: of the file's, and of the packet's down to TCP's */
    enum mapped_next next;

    give_back(mapped);
    next = mapped->next(mapped, packet);
    fetch(mapped->at, HEADERS); /* of the one after, for whose place the payload is skipped */
    return next;
}

int64_t
mapped_position(const struct mapped *mapped)
{
    return mapped->at - (const uint8_t *)g_mapped_file_get_contents(mapped->file);
}

/*
 * Other formats have the magic number of pcap and longer records: they go wrong soon. And what
 * cannot even be begun is for Wiretap to say.
 */
static bool
looks_right(struct mapped *mapped)
{
    enum { PROBED = 16 }; /* packets that have to look right before any of them is believed */
    const struct mapped first = *mapped;
    enum mapped_next next = MAPPED_PACKET;
    struct packet packet;

    for (unsigned i = 0; i < PROBED && next == MAPPED_PACKET; i++)
        next = mapped_next(mapped, &packet);
    mapped->at = first.at;
    return next != MAPPED_UNUSUAL;
}

struct mapped *
mapped_open(const char *name)
{
    GMappedFile *file = g_mapped_file_new(name, FALSE, NULL);
    struct mapped *mapped;

    if (!file)
        return NULL;
    mapped = g_new0(struct mapped, 1);
    mapped->file = file;
    mapped->interfaces = g_array_new(FALSE, FALSE, sizeof(struct interface));
    mapped->kept = (uint8_t *)g_mapped_file_get_contents(file);
    mapped->at = mapped->kept;
    if (mapped->at)
        mapped->end = mapped->at + g_mapped_file_get_length(file);
    if (mapped->at && (pcapng_begin(mapped) || pcap_begin(mapped)) && looks_right(mapped))
        return mapped;
    mapped_close(mapped);
    return NULL;
}

void
mapped_close(struct mapped *mapped)
{
    g_array_unref(mapped->interfaces);
    g_mapped_file_unref(mapped->file);
    g_free(mapped);
}
