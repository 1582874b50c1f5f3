/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commonest capture files straight from memory: pcap as tcpdump writes it. Wiretap spends more
 * on handing over a packet than all that is done with it afterwards. What is not as usual is left
 * to Wiretap, from whatever packet on: pcap_next() refuses it.
 */
#ifndef TCPCLOSE_PCAP_H
#define TCPCLOSE_PCAP_H

#include <stdbool.h>

#include "packet.h"

struct pcap;

/* NULL: the file is something else than usual, or cannot be read. Freed with pcap_close(). */
struct pcap *pcap_open(const char *name);
void pcap_close(struct pcap *pcap);

enum pcap_next {
    PCAP_PACKET, /* valid until the file is closed; its frame number is up to the caller */
    PCAP_END,
    PCAP_UNUSUAL, /* this and what follows */
};

enum pcap_next pcap_next(struct pcap *pcap, struct packet *packet);

#endif
