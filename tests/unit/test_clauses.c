/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a rule refuses: each scenario fails if one clause of one rule is left out. The rule stands
 * before its scenarios.
 */
#include "script.h"

#include <glib.h>

#define CHALLENGED VERDICT(CHALLENGE), EVENTS(EV(rst_challenge)), MAY(EV(rst_suspect))
#define IGNORED VERDICT(IGNORED), EVENTS(EV(rst_ignored)), MAY(EV(rst_suspect))
#define LOWER 0x90000000 /* numbers half the circle away from those in use, before them */

/* Frames 1 to 4: C's 100 bytes at 101 lie beyond a hole. */
#define HANDSHAKE_WITH(of_syn, of_syn_ack)                                    \
    C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), of_syn),             \
        S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), of_syn_ack), \
        C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))
#define BEYOND_HOLE C_SENDS("PA", 101, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED))

/* C has closed, and its window is what the handshake made of 60000. */
#define HALF_CLOSED_AT_ONCE                                                 \
    C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))), \
        S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- RFC 5961, errata 4772: the highest edge, and only if both ends use SACK ---- */
    {
        .name = "/engine/clauses/sack_edge/both_permit_sack",
        .steps = STEPS(HANDSHAKE, BEYOND_HOLE, C_SENDS("R", 201, 0, 0, SHOWS_S(CLOSED), TAKEN)),
    },
    {
        .name = "/engine/clauses/sack_edge/sender_refuses_sack",
        .steps = STEPS(HANDSHAKE_WITH(SACKLESS, .sackless = false), BEYOND_HOLE,
                       C_SENDS("R", 201, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED)),
    },
    {
        .name = "/engine/clauses/sack_edge/receiver_refuses_sack",
        .steps = STEPS(HANDSHAKE_WITH(.sackless = false, SACKLESS), BEYOND_HOLE,
                       C_SENDS("R", 201, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED)),
    },
    {
        .name = "/engine/clauses/sack_edge/highest_of_two",
        .steps = STEPS(HANDSHAKE, BEYOND_HOLE,
                       C_SENDS("PA", 301, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("R", 401, 0, 0, SHOWS_S(CLOSED), TAKEN)),
    },
    {
        .name = "/engine/clauses/sack_edge/lower_of_two",
        .steps = STEPS(HANDSHAKE, BEYOND_HOLE,
                       C_SENDS("PA", 301, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("R", 201, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED)),
    },
    {
        /* Its sender cannot have sent it, but its receiver takes it. */
        .name = "/engine/clauses/sack_edge/beyond_the_window",
        .steps = STEPS(OPENED,
                       S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(1000),
                               SACK(5000, 5100)),
                       C_SENDS("R", 5100, 0, 0, SHOWS_S(CLOSED), VERDICT(SUSPECT),
                               EVENTS(EV(rst_accepted) | EV(rst_suspect)))),
    },

    /* ---- RFC 7323 section 5.2: PAWS is not for RSTs, but in TIME_WAIT (Linux) ---- */
    {
        .name = "/engine/clauses/paws/rst_in_established",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED, S_SENDS("R", 201, 0, 0, SHOWS_C(CLOSED), AGED_MS(5000), TAKEN)),
    },
    {
        .name = "/engine/clauses/paws/rst_in_fin_wait_1",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(FIN_SENT, S_SENDS("R", 201, 0, 0, SHOWS_C(CLOSED), AGED_MS(5000), TAKEN)),
    },
    {
        .name = "/engine/clauses/paws/rst_in_time_wait",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("R", 202, 0, 0, SHOWS_C(TIME_WAIT), AGED_MS(5000), IGNORED)),
    },
    {
        .name = "/engine/clauses/paws/ack_of_fin_in_fin_wait_1",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(FIN_SENT, S_SENDS("A", 201, 202, 0, SHOWS_C(FIN_WAIT_1), AGED_MS(5000))),
    },
    {
        .name = "/engine/clauses/paws/fin_in_established",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED, S_SENDS("FA", 201, 201, 0, SHOWS_C(ESTABLISHED), AGED_MS(5000),
                                       EVENTS(EV(fin)))),
    },

    /* ---- RFC 9293 section 3.10.7.4, fifth: an ACK of what was never sent; tcp_ack ---- */
    {
        .name = "/engine/clauses/ack_beyond_fin/fin_is_not_taken",
        .steps = STEPS(FIN_SENT, S_SENDS("FA", 201, 203, 0, SHOWS_C(FIN_WAIT_1), EVENTS(EV(fin)),
                                         MAY(EV(simultaneous_close)))),
    },
    {
        .name = "/engine/clauses/ack_beyond_fin/fin_is_not_acknowledged",
        .steps = STEPS(FIN_SENT, S_SENDS("A", 201, 203, 0, SHOWS_C(FIN_WAIT_1))),
    },

    /* ---- tcp_timewait_state_process: which FIN is the peer's, and what re-arms ---- */
    {
        .name = "/engine/clauses/time_wait/other_fin_is_not_the_repeated_one",
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("FA", 301, 202, 0, SHOWS_C(TIME_WAIT), AFTER_MS(300),
                               EVENTS(EV(fin) | EV(fin_moved))),
                       C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), NEVER(EV(time_wait_reack)))),
    },
    {
        .name = "/engine/clauses/time_wait/other_fin_rearms_nothing_in_bsd",
        .stack = STACK_BSD,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("FA", 301, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(50),
                               EVENTS(EV(fin) | EV(fin_moved))),
                       S_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(20),
                               EVENTS(EV(time_wait_expired)))),
    },
    {
        .name = "/engine/clauses/time_wait/fin_without_ack_rearms_nothing",
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("F", 201, 0, 0, SHOWS_C(TIME_WAIT), AFTER_S(50), FIN_AGAIN),
                       S_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(20),
                               EVENTS(EV(time_wait_expired)))),
    },
    {
        .name = "/engine/clauses/time_wait/lower_syn_is_challenged",
        .only = WITHOUT_TIMESTAMPS,
        .client = S,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("S", LOWER, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1),
                               MAY(EV(stale_incarnation))),
                       C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), EVENTS(EV(challenge_ack)),
                               MAY(EV(stale_incarnation)))),
    },

    /* ---- a duplicate ACK, or the copy of one: the time stamp and the IP identification tell ---- */
    {
        .name = "/engine/clauses/duplicate_ack/newer_timestamp_shows_that_the_fin_is_missing",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(FIN_SENT,
                       S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_S(1))),
    },
    {
        .name = "/engine/clauses/duplicate_ack/same_timestamp_is_a_copy",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(FIN_SENT,
                       S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_S(1), COPY)),
    },
    {
        .name = "/engine/clauses/duplicate_ack/without_timestamps_may_be_a_copy",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(FIN_SENT,
                       S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_S(1))),
    },
    {
        .name = "/engine/clauses/duplicate_ack/challenge_ack_shows_that_the_fin_is_missing",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(FIN_SENT,
                       C_SENDS("R", 301, 0, 0, SHOWS_S(CLOSE_WAIT), CHALLENGED, AFTER_S(1)),
                       S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                               EVENTS(EV(challenge_ack)))),
    },
    {
        .name = "/engine/clauses/duplicate_ack/same_ip_id_with_newer_timestamp_survives_rst",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(HALF_CLOSED,
                       S_SENDS("A", 101, 202, 100, SHOWS_C(FIN_WAIT_2), AFTER_MS(300)),
                       S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), TAKEN, MAY(EV(rst_suspect))),
                       C_SENDS("A", 202, 201, 0, SHOWS_C(CLOSED), COPY, IP_ID(7), SACK(101, 201)),
                       C_SENDS("A", 202, 201, 0, SHOWS_C(FIN_WAIT_2), AFTER_MS(300), IP_ID(7),
                               EVENTS(EV(rst_ignored)))),
    },
    {
        .name = "/engine/clauses/duplicate_ack/same_ip_id_with_same_timestamp_is_a_copy_after_rst",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(HALF_CLOSED,
                       S_SENDS("A", 101, 202, 100, SHOWS_C(FIN_WAIT_2), AFTER_MS(300)),
                       S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), TAKEN, MAY(EV(rst_suspect))),
                       C_SENDS("A", 202, 201, 0, SHOWS_C(CLOSED), COPY, IP_ID(7), SACK(101, 201)),
                       C_SENDS("A", 202, 201, 0, SHOWS_C(CLOSED), AFTER_MS(300), COPY, IP_ID(7))),
    },

    /* ---- an ACK of what was not captured is told each time, but of a side never seen once ---- */
    {
        .name = "/engine/clauses/capture_loss/is_told_each_time",
        .steps = STEPS(OPENED,
                       S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               EVENTS(EV(capture_loss))),
                       S_SENDS("A", 201, 601, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               EVENTS(EV(capture_loss)))),
    },
    {
        .name = "/engine/clauses/capture_loss/of_a_side_never_seen_is_not_told_again",
        .steps = STEPS(C_SENDS("PA", 1, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("PA", 101, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("PA", 201, 401, 100, SHOWS(ESTABLISHED, ESTABLISHED))),
        .outcome = {.guessed = true},
    },

    /* ---- RFC 7323 section 2.2: whose SYNs agree on scaling ---- */
    {
        .name = "/engine/clauses/scaling/of_the_connection_before_does_not_count",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(HANDSHAKE_WITH(UNSCALED, UNSCALED),
                       C_SENDS("RA", 1, 1, 0, SHOWS(CLOSED, CLOSED), TAKEN),
                       C_SENDS("S", 70000, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED),
                               SHIFT(7), AFTER_S(1)),
                       S_SENDS("SA", 90000, 70001, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(7)),
                       C_SENDS("A", 70001, 90001, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("FA", 70001, 90001, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT),
                               EVENTS(EV(fin))),
                       S_SENDS("A", 90001, 70002, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                               EVENTS(EV(fin_ack))),
                       S_SENDS("R", 190001, 0, 0, SHOWS_C(CLOSED), TAKEN, MAY(EV(rst_suspect)))),
    },
    {
        .name = "/engine/clauses/scaling/syn_ack_tells_of_a_syn_that_was_not_captured",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(7)),
                       C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
                       S_SENDS("FA", 1, 1, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
                       C_SENDS("A", 1, 2, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack))),
                       C_SENDS("R", 100000, 0, 0, SHOWS_S(CLOSED), TAKEN, MAY(EV(rst_suspect)))),
    },
    {
        .name = "/engine/clauses/scaling/window_of_a_syn_is_not_scaled",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), SHIFT(7)),
                       S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(7)),
                       C_SENDS("R", 100000, 0, 0, SHOWS_S(SYN_RECEIVED), IGNORED)),
    },

    {
        .name = "/engine/clauses/paws/newest_timestamp_in_order_counts",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED,
                       C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
                       S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED),
                               AFTER_MS(100)),
                       S_SENDS("FA", 301, 201, 0, SHOWS_C(ESTABLISHED), AGED_MS(50),
                               EVENTS(EV(fin)))),
    },

    /* ---- tcp_timewait_state_process: a SYN has to be higher, or newer ---- */
    {
        .name = "/engine/clauses/time_wait/syn_at_next_number_stays",
        .only = WITHOUT_TIMESTAMPS,
        .client = S,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("S", 202, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1),
                               MAY(EV(stale_incarnation)))),
    },
    {
        .name = "/engine/clauses/time_wait/syn_behind_next_number_reuses",
        .only = WITHOUT_TIMESTAMPS,
        .client = S,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("S", 203, 0, 0, NEW_STREAM, SHOWS_C(SYN_RECEIVED), AFTER_S(1),
                               EVENTS(EV(time_wait_reuse)))),
    },
    {
        .name = "/engine/clauses/time_wait/lower_syn_with_same_timestamp_stays",
        .only = WITH_TIMESTAMPS,
        .client = S,
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("S", LOWER, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1), COPY,
                               MAY(EV(stale_incarnation)))),
    },

    /* ---- whose segment it is: RFC 7323 section 3.2, the window, and copies of a SYN-ACK ---- */
    {
        .name = "/engine/clauses/foreign/fin_without_timestamp",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED, S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, ESTABLISHED), UNSTAMPED,
                                       EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/clauses/foreign/next_number_beyond_the_window_is_its_own",
        .steps = STEPS(OPENED,
                       S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(100)),
                       C_SENDS("PA", 251, 201, 60, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("FA", 311, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                               EVENTS(EV(fin)), MAY(EV(fin_out_of_order)))),
    },
    {
        .name = "/engine/clauses/foreign/number_beyond_the_window",
        .steps = STEPS(OPENED,
                       S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(100)),
                       C_SENDS("FA", 302, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/clauses/foreign/no_window_is_known_yet",
        .outcome = {.guessed = true},
        .steps = STEPS(C_SENDS("PA", 1, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("FA", 90001, 1, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), EVENTS(EV(fin)),
                               MAY(EV(fin_out_of_order)))),
    },
    {
        .name = "/engine/clauses/old/copy_of_the_syn_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(HANDSHAKE,
                       S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(1), COPY)),
    },
    {
        .name = "/engine/clauses/duplicate_ack/of_more_with_the_same_edge_is_none",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(OPENED,
                       C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
                       S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_S(1),
                               WINDOW(WINDOW_DEFAULT - 100))),
    },

    /* ---- what proves an assumed state: an ACK of what was sent with, or after it ---- */
    {
        .name = "/engine/clauses/proof/bare_ack_proves_no_established",
        .steps = STEPS(HANDSHAKE,
                       S_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               CONFIRMED(true, false)),
                       C_SENDS("PA", 1, 1, 10, SHOWS(ESTABLISHED, ESTABLISHED),
                               CONFIRMED(true, false)),
                       S_SENDS("A", 1, 11, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               CONFIRMED(true, true))),
    },
    {
        .name = "/engine/clauses/proof/ack_of_later_data_proves_fin_wait_2",
        .steps = STEPS(HALF_CLOSED,
                       S_SENDS("PA", 201, 202, 50, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                               EVENTS(EV(half_close_data)), CONFIRMED(false, true)),
                       C_SENDS("A", 202, 251, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                               CONFIRMED(true, true))),
    },
    {
        .name = "/engine/clauses/proof/ack_below_the_fin_behind_a_hole_proves_nothing",
        .steps = STEPS(OPENED,
                       C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                               EVENTS(EV(fin) | EV(fin_out_of_order))),
                       C_SENDS("PA", 201, 201, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
                       S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT),
                               CONFIRMED(true, false))),
    },
    {
        .name = "/engine/clauses/proof/talking_on_after_rst_proves_its_state",
        .steps = STEPS(HALF_CLOSED,
                       C_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
                       S_SENDS("PA", 201, 202, 50, SHOWS_S(CLOSE_WAIT), AFTER_S(1),
                               EVENTS(EV(rst_ignored)),
                               MAY(EV(half_close_data) | EV(data_to_closed)))),
    },

    /* ---- a RST that was not taken: the state goes on as it was ---- */
    {
        .name = "/engine/clauses/restored/time_wait_ends_when_it_would_have",
        .steps = STEPS(FOUR_WAY,
                       S_SENDS("R", 202, 0, 0, SHOWS_C(CLOSED), VERDICT(ACCEPTED),
                               EVENTS(EV(rst_accepted) | EV(time_wait_reset))),
                       C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(1),
                               EVENTS(EV(rst_ignored))),
                       C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(50)),
                       C_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(10),
                               EVENTS(EV(time_wait_expired)))),
    },

    {
        /* Its number is the next one, so that the peer's ACK seems to be of it. */
        .name = "/engine/clauses/scaling/forged_syn_does_not_end_it",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(HANDSHAKE_WITH(SHIFT(7), SHIFT(7)),
                       C_SENDS("PA", 1, 1, 1, SHOWS(ESTABLISHED, ESTABLISHED)),
                       S_SENDS("A", 1, 2, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("S", 1, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), UNSCALED,
                               MAY(EV(stale_incarnation))),
                       S_SENDS("A", 1, 2, 0, SHOWS_S(ESTABLISHED),
                               MAY(EV(stale_incarnation) | EV(challenge_ack))),
                       C_SENDS("R", 100000, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED)),
    },

    /* ---- what was not captured: a FIN may be in it, but not in what was ---- */
    {
        .name = "/engine/clauses/foreign/fin_inside_data_behind_what_was_lost",
        .steps = STEPS(OPENED,
                       S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               EVENTS(EV(capture_loss))),
                       C_SENDS("PA", 401, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
                       C_SENDS("FA", 450, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                               EVENTS(EV(fin)), MAY(EV(fin_out_of_order)))),
    },
    {
        .name = "/engine/clauses/proof/fin_that_only_an_ack_counts_is_assumed",
        .steps = STEPS(OPENED,
                       S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
                       C_SENDS("A", 201, 202, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2),
                               EVENTS(EV(fin_ack)), CONFIRMED(true, false)),
                       S_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED),
                               EVENTS(EV(capture_loss) | EV(fin_ack)), CONFIRMED(false, true))),
    },

    /* ---- a FIN that was not its own is forgotten: the next one is no other place for it ---- */
    {
        .name = "/engine/clauses/forged_fin/own_fin_has_not_moved",
        .steps = STEPS(FIN_SENT,
                       C_SENDS("PA", 201, 201, 100, SHOWS_C(ESTABLISHED), AFTER_S(1),
                               EVENTS(EV(data_after_fin))),
                       C_SENDS("FA", 301, 201, 0, SHOWS_C(FIN_WAIT_1), EVENTS(EV(fin)))),
    },

    /* ---- its own RST was its end, unless what follows was sent later ---- */
    {
        .name = "/engine/clauses/own_rst/late_ack_is_no_life",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(OPENED, C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
                       C_SENDS("A", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(5))),
    },
    {
        .name = "/engine/clauses/own_rst/later_clock_is_life",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED, C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
                       C_SENDS("A", 201, 201, 0, SHOWS_C(ESTABLISHED), AFTER_MS(5),
                               EVENTS(EV(rst_suspect)))),
    },
    {
        .name = "/engine/clauses/own_rst/earlier_clock_is_no_life",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(OPENED, C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
                       C_SENDS("A", 201, 201, 0, SHOWS_C(CLOSED), AFTER_MS(5), AGED_MS(5))),
    },

    /* ---- some stacks leave the options out when they repeat a SYN ---- */
    {
        .name = "/engine/clauses/scaling/repeated_syn_does_not_offer_it",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), SHIFT(7)),
                       C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), UNSCALED, AFTER_S(3)),
                       S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(7)),
                       C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
                       S_SENDS("FA", 1, 1, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
                       C_SENDS("A", 1, 2, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack))),
                       C_SENDS("R", 100000, 0, 0, SHOWS_S(FIN_WAIT_2), IGNORED)),
    },

    /* ---- RFC 9293 section 3.8.6: what was delivered has been allowed: the edge follows ---- */
    {
        .name = "/engine/clauses/window/data_beyond_the_edge_opens_no_circle",
        .steps = STEPS(OPENED,
                       C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(100)),
                       S_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
                       S_SENDS("R", 5000, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
};
/* clang-format on */

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    script_add(scenarios, G_N_ELEMENTS(scenarios));
    return g_test_run();
}
