/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The census against counting by hand: random closes on many streams, TIME_WAIT by the clock. */
#include <glib.h>
#include <string.h>

#include "census.h"

enum { STREAMS = 300, FRAMES = 6000, SEED = 7, TWO_MSL_S = 2 };

#define NS_PER_MS INT64_C(1000000)

static const struct policy policy = {
    .two_msl_ns = TWO_MSL_S * 1000 * NS_PER_MS,
    .close_wait_alarm_ns = 30000 * NS_PER_MS,
};

/* Where each side of a four-way close stands; only plausible enough to reach every state. */
struct talk {
    struct stream stream;
    unsigned step;
};

static struct segment
next_segment(struct talk *talk, GRand *random, uint32_t frame, int64_t time_ns)
{
    static const struct {
        uint8_t side;
        uint8_t flags;
        uint32_t seq;
        uint32_t ack;
    } course[] = {
        {0, FLAG_SYN, 0, 0}, {1, FLAG_SYN | FLAG_ACK, 0, 1},
        {0, FLAG_ACK, 1, 1}, {0, FLAG_FIN | FLAG_ACK, 1, 1},
        {1, FLAG_ACK, 1, 2}, {1, FLAG_FIN | FLAG_ACK, 1, 2},
        {0, FLAG_ACK, 2, 2},
    };
    unsigned step = MIN(talk->step, G_N_ELEMENTS(course) - 1);

    if (g_rand_int_range(random, 0, 10) > 0)
        talk->step++;
    return (struct segment){
        .time_ns = time_ns,
        .frame = frame,
        .seq = course[step].seq,
        .ack = course[step].ack,
        .window = 1000,
        .flags = course[step].flags,
        .side = course[step].side,
    };
}

/* What the sockets are in, TIME_WAIT as far as the clock has not ended it. */
static struct census_counts
count_by_hand(struct talk *talks, int64_t now_ns)
{
    struct census_counts counts = {{0}};

    for (unsigned i = 0; i < STREAMS; i++) {
        for (unsigned side = 0; side < 2; side++) {
            const struct endpoint *endpoint = &talks[i].stream.end[side];

            if (endpoint->state <= STATE_ESTABLISHED ||
                (endpoint->state == STATE_TIME_WAIT && endpoint->time_wait_end_ns <= now_ns))
                continue;
            counts.in[endpoint->state]++;
        }
    }
    return counts;
}

static bool
is_equal(const struct census_counts *a, const struct census_counts *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static void
test_counts_by_hand_and_looked_up(void)
{
    struct talk *talks = g_new0(struct talk, STREAMS);
    struct census_counts *seen = g_new0(struct census_counts, FRAMES + 1);
    GRand *random = g_rand_new_with_seed(SEED);
    struct census census;
    int64_t now_ns = 0;
    uint32_t most_in_time_wait = 0;

    census_init(&census);
    for (unsigned i = 0; i < STREAMS; i++)
        stream_init(&talks[i].stream, NULL);
    for (uint32_t frame = 1; frame <= FRAMES; frame++) {
        struct talk *talk = &talks[g_rand_int_range(random, 0, STREAMS)];
        struct segment seg;
        struct census_counts counted;

        now_ns += g_rand_int_range(random, 0, 10) * NS_PER_MS;
        seg = next_segment(talk, random, frame, now_ns);
        stream_feed(&talk->stream, &seg, &policy);
        census_feed(&census, &talk->stream, &seg);
        counted = count_by_hand(talks, now_ns);
        g_assert_true(is_equal(&census.now, &counted));
        seen[frame] = counted;
        most_in_time_wait = MAX(most_in_time_wait, counted.in[STATE_TIME_WAIT]);
    }
    g_assert_cmpuint(most_in_time_wait, >, 10);
    g_assert_cmpuint(census.now.in[STATE_TIME_WAIT], <, most_in_time_wait);
    for (uint32_t frame = FRAMES; frame > 0; frame--) {
        struct census_counts counts = census_at(&census, frame);

        g_assert_true(is_equal(&counts, &seen[frame]));
    }
    for (unsigned i = 0; i < STREAMS; i++)
        stream_clear(&talks[i].stream);
    census_clear(&census);
    g_rand_free(random);
    g_free(seen);
    g_free(talks);
}

/* Feeds the whole close; TIME_WAIT of side 0 begins at time_ns. */
static void
close_at(struct census *census, struct talk *talk, GRand *random, uint32_t *frame, int64_t time_ns)
{
    while (talk->stream.end[0].state != STATE_TIME_WAIT) {
        struct segment seg = next_segment(talk, random, ++*frame, time_ns);

        stream_feed(&talk->stream, &seg, &policy);
        census_feed(census, &talk->stream, &seg);
    }
}

static uint32_t
in_time_wait(const struct census *census)
{
    return census->now.in[STATE_TIME_WAIT];
}

/* A frame with a wrong clock must not hold up those whose 2MSL pass before its own. */
static void
test_time_going_back_keeps_every_end(void)
{
    enum { AHEAD_S = 3600 };
    struct talk *talks = g_new0(struct talk, 3);
    GRand *random = g_rand_new_with_seed(SEED);
    uint32_t frame = 0;
    struct census census;

    census_init(&census);
    for (unsigned i = 0; i < 3; i++)
        stream_init(&talks[i].stream, NULL);
    close_at(&census, &talks[0], random, &frame, AHEAD_S * 1000 * NS_PER_MS);
    close_at(&census, &talks[1], random, &frame, 1000 * NS_PER_MS);
    g_assert_cmpuint(in_time_wait(&census), ==, 2);
    close_at(&census, &talks[2], random, &frame, (1 + TWO_MSL_S) * 1000 * NS_PER_MS);
    g_assert_cmpuint(in_time_wait(&census), ==, 2);
    for (unsigned i = 0; i < 3; i++)
        stream_clear(&talks[i].stream);
    census_clear(&census);
    g_rand_free(random);
    g_free(talks);
}

/* Whatever renews it: memory grows with sockets in TIME_WAIT, not with segments. */
static void
test_a_socket_waits_once(void)
{
    enum { RENEWALS = 1000 };
    struct talk talk = {.step = 0};
    GRand *random = g_rand_new_with_seed(SEED);
    uint32_t frame = 0;
    int64_t now_ns = 0;
    struct census census;

    census_init(&census);
    stream_init(&talk.stream, NULL);
    close_at(&census, &talk, random, &frame, now_ns);
    for (unsigned i = 0; i < RENEWALS; i++) {
        struct segment seg = {.time_ns = now_ns += NS_PER_MS,
                              .frame = ++frame,
                              .seq = 1,
                              .ack = 2,
                              .flags = FLAG_FIN | FLAG_ACK,
                              .side = 1};

        stream_feed(&talk.stream, &seg, &policy);
        census_feed(&census, &talk.stream, &seg);
    }
    g_assert_cmpuint(in_time_wait(&census), ==, 1);
    g_assert_cmpuint(census.expiries.count, ==, 1);
    g_assert_cmpuint(census.blocks->len, ==, 1); /* nothing has changed */
    stream_clear(&talk.stream);
    census_clear(&census);
    g_rand_free(random);
}

static void
feed_one(struct census *census, struct stream *stream, struct segment seg)
{
    stream_feed(stream, &seg, &policy);
    census_feed(census, stream, &seg);
}

/* A four-way close of a connection whose numbers begin at isn, all at one time. */
static void
four_way_at(struct census *census, struct stream *stream, uint32_t isn, uint32_t frame,
            int64_t time_ns)
{
    static const struct segment course[] = {
        {.flags = FLAG_SYN},
        {.side = 1, .flags = FLAG_SYN | FLAG_ACK, .ack = 1},
        {.flags = FLAG_ACK, .seq = 1, .ack = 1},
        {.flags = FLAG_FIN | FLAG_ACK, .seq = 1, .ack = 1},
        {.side = 1, .flags = FLAG_ACK, .seq = 1, .ack = 2},
        {.side = 1, .flags = FLAG_FIN | FLAG_ACK, .seq = 1, .ack = 2},
        {.flags = FLAG_ACK, .seq = 2, .ack = 2},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(course); i++) {
        struct segment seg = course[i];

        seg.seq += isn;
        seg.ack += isn;
        seg.frame = frame + i;
        seg.time_ns = time_ns;
        seg.window = 1000;
        feed_one(census, stream, seg);
    }
}

/* The port is used again before its TIME_WAIT ends, and the clock has gone back meanwhile. */
static void
test_time_wait_entered_again_earlier_ends_earlier(void)
{
    const int64_t early_ns = 10000 * NS_PER_MS, late_ns = 100000 * NS_PER_MS;
    struct stream stream = {0}, other = {0};
    struct census census;

    census_init(&census);
    stream_init(&stream, NULL);
    stream_init(&other, NULL);
    four_way_at(&census, &stream, 0, 1, late_ns);
    four_way_at(&census, &stream, 100000, 101, early_ns);
    g_assert_cmpuint(in_time_wait(&census), ==, 1);
    feed_one(
        &census, &other,
        (struct segment){.frame = 201, .flags = FLAG_SYN, .time_ns = early_ns + policy.two_msl_ns});
    g_assert_cmpuint(in_time_wait(&census), ==, 0);
    stream_clear(&stream);
    stream_clear(&other);
    census_clear(&census);
}

static void
test_empty_capture_has_nobody(void)
{
    struct census census;
    struct census_counts counts;

    census_init(&census);
    counts = census_at(&census, 1);
    for (unsigned i = 0; i < STATE_COUNT; i++)
        g_assert_cmpuint(counts.in[i], ==, 0);
    census_clear(&census);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/census/counts_by_hand_and_looked_up",
                    test_counts_by_hand_and_looked_up);
    g_test_add_func("/engine/census/time_going_back_keeps_every_end",
                    test_time_going_back_keeps_every_end);
    g_test_add_func("/engine/census/a_socket_waits_once", test_a_socket_waits_once);
    g_test_add_func("/engine/census/time_wait_entered_again_earlier_ends_earlier",
                    test_time_wait_entered_again_earlier_ends_earlier);
    g_test_add_func("/engine/census/empty_capture_has_nobody", test_empty_capture_has_nobody);
    return g_test_run();
}
