/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From packets to what the reports are made of: the engine's streams, and who their endpoints are.
 */
#ifndef TCPCLOSE_COLLECT_H
#define TCPCLOSE_COLLECT_H

#include <stdbool.h>

#include "forget.h"
#include "packet.h"
#include "rows.h"
#include "tally.h"

/* Which streams are reported on; as zeros: all. */
struct stream_filter {
    bool has_stream;
    bool has_port;
    uint32_t stream;
    uint16_t port;  /* of one of the endpoints */
    uint8_t length; /* of address; 0: any */
    uint8_t address[16];
};

struct bpf;
struct policy;
struct collection;

/* Policy and filter are copied. It lives as long as the process. */
struct collection *collection_new(const struct policy *policy, const struct stream_filter *filter);

/* Packets that the filter does not match are not looked at. Before the first of them. */
void collection_set_bpf(struct collection *collection, struct bpf *bpf);

/* Gets a stream that is about to be forgotten. */
typedef void forget_stream(void *context, const struct stream_entry *entry);

/* Before the first packet: streams are forgotten as the bound says, those that are reported on
 * after they were handed to forget. */
void collection_set_bound(struct collection *collection, const struct bound *bound,
                          forget_stream *forget, void *context);

/* The next packet in capture order. */
void collection_take(struct collection *collection, const struct packet *packet);

/* No packet comes any more: what only they were looked up in makes room for the report. */
void collection_end(struct collection *collection);

/* The streams, what a report takes of the capture (all but the interval), and what was not read. */
const struct stream_entries *collection_entries(const struct collection *collection);
struct report_input collection_input(const struct collection *collection);
const struct tally *collection_unread(const struct collection *collection);

#endif
