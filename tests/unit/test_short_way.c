/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The short way for ordinary segments: from any state of the two control blocks, next to an
 * ordinary one, and with a segment next to an ordinary one, both ways leave the same. Each clause
 * of the short way's condition is left out by some of these.
 */
#include <glib.h>
#include <string.h>

#include "queue.h"
#include "seq.h"
#include "stream_invariants.h"
#include "units.h"
#include "usual_policy.h"

enum { TRIALS = 400000, SEED = 9293 };

static struct segment
segment_of(uint8_t side, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len, uint32_t frame)
{
    return (struct segment){
        .time_ns = NS_PER_S + frame * NS_PER_MS,
        .frame = frame,
        .seq = seq,
        .ack = ack,
        .len = len,
        .window = 1000,
        .flags = flags,
        .side = side,
        .options = {.has_ts = true, .ts_val = 1000 + frame},
    };
}

/* ESTABLISHED, and both sides have sent data. */
static void
open_stream(struct stream *stream)
{
    const struct segment opening[] = {
        segment_of(0, FLAG_SYN, 0xfffffff0, 0, 0, 1),
        segment_of(1, FLAG_SYN | FLAG_ACK, 500, 0xfffffff1, 0, 2),
        segment_of(0, FLAG_ACK, 0xfffffff1, 501, 0, 3),
        segment_of(0, FLAG_ACK, 0xfffffff1, 501, 100, 4),
        segment_of(1, FLAG_ACK, 501, 0x55, 100, 5),
        segment_of(0, FLAG_ACK, 0x55, 601, 0, 6),
    };

    stream_init(stream, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(opening); i++)
        stream_feed_at_length(stream, &opening[i], &usual_policy);
}

static bool
one_in(GRand *random, int count)
{
    return g_rand_int_range(random, 0, count) == 0;
}

static uint32_t
nudged(GRand *random, uint32_t number)
{
    return one_in(random, 6) ? number + (uint32_t)g_rand_int_range(random, -2, 3) : number;
}

/* A control block that one could come to: numbers and flags that fit each other. */
static void
disturb(struct tcb *tcb, GRand *random)
{
    static const uint32_t flags[] = {
        TCB_SND_KNOWN,    TCB_RCV_KNOWN,      TCB_ACK_KNOWN,   TCB_SHIFT_KNOWN,   TCB_TS,
        TCB_TS_RECENT,    TCB_FIN_SENT,       TCB_FIN_ACKED,   TCB_FIN_DELIVERED, TCB_CONFIRMED,
        TCB_PROVABLE,     TCB_OPEN_AFTER_FIN, TCB_FAST_OPEN,   TCB_CHALLENGED,    TCB_REACK_DUE,
        TCB_SACK_REFUSED, TCB_DUP_ACK_DUE,    TCB_UNSEEN_TAIL, TCB_SEEN,          TCB_TS_IN_USE,
        TCB_SCALES,       TCB_SENT_AGAIN,     TCB_FIN_ASSUMED, TCB_FIN_COVERS,    TCB_ONE_UNSEEN,
        TCB_STRAYED,
    };
    struct tcb_rare *rare = tcb_make_rare(tcb);

    for (unsigned i = 0; i < G_N_ELEMENTS(flags); i++)
        tcb->flags ^= one_in(random, 12) ? flags[i] : 0;
    tcb->snd_nxt = nudged(random, tcb->snd_nxt);
    tcb->rcv_nxt = nudged(random, tcb->rcv_nxt);
    tcb->rcv_acked = nudged(random, tcb->rcv_acked);
    tcb->ts_val = nudged(random, tcb->ts_val);
    tcb->ts_recent = nudged(random, tcb->ts_recent);
    tcb->ip_id = (uint16_t)g_rand_int_range(random, 0, 3);
    tcb->ip_id_varies = one_in(random, 2);
    tcb->ip_id_counts = tcb->ip_id_varies && one_in(random, 2);
    tcb->copied = one_in(random, 12);
    tcb->proof = nudged(random, tcb->rcv_nxt);
    tcb->fin_end = nudged(random, tcb->snd_nxt);
    tcb->peer_fin_end = nudged(random, tcb->rcv_nxt);
    rare->stray_end = nudged(random, tcb->snd_nxt);
    rare->stray_seq = rare->stray_end - 2;
    rare->stray_ack = nudged(random, tcb->rcv_nxt);
    if (one_in(random, 12)) {
        tcb->state = (uint8_t)g_rand_int_range(random, 0, STATE_COUNT);
        tcb->time_wait_end_ns = 100 * NS_PER_S;
    }
    if (one_in(random, 12)) {
        uint32_t left = tcb->rcv_nxt + (uint32_t)g_rand_int_range(random, 1, 4);

        rare->queue = g_new0(struct ooo_queue, 1);
        ooo_queue_add(rare->queue, left, left + 2);
        tcb_set(tcb, TCB_OUT_OF_ORDER);
    }
}

/* The sender's next, or nearly so. */
static struct segment
next_segment(const struct stream *stream, GRand *random)
{
    uint8_t side = (uint8_t)g_rand_int_range(random, 0, 2);
    const struct tcb *from = &stream->end[side];
    uint32_t len = g_rand_boolean(random) ? (uint32_t)g_rand_int_range(random, 0, 4) : 0;
    uint8_t flags = one_in(random, 8) ? (uint8_t)g_rand_int_range(random, 0, 256) : FLAG_ACK;
    struct segment seg = segment_of(side, flags, nudged(random, from->snd_nxt),
                                    nudged(random, from->rcv_nxt), len, 20);

    if (one_in(random, 4))
        seg.seq = stream->end[!side].rcv_nxt;
    if (one_in(random, 10))
        seg.time_ns += 300 * NS_PER_MS;
    seg.options.ts_val = nudged(random, from->ts_val);
    seg.options.ts_ecr = nudged(random, stream->end[!side].ts_val);
    seg.options.has_ts = !one_in(random, 8);
    seg.ip_id = (uint16_t)(one_in(random, 2) ? from->ip_id + 1U : nudged(random, from->ip_id));
    if (one_in(random, 8)) {
        seg.options.sack_count = 1;
        seg.options.sack_left[0] = seg.ack + (uint32_t)g_rand_int_range(random, -3, 4);
        seg.options.sack_right[0] = seg.options.sack_left[0] + 2;
    }
    if (one_in(random, 16))
        seg.options.mptcp_ends = 1;
    return seg;
}

/* A stream that owns what it has. */
static void
copy_stream(struct stream *copy, const struct stream *stream)
{
    const struct transition_log *log = &stream->memory.log;

    *copy = *stream;
    copy->memory.log.entries = g_new(struct log_entry, log->capacity);
    memcpy(copy->memory.log.entries, log->entries, log->count * sizeof(struct log_entry));
    for (unsigned side = 0; side < 2; side++) {
        copy->end[side].extra = NULL;
        tcb_copy(&copy->end[side], &stream->end[side]);
    }
}

/* The log says what the control blocks are in. */
static void
settle(struct stream *stream)
{
    struct log_entry *last = &stream->memory.log.entries[stream->memory.log.count - 1];

    for (unsigned side = 0; side < 2; side++) {
        last->side[side].state = stream->end[side].state & 0xfU;
        last->side[side].confirmed = tcb_has(&stream->end[side], TCB_CONFIRMED);
    }
}

static void
test_both_ways_leave_the_same(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    struct stream opened = {0};
    unsigned ordinary = 0;

    open_stream(&opened);
    for (unsigned trial = 0; trial < TRIALS && !g_test_failed(); trial++) {
        struct stream stream;
        struct stream at_length;
        struct segment seg;

        copy_stream(&stream, &opened);
        disturb(&stream.end[0], random);
        disturb(&stream.end[1], random);
        if (!tcb_broken(&stream.end[0]) && !tcb_broken(&stream.end[1])) {
            struct tcb before[2] = {stream.end[0], stream.end[1]};

            settle(&stream);
            copy_stream(&at_length, &stream);
            seg = next_segment(&stream, random);
            ordinary += infer_ordinary(before, &seg);
            stream_feed(&stream, &seg, &usual_policy);
            stream_feed_at_length(&at_length, &seg, &usual_policy);
            g_assert_true(stream_is_same(&stream, &at_length));
            stream_clear(&at_length);
        }
        stream_clear(&stream);
    }
    g_assert_cmpuint(ordinary, >, TRIALS / 1000);
    stream_clear(&opened);
    g_rand_free(random);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/engine/short_way/both_ways_leave_the_same", test_both_ways_leave_the_same);
    return g_test_run();
}
