/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What later segments tell of a RST: who has made it, and whether it was taken. */
#include "play.h"

/* A RST like its own: only that it goes on gives it away, for this one and for those behind it. */
static void
test_sender_that_goes_on_disowns_its_rsts(void)
{
    struct play play;

    open_play(&play);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    g_assert_false(told(&play, 6).forged);
    g_assert_cmpuint(told(&play, 6).refuted_frame, ==, 0);
    pass_ms(&play, 2 * ROUND_TRIP_MS);
    sends(&play, S, FLAG_ACK, 201, 101, 100);
    for (uint32_t frame = 6; frame <= 7; frame++) {
        g_assert_true(told(&play, frame).forged);
        g_assert_true(told(&play, frame).pieces & piece_bit(PIECE_GOES_ON));
        g_assert_cmpuint(told(&play, frame).refuted_frame, ==, 8);
    }
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
    g_assert_cmpint(reset_by(&play), ==, RESETTER_NETWORK);
    stream_clear(&play.stream);
}

/* Its RST would carry its clock: what is younger by that was sent behind it, be it ever so soon. */
static void
test_younger_segment_disowns_rst_at_once(void)
{
    for (unsigned younger = 0; younger < 2; younger++) {
        struct play play;
        struct segment seg;

        open_play(&play);
        seg = make(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
        seg.options.ts_val -= 3;
        feed(&play, seg);
        seg = make(&play, S, FLAG_ACK, 201, 101, 0);
        seg.options.ts_val -= younger ? 1 : 3;
        seg.ip_id = 0;
        feed(&play, seg);
        g_assert_cmpint(told(&play, 6).forged, ==, younger);
        g_assert_cmpint(state(&play, S), ==, younger ? STATE_ESTABLISHED : STATE_CLOSED);
        stream_clear(&play.stream);
    }
}

/* Both were copied from what was sent long before: the second was not sent then. */
static void
test_second_of_pair_with_old_timestamp_is_taken(void)
{
    struct play play;
    struct segment seg;
    uint32_t old_ts;

    open_play(&play);
    old_ts = (uint32_t)(play.time_ns / NS_PER_MS) - 20;
    pass_ms(&play, 500);
    seg = make(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    seg.options.ts_val = old_ts;
    feed(&play, seg);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    seg = make(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    seg.options.ts_val = old_ts;
    feed(&play, seg);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    stream_clear(&play.stream);
}

/* It answers what its peer sends as only a closed port does: what comes late of it is old. */
static void
test_answer_behind_own_rst_proves_its_end(void)
{
    for (unsigned answers = 0; answers < 2; answers++) {
        struct play play;

        open_connection(&play, true);
        sends(&play, S, FLAG_ACK, 301, 101, 100); /* the hundred before are held up */
        sends(&play, S, FLAG_RST | FLAG_ACK, 401, 101, 0);
        pass_ms(&play, 1);
        sends(&play, C, FLAG_ACK, 101, 201, 0);
        if (answers)
            feed(&play, make_answer(&play, S, 201));
        pass_ms(&play, 2 * ROUND_TRIP_MS);
        sends(&play, S, FLAG_ACK, 201, 101, 100);
        g_assert_cmpint(told(&play, 7).forged, ==, !answers);
        stream_clear(&play.stream);
    }
}

/* A port without a socket answers what somebody sends in its peer's name, too. */
static void
test_answer_of_closed_port_ends_the_doubt(void)
{
    struct play play;
    struct segment seg;

    open_play(&play);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    pass_ms(&play, ROUND_TRIP_MS);
    feed(&play, make_answer(&play, C, 101));
    pass_ms(&play, ROUND_TRIP_MS);
    seg = make(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    other_ttl(&seg);
    no_timestamp(&seg);
    feed(&play, seg);
    g_assert_cmpint(told(&play, 8).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

/* The same of one that was known as forged at once. */
static void
test_sender_of_forged_rst_that_goes_on_refutes_it(void)
{
    struct play play;

    abort_oddly(&play, &oddities[0], &oddities[1]);
    pass_ms(&play, 2 * ROUND_TRIP_MS);
    sends(&play, S, FLAG_ACK, 201, 101, 100);
    g_assert_cmpuint(told(&play, 6).refuted_frame, ==, 7);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
    stream_clear(&play.stream);
}

/* The RST was lost: its receiver goes on, and its sender has closed. */
static void
test_receiver_that_goes_on_has_not_taken_it(void)
{
    struct play play;

    open_play(&play);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
    pass_ms(&play, 1000);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_IGNORED);
    g_assert_cmpuint(told(&play, 6).refuted_frame, ==, 7);
    g_assert_false(told(&play, 6).forged);
    stream_clear(&play.stream);
}

static void
test_receiver_of_forged_rst_that_goes_on_makes_it_suspect(void)
{
    struct play play;

    abort_oddly(&play, &oddities[0], &oddities[1]);
    pass_ms(&play, 1000);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_SUSPECT);
    g_assert_cmpint(reset_by(&play), ==, RESETTER_NONE);
    stream_clear(&play.stream);
}

static void
test_challenge_is_told_of_the_rst(void)
{
    struct play play;

    open_play(&play);
    feed(&play, make_answer(&play, S, 231));
    sends(&play, C, FLAG_ACK, 101, 201, 0);
    g_assert_cmpuint(told(&play, 6).challenge_frame, ==, 7);
    stream_clear(&play.stream);
}

/* What was sent before the RST and comes late shows nothing. */
static void
test_late_segment_by_ip_id_disowns_nothing(void)
{
    struct play play;
    struct segment late;

    open_connection(&play, true);
    late = make(&play, S, FLAG_ACK, 201, 101, 100);
    sends(&play, C, FLAG_ACK, 101, 201, 0);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    pass_ms(&play, 2 * ROUND_TRIP_MS);
    late.frame = play.frame + 1;
    late.time_ns = play.time_ns;
    feed(&play, late);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    g_assert_false(told(&play, 7).forged);
    stream_clear(&play.stream);
}

/* An answer comes behind what it answers: who has not got that is late. */
static void
test_late_segment_before_answer_disowns_nothing(void)
{
    struct play play;
    struct segment late;

    open_play(&play);
    late = make(&play, S, FLAG_FIN | FLAG_ACK, 201, 101, 0);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    pass_ms(&play, ROUND_TRIP_MS);
    feed(&play, make_answer(&play, S, 201));
    pass_ms(&play, ROUND_TRIP_MS);
    late.frame = play.frame + 1;
    late.time_ns = play.time_ns;
    feed(&play, late);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    g_assert_false(told(&play, 7).forged);
    stream_clear(&play.stream);
}

/* The same of one that lacked something before what it answered. */
static void
test_late_segment_over_hole_before_answer_disowns_nothing(void)
{
    struct play play;
    struct segment late;

    open_play(&play);
    sends(&play, S, FLAG_ACK, 301, 101, 100);
    late = make(&play, C, FLAG_FIN | FLAG_ACK, 101, 201, 0);
    sends(&play, S, FLAG_ACK, 401, 101, 100);
    feed(&play, make_answer(&play, C, 101));
    pass_ms(&play, 1);
    late.frame = play.frame + 1;
    late.time_ns = play.time_ns;
    feed(&play, late);
    g_assert_cmpint(state(&play, C), ==, STATE_CLOSED);
    g_assert_false(told(&play, 8).forged);
    stream_clear(&play.stream);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"/engine/hindsight/late_segment_over_hole_before_answer_disowns_nothing",
         test_late_segment_over_hole_before_answer_disowns_nothing},
        {"/engine/forgery/second_of_pair_with_old_timestamp_is_taken",
         test_second_of_pair_with_old_timestamp_is_taken},
        {"/engine/hindsight/answer_behind_own_rst_proves_its_end",
         test_answer_behind_own_rst_proves_its_end},
        {"/engine/forgery/answer_of_closed_port_ends_the_doubt",
         test_answer_of_closed_port_ends_the_doubt},
        {"/engine/hindsight/younger_segment_disowns_rst_at_once",
         test_younger_segment_disowns_rst_at_once},
        {"/engine/hindsight/sender_that_goes_on_disowns_its_rsts",
         test_sender_that_goes_on_disowns_its_rsts},
        {"/engine/hindsight/sender_of_forged_rst_that_goes_on_refutes_it",
         test_sender_of_forged_rst_that_goes_on_refutes_it},
        {"/engine/hindsight/receiver_that_goes_on_has_not_taken_it",
         test_receiver_that_goes_on_has_not_taken_it},
        {"/engine/hindsight/receiver_of_forged_rst_that_goes_on_makes_it_suspect",
         test_receiver_of_forged_rst_that_goes_on_makes_it_suspect},
        {"/engine/hindsight/challenge_is_told_of_the_rst", test_challenge_is_told_of_the_rst},
        {"/engine/hindsight/late_segment_by_ip_id_disowns_nothing",
         test_late_segment_by_ip_id_disowns_nothing},
        {"/engine/hindsight/late_segment_before_answer_disowns_nothing",
         test_late_segment_before_answer_disowns_nothing},
    };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].name, tests[i].test);
    return g_test_run();
}
