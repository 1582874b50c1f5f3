/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of 2^n buckets a stream is in: the same for both directions and for all connections on the
 * same sockets, in this program and in a filter of tcpdump.
 */
#ifndef TCPCLOSE_BUCKET_H
#define TCPCLOSE_BUCKET_H

#include "capture.h"

enum { BUCKETS_MAX = 256 };

/* 0 to count - 1; count is a power of two, 2 to BUCKETS_MAX. */
unsigned bucket_of(const struct host *sender, const struct host *receiver, unsigned count);

/*
 * The filter for the packets of a bucket, as far as tcpdump's language reaches: TCP directly in
 * IPv4 or IPv6, directly behind the link's header, and no fragments but the first. Freed by the
 * caller.
 */
char *bucket_filter(unsigned bucket, unsigned count);

#endif
