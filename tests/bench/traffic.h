/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Made-up TCP traffic to measure with, the same on every machine: many streams side by side that
 * close in all ways, or a long one with holes. It knows segments only; generate.c makes a capture
 * of them.
 */
#ifndef TCPCLOSE_BENCH_TRAFFIC_H
#define TCPCLOSE_BENCH_TRAFFIC_H

#include "segment.h"

struct packet {
    uint32_t stream;        /* from 0; about in the order of the first segments */
    struct segment segment; /* side 0 is the client */
};

struct traffic;

/* That many streams, 9.5 segments each on the average, of all kinds of closes. */
struct traffic *traffic_of_closes(uint32_t streams);

/* That many streams of 9 segments each, all closed by FIN, ACK, FIN, ACK. */
struct traffic *traffic_of_four_ways(uint32_t streams);

/* That many streams of 10 segments each, that are established, exchange data, and are reset. */
struct traffic *traffic_of_resets(uint32_t streams);

/* That many streams, 2.5 segments each on the average: refused, unanswered, reset at once. */
struct traffic *traffic_of_tiny(uint32_t streams);

/*
 * One stream of about that many segments, with so many holes: the segment arrives ten later, and
 * each tenth never. holes has to be less than a thirtieth of segments.
 */
struct traffic *traffic_of_one(uint32_t segments, uint32_t holes);

void traffic_free(struct traffic *traffic);

/* The next packet; false at the end. */
bool traffic_next(struct traffic *traffic, struct packet *packet);

#endif
