/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commonest capture files straight from memory: pcap and pcapng as tcpdump and dumpcap write
 * them. Wiretap spends more on handing over a packet than all that is done with it afterwards. What
 * is not as usual is left to Wiretap, from whatever packet on: mapped_next() refuses it.
 */
#ifndef TCPCLOSE_MAPPED_H
#define TCPCLOSE_MAPPED_H

#include "packet.h"

struct mapped;

/* NULL: the file is something else than usual, or cannot be read. Freed with mapped_close(). */
struct mapped *mapped_open(const char *name);
void mapped_close(struct mapped *mapped);

enum mapped_next {
    MAPPED_PACKET, /* valid until the file is closed; its frame number is up to the caller */
    MAPPED_END,
    MAPPED_UNUSUAL, /* this and what follows */
};

/* The next packet of the file. O(1), but for blocks between packets. */
enum mapped_next mapped_next(struct mapped *mapped, struct packet *packet);

/* How many bytes of the file have been read. */
int64_t mapped_position(const struct mapped *mapped);

#endif
