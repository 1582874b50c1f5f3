/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose a RST is where its numbers do not tell, and so whether its sender, which it names, is there
 * to take another one.
 */
#include "cause.h"
#include "play.h"

enum { PAUSE_MS = 500 };

/* In the name of one of them, after a pause; the timestamp is that of the time before, if copied.
 */
static void
resets(struct play *play, uint8_t side, bool copied)
{
    struct segment seg =
        make(play, side, FLAG_RST | FLAG_ACK, side == C ? 101 : 201, side == C ? 201 : 101, 0);

    if (copied)
        seg.options.ts_val -= PAUSE_MS + 2 * ROUND_TRIP_MS;
    feed(play, seg);
}

/* ---- by its clock ---- */

/* A forger knows the time that it has read, not the time that it is. */
static void
test_clock_says_whose_the_first_of_two_is(void)
{
    for (unsigned copied = 0; copied < 2; copied++) {
        struct play play;

        open_play(&play);
        pass_ms(&play, PAUSE_MS);
        resets(&play, S, copied);
        g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
        pass_ms(&play, 10 * ROUND_TRIP_MS);
        resets(&play, C, false);
        /* S has reset, and is gone; or somebody else has, and C's own RST reaches it */
        g_assert_cmpint(told(&play, 7).verdict, ==, copied ? RST_ACCEPTED : RST_AFTER_CLOSE);
        g_assert_false(told(&play, 6).forged); /* it may as well have been held up */
        stream_clear(&play.stream);
    }
}

/* Of two that may have crossed, the clock of either one tells that they did not. */
static void
test_clock_says_that_two_have_not_crossed(void)
{
    for (unsigned copied = 0; copied < 2; copied++) {
        struct play play;

        open_play(&play);
        pass_ms(&play, PAUSE_MS);
        resets(&play, S, copied);
        pass_ms(&play, 1);
        resets(&play, C, copied);
        g_assert_cmpint(told(&play, 7).verdict, ==, copied ? RST_ACCEPTED : RST_AFTER_CLOSE);
        stream_clear(&play.stream);
    }
}

/* An older timestamp is no younger one. */
static void
test_clock_behind_the_one_before_does_not_run(void)
{
    struct play play;
    struct segment seg;

    open_play(&play);
    pass_ms(&play, PAUSE_MS);
    seg = make(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    seg.options.ts_val = 1;
    feed(&play, seg);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    resets(&play, C, false);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    stream_clear(&play.stream);
}

/* ---- by what it answers ---- */

/* It answers what was sent to a socket that is gone, and is lost: its peer decides later. */
static void
test_answer_that_was_lost_is_its_own(void)
{
    struct play play;

    open_connection(&play, true);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    pass_ms(&play, ROUND_TRIP_MS);
    feed(&play, make_answer(&play, S, 201));
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    pass_ms(&play, 50 * ROUND_TRIP_MS);
    sends(&play, C, FLAG_RST | FLAG_ACK, 151, 201, 0);
    g_assert_cmpint(told(&play, 8).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

/* It ends a keep-alive, and is lost; without a probe, it may be anybody's. */
static void
test_end_of_keep_alive_is_its_own(void)
{
    for (unsigned probes = 0; probes < 2; probes++) {
        struct play play;

        open_connection(&play, true);
        pass_ms(&play, 2000);
        sends(&play, S, FLAG_ACK, probes ? 200 : 201, 101, 0);
        pass_ms(&play, probes ? 1000 : 100);
        sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
        pass_ms(&play, PAUSE_MS);
        sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
        g_assert_cmpint(told(&play, 8).verdict, ==, probes ? RST_AFTER_CLOSE : RST_ACCEPTED);
        stream_clear(&play.stream);
    }
}

/* ---- by what else is sent in its name ---- */

/* Nobody answers a RST: with a window besides, it is no stack's, nor is the first one then. */
static void
test_answer_to_a_rst_shows_both_forged(void)
{
    for (unsigned answers_data = 0; answers_data < 2; answers_data++) {
        struct play play;
        struct segment seg;

        open_connection(&play, true);
        if (answers_data)
            sends(&play, S, FLAG_ACK, 201, 101, 50);
        sends(&play, S, FLAG_RST | FLAG_ACK, answers_data ? 251 : 201, 101, 0);
        pass_ms(&play, 1);
        seg = make_answer(&play, C, 101);
        seg.window = 512;
        seg.ip_id = 300;
        feed(&play, seg);
        g_assert_cmpint(told(&play, answers_data ? 8 : 7).verdict, ==,
                        answers_data ? RST_AFTER_CLOSE : RST_ACCEPTED);
        stream_clear(&play.stream);
    }
}

/* The first one was not taken; the second, by its clock, is somebody else's: so may be the first.
 */
static void
test_second_of_a_forged_pair_after_the_first_was_lost(void)
{
    for (unsigned copied = 0; copied < 2; copied++) {
        struct play play;

        open_play(&play);
        sends(&play, S, FLAG_ACK, 201, 101, 50);
        sends(&play, S, FLAG_RST | FLAG_ACK, 251, 101, 0);
        pass_ms(&play, PAUSE_MS);
        sends(&play, C, FLAG_ACK, 101, 251, 0); /* alive */
        g_assert_cmpint(state(&play, C), ==, STATE_ESTABLISHED);
        pass_ms(&play, PAUSE_MS);
        resets(&play, C, copied);
        g_assert_cmpint(told(&play, 9).verdict, ==, copied ? RST_ACCEPTED : RST_AFTER_CLOSE);
        stream_clear(&play.stream);
    }
}

/* It had taken a RST of its peer's before, whoever has sent the one in its own name. */
static void
test_closed_before_its_own_rst_it_takes_no_more(void)
{
    struct play play;
    struct segment seg;

    open_connection(&play, true);
    seg = make(&play, S, FLAG_RST, 201, 0, 0);
    seg.ttl = 99; /* another box's: S is alive, but C takes it */
    feed(&play, seg);
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    g_assert_cmpint(told(&play, 8).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

/* Behind its RST comes data in its name, and the peer's answer to that finds it alive. */
static void
test_segment_behind_own_rst_is_somebody_elses(void)
{
    const struct {
        uint32_t seq;
        enum rst_verdict verdict;
    } data[] = {
        {240, RST_ACCEPTED},   /* beyond the RST */
        {151, RST_AFTER_CLOSE} /* its own, which came late */
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(data); i++) {
        struct play play;

        open_connection(&play, true);
        sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
        sends(&play, S, FLAG_ACK, data[i].seq, 101, 50);
        feed(&play, make_answer(&play, C, 101));
        g_assert_cmpint(told(&play, 8).verdict, ==, data[i].verdict);
        stream_clear(&play.stream);
    }
}

/* Once its peer has reset it, whoever resets in its name does not bring it back. */
static void
test_closed_by_its_peer_it_takes_no_more(void)
{
    struct play play;

    open_connection(&play, true);
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    sends(&play, S, FLAG_FIN | FLAG_ACK, 240, 101, 0);
    feed(&play, make_answer(&play, C, 101));
    g_assert_cmpint(told(&play, 9).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

/* ---- in hindsight ---- */

/* Of two forged ones, it is the first that the receiver has not taken when it goes on. */
static void
test_receiver_of_two_that_goes_on_has_not_taken_the_first(void)
{
    struct play play;

    open_connection(&play, true);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, C, FLAG_ACK, 101, 201, 30);
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_IGNORED);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    g_assert_cmpuint(told(&play, 6).refuted_frame, ==, 8);
    stream_clear(&play.stream);
}

/* An ACK like the last one, which nothing asks for, is a copy; later than that, or newer, it is
 * not. */
static void
test_copy_of_last_ack_behind_rst_is_no_life(void)
{
    const struct {
        int64_t ms;
        uint32_t rst_seq;
        bool asked;
        bool lives;
    } acks[] = {
        {100, 201, false, false}, /* a copy */
        {100, 201, true, true},   /* something was to be acknowledged again */
        {300, 201, false, true},  /* so late, no network copies */
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(acks); i++) {
        struct play play;

        open_connection(&play, true);
        if (acks[i].asked)
            sends(&play, S, FLAG_ACK, 200, 101, 0);
        sends(&play, S, FLAG_RST | FLAG_ACK, acks[i].rst_seq, 101, 0);
        pass_ms(&play, acks[i].ms);
        sends(&play, C, FLAG_ACK, 101, 201, 0);
        g_assert_cmpint(state(&play, C), ==, acks[i].lives ? STATE_ESTABLISHED : STATE_CLOSED);
        stream_clear(&play.stream);
    }
}

/* ---- behind a SYN that was not its sender's ---- */

/* The port is closed, though the SYN was taken as delivered: each RST answers what the old socket
 * of its peer has sent, also if that has acknowledged more since. */
static void
test_answers_to_former_peer_are_answers(void)
{
    static const uint32_t numbers[] = {101, 201};

    for (unsigned i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct play before;
        struct play play;
        struct cause cause;

        open_play(&before);
        pass_ms(&before, PAUSE_MS);
        resets(&before, C, true);
        play = (struct play){.time_ns = before.time_ns, .frame = before.frame};
        stream_init(&play.stream, &before.stream);
        pass_ms(&play, PAUSE_MS);
        sends(&play, C, FLAG_SYN, 1000000, 0, 0);
        pass_ms(&play, PAUSE_MS);
        sends(&play, C, FLAG_ACK, 101, 201, 100);
        pass_ms(&play, ROUND_TRIP_MS);
        feed(&play, make_answer(&play, S, numbers[i]));
        cause = cause_of_rst(&play.stream, play.frame, 0);
        g_assert_cmpint(cause.kind, ==, CAUSE_stray_after_close);
        g_assert_false(cause.sure);
        stream_clear(&play.stream);
        stream_clear(&before.stream);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"clock_says_whose_the_first_of_two_is", test_clock_says_whose_the_first_of_two_is},
        {"clock_says_that_two_have_not_crossed", test_clock_says_that_two_have_not_crossed},
        {"clock_behind_the_one_before_does_not_run", test_clock_behind_the_one_before_does_not_run},
        {"answer_that_was_lost_is_its_own", test_answer_that_was_lost_is_its_own},
        {"end_of_keep_alive_is_its_own", test_end_of_keep_alive_is_its_own},
        {"answer_to_a_rst_shows_both_forged", test_answer_to_a_rst_shows_both_forged},
        {"second_of_a_forged_pair_after_the_first_was_lost",
         test_second_of_a_forged_pair_after_the_first_was_lost},
        {"closed_before_its_own_rst_it_takes_no_more",
         test_closed_before_its_own_rst_it_takes_no_more},
        {"segment_behind_own_rst_is_somebody_elses", test_segment_behind_own_rst_is_somebody_elses},
        {"closed_by_its_peer_it_takes_no_more", test_closed_by_its_peer_it_takes_no_more},
        {"receiver_of_two_that_goes_on_has_not_taken_the_first",
         test_receiver_of_two_that_goes_on_has_not_taken_the_first},
        {"copy_of_last_ack_behind_rst_is_no_life", test_copy_of_last_ack_behind_rst_is_no_life},
        {"answers_to_former_peer_are_answers", test_answers_to_former_peer_are_answers},
    };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        char *path = g_strconcat("/engine/rst_owner/", tests[i].name, NULL);

        g_test_add_func(path, tests[i].test);
        g_free(path);
    }
    return g_test_run();
}
