/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who has made a RST, and what is known of it later: RFC 9293 section 3.5.2 and what Linux puts on
 * its RSTs (tcp_send_active_reset, tcp_v4_send_reset).
 */
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
static struct segment
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
static struct segment
make_answer(struct play *play, uint8_t side, uint32_t seq)
{
    struct segment seg = make(play, side, FLAG_RST, seq, 0, 0);

    seg.window = 0;
    seg.ip_id = 0;
    seg.options.has_ts = false;
    return seg;
}

static void
feed(struct play *play, struct segment seg)
{
    play->frame++;
    play->segments[play->frame] = seg;
    stream_feed(&play->stream, &seg, &usual_policy);
}

static void
sends(struct play *play, uint8_t side, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len)
{
    feed(play, make(play, side, flags, seq, ack, len));
}

static void
pass_ms(struct play *play, int64_t ms)
{
    play->time_ns += ms * NS_PER_MS;
}

/* Captured at C: frames 1 to 5; both sides have sent, C next 101, S next 201. */
static void
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

static void
open_play(struct play *play)
{
    open_connection(play, false);
}

static struct rst_told
told(const struct play *play, uint32_t frame)
{
    return rst_told_at(&play->stream, frame, 0);
}

static enum tcp_state
state(const struct play *play, unsigned side)
{
    return (enum tcp_state)play->stream.end[side].state;
}

static enum resetter
reset_by(const struct play *play)
{
    return outcome_of(&play->stream, play->time_ns).reset_by;
}

/* ---- pieces ---- */

struct oddity {
    const char *name;
    void (*make_odd)(struct segment *seg);
    enum forgery_piece piece;
};

static void
other_ttl(struct segment *seg)
{
    seg->ttl = 254;
}

static void
no_ip_id(struct segment *seg)
{
    seg->ip_id = 0;
}

static void
no_timestamp(struct segment *seg)
{
    seg->options.has_ts = false;
}

static void
old_timestamp(struct segment *seg)
{
    seg->options.ts_val -= 1000;
}

static void
wide_window(struct segment *seg)
{
    seg->window = 60000;
}

static void
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
static void
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
    g_assert_cmpuint(told(&play, 6).pieces, ==,
                     piece_bit(PIECE_WINDOW) | piece_bit(PIECE_UNPROVOKED));
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
        uint32_t seq;
        piece_set pieces;
    } rsts[] = {
        /* an answer: the newest ACK number of the peer is 201 */
        {FLAG_RST, 0, 150, 0},
        {FLAG_RST, 512, 201, piece_bit(PIECE_WINDOW)},
        {FLAG_RST, 512, 150, piece_bit(PIECE_WINDOW) | piece_bit(PIECE_NUMBER)},
        /* a decision: the next number is 201 */
        {FLAG_RST | FLAG_ACK, 500, 150, 0},
        {FLAG_RST | FLAG_ACK, 5000, 201, piece_bit(PIECE_WINDOW)},
        {FLAG_RST | FLAG_ACK, 5000, 150, piece_bit(PIECE_WINDOW) | piece_bit(PIECE_NUMBER)},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rsts); i++) {
        struct play play;
        struct segment seg;

        open_play(&play);
        seg = rsts[i].flags == FLAG_RST ? make_answer(&play, S, rsts[i].seq)
                                        : make(&play, S, rsts[i].flags, rsts[i].seq, 101, 0);
        seg.window = rsts[i].window;
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

    open_play(&play);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    pass_ms(&play, 10 * ROUND_TRIP_MS);
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
    g_assert_cmpint(told(&play, 7).verdict, ==, RST_ACCEPTED);
    pass_ms(&play, ROUND_TRIP_MS);
    sends(&play, S, FLAG_RST | FLAG_ACK, 201, 101, 0);
    g_assert_cmpint(told(&play, 8).verdict, ==, RST_AFTER_CLOSE);
    stream_clear(&play.stream);
}

/* ---- hindsight ---- */

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
    sends(&play, C, FLAG_RST | FLAG_ACK, 101, 201, 0);
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
        {"/engine/hindsight/late_segment_over_hole_before_answer_disowns_nothing",
         test_late_segment_over_hole_before_answer_disowns_nothing},
        {"/engine/forgery/impossible_number_is_enough", test_impossible_number_is_enough},
        {"/engine/forgery/refusal_of_other_syn_is_forged", test_refusal_of_other_syn_is_forged},
        {"/engine/forgery/rst_after_unanswered_retransmissions_gives_up",
         test_rst_after_unanswered_retransmissions_gives_up},
        {"/engine/forgery/abort_in_syn_sent_closes", test_abort_in_syn_sent_closes},
        {"/engine/forgery/answer_to_ack_of_isn_stays_in_syn_sent",
         test_answer_to_ack_of_isn_stays_in_syn_sent},
        {"/engine/forgery/no_answer_in_syn_received_is_forged",
         test_no_answer_in_syn_received_is_forged},
        {"/engine/forgery/second_of_pair_with_old_timestamp_is_taken",
         test_second_of_pair_with_old_timestamp_is_taken},
        {"/engine/hindsight/answer_behind_own_rst_proves_its_end",
         test_answer_behind_own_rst_proves_its_end},
        {"/engine/forgery/answer_of_closed_port_ends_the_doubt",
         test_answer_of_closed_port_ends_the_doubt},
        {"/engine/hindsight/younger_segment_disowns_rst_at_once",
         test_younger_segment_disowns_rst_at_once},
        {"/engine/forgery/forged_rsts_both_ways_are_taken_both",
         test_forged_rsts_both_ways_are_taken_both},
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
