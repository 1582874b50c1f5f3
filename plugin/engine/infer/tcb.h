/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One endpoint's transmission control block (RFC 9293 section 3.3.1) as the observer models it,
 * reduced to what a close needs. Each endpoint has its own, so that two sockets of different
 * connections can face each other, as when a port is reused under a peer that has not noticed.
 */
#ifndef TCPCLOSE_TCB_H
#define TCPCLOSE_TCB_H

#include "queue.h"
#include "segment.h"
#include "state.h"
#include "units.h"

/* A host takes so long for a burst of segments, at most. */
#define BURST_NS (2 * NS_PER_MS)

/*
 * True between two segments; tcb_broken() says what is not:
 *
 * - FIN_SENT needs SND_KNOWN; FIN_ACKED and FIN_ASSUMED need FIN_SENT.
 * - ACK_KNOWN needs SEEN; SHIFT_KNOWN needs SND_KNOWN; TS_IN_USE needs TS.
 * - OUT_OF_ORDER is set if and only if there is a queue, which is not empty then.
 * - CHALLENGED and DUP_ACK_DUE need extra, STRAYED needs rare.
 * - ip_id_counts needs ip_id_varies.
 * - PROVABLE is set only without CONFIRMED, ALARMED only in CLOSE_WAIT.
 * - A synchronized state needs SYNCHRONIZED.
 */
enum tcb_flag {
    TCB_SND_KNOWN = 1 << 0,   /* iss and snd_nxt are valid */
    TCB_RCV_KNOWN = 1 << 1,   /* rcv_nxt is valid */
    TCB_ACK_KNOWN = 1 << 2,   /* rcv_acked and rcv_edge are valid */
    TCB_SHIFT_KNOWN = 1 << 3, /* its SYN was seen: window_shift is valid */
    TCB_TS = 1 << 4,          /* it has sent a timestamp: ts_val is valid */
    TCB_TS_RECENT = 1 << 5,   /* ts_recent is valid */
    TCB_FIN_SENT = 1 << 6,    /* fin_end is valid */
    TCB_FIN_ACKED = 1 << 7,   /* the ACK of its FIN was seen, and its FIN not again since */
    TCB_FIN_DELIVERED =
        1 << 8,             /* a FIN has reached it, or lies beyond a hole: peer_fin_end is valid */
    TCB_CONFIRMED = 1 << 9, /* its own segments show its state */
    TCB_PROVABLE = 1 << 10, /* an ACK from it that covers proof will confirm its state */
    TCB_OPEN_AFTER_FIN = 1 << 11, /* it took data after its FIN: its application still reads */
    TCB_FAST_OPEN = 1 << 12,      /* Fast Open: data may come with or before the handshake's end */
    TCB_CHALLENGED = 1 << 13,     /* a challenge ACK of it is due */
    TCB_REACK_DUE = 1 << 14,      /* in TIME_WAIT, it has to acknowledge a repeated FIN */
    TCB_RENEWED = 1 << 15,        /* its socket belongs to this stream, not to one before it */
    TCB_ALARMED = 1 << 16,        /* its CLOSE_WAIT has been called long */
    TCB_SYNCHRONIZED = 1 << 17,   /* the socket has been synchronized */
    TCB_TS_IN_USE = 1 << 18,      /* its segments after the SYN carry timestamps */
    TCB_SACK_REFUSED = 1 << 19,   /* its SYN did not permit SACK */
    TCB_DUP_ACK_DUE = 1 << 20,    /* old data was delivered to it: extra->repeated_ns is valid */
    TCB_UNSEEN_TAIL = 1 << 21,    /* bytes before snd_nxt were not captured */
    TCB_SEEN = 1 << 22,           /* a segment of it was seen */
    TCB_OUT_OF_ORDER = 1 << 23,   /* it has received something out of order: rare->queue */
    TCB_SCALES = 1 << 24,         /* its SYN offered window scaling */
    TCB_SENT_AGAIN = 1 << 25,     /* its last bytes were retransmitted: an ACK may be of either */
    TCB_FIN_ASSUMED = 1 << 26,    /* its FIN was not captured: an ACK counts it, or a lost byte */
    TCB_FIN_COVERS = 1 << 27,     /* its newest ACK number is the one on its FIN */
    TCB_ONE_UNSEEN = 1 << 28,     /* of its numbers, only the last one was not captured */
    TCB_BACKLOG = 1 << 30, /* it had more to send when it acknowledged the FIN, as it seems */
    TCB_STRAYED = 1 << 29, /* it sent a segment elsewhere: rare->stray_* are valid */
};

/* Whose a RST is, as far as more than its numbers tells. */
enum rst_owner {
    RST_OWNER_UNKNOWN,
    RST_OWNER_SENDER, /* its own: a forger does not know the clock, nor what is to be answered */
    RST_OWNER_OTHER   /* its clock stands still, or somebody else sends in its name */
};

/* What few of the control blocks with an extra need. */
struct tcb_rare {
    struct ooo_queue *queue;      /* received out of order; NULL while nothing is; owned */
    int64_t refilled_ns;          /* when a hole in its receive queue was last filled */
    int64_t rst_time_wait_end_ns; /* with before_rst TIME_WAIT: when that would have ended */
    int64_t before_fin_ns;        /* when the data before its peer's FIN was delivered, if that was
                                     long before and not acknowledged since; 0: it was not */
    int64_t again_ns;             /* when it sent again last what it had sent before; 0: never */
    int64_t again_gap_ns;         /* with again_ns: after the time before; 0: that was the first */
    int64_t stray_ns;             /* with TCB_STRAYED: of that segment, as what follows */
    int64_t fin_due_ns;           /* of its FIN, if that was captured early: see due_ns(); else 0 */
    uint32_t before_fin_end;      /* with before_fin_ns: where that data ended */
    uint32_t again_seq;           /* with again_ns: where that begins */
    uint32_t refilled_at;         /* with refilled_ns: where the hole was, */
    uint32_t refilled_end;        /* and what was expected next when it was filled */
    uint32_t stray_frame;
    uint32_t stray_seq;
    uint32_t stray_end;
    uint32_t stray_ack;
    uint32_t stray_mark; /* what a copy of it repeats: see fin_mark */
    bool stray_fin;
    bool hole_assumed; /* with queue: no SACK block shows the hole before it, only ACKs do */
};

/* What most control blocks never need. Without padding: each RST makes one or two. */
struct tcb_extra {
    struct tcb_rare *rare;     /* NULL while there is nothing; owned */
    int64_t repeated_ns;       /* with TCB_DUP_ACK_DUE: when old data was last delivered */
    int64_t challenged_ns;     /* with TCB_CHALLENGED: when that fell due */
    int64_t rst_ns;            /* when a RST closed it */
    int64_t in_flight_ns;      /* when the last came that it had sent before that RST */
    int64_t accused_ns;        /* with accused_frame: when that was */
    int64_t own_rst_ns;        /* with own_rst */
    uint32_t challenged_frame; /* with TCB_CHALLENGED: what it has to answer */
    uint32_t rst_frame;        /* the RST that closed it */
    uint32_t rst_seq;          /* the number of that RST */
    uint32_t rst_peer_nxt;     /* the peer's snd_nxt then */
    uint32_t accused_frame;    /* a RST in its name that is not its own, as it seems; 0: none */
    uint32_t repeated_end;     /* with has_repeated: the end of what it has sent again last */
    uint32_t own_rst_seq;      /* with own_rst: of the RST that it sent last */
    uint32_t own_rst_ack;
    uint32_t own_rst_frame; /* with own_rst: if that was its own decision, as it seems; else 0 */
    uint32_t own_rst_ts;    /* with own_rst_has_ts: the newest timestamp of its RSTs */
    uint16_t own_rst_ip_id;
    uint16_t rst_ip_id; /* with sent_rst: the IP identification of the RST */
    uint8_t before_rst; /* enum tcp_state: what a RST closed; CLOSED: no RST closed it */
    uint8_t own_rst;    /* enum rst_verdict: what became of that */
    bool took_rst : 1;  /* with sent_rst: it seemed to have been closed by its peer's RST before */
    bool sent_rst : 1;  /* with before_rst: the RST carries its own address, not its peer's */
    bool answered : 1;  /* with sent_rst: the RST was an answer, without ACK number */
    bool own_rst_has_ts : 1;
    bool own_rst_answers : 1; /* with own_rst: it answers a segment that was captured before it */
    bool has_repeated : 1;
    bool may_have_crossed : 1; /* its FIN, for the first time, and that was not captured */
    uint8_t rst_owner : 2;     /* with sent_rst: enum rst_owner */
    bool was_confirmed : 1;    /* with before_rst: its own segments had shown that state */
};

/* Without padding: each stream has two. */
struct tcb {
    struct tcb_extra *extra; /* NULL while there is nothing; owned */
    union {
        int64_t entered_ns;       /* when it entered its state; but in TIME_WAIT */
        int64_t time_wait_end_ns; /* when that ends */
    };
    int64_t sent_ns;      /* when snd_nxt last moved */
    int64_t fin_sent_ns;  /* when its FIN was last seen */
    int64_t fin_acked_ns; /* when an ACK of its FIN was last sent to it */
    int64_t delivered_ns; /* when the last byte before rcv_nxt was last delivered to it */
    int64_t newest_ns;    /* when its newest segment was captured, and ts_val with it */
    uint32_t iss;       /* the first number seen or acknowledged: of its SYN if that was captured */
    uint32_t snd_nxt;   /* after the last byte that it is known to have sent */
    uint32_t fin_end;   /* after its FIN */
    uint32_t rcv_nxt;   /* the next number it expects: assumed from what was delivered */
    uint32_t rcv_acked; /* the highest ACK number it has sent: proved */
    uint32_t rcv_edge;  /* right edge of the window it offered last */
    uint32_t peer_fin_end; /* after the FIN that was delivered to it */
    uint32_t proof;        /* with TCB_PROVABLE: the number */
    uint32_t ts_val;       /* the newest timestamp it has sent */
    uint32_t ts_recent;    /* the newest timestamp it has taken, RFC 7323 section 4.3 */
    union {
        uint32_t fin_mark;     /* of its FIN, when last sent: the timestamp, or without one ip_id */
        uint32_t unpushed_end; /* before it: of its last half-close data, if that had no PSH */
    };
    uint32_t flags;            /* enum tcb_flag */
    uint32_t response_us : 23; /* its quickest ACK of something new, seen from here; 0: none seen */
    uint32_t is_older : 1;     /* than the capture, see tcb_may_have_closed_before() */
    uint32_t ttl : 8;         /* or hop limit, of its newest segment out of the ordinary; 0: none */
    uint16_t ip_id;           /* the newest IP identification that it has used; 0: none */
    uint8_t state;            /* enum tcp_state */
    uint8_t window_shift : 4; /* 0 to 14 */
    bool ip_id_varies : 1;    /* its packets have different identifications, */
    bool ip_id_counts : 1;    /* and the newest one's was a little higher than the one before */
    bool tail_from_ack : 1;   /* with TCB_UNSEEN_TAIL: only an ACK has told of the last bytes */
    bool copied : 1;          /* it has no identification, and its segments were captured twice */
};

/* A little higher: a sender's packets of other connections may be counted with these. */
static inline bool
is_ip_id_step(uint16_t before, uint16_t after)
{
    return (uint16_t)(after - before - 1) < 255;
}

static inline bool
tcb_has(const struct tcb *tcb, uint32_t flags)
{
    return (tcb->flags & flags) == flags;
}

static inline void
tcb_set(struct tcb *tcb, uint32_t flags)
{
    tcb->flags |= flags;
}

static inline void
tcb_clear(struct tcb *tcb, uint32_t flags)
{
    tcb->flags &= ~flags;
}

/* Its own segment shows its state: nothing is left to be proved. */
static inline void
tcb_confirm(struct tcb *tcb)
{
    tcb->flags = (tcb->flags | TCB_CONFIRMED) & ~(uint32_t)TCB_PROVABLE;
}

/* The rest, to read: all zero where there is nothing. */
const struct tcb_extra *tcb_extra(const struct tcb *tcb);

/* And to write. */
struct tcb_extra *tcb_make_extra(struct tcb *tcb);

/* The same of what the extra points to. */
const struct tcb_rare *tcb_rare(const struct tcb *tcb);
struct tcb_rare *tcb_make_rare(struct tcb *tcb);

/* A RST has closed it: no FIN has. */
static inline bool
tcb_is_reset(const struct tcb *tcb)
{
    return tcb->state == STATE_CLOSED && tcb_extra(tcb)->before_rst != STATE_CLOSED;
}

/* No RST closed it, or one did that does not count any more. */
static inline void
tcb_forget_rst(struct tcb *tcb)
{
    if (tcb->extra)
        tcb->extra->before_rst = STATE_CLOSED;
}

/* A RST is about to close it: what there is to know of its state, if that should go on, is kept. */
void tcb_keep_state(struct tcb *tcb);

/* A new socket in the endpoint's place: state CLOSED, all numbers unknown, of this stream. */
void tcb_renew(struct tcb *tcb);

/* The socket of another stream goes on in this one: a copy, which owns what it has, over whatever
 * was. */
void tcb_copy(struct tcb *tcb, const struct tcb *source);

/* Its own numbers begin at iss, the number of its SYN; nothing has been sent. */
void tcb_begin_sequence(struct tcb *tcb, uint32_t iss);

/* Frees what the control block owns. */
void tcb_clear_extra(struct tcb *tcb);

/*
 * Payload and FIN of a segment, in order or not, are in the endpoint's receive queue from now on.
 * end: segment_end().
 */
void tcb_take(struct tcb *tcb, const struct segment *seg, uint32_t end);

/* Payload or FIN that it has received before: it answers with a duplicate ACK. */
void tcb_repeat(struct tcb *tcb, const struct segment *seg);

/* What its SACK blocks say is in its receive queue; returns the highest number that they tell of.
 */
uint32_t tcb_add_sack(struct tcb *tcb, const struct segment *seg);

/*
 * Its own segment shows a hole: what it expects next is ack, and what the SACK blocks leave out is
 * missing. Without blocks, only the byte at ack is known to be.
 */
void tcb_show_hole(struct tcb *tcb, const struct segment *seg);

/*
 * Its ACKs go on over a hole that nothing has filled. If only ACKs had shown it, nothing was
 * missing and all is received as it was assumed before: true.
 */
bool tcb_refute_hole(struct tcb *tcb);

/*
 * It has what filled a hole, up to ack at least, and that was not captured: what was captured
 * behind it, until sent_ns, had been delivered.
 */
void tcb_fill_hole(struct tcb *tcb, uint32_t ack, int64_t sent_ns);

/*
 * It is older than the capture, and nothing that it has sent since takes a number: its FIN may have
 * come before.
 */
bool tcb_may_have_closed_before(const struct tcb *tcb);

/* The FIN that was delivered to it has been reached: nothing is missing before it. */
bool tcb_has_peer_fin(const struct tcb *tcb);

/* The right edge of the window it offers, after the last number inside. An unknown window is taken
 * as 1 GiB. */
uint32_t tcb_right_edge(const struct tcb *tcb);

/*
 * The number is inside the window it offers, from the next expected number to the right edge, both
 * included (RFC 9293 section 3.10.7.4, first).
 */
bool tcb_in_window(const struct tcb *tcb, uint32_t seq);

/* Which of the invariants above is broken, in one line; NULL: none. For tests. */
const char *tcb_broken(const struct tcb *tcb);

#endif
