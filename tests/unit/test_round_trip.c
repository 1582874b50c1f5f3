/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How quickly an endpoint answers, where it is not told by an ACK of what was sent once: the
 * timestamp that a segment echoes says what had reached its sender.
 */
#include "play.h"

enum { RETRANSMITTED_MS = 1000 };

static uint32_t
newest_stamp(const struct play *play, uint8_t side)
{
    uint32_t frame = play->frame;

    while (play->segments[frame].side != side)
        frame--;
    return play->segments[frame].options.ts_val;
}

static void
echoes(struct play *play, uint8_t side, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len,
       uint32_t stamp)
{
    struct segment seg = make(play, side, flags, seq, ack, len);

    seg.options.ts_ecr = stamp;
    feed(play, seg);
}

/* C's SYN twice, and S answers one of them. */
static void
open_again(struct play *play, bool answers_first)
{
    uint32_t first;

    *play = (struct play){.time_ns = NS_PER_S};
    stream_init(&play->stream, NULL);
    sends(play, C, FLAG_SYN, 0, 0, 0);
    first = newest_stamp(play, C);
    pass_ms(play, RETRANSMITTED_MS);
    sends(play, C, FLAG_SYN, 0, 0, 0);
    pass_ms(play, ROUND_TRIP_MS);
    echoes(play, S, FLAG_SYN | FLAG_ACK, 0, 1, 0, answers_first ? first : newest_stamp(play, C));
    echoes(play, C, FLAG_ACK, 1, 1, 0, newest_stamp(play, S));
}

/* Two round trips after C's FIN, S does not acknowledge it. */
static void
lacks_fin(struct play *play)
{
    sends(play, C, FLAG_FIN | FLAG_ACK, 1, 1, 0);
    pass_ms(play, 2 * ROUND_TRIP_MS + 5);
    sends(play, S, FLAG_ACK, 1, 1, 100);
}

static void
test_answer_to_the_last_copy(void)
{
    struct play play;

    open_again(&play, false);
    g_assert_cmpuint(play.stream.end[S].response_us, ==, ROUND_TRIP_MS * 1000 + 1);
    lacks_fin(&play);
    g_assert_cmpint(state(&play, S), ==, STATE_ESTABLISHED);
    stream_clear(&play.stream);
}

/* It may have taken a second, or what the copy asked for. */
static void
test_answer_to_another_copy(void)
{
    struct play play;

    open_again(&play, true);
    g_assert_cmpuint(play.stream.end[S].response_us, ==, 0);
    lacks_fin(&play);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSE_WAIT);
    stream_clear(&play.stream);
}

/* Of two segments, it acknowledges the first, which has the newest timestamp. */
static void
test_answer_to_a_part(void)
{
    struct play play;

    open_again(&play, true);
    pass_ms(&play, 50);
    sends(&play, C, FLAG_ACK, 1, 1, 100);
    sends(&play, C, FLAG_ACK, 101, 1, 100);
    pass_ms(&play, ROUND_TRIP_MS);
    echoes(&play, S, FLAG_ACK, 1, 101, 0, newest_stamp(&play, C));
    g_assert_cmpuint(play.stream.end[S].response_us, ==, ROUND_TRIP_MS * 1000 + 1);
    stream_clear(&play.stream);
}

/* What an application sends when it likes answers nothing. */
static void
test_no_answer(void)
{
    struct play play;

    open_again(&play, true);
    pass_ms(&play, 50);
    echoes(&play, S, FLAG_ACK, 1, 1, 100, newest_stamp(&play, C));
    g_assert_cmpuint(play.stream.end[S].response_us, ==, 0);
    stream_clear(&play.stream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/round_trip/answer_to_the_last_copy", test_answer_to_the_last_copy);
    g_test_add_func("/engine/round_trip/answer_to_another_copy", test_answer_to_another_copy);
    g_test_add_func("/engine/round_trip/answer_to_a_part", test_answer_to_a_part);
    g_test_add_func("/engine/round_trip/no_answer", test_no_answer);
    return g_test_run();
}
