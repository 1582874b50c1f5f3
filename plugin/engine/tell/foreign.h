/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a stream ended in the words of other systems, so that rows join with what people already
 * have: Zeek's conn.log, IPFIX, and Cloudflare Radar.
 */
#ifndef TCPCLOSE_FOREIGN_H
#define TCPCLOSE_FOREIGN_H

#include "cause.h"
#include "outcome.h"
#include "zeek.h"

/* flowEndReason, IPFIX information element 136: these are the numbers on the wire. */
enum flow_end_reason {
    FLOW_IDLE_TIMEOUT = 1,
    FLOW_ACTIVE_TIMEOUT = 2,
    FLOW_END_DETECTED = 3,
    FLOW_FORCED_END = 4,
    FLOW_LACK_OF_RESOURCES = 5,
};

/*
 * Where a connection that ended by RST or timeout within the client's first ten packets stood, as
 * Radar's "TCP resets and timeouts" says it: what the server had received until then.
 */
#define STAGE_LIST(X) \
    X(no_match)       \
    X(post_syn)       \
    X(post_ack)       \
    X(post_psh)       \
    X(later_in_flow)

#define X(name) STAGE_##name,
enum stage { STAGE_LIST(X) STAGE_COUNT };
#undef X

struct foreign {
    struct zeek_words zeek;
    enum flow_end_reason flow_end_reason;
    enum stage stage;
};

/* The outcome and cause are the stream's, as of end_ns; port, by role: see zeek.h. As cheap. */
struct foreign foreign_of(const struct stream *stream, const struct outcome *outcome,
                          const struct cause *cause, const uint16_t port[ROLE_COUNT],
                          int64_t end_ns);

/* Static strings, never NULL. */
const char *stage_name(enum stage stage);

#endif
