/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record of one stream (one value of tcp.stream): feed it the stream's segments in capture
 * order, once; then ask for what any of its frames shows, in any order, as often as needed.
 *
 * The record stores a moment for each segment that changed a state or raised an event, and nothing
 * for the others, so that memory grows with closes and not with packets.
 */
#ifndef TCPCLOSE_ENGINE_STREAM_H
#define TCPCLOSE_ENGINE_STREAM_H

#include "endpoint.h"
#include "moments.h"
#include "segment.h"
#include "state.h"

enum rst_policy {
    RST_POLICY_RFC5961, /* in the window but not exact: challenge ACK */
    RST_POLICY_RFC793,  /* anything in the window is accepted */
};

struct policy {
    int64_t two_msl_ns;
    int64_t close_wait_alarm_ns;
    enum rst_policy rst_policy;
};

enum stream_flag {
    STREAM_ROLE_GUESSED = 1 << 0,
    STREAM_ADOPTED = 1 << 1,       /* its SYN was not real: the stream before goes on here */
    STREAM_SYN = 1 << 2,           /* a SYN without ACK was seen */
    STREAM_ANSWERED = 1 << 3,      /* something else than a SYN was seen */
    STREAM_ESTABLISHED_0 = 1 << 4, /* side 0 was ESTABLISHED, or got further */
    STREAM_ESTABLISHED_1 = 1 << 5,
    STREAM_FIN = 1 << 6,              /* a FIN was seen */
    STREAM_FINS_CROSSED = 1 << 7,     /* the second FIN did not cover the first */
    STREAM_FIN_IS_ACK = 1 << 8,       /* the second FIN was the first ACK of the first */
    STREAM_RST = 1 << 9,              /* a RST was accepted */
    STREAM_RST_AFTER_FIN = 1 << 10,   /* the first accepted RST came after a FIN */
    STREAM_RST_AFTER_CLOSE = 1 << 11, /* it came after both FINs were acknowledged */
    STREAM_REFUSED = 1 << 12,         /* a RST answered the SYN */
    STREAM_ABORTED = 1 << 13,         /* a RST or FIN came before both sides were ESTABLISHED */
    STREAM_COMPLETE = 1 << 14,        /* both FINs acknowledged, or a RST accepted */
    STREAM_FIN_BY_1 = 1 << 15,        /* with STREAM_FIN: the first was of side 1 */
    STREAM_RST_BY_1 = 1 << 16,        /* with STREAM_RST: the first accepted one was of side 1 */
};

/* What a stream has to do with others on the same endpoints. */
struct lineage {
    /*
     * By side: the last socket before this stream's that was ever synchronized, in the record of a
     * stream before; NULL: none. Not owned.
     */
    const struct endpoint *previous[2];
    struct stream *newer;    /* the stream after, or NULL; not owned */
    int64_t before_ns[2];    /* when the states before the first segment were entered */
    uint8_t before_state[2]; /* enum tcp_state: before the first segment */
    bool has_older;          /* there is a stream before */
};

/* Without padding: there are many. */
struct stream {
    struct moments moments;
    struct lineage *lineage; /* NULL: the only one on its endpoints; owned */
    int64_t awaited_ns;      /* the end of TIME_WAIT that the census waits for; INT64_MAX: none */
    uint8_t counted[2];      /* enum tcp_state: what the census counts each side as */
    uint8_t client;          /* which side is the client */
    uint32_t flags;          /* enum stream_flag */
    int64_t first_ns;
    int64_t last_ns;        /* of the newest segment, never moving back */
    int64_t close_begin_ns; /* first FIN or accepted RST */
    uint64_t half_close_bytes;
    struct endpoint end[2];
    uint32_t fin_retransmissions;
    uint32_t rst_count;
};

/* Who sent the first FIN; with STREAM_FIN. */
static inline unsigned
stream_first_fin_side(const struct stream *stream)
{
    return (stream->flags & STREAM_FIN_BY_1) != 0;
}

/* Who sent the first accepted RST; with STREAM_RST. */
static inline unsigned
stream_first_rst_side(const struct stream *stream)
{
    return (stream->flags & STREAM_RST_BY_1) != 0;
}

static inline bool
stream_has_older(const struct stream *stream)
{
    return stream->lineage && stream->lineage->has_older;
}

/* The stream after on the same endpoints, which goes on with the sockets; NULL: none. */
static inline struct stream *
stream_newer(const struct stream *stream)
{
    return stream->lineage ? stream->lineage->newer : NULL;
}

/* One endpoint as a segment shows it. */
struct endpoint_view {
    enum tcp_state state;
    bool confirmed;
    int64_t since_ns; /* time spent in the state up to this segment; never negative */
    bool changed;     /* this segment changed the state; the rest holds only then */
    enum tcp_state previous;
    int64_t dwell_ns; /* time spent in previous; never negative */
    enum reason reason;
    uint32_t reason_frame; /* for the reason's %u */
};

/* What one segment shows. */
struct view {
    struct endpoint_view side[2];
    event_set events;
    enum rst_verdict rst;
    uint32_t fin_acked_in; /* frame numbers; 0: none */
    uint32_t fin_acks;
    uint32_t fin_retransmission_of;
};

/*
 * Prepares a record in zeroed memory. previous is the newest stream on the same pair of endpoints
 * or NULL; it must live as long as this one, and gets no more segments.
 */
void stream_init(struct stream *stream, struct stream *previous);

/* Frees what the record owns, not the record. */
void stream_clear(struct stream *stream);

/*
 * Takes in the stream's next segment. Total: any bytes have a defined effect. Costs O(1), and no
 * memory for a segment that changes nothing.
 */
void stream_feed(struct stream *stream, const struct segment *seg, const struct policy *policy);

/* What holds before the first moment, for walks through stream->moments. */
struct moments_start stream_start(const struct stream *stream);

/* When the side entered the state that it is in. O(1), but in TIME_WAIT what moments_find costs. */
int64_t stream_entered_ns(const struct stream *stream, unsigned side);

/*
 * What a frame shows that has been fed; always the same, except that fin_acked_in may be known only
 * later. sender is 0 or 1. Costs what moments_find costs.
 */
struct view stream_at(const struct stream *stream, uint32_t frame, uint8_t layer, int64_t time_ns,
                      unsigned sender);

/* The events of that view alone. Costs as stream_at, and next to nothing for the newest segment. */
event_set stream_events_at(const struct stream *stream, uint32_t frame, uint8_t layer);

#endif
