/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets whose bucket is known later than they come: fragments, until one shows whose they are.
 * All that comes behind them waits with them, so that the order of the packets is kept.
 */
#ifndef TCPCLOSE_HELD_H
#define TCPCLOSE_HELD_H

#include <stdbool.h>
#include <stdint.h>

struct held;
struct compat_record;
struct packet;

enum { BUCKET_NONE = -1, BUCKET_UNKNOWN = -2 }; /* left out; not yet decided */

/* Writes a packet to a bucket. False: it cannot; what else is held is dropped then. */
typedef bool held_write(void *context, unsigned bucket, const struct compat_record *record);

/* Freed with held_free(), which drops what held_flush() has not written. */
struct held *held_new(held_write *write, void *context);
void held_free(struct held *held);

/* The next packet, which is copied if it has to wait. False: a packet could not be written. */
bool held_add(struct held *held, const struct packet *packet, const struct compat_record *record,
              int bucket);

/*
 * The packet of that frame, which was added with BUCKET_UNKNOWN, goes to this bucket, unless that
 * was decided before. False: it waited for too long, and went to bucket 0.
 */
bool held_decide(struct held *held, uint32_t frame, int bucket);

/* Writes all; what is not decided goes to bucket 0. False: a packet could not be written. */
bool held_flush(struct held *held);

#endif
