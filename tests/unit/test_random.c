/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Robustness: any segments have a defined answer, the record stays coherent, and a segment that
 * changes nothing costs no memory. Seeds are fixed.
 */
#include <glib.h>

#include "seq.h"
#include "units.h"
#include "invariants.h"

enum {
    RUNS = 700,
    SEGMENTS_MAX = 200,
    IN_ORDER_SEGMENTS = 1000000,
};

static const struct policy policies[] = {
    {.two_msl_ns = 60 * NS_PER_S, .close_wait_alarm_ns = 30 * NS_PER_S},
    {.two_msl_ns = 2 * NS_PER_S,
     .close_wait_alarm_ns = 100 * NS_PER_MS,
     .rst_policy = RST_POLICY_RFC793},
    {.two_msl_ns = 2 * NS_PER_S, .close_wait_alarm_ns = 100 * NS_PER_MS, .stack = STACK_BSD},
};

/* How wild the segments are. */
enum wildness {
    PLAUSIBLE, /* small numbers near the start numbers, usual flags, time forwards */
    BACKWARDS, /* the same with time going back now and then */
    ANY_BITS,  /* every field from the whole of its range */
    DIALOGUE,  /* connections that open, talk, close, repeat themselves and are reused */
};

static uint8_t
random_flags(GRand *random, enum wildness wildness)
{
    static const uint8_t usual[] = {
        FLAG_ACK,
        FLAG_ACK,
        FLAG_ACK,
        FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_RST,
        FLAG_RST | FLAG_ACK,
        FLAG_SYN,
        FLAG_SYN | FLAG_ACK,
        FLAG_FIN,
        0,
        FLAG_SYN | FLAG_FIN,
        FLAG_FIN | FLAG_RST,
    };

    if (wildness == ANY_BITS)
        return (uint8_t)g_rand_int_range(random, 0, 256);
    return usual[g_rand_int_range(random, 0, G_N_ELEMENTS(usual))];
}

static struct segment
random_segment(GRand *random, enum wildness wildness, int64_t time_ns, uint32_t frame)
{
    static const uint32_t iss[2] = {0xfffffff8, 0xfffffffc};
    uint8_t side = (uint8_t)g_rand_int_range(random, 0, 2);
    bool wild = wildness == ANY_BITS;
    struct segment seg = {
        .time_ns =
            wild ? (int64_t)g_rand_double_range(random, SEGMENT_TIME_MIN_NS, SEGMENT_TIME_MAX_NS)
                 : time_ns,
        .frame = frame,
        .seq = wild ? g_rand_int(random) : iss[side] + (uint32_t)g_rand_int_range(random, 0, 12),
        .ack = wild ? g_rand_int(random) : iss[!side] + (uint32_t)g_rand_int_range(random, 0, 12),
        .len = wild ? g_rand_int(random) >> 8 : (uint32_t)g_rand_int_range(random, 0, 4),
        .window = (uint16_t)g_rand_int_range(random, 0, 65536),
        .flags = random_flags(random, wildness),
        .side = side,
    };

    if (!(seg.flags & FLAG_ACK))
        seg.ack = 0;
    if (g_rand_int_range(random, 0, 3) == 0) {
        seg.options.has_ts = true;
        seg.options.ts_val = wild ? g_rand_int(random) : frame / 2;
    }
    seg.options.has_window_shift = g_rand_boolean(random);
    seg.options.window_shift = (unsigned)g_rand_int_range(random, 0, 15) & 0xfU;
    seg.options.sack_permitted = g_rand_boolean(random);
    seg.options.fast_open = g_rand_int_range(random, 0, 8) == 0;
    seg.options.sack_count = (uint8_t)g_rand_int_range(random, 0, 2 + 3 * wild);
    for (unsigned i = 0; i < seg.options.sack_count; i++) {
        seg.options.sack_left[i] = seg.ack + (uint32_t)g_rand_int_range(random, 0, 6);
        seg.options.sack_right[i] = wild ? g_rand_int(random) : seg.options.sack_left[i] + 2;
    }
    return seg;
}

/* What two sockets would say next. */
struct talk {
    uint32_t next[2];
    struct segment last[2];
    bool stamps;
};

static void
vary_segment(GRand *random, const struct talk *talk, struct segment *seg)
{
    switch (g_rand_int_range(random, 0, 16)) {
    case 0:
    case 1:
    case 2:
        seg->len = (uint32_t)g_rand_int_range(random, 1, 4);
        break;
    case 3:
    case 4:
    case 5:
        seg->flags |= FLAG_FIN;
        break;
    case 6:
        seg->flags |= FLAG_RST;
        break;
    case 7:
        seg->flags = FLAG_SYN;
        seg->seq += 65537;
        seg->ack = 0;
        break;
    case 8:
        seg->flags |= FLAG_SYN;
        break;
    case 9:
        seg->ack--;
        break;
    case 10:
    case 11:
    case 12:
        *seg = talk->last[seg->side];
        break;
    default:
        break;
    }
}

static struct segment
dialogue_segment(GRand *random, struct talk *talk, int64_t time_ns, uint32_t frame)
{
    static const uint8_t handshake[] = {FLAG_SYN, FLAG_SYN | FLAG_ACK, FLAG_ACK};
    bool opening = frame <= G_N_ELEMENTS(handshake);
    uint8_t side = opening ? frame == 2 : (uint8_t)g_rand_int_range(random, 0, 2);
    struct segment seg = {
        .seq = talk->next[side],
        .ack = frame == 1 ? 0 : talk->next[!side],
        .window = 100,
        .flags = opening ? handshake[frame - 1] : FLAG_ACK,
        .side = side,
    };

    if (!opening)
        vary_segment(random, talk, &seg);
    seg.time_ns = time_ns;
    seg.frame = frame;
    seg.side = side;
    seg.options.has_ts = talk->stamps;
    if (seg.options.ts_val == 0 || g_rand_boolean(random))
        seg.options.ts_val = frame;
    talk->last[side] = seg;
    if (!seq_before(segment_end(&seg), talk->next[side]))
        talk->next[side] = segment_end(&seg);
    return seg;
}

/* One segment of so many is on another pair of endpoints. */
enum { CHAIN = 3, STRAY = 8 };

struct run {
    struct captured segments[CHAIN * SEGMENTS_MAX];
    unsigned count;
    int64_t time_ns;
};

/* One more stream on the same endpoints. */
static void
add_stream(struct run *run, GRand *random, enum wildness wildness)
{
    bool slow = g_rand_int_range(random, 0, 4) == 0;
    struct talk talk = {{0xfffffff0, 0xfffffff8}, {{0}}, g_rand_boolean(random)};
    unsigned end = run->count + (unsigned)g_rand_int_range(random, 1, SEGMENTS_MAX + 1);
    bool first = true;

    for (uint32_t number = 1; run->count < end; number++) {
        struct captured *captured = &run->segments[run->count++];

        run->time_ns += (int64_t)g_rand_int_range(random, wildness == BACKWARDS ? -50 : 0, 100) *
                        NS_PER_MS * (slow ? 100 : 1);
        captured->seg = wildness == DIALOGUE
                            ? dialogue_segment(random, &talk, run->time_ns, number)
                            : random_segment(random, wildness, run->time_ns, number);
        captured->seg.frame = run->count;
        captured->pair = g_rand_int_range(random, 0, STRAY) == 0;
        captured->new_stream = first;
        first = false;
    }
}

static void
run_random(enum wildness wildness)
{
    GRand *random = g_rand_new_with_seed(9293 + wildness);
    struct run *run = g_new(struct run, 1);

    for (unsigned i = 0; i < RUNS && !g_test_failed(); i++) {
        const struct policy *policy =
            &policies[g_rand_int_range(random, 0, G_N_ELEMENTS(policies))];
        struct breach breach;

        *run = (struct run){.time_ns = 1000 * NS_PER_S * (i + 1)};
        for (unsigned stream = 0; stream < CHAIN; stream++)
            add_stream(run, random, wildness);
        breach = invariants_check(run->segments, run->count, policy);
        if (breach.what)
            g_test_message("run %u, segment %u of %u: %s", i, breach.at + 1, run->count,
                           breach.what);
        g_assert_null(breach.what);
    }
    g_free(run);
    g_rand_free(random);
}

static void
test_plausible_segments(void)
{
    run_random(PLAUSIBLE);
}

static void
test_time_going_backwards(void)
{
    run_random(BACKWARDS);
}

static void
test_any_bits(void)
{
    run_random(ANY_BITS);
}

static void
test_dialogues(void)
{
    run_random(DIALOGUE);
}

/* Data and ACKs in order, around the number circle and further. */
static void
test_in_order_data_adds_no_entry(void)
{
    struct stream stream = {0};
    struct segment seg = {
        .time_ns = 0, .frame = 1, .seq = 0xfffffff0, .flags = FLAG_SYN, .window = 60000};
    uint32_t next[2] = {0xfffffff1, 0xffffff81};
    uint32_t settled = 0;

    stream_init(&stream, NULL);
    stream_feed(&stream, &seg, &policies[0]);
    seg = (struct segment){.time_ns = NS_PER_MS,
                           .frame = 2,
                           .side = 1,
                           .seq = 0xffffff80,
                           .ack = next[0],
                           .flags = FLAG_SYN | FLAG_ACK,
                           .window = 60000};
    stream_feed(&stream, &seg, &policies[0]);
    for (uint32_t i = 0; i < IN_ORDER_SEGMENTS; i++) {
        uint8_t side = i % 4 == 3;
        uint32_t len = i == 0 ? 0 : i % 7 * 1448;

        seg = (struct segment){.time_ns = (2 + (int64_t)i) * NS_PER_MS,
                               .frame = 3 + i,
                               .side = side,
                               .seq = next[side],
                               .ack = next[!side],
                               .len = len,
                               .flags = FLAG_ACK,
                               .window = 60000};
        stream_feed(&stream, &seg, &policies[0]);
        next[side] += len;
        if (i == 10)
            settled = stream.memory.log.count;
    }
    g_assert_cmpuint(stream.memory.log.count, ==, settled);
    g_assert_cmpuint(settled, <=, 5);
    g_assert_cmpint(stream.end[0].state, ==, STATE_ESTABLISHED);
    g_assert_cmpint(stream.end[1].state, ==, STATE_ESTABLISHED);
    g_assert_null(stream.end[0].extra);
    g_assert_null(stream.end[1].extra);
    g_assert_null(stream.kinship);
    g_assert_null(stream.memory.extra);
    stream_clear(&stream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/engine/random/plausible_segments", test_plausible_segments);
    g_test_add_func("/engine/random/time_going_backwards", test_time_going_backwards);
    g_test_add_func("/engine/random/any_bits", test_any_bits);
    g_test_add_func("/engine/random/dialogues", test_dialogues);
    g_test_add_func("/engine/random/in_order_data_adds_no_entry", test_in_order_data_adds_no_entry);
    return g_test_run();
}
