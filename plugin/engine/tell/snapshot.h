/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment shows: causal, from that segment and earlier ones only, so that the same frame
 * shows the same on every pass.
 */
#ifndef TCPCLOSE_SNAPSHOT_H
#define TCPCLOSE_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

/* One endpoint as a segment shows it. */
struct endpoint_snapshot {
    enum tcp_state state;
    bool confirmed;   /* its own segments show it; else it is assumed from what was sent to it */
    int64_t since_ns; /* time spent in the state up to this segment; never negative */
    bool changed;     /* this segment changed the state; the rest is valid only then */
    enum tcp_state previous;
    int64_t dwell_ns; /* time spent in previous; never negative */
    enum reason reason;
    uint32_t reason_frame; /* for the reason's %u; 0: not known */
};

struct snapshot {
    struct endpoint_snapshot end[ROLE_COUNT];
    event_set events;
    enum rst_verdict rst;
    uint32_t fin_acked_in; /* frames; 0: none. This one may be known only later. */
    uint32_t fin_acks;
    uint32_t fin_retransmission_of;
    uint32_t about_frame; /* the RST that it refutes, or what its challenge ACK is for; of a RST:
                             what it answers */
};

/*
 * A frame that has been fed, and the time of it. Of a stream without segments all is zero. Costs a
 * binary search in the transition log.
 */
struct snapshot snapshot_at(const struct stream *stream, uint32_t frame, uint8_t layer,
                            int64_t time_ns);

/* The events of that snapshot alone. Costs the same, and next to nothing for the newest segment. */
event_set snapshot_events_at(const struct stream *stream, uint32_t frame, uint8_t layer);

#endif
