/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has made a RST, and what is known of it later: RFC 9293 section 3.5.2 and what Linux puts on
 * its RSTs (tcp_send_active_reset, tcp_v4_send_reset).
 */
#include "play.h"

/* ---- pieces ---- */

static void
test_own_decision_has_no_piece(void)
{
    struct play play;

    abort_oddly(&play, NULL, NULL);
    g_assert_cmpuint(told(&play, 6).pieces, ==, 0);
    g_assert_cmpstr(rst_origin_name(told(&play, 6).origin), ==, "own_decision");
    g_assert_cmpuint(told(&play, 6).sender_frame, ==, 4);
    g_assert_cmpuint(told(&play, 6).receiver_frame, ==, 5);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    g_assert_cmpint(reset_by(&play), ==, RESETTER_SERVER);
    stream_clear(&play.stream);
}

/* Sentences name the frames that the RST is compared with, or that show it. */
static void
test_evidence_names_its_frames(void)
{
    static const struct {
        enum forgery_piece piece;
        const char *end;
    } wanted[] = {
        {PIECE_NUMBER, " (frames 5, 6)"}, {PIECE_GOES_ON, " (frame 9)"}, {PIECE_TTL, " (frame 5)"},
        {PIECE_WINDOW, " (frame 5)"},     {PIECE_SPEED, " (frame 6)"},
    };
    const struct rst_told rst = {.refuted_frame = 9, .sender_frame = 5, .receiver_frame = 6};
    const struct rst_told alone = {.sender_frame = 5};
    char *sentence;

    for (unsigned i = 0; i < G_N_ELEMENTS(wanted); i++) {
        sentence = rst_evidence(&rst, wanted[i].piece);
        g_assert_true(g_str_has_prefix(sentence, forgery_piece_text(wanted[i].piece)));
        g_assert_true(g_str_has_suffix(sentence, wanted[i].end));
        g_free(sentence);
    }
    sentence = rst_evidence(&alone, PIECE_NUMBER);
    g_assert_true(g_str_has_suffix(sentence, " (frame 5)"));
    g_free(sentence);
    sentence = rst_evidence(&alone, PIECE_SPEED);
    g_assert_cmpstr(sentence, ==, forgery_piece_text(PIECE_SPEED));
    g_free(sentence);
}

static void
test_one_piece_is_not_enough(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(oddities); i++) {
        struct play play;

        abort_oddly(&play, &oddities[i], NULL);
        g_assert_cmpuint(told(&play, 6).pieces, ==, piece_bit(oddities[i].piece));
        g_assert_false(told(&play, 6).forged);
        g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
        g_assert_cmpint(reset_by(&play), ==, RESETTER_SERVER);
        stream_clear(&play.stream);
    }
}

/* The receiver took it; nobody is to blame, and the endpoint that it names is as it was. */
static void
test_two_pieces_are_enough(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(oddities); i++) {
        for (unsigned j = 0; j < i; j++) {
            struct play play;

            if (oddities[i].piece == oddities[j].piece)
                continue;
            abort_oddly(&play, &oddities[i], &oddities[j]);
            g_assert_true(told(&play, 6).forged);
            g_assert_cmpint(told(&play, 6).verdict, ==, RST_ACCEPTED);
            g_assert_cmpint(state(&play, C), ==, STATE_CLOSED);
            g_assert_cmpint(state(&play, S), ==, STATE_ESTABLISHED);
            g_assert_cmpint(reset_by(&play), ==, RESETTER_NETWORK);
            stream_clear(&play.stream);
        }
    }
}

static void
test_answer_without_socket_has_no_piece(void)
{
    struct play play;

    open_play(&play);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    pass_ms(&play, ROUND_TRIP_MS);
    feed(&play, make_answer(&play, S, 201));
    g_assert_cmpuint(told(&play, 7).pieces, ==, 0);
    g_assert_cmpuint(told(&play, 7).trigger_frame, ==, 6);
    g_assert_cmpstr(rst_origin_name(told(&play, 7).origin), ==, "answer");
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    stream_clear(&play.stream);
}

/* A socket that is gone answers each segment that was on its way, in their order. */
static void
test_answers_of_a_burst_are_told_apart(void)
{
    struct play play;

    open_play(&play);
    feed(&play, make(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0));
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    sends(&play, C, FLAG_ACK, 151, 201, 50);
    pass_ms(&play, 1);
    feed(&play, make_answer(&play, S, 201));
    feed(&play, make_answer(&play, S, 201));
    g_assert_cmpuint(told(&play, 9).trigger_frame, ==, 7);
    g_assert_cmpuint(told(&play, 10).trigger_frame, ==, 8);
    stream_clear(&play.stream);
}

/* A load balancer answers in the server's place. */
static void
test_answer_of_nearer_box_is_forged(void)
{
    struct play play;
    struct segment seg;

    open_play(&play);
    sends(&play, C, FLAG_ACK, 101, 201, 50);
    pass_ms(&play, 1);
    seg = make_answer(&play, S, 201);
    other_ttl(&seg);
    feed(&play, seg);
    g_assert_cmpuint(told(&play, 7).pieces, ==, piece_bit(PIECE_TTL) | piece_bit(PIECE_SPEED));
    g_assert_cmpint(reset_by(&play), ==, RESETTER_NETWORK);
    stream_clear(&play.stream);
}

/* Of several segments it may answer the first, which says neither when nor what. */
static void
test_answer_to_one_of_several_is_not_too_soon(void)
{
    struct play play;

    open_play(&play);
    sends(&play, C, FLAG_ACK, 101, 201, 1400);
    pass_ms(&play, ROUND_TRIP_MS - 1);
    sends(&play, C, FLAG_ACK, 1501, 201, 1400);
    pass_ms(&play, 1);
    feed(&play, make_answer(&play, S, 201));
    g_assert_cmpuint(told(&play, 8).pieces, ==, 0);
    g_assert_cmpuint(told(&play, 8).trigger_frame, ==, 0);
    stream_clear(&play.stream);
}

static void
test_answer_to_nothing_with_window_is_forged(void)
{
    struct play play;
    struct segment seg;

    open_play(&play);
    pass_ms(&play, 5 * ROUND_TRIP_MS);
    seg = make_answer(&play, S, 201);
    seg.window = 512;
    feed(&play, seg);
    /* who answers with a window does so with an identification */
    g_assert_cmpuint(told(&play, 6).pieces, ==,
                     piece_bit(PIECE_WINDOW) | piece_bit(PIECE_UNPROVOKED) |
                         piece_bit(PIECE_IP_ID));
    g_assert_cmpint(state(&play, S), ==, STATE_ESTABLISHED);
    stream_clear(&play.stream);
}

/* ---- numbers ---- */

/* A number that has been, on a RST whose window is not its kind's either. */
static void
test_old_number_with_other_window_is_forged(void)
{
    const struct {
        uint8_t flags;
        uint16_t window;
        uint16_t ip_id;
        uint32_t seq;
        piece_set pieces;
    } rsts[] = {
        /* an answer: the newest ACK number of the peer is 201 */
        {FLAG_RST, 0, 0, 150, 0},
        {FLAG_RST, 512, 205, 201, piece_bit(PIECE_WINDOW)},
        {FLAG_RST, 512, 0, 201, piece_bit(PIECE_WINDOW) | piece_bit(PIECE_IP_ID)},
        {FLAG_RST, 512, 205, 150, piece_bit(PIECE_WINDOW) | piece_bit(PIECE_NUMBER)},
        /* a decision: the next number is 201 */
        {FLAG_RST | FLAG_ACK, 500, 205, 150, 0},
        {FLAG_RST | FLAG_ACK, 5000, 205, 201, piece_bit(PIECE_WINDOW)},
        {FLAG_RST | FLAG_ACK, 5000, 205, 150, piece_bit(PIECE_WINDOW) | piece_bit(PIECE_NUMBER)},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rsts); i++) {
        struct play play;
        struct segment seg;

        open_play(&play);
        seg = rsts[i].flags == FLAG_RST ? make_answer(&play, S, rsts[i].seq)
                                        : make(&play, S, rsts[i].flags, rsts[i].seq, 101, 0);
        seg.window = rsts[i].window;
        seg.ip_id = rsts[i].ip_id;
        feed(&play, seg);
        g_assert_cmpuint(told(&play, 6).pieces, ==, rsts[i].pieces);
        stream_clear(&play.stream);
    }
}

static void
test_impossible_number_is_enough(void)
{
    struct play play;

    open_play(&play);
    feed(&play, make_answer(&play, S, 231));
    g_assert_cmpuint(told(&play, 6).pieces, ==, piece_bit(PIECE_NUMBER));
    g_assert_cmpint(told(&play, 6).verdict, ==, RST_CHALLENGE);
    g_assert_cmpint(state(&play, S), ==, STATE_ESTABLISHED);
    stream_clear(&play.stream);
}

/* RFC 9293 section 3.10.7.1: a closed port acknowledges the SYN that it answers, and no more. */
static void
test_refusal_of_other_syn_is_forged(void)
{
    struct play play = {.time_ns = NS_PER_S};
    struct segment seg;

    stream_init(&play.stream, NULL);
    sends(&play, C, FLAG_SYN, 0, 0, 0);
    seg = make_answer(&play, S, 0);
    seg.flags = FLAG_RST | FLAG_ACK;
    seg.ack = C_ISS + 51;
    feed(&play, seg);
    g_assert_true(told(&play, 2).forged);
    g_assert_cmpint(state(&play, C), ==, STATE_SYN_SENT);
    seg.frame++;
    seg.ack = C_ISS + 1;
    feed(&play, seg);
    g_assert_false(told(&play, 3).forged);
    g_assert_cmpuint(told(&play, 3).verdict, ==, RST_ACCEPTED);
    stream_clear(&play.stream);
}

/* After a timeout BSD and Windows go on from what they have just sent again, and reset there. */
static void
test_rst_after_unanswered_retransmissions_gives_up(void)
{
    struct play play;

    open_play(&play);
    sends(&play, S, FLAG_ACK, 201, 101, 1000);
    sends(&play, S, FLAG_ACK, 1201, 101, 1000);
    for (unsigned i = 0; i < 4; i++) {
        pass_ms(&play, 300 << i);
        sends(&play, S, FLAG_ACK, 201, 101, 1000);
    }
    pass_ms(&play, 5000);
    sends(&play, S, FLAG_RST | FLAG_ACK, 1201, 101, 0);
    g_assert_false(told(&play, 12).forged);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    g_assert_cmpint(outcome_of(&play.stream, play.time_ns).pattern, ==, PATTERN_gave_up);
    g_assert_cmpint(reset_by(&play), ==, RESETTER_SERVER);
    stream_clear(&play.stream);
}

/* RFC 9293 section 3.10.5: with its SYN's own number it is no answer to a stray segment. */
static void
test_abort_in_syn_sent_closes(void)
{
    struct play play = {.time_ns = NS_PER_S};

    stream_init(&play.stream, NULL);
    sends(&play, C, FLAG_SYN, 0, 0, 0);
    feed(&play, make_answer(&play, C, 0));
    g_assert_cmpint(state(&play, C), ==, STATE_CLOSED);
    g_assert_cmpint(outcome_of(&play.stream, play.time_ns).pattern, ==, PATTERN_no_answer);
    stream_clear(&play.stream);
}

/* RFC 9293 section 3.10.7.3, first: the ACK of its ISN is no more acceptable than others. */
static void
test_answer_to_ack_of_isn_stays_in_syn_sent(void)
{
    struct play play = {.time_ns = NS_PER_S};

    stream_init(&play.stream, NULL);
    sends(&play, C, FLAG_SYN, 0, 0, 0);
    pass_ms(&play, ROUND_TRIP_MS);
    sends(&play, S, FLAG_ACK, 0, 0, 0);
    feed(&play, make_answer(&play, C, 0));
    g_assert_cmpint(state(&play, C), ==, STATE_SYN_SENT);
    stream_clear(&play.stream);
}

/* An answer offers no window. */
static void
test_no_answer_in_syn_received_is_forged(void)
{
    struct play play = {.time_ns = NS_PER_S};
    struct segment seg;

    for (unsigned i = 0; i < 2; i++) {
        play = (struct play){.time_ns = NS_PER_S};
        stream_init(&play.stream, NULL);
        sends(&play, C, FLAG_SYN, 0, 0, 0);
        sends(&play, S, FLAG_SYN | FLAG_ACK, 0, 1, 0);
        pass_ms(&play, ROUND_TRIP_MS);
        sends(&play, C, FLAG_ACK, 1, 1, 0);
        play.stream.end[S].state = STATE_SYN_RECEIVED;
        seg = make_answer(&play, S, 77);
        seg.window = i == 0 ? 512 : 0;
        feed(&play, seg);
        g_assert_cmpint(told(&play, 4).forged, ==, i == 0);
        stream_clear(&play.stream);
    }
}

/* ---- both ways ---- */

/* The second RST finds its receiver alive, as the first was not that one's own. */
static void
test_forged_rsts_both_ways_are_taken_both(void)
{
    struct play play;
    struct segment seg;

    open_play(&play);
    for (uint8_t side = 0; side < 2; side++) {
        seg = make(&play, !side, FLAG_RST | FLAG_ACK, side == C ? 201 : 101, side == C ? 101 : 201,
                   0);
        other_ttl(&seg);
        no_timestamp(&seg);
        feed(&play, seg);
        g_assert_cmpint(told(&play, play.frame).verdict, ==, RST_ACCEPTED);
    }
    g_assert_cmpint(state(&play, C), ==, STATE_CLOSED);
    g_assert_cmpint(state(&play, S), ==, STATE_CLOSED);
    g_assert_cmpint(reset_by(&play), ==, RESETTER_NETWORK);
    stream_clear(&play.stream);
}

/* The first of a pair has closed its receiver, whose own RST was the forger's, too. */
static void
test_receiver_of_first_of_forged_pair_stays_closed(void)
{
    struct play play;

    open_connection(&play, true);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    pass_ms(&play, ROUND_TRIP_MS);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    g_assert_cmpint(told(&play, 8).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"/engine/forgery/own_decision_has_no_piece", test_own_decision_has_no_piece},
        {"/engine/forgery/evidence_names_its_frames", test_evidence_names_its_frames},
        {"/engine/forgery/answers_of_a_burst_are_told_apart",
         test_answers_of_a_burst_are_told_apart},
        {"/engine/forgery/one_piece_is_not_enough", test_one_piece_is_not_enough},
        {"/engine/forgery/two_pieces_are_enough", test_two_pieces_are_enough},
        {"/engine/forgery/answer_without_socket_has_no_piece",
         test_answer_without_socket_has_no_piece},
        {"/engine/forgery/answer_of_nearer_box_is_forged", test_answer_of_nearer_box_is_forged},
        {"/engine/forgery/answer_to_one_of_several_is_not_too_soon",
         test_answer_to_one_of_several_is_not_too_soon},
        {"/engine/forgery/answer_to_nothing_with_window_is_forged",
         test_answer_to_nothing_with_window_is_forged},
        {"/engine/forgery/old_number_with_other_window_is_forged",
         test_old_number_with_other_window_is_forged},
        {"/engine/forgery/receiver_of_first_of_forged_pair_stays_closed",
         test_receiver_of_first_of_forged_pair_stays_closed},
        {"/engine/forgery/impossible_number_is_enough", test_impossible_number_is_enough},
        {"/engine/forgery/refusal_of_other_syn_is_forged", test_refusal_of_other_syn_is_forged},
        {"/engine/forgery/rst_after_unanswered_retransmissions_gives_up",
         test_rst_after_unanswered_retransmissions_gives_up},
        {"/engine/forgery/abort_in_syn_sent_closes", test_abort_in_syn_sent_closes},
        {"/engine/forgery/answer_to_ack_of_isn_stays_in_syn_sent",
         test_answer_to_ack_of_isn_stays_in_syn_sent},
        {"/engine/forgery/no_answer_in_syn_received_is_forged",
         test_no_answer_in_syn_received_is_forged},
        {"/engine/forgery/forged_rsts_both_ways_are_taken_both",
         test_forged_rsts_both_ways_are_taken_both},
    };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].name, tests[i].test);
    return g_test_run();
}
