/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was not looked at: kinds of packets, and how many of each. */
#ifndef TCPCLOSE_TALLY_H
#define TCPCLOSE_TALLY_H

#include <glib.h>

struct tally;

struct tally *tally_new(void);
void tally_free(struct tally *tally);

/* One more of a kind, as people are told. */
void tally_add(struct tally *tally, const char *kind, ...) G_GNUC_PRINTF(2, 3);

/* How many there are of all kinds. */
guint64 tally_total(const struct tally *tally);

/* "12 of IP protocol 94, 3 of EtherType 0x88e5", the most first. The caller frees it. */
char *tally_text(const struct tally *tally);

#endif
