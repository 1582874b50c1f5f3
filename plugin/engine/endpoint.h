/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One endpoint's socket as the observer models it: a transmission control block (RFC 9293 section
 * 3.3.1) reduced to what a close needs. Each endpoint has its own, so that two sockets of different
 * connections can face each other, as when a port is reused under a peer that has not noticed.
 */
#ifndef TCPCLOSE_ENGINE_ENDPOINT_H
#define TCPCLOSE_ENGINE_ENDPOINT_H

#include "coarse.h"
#include "ranges.h"
#include "segment.h"
#include "state.h"

enum endpoint_flag {
    EP_SND_KNOWN = 1 << 0,   /* iss and snd_nxt hold */
    EP_RCV_KNOWN = 1 << 1,   /* rcv_nxt holds */
    EP_ACK_KNOWN = 1 << 2,   /* rcv_acked and rcv_edge hold */
    EP_SHIFT_KNOWN = 1 << 3, /* its SYN was seen: window_shift holds */
    EP_TS = 1 << 4,          /* it has sent a timestamp: ts_val holds */
    EP_TS_RECENT = 1 << 5,   /* ts_recent holds */
    EP_FIN_SENT = 1 << 6,    /* fin_end holds */
    EP_FIN_ACKED = 1 << 7, /* a segment that covers its FIN was seen, and its FIN not again since */
    EP_FIN_DELIVERED =
        1 << 8, /* a FIN was delivered to it, perhaps beyond a hole: peer_fin_end holds */
    EP_CONFIRMED = 1 << 9,       /* its own segments show its state */
    EP_PROVABLE = 1 << 10,       /* an ACK from it that covers proof will confirm its state */
    EP_OPEN_AFTER_FIN = 1 << 11, /* it took data after its FIN: its application still reads */
    EP_FAST_OPEN = 1 << 12,      /* Fast Open: data may come with or before the handshake's end */
    EP_CHALLENGED = 1 << 13,     /* a challenge ACK of it is due */
    EP_REACK_DUE = 1 << 14,      /* in TIME_WAIT, it has to acknowledge a repeated FIN */
    EP_RENEWED = 1 << 15,        /* its socket belongs to this stream, not to one before it */
    EP_ALARMED = 1 << 16,        /* its CLOSE_WAIT has been called long */
    EP_SYNCHRONIZED = 1 << 17,   /* the socket has been synchronized */
    EP_TS_IN_USE = 1 << 18, /* it has sent a timestamp after its SYN: all its segments carry one */
    EP_SACK_REFUSED = 1 << 19, /* its SYN did not permit SACK */
    EP_DUP_ACK_DUE = 1 << 20,  /* old data was delivered to it: it answers with a duplicate ACK */
    EP_UNSEEN_TAIL =
        1 << 21,       /* bytes before snd_nxt were not captured: only later numbers tell of them */
    EP_SEEN = 1 << 22, /* a segment of it was seen */
    EP_EARLY = 1 << 23, /* it has received something out of order: rare->early holds */
};

/* What most endpoints never need. */
struct endpoint_rare {
    struct ranges *early;         /* received out of order; NULL while nothing is; owned */
    int64_t refilled_ns;          /* when a hole in its receive queue was last filled */
    int64_t challenged_ns;        /* with EP_CHALLENGED: when that fell due */
    int64_t rst_ns;               /* when a RST closed it */
    int64_t rst_time_wait_end_ns; /* with before_rst TIME_WAIT: when that would have ended */
    uint32_t rst_seq;             /* the number of that RST */
    uint32_t rst_peer_nxt;        /* the peer's snd_nxt then */
    uint8_t before_rst;           /* enum tcp_state: what a RST closed; CLOSED: no RST closed it */
    bool sent_rst; /* with before_rst: the RST carries its own address, not its peer's */
};

/* Without padding: each stream has two. */
struct endpoint {
    struct endpoint_rare *rare; /* NULL while there is nothing; owned */
    union {
        int64_t entered_ns;       /* when it entered its state; but in TIME_WAIT */
        int64_t time_wait_end_ns; /* when that ends */
    };
    int64_t sent_ns;    /* when snd_nxt last moved */
    uint32_t iss;       /* the first number seen or acknowledged: of its SYN if that was captured */
    uint32_t snd_nxt;   /* after the last byte that it is known to have sent */
    uint32_t fin_end;   /* after its FIN */
    uint32_t rcv_nxt;   /* the next number it expects: assumed from what was delivered */
    uint32_t rcv_acked; /* the highest ACK number it has sent: proved */
    uint32_t rcv_edge;  /* right edge of the window it offered last */
    uint32_t peer_fin_end; /* after the FIN that was delivered to it */
    uint32_t proof;
    uint32_t ts_val;          /* the newest timestamp it has sent */
    uint32_t ts_recent;       /* the newest timestamp it has taken, RFC 7323 section 4.3 */
    uint32_t fin_ts;          /* the timestamp on its FIN, when last sent */
    uint32_t fin_frame;       /* frame of its FIN, 0: none seen */
    uint32_t fin_acked_frame; /* frame of the first ACK that covers it, 0: none seen */
    uint32_t flags;           /* enum endpoint_flag */
    uint32_t response_us;     /* its quickest ACK of something new, seen from here; 0: none seen */
    struct coarse_time fin_seen;  /* when its FIN was last seen */
    struct coarse_time taken;     /* when the last byte before rcv_nxt was last delivered to it */
    struct coarse_time fin_acked; /* when an ACK of its FIN was last sent to it */
    struct coarse_time ts_time;   /* when ts_val was captured */
    uint16_t fin_ip_id;           /* the IP identification on its FIN, when last sent; 0: none */
    uint8_t state;                /* enum tcp_state */
    uint8_t window_shift;
};

static inline bool
endpoint_has(const struct endpoint *endpoint, uint32_t flags)
{
    return (endpoint->flags & flags) == flags;
}

static inline void
endpoint_set(struct endpoint *endpoint, uint32_t flags)
{
    endpoint->flags |= flags;
}

static inline void
endpoint_clear(struct endpoint *endpoint, uint32_t flags)
{
    endpoint->flags &= ~flags;
}

/* What is rare, to read: all zero where there is nothing. */
const struct endpoint_rare *endpoint_rare(const struct endpoint *endpoint);

/* And to write. */
struct endpoint_rare *endpoint_make_rare(struct endpoint *endpoint);

/* No RST closed it, or one did that does not count any more. */
static inline void
endpoint_forget_rst(struct endpoint *endpoint)
{
    if (endpoint->rare)
        endpoint->rare->before_rst = STATE_CLOSED;
}

/* A RST is about to close it: if it is in TIME_WAIT, the time when that ends is kept. */
void endpoint_keep_time_wait(struct endpoint *endpoint);

/* A new socket in the endpoint's place: state CLOSED, all numbers unknown, of this stream. */
void endpoint_renew(struct endpoint *endpoint);

/*
 * The socket of another stream goes on in this one: a copy, which owns what it has, over whatever
 * the endpoint was. Frames of FINs are the other stream's, and not copied.
 */
void endpoint_copy(struct endpoint *endpoint, const struct endpoint *source);

/* Its own numbers begin at iss, the number of its SYN; nothing has been sent. */
void endpoint_begin_sequence(struct endpoint *endpoint, uint32_t iss);

/* Frees what the endpoint owns. */
void endpoint_clear_rare(struct endpoint *endpoint);

/* Payload and FIN of a segment, in order or not, are in the endpoint's receive queue from now on.
 */
void endpoint_take(struct endpoint *endpoint, const struct segment *seg);

/* What its SACK blocks say is in its receive queue; answers the highest number that they tell of.
 */
uint32_t endpoint_add_sack(struct endpoint *endpoint, const struct segment *seg);

/*
 * Its own segment shows a hole: what it expects next is ack, and what the SACK blocks leave out is
 * missing. Without blocks, only the byte at ack is known to be.
 */
void endpoint_show_hole(struct endpoint *endpoint, const struct segment *seg);

/* The FIN that was delivered to it has been reached: nothing is missing before it. */
bool endpoint_has_peer_fin(const struct endpoint *endpoint);

/*
 * The number is inside the window it offers, from the next expected number to the right edge, both
 * included (RFC 9293 section 3.10.7.4, first). An unknown window is taken as 1 GiB.
 */
bool endpoint_in_window(const struct endpoint *endpoint, uint32_t seq);

#endif
