/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where FreeBSD differs from Linux (infer/stack.c): tcp_do_segment, syncache_chkrst, tcp_twcheck.
 * Linux's side of each stands here, if no other file has it.
 */
#include "script.h"

#include <glib.h>

#define BSD(name_) .name = "/engine/bsd/" name_, .stack = STACK_BSD
#define LINUX(name_) .name = "/engine/linux/" name_, .stack = STACK_LINUX
#define CHALLENGED VERDICT(CHALLENGE), EVENTS(EV(rst_challenge)), MAY(EV(rst_suspect))
#define IGNORED VERDICT(IGNORED), EVENTS(EV(rst_ignored)), MAY(EV(rst_suspect))
#define OLD MAY(EV(stale_incarnation) | EV(syn_fin))

/* C has offered 1000 bytes behind 201: its right edge is 1201. */
#define SMALL_WINDOW \
    OPENED, C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(1000))

/* C does not acknowledge S's second 100 bytes: its last ACK is 201, its next number 301. */
#define DELAYED_ACK                                                     \
    OPENED, C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)), \
        S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- a RST ---- */
    {
        BSD("close_wait/rst_one_below_stays"),
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 201, 202, 0, SHOWS_S(CLOSE_WAIT)),
            C_SENDS("R", 201, 0, 0, SHOWS_S(CLOSE_WAIT), IGNORED)),
    },
    {
        BSD("last_ack/rst_one_below_stays"),
        .steps = STEPS(SECOND_FIN_SENT, C_SENDS("R", 201, 0, 0, SHOWS_S(LAST_ACK), IGNORED)),
    },
    {
        BSD("closing/rst_one_below_stays"),
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS_S(CLOSING), MAY(EV(time_wait) | EV(fin_ack))),
            C_SENDS("R", 201, 0, 0, SHOWS_S(CLOSING), IGNORED)),
    },
    {
        BSD("close_wait/exact_rst_goes_closed"),
        .steps = STEPS(HALF_CLOSED, C_SENDS("R", 202, 0, 0, SHOWS_S(CLOSED), TAKEN)),
    },
    {
        BSD("fin_wait_2/rst_in_window_draws_challenge"),
        .steps = STEPS(HALF_CLOSED, S_SENDS("R", 301, 0, 0, SHOWS_C(FIN_WAIT_2), CHALLENGED)),
    },
    {
        BSD("fin_wait_2/rst_in_window_under_rfc793_goes_closed"),
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(HALF_CLOSED, S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), VERDICT(ACCEPTED),
                                            EVENTS(EV(rst_accepted) | EV(rst_suspect)))),
    },
    {
        BSD("established/rst_at_sack_edge_draws_challenge"),
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 50, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("R", 351, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED)),
    },
    {
        BSD("established/rst_at_last_number_of_window_draws_challenge"),
        .steps = STEPS(SMALL_WINDOW, S_SENDS("R", 1200, 0, 0, SHOWS_C(ESTABLISHED), CHALLENGED)),
    },
    {
        BSD("established/rst_at_edge_is_ignored"),
        .steps = STEPS(SMALL_WINDOW, S_SENDS("R", 1201, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
    {
        BSD("established/rst_at_edge_under_rfc793_is_ignored"),
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(SMALL_WINDOW, S_SENDS("R", 1201, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
    {
        LINUX("established/rst_at_edge_draws_challenge"),
        .steps = STEPS(SMALL_WINDOW, S_SENDS("R", 1201, 0, 0, SHOWS_C(ESTABLISHED), CHALLENGED)),
    },
    {
        BSD("established/exact_rst_at_closed_window_goes_closed"),
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), ZERO_WINDOW),
            S_SENDS("R", 201, 0, 0, SHOWS_C(CLOSED), TAKEN)),
    },
    {
        BSD("established/rst_at_last_ack_goes_closed"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 201, 0, 0, SHOWS_C(CLOSED), TAKEN)),
    },
    {
        LINUX("established/rst_at_last_ack_is_ignored"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 201, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
    {
        BSD("established/rst_at_next_number_goes_closed"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), TAKEN)),
    },
    {
        BSD("established/rst_behind_last_ack_draws_challenge"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 251, 0, 0, SHOWS_C(ESTABLISHED), CHALLENGED)),
    },
    {
        LINUX("established/rst_behind_last_ack_is_ignored"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 251, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
    {
        BSD("established/rst_below_last_ack_is_ignored"),
        .steps = STEPS(DELAYED_ACK, S_SENDS("R", 200, 0, 0, SHOWS_C(ESTABLISHED), IGNORED)),
    },
    {
        BSD("established/rst_below_next_of_a_side_never_seen_is_ignored"),
        .outcome = {.guessed = true},
        .steps = STEPS(
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("R", 101, 0, 0, SHOWS_S(ESTABLISHED), IGNORED)),
    },
    {
        BSD("syn_received/rst_with_any_ack_goes_closed"),
        .steps = STEPS(
            SYNS,
            C_SENDS("RA", 1, 5000, 0, SHOWS_S(CLOSED), TAKEN)),
    },
    {
        BSD("syn_received/rst_at_edge_under_rfc793_is_ignored"),
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(
            SYNS,
            C_SENDS("R", 1 + WINDOW_DEFAULT, 0, 0, SHOWS_S(SYN_RECEIVED), IGNORED)),
    },

    /* ---- TIME_WAIT: tcp_twcheck ---- */
    {
        BSD("time_wait/exact_rst_stays"),
        .steps = STEPS(FOUR_WAY, S_SENDS("R", 202, 0, 0, SHOWS_C(TIME_WAIT), IGNORED)),
    },
    {
        BSD("time_wait/rst_under_rfc793_stays"),
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(FOUR_WAY, S_SENDS("R", 302, 0, 0, SHOWS_C(TIME_WAIT), IGNORED)),
    },
    {
        BSD("time_wait/syn_with_fin_stays"),
        .steps = STEPS(FOUR_WAY, S_SENDS("SF", 7000, 0, 0, SHOWS_C(TIME_WAIT), AFTER_S(1), OLD)),
    },
    {
        BSD("time_wait/syn_ack_to_syn_with_fin_opens"),
        .client = S,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("SF", 7000, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1), OLD),
            C_SENDS("SA", 9000, 7001, 0, SHOWS_C(SYN_RECEIVED), OLD)),
    },
    {
        BSD("time_wait/higher_syn_reuses"),
        .client = S,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("S", 7000, 0, 0, NEW_STREAM, SHOWS_C(SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse)))),
    },
    {
        BSD("time_wait/higher_syn_with_older_timestamp_reuses"),
        .client = S,
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("S", 7000, 0, 0, NEW_STREAM, SHOWS_C(SYN_RECEIVED), AFTER_S(1), AGED_MS(5000),
                    EVENTS(EV(time_wait_reuse)))),
    },
    {
        BSD("time_wait/lower_syn_with_newer_timestamp_stays"),
        .client = S,
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("S", 0x90000000, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1), OLD)),
    },
    {
        /* A SYN is dropped; what an ACK answers is the peer's ACK after it. */
        BSD("time_wait/lower_syn_draws_nothing"),
        .client = S,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("S", 0x90000000, 0, 0, NEW_STREAM, SHOWS_C(TIME_WAIT), AFTER_S(1), OLD),
            C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), OLD, NEVER(EV(challenge_ack)))),
    },
    {
        LINUX("time_wait/ack_rearms_two_msl"),
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(50)),
            S_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(20))),
    },
    {
        BSD("time_wait/ack_does_not_rearm_two_msl"),
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(50)),
            S_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(20),
                    EVENTS(EV(time_wait_expired)))),
    },
    {
        BSD("time_wait/repeated_fin_rearms_two_msl"),
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(50), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(20), FIN_AGAIN)),
    },

    /* ---- before the window ---- */
    {
        /* The last byte again, as a keep-alive or a window probe has it: its ACK number counts. */
        BSD("fin_wait_1/old_byte_with_ack_of_fin_goes_fin_wait_2"),
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("A", 202, 201, 0, SHOWS_C(FIN_WAIT_1)),
            S_SENDS("A", 200, 202, 0, SHOWS_C(FIN_WAIT_2), EVENTS(EV(fin_ack)))),
    },
    {
        LINUX("fin_wait_1/old_byte_with_ack_of_fin_stays"),
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("A", 202, 201, 0, SHOWS_C(FIN_WAIT_1)),
            S_SENDS("A", 200, 202, 0, SHOWS_C(FIN_WAIT_1), EVENTS(EV(fin_ack)))),
    },
    {
        /* syncache_expand */
        BSD("syn_received/old_number_with_ack_of_syn_stays"),
        .steps = STEPS(
            SYNS,
            C_SENDS("A", 0, 1, 0, SHOWS_S(SYN_RECEIVED))),
    },
    {
        BSD("fin_wait_1/ack_of_fin_beyond_window_stays"),
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), WINDOW(1000)),
            S_SENDS("A", 1202, 202, 0, SHOWS_C(FIN_WAIT_1))),
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
