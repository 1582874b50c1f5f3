/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which packets are looked at: a filter as tcpdump has it, by libpcap. */
#ifndef TCPCLOSE_BPF_H
#define TCPCLOSE_BPF_H

#include <stdbool.h>

#include "packet.h"

struct bpf;

/*
 * NULL: libpcap does not take the expression for any link, and *error says why, in words that
 * follow a colon; freed by the caller. The expression has to live as long. It is never freed: it
 * lives as long as the process.
 */
struct bpf *bpf_new(const char *expression, char **error);

/*
 * The packet is one of those. A packet of a link of which the expression says nothing (what
 * libpcap refuses for that link) is none; of a link that the program does not know, it may be.
 */
bool bpf_matches(struct bpf *bpf, const struct packet *packet);

/* Has any packet been one of those? */
bool bpf_has_matched(const struct bpf *bpf);

/* As bpf_new() was given it. */
const char *bpf_expression(const struct bpf *bpf);

#endif
