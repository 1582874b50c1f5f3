/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of 2^n buckets a stream is in: the same for both directions and for all connections on the
 * same sockets, in this program and in a filter of tcpdump.
 */
#ifndef TCPCLOSE_BUCKET_H
#define TCPCLOSE_BUCKET_H

#include "capture.h"

enum {
    BUCKETS_MAX = 256,       /* files that are open at the same time */
    BUCKETS_IN_ALL = 1 << 16 /* where buckets are split again */
};

/*
 * Powers of two. Bucket b of a first split, split again after it, is the buckets from b * count on
 * of a split into first * count.
 */
struct bucket_choice {
    unsigned count; /* of buckets, 2 to BUCKETS_MAX */
    unsigned after; /* of buckets that were made before, one of which this splits; 1: none, and
                       count * after is at most BUCKETS_IN_ALL */
};

/* 0 to count - 1. */
unsigned bucket_of(struct bucket_choice choice, const struct host *sender,
                   const struct host *receiver);

/*
 * The filter for the packets of a bucket, as far as tcpdump's language reaches: TCP directly in
 * IPv4 or IPv6, directly behind the link's header, and no fragments but the first. Freed by the
 * caller.
 */
char *bucket_filter(struct bucket_choice choice, unsigned bucket);

#endif
