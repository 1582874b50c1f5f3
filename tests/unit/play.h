/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection played segment by segment, each as its sender's stack makes it, for what has to look
 * at more of a segment than script.h lets a scenario say. */
#ifndef TCPCLOSE_PLAY_H
#define TCPCLOSE_PLAY_H

#include <glib.h>

#include "outcome.h"
#include "rst.h"
#include "stream.h"
#include "units.h"
#include "usual_policy.h"

enum { C, S };

enum { FRAMES_MAX = 32, C_ISS = 1000, S_ISS = 5000, SHIFT = 7, ROUND_TRIP_MS = 20 };

struct play {
    struct stream stream;
    struct segment segments[FRAMES_MAX]; /* by frame, from 1 */
    uint32_t frame;
    int64_t time_ns;
    bool without_ts;
};

/* A segment as its sender's stack makes it; numbers are relative. */
static inline struct segment
make(struct play *play, uint8_t side, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    struct segment seg = {
        .time_ns = play->time_ns,
        .frame = play->frame + 1,
        .seq = (side == C ? C_ISS : S_ISS) + seq,
        .ack = (flags & FLAG_ACK) ? (side == C ? S_ISS : C_ISS) + ack : 0,
        .len = len,
        .window = 500,
        .ip_id = (uint16_t)(100U * (side + 1U) + play->frame),
        .flags = flags,
        .side = side,
        .ttl = side == C ? 64 : 50,
        .options = {.has_ts = !play->without_ts, .ts_val = (uint32_t)(play->time_ns / NS_PER_MS)},
    };

    if (flags & FLAG_SYN) {
        seg.options.has_window_shift = true;
        seg.options.window_shift = SHIFT;
        seg.options.sack_permitted = true;
    }
    return seg;
}

/* The answer of a host without a socket: the ACK number of what it answers, and nothing else. */
static inline struct segment
make_answer(struct play *play, uint8_t side, uint32_t seq)
{
    struct segment seg = make(play, side, FLAG_RST, seq, 0, 0);

    seg.window = 0;
    seg.ip_id = 0;
    seg.options.has_ts = false;
    return seg;
}

static inline void
feed(struct play *play, struct segment seg)
{
    play->frame++;
    play->segments[play->frame] = seg;
    stream_feed(&play->stream, &seg, &usual_policy);
}

static inline void
sends(struct play *play, uint8_t side, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    feed(play, make(play, side, flags, seq, ack, len));
}

static inline void
pass_ms(struct play *play, int64_t ms)
{
    play->time_ns += ms * NS_PER_MS;
}

/* Captured at C: frames 1 to 5; both sides have sent, C next 101, S next 201. */
static inline void
open_connection(struct play *play, bool without_ts)
{
    *play = (struct play){.time_ns = NS_PER_S, .without_ts = without_ts};
    stream_init(&play->stream, NULL);
    sends(play, C, FLAG_SYN, 0, 0, 0);
    pass_ms(play, ROUND_TRIP_MS);
    sends(play, S, FLAG_SYN | FLAG_ACK, 0, 1, 0);
    sends(play, C, FLAG_ACK, 1, 1, 100);
    pass_ms(play, ROUND_TRIP_MS);
    sends(play, S, FLAG_ACK, 1, 101, 200);
    pass_ms(play, 1);
    sends(play, C, FLAG_ACK, 101, 201, 0);
    pass_ms(play, ROUND_TRIP_MS);
}

static inline void
open_play(struct play *play)
{
    open_connection(play, false);
}

static inline struct rst_told
told(const struct play *play, uint32_t frame)
{
    return rst_told_at(&play->stream, frame, 0);
}

static inline enum tcp_state
state(const struct play *play, unsigned side)
{
    return (enum tcp_state)play->stream.end[side].state;
}

static inline enum resetter
reset_by(const struct play *play)
{
    return outcome_of(&play->stream, play->time_ns).reset_by;
}

/* ---- RSTs that are not as their sender makes them ---- */

struct oddity {
    const char *name;
    void (*make_odd)(struct segment *seg);
    enum forgery_piece piece;
};

static inline void
other_ttl(struct segment *seg)
{
    seg->ttl = 254;
}

static inline void
no_ip_id(struct segment *seg)
{
    seg->ip_id = 0;
}

static inline void
no_timestamp(struct segment *seg)
{
    seg->options.has_ts = false;
}

static inline void
old_timestamp(struct segment *seg)
{
    seg->options.ts_val -= 1000;
}

static inline void
wide_window(struct segment *seg)
{
    seg->window = 60000;
}

static inline void
narrow_window(struct segment *seg)
{
    seg->window = 4;
}

static const struct oddity oddities[] = {
    {"ttl", other_ttl, PIECE_TTL},
    {"no_ip_id", no_ip_id, PIECE_IP_ID},
    {"no_timestamp", no_timestamp, PIECE_TIMESTAMP},
    {"old_timestamp", old_timestamp, PIECE_TIMESTAMP},
    {"wide_window", wide_window, PIECE_WINDOW},
    {"narrow_window", narrow_window, PIECE_WINDOW},
};

/* S aborts as its stack does, but for the oddities. */
static inline void
abort_oddly(struct play *play, const struct oddity *one, const struct oddity *other)
{
    struct segment seg;

    open_play(play);
    seg = make(play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    if (one)
        one->make_odd(&seg);
    if (other)
        other->make_odd(&seg);
    feed(play, seg);
}

#endif
