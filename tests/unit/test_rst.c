/* SPDX-License-Identifier: GPL-2.0-or-later */
/* RST: RFC 9293 section 3.10.7, RFC 5961 section 3.2, and what Linux does. */
#include "script.h"

#include <glib.h>

#define CHALLENGED VERDICT(CHALLENGE), EVENTS(EV(rst_challenge))
#define IGNORED VERDICT(IGNORED), EVENTS(EV(rst_ignored))
/* The same, with a number that no stack uses. */
#define TAKEN_SUSPECT VERDICT(ACCEPTED), EVENTS(EV(rst_accepted) | EV(rst_suspect))
#define CHALLENGED_SUSPECT VERDICT(CHALLENGE), EVENTS(EV(rst_challenge) | EV(rst_suspect))
#define IGNORED_SUSPECT VERDICT(IGNORED), EVENTS(EV(rst_ignored) | EV(rst_suspect))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- SYN_SENT ---- */
    {
        .name = "/engine/syn_sent/rst_acking_syn_goes_closed",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("RA", 9000, 1, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_S, refused),
    },
    {
        .name = "/engine/syn_sent/rst_with_wrong_ack_stays",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("RA", 9000, 501, 0, SHOWS_C(SYN_SENT), IGNORED_SUSPECT),
            S_SENDS("RA", 9000, 0, 0, SHOWS_C(SYN_SENT), IGNORED_SUSPECT)),
    },
    {
        .name = "/engine/syn_sent/rst_without_ack_stays",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("R", 12345, 0, 0, SHOWS_C(SYN_SENT), IGNORED_SUSPECT),
            C_SENDS("S", 0, 0, 0, SHOWS_C(SYN_SENT), AFTER_S(1))),
    },
    {
        /* tcp_rcv_synsent_state_process: the RST answers a stray ACK; the SYN is sent again, and answered. */
        .name = "/engine/syn_sent/sending_rst_stays",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("A", 7000, 9000, 0, SHOWS_C(SYN_SENT),
                    MAY(EV(capture_loss) | EV(challenge_ack))),
            C_SENDS("R", 9000, 0, 0, SHOWS_C(SYN_SENT), ANY_VERDICT,
                    MAY(EV(rst_accepted) | EV(rst_ignored) | EV(rst_after_close) |
                        EV(rst_suspect))),
            C_SENDS("S", 0, 0, 0, SHOWS_C(SYN_SENT), AFTER_S(1)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
    },

    /* ---- SYN_RECEIVED: a request socket takes any RST in its window ---- */
    {
        .name = "/engine/syn_received/exact_rst_goes_closed",
        .steps = STEPS(
            SYNS,
            C_SENDS("R", 1, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_C, handshake_aborted),
    },
    {
        .name = "/engine/syn_received/rst_in_window_is_challenged",
        .steps = STEPS(
            SYNS,
            C_SENDS("R", 301, 0, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), CHALLENGED_SUSPECT),
            S_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), EVENTS(EV(challenge_ack)))),
    },
    {
        .name = "/engine/syn_received/rst_below_window_stays",
        .steps = STEPS(
            SYNS,
            C_SENDS("R", 0U - 300, 0, 0, SHOWS_S(SYN_RECEIVED), ANY_VERDICT,
                    MAY(EV(rst_ignored) | EV(rst_suspect)))),
    },

    /* ---- ESTABLISHED ---- */
    {
        .name = "/engine/established/exact_rst_goes_closed",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN, WHY(GOT_RST, SENT_RST))),
        RESET_BY(BY_S, reset),
    },
    {
        /* tcp_keepalive_timer: a keep-alive abort is a RST,ACK after hours. */
        .name = "/engine/established/keepalive_abort_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(7200)),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(75), TAKEN)),
    },
    {
        .name = "/engine/established/rst_in_window_draws_challenge_then_exact_rst",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 211, 0, 0, SHOWS_C(ESTABLISHED), CHALLENGED_SUSPECT),
            C_SENDS("A", 201, 201, 0, SHOWS_C(ESTABLISHED), EVENTS(EV(challenge_ack))),
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_S, reset),
    },
    {
        .name = "/engine/established/rst_at_right_edge_draws_challenge",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(1000)),
            S_SENDS("R", 1200, 0, 0, SHOWS_C(ESTABLISHED), CHALLENGED_SUSPECT)),
    },
    {
        .name = "/engine/established/rst_beyond_window_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(1000)),
            S_SENDS("R", 1301, 0, 0, SHOWS_C(ESTABLISHED), IGNORED_SUSPECT)),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/established/rst_below_window_stays",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 101, 0, 0, SHOWS_C(ESTABLISHED), IGNORED_SUSPECT)),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/established/rst_one_below_stays",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 200, 0, 0, SHOWS_C(ESTABLISHED), IGNORED_SUSPECT)),
    },
    {
        .name = "/engine/established/rst_in_window_under_rfc793_goes_closed",
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 211, 0, 0, SHOWS_C(CLOSED), TAKEN_SUSPECT)),
    },
    {
        .name = "/engine/established/rst_below_window_under_rfc793_stays",
        .rst_policy = RST_POLICY_RFC793,
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 101, 0, 0, SHOWS_C(ESTABLISHED), IGNORED_SUSPECT)),
    },
    {
        .name = "/engine/established/rst_after_unacknowledged_data_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("R", 401, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/established/rst_at_ack_of_uncaptured_data_goes_closed",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED), EVENTS(EV(capture_loss))),
            C_SENDS("R", 401, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/established/rst_beyond_hole_draws_challenge",
        .steps = STEPS(
            OPENED,
            C_SENDS("R", 401, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED_SUSPECT)),
    },
    {
        /* Nothing is missing: the ACK that says nothing new is the one that the RST has drawn. */
        .name = "/engine/established/challenge_ack_that_crossed_data_shows_no_loss",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("R", 401, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED_SUSPECT),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), EVENTS(EV(challenge_ack))),
            C_SENDS("RA", 301, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .no_sack = true,
    },
    {
        /* The RST was exact: what seemed to be missing before it was not captured, */
        .name = "/engine/established/ack_of_all_before_rst_beyond_hole_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 401, 201, 0, SHOWS(CLOSED, ESTABLISHED), CHALLENGED),
            S_SENDS("A", 201, 301, 0, SHOWS(CLOSED, CLOSED), EVENTS(EV(capture_loss)),
                    MAY(EV(close_complete)), WHY(NONE, GOT_RST))),
        .no_sack = true,
        .outcome = {true, .pattern = PATTERN_reset, .closed_by = BY_NONE, .reset_by = BY_C,
                    .complete = true, .teardown_ms = 1},
    },
    {
        /* or only after it. */
        .name = "/engine/established/data_captured_after_the_rst_behind_it_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 401, 201, 0, SHOWS(CLOSED, ESTABLISHED), CHALLENGED, IP_ID(9)),
            C_SENDS("PA", 201, 201, 200, SHOWS(CLOSED, CLOSED), IP_ID(8), AGED_MS(3),
                    MAY(EV(close_complete)), WHY(NONE, GOT_RST))),
        .only = WITHOUT_TIMESTAMPS, /* a script's RST has none, which Linux's has */
        .outcome = {true, .pattern = PATTERN_reset, .closed_by = BY_NONE, .reset_by = BY_C,
                    .complete = true, .teardown_ms = 1},
    },
    {
        .name = "/engine/established/rst_beyond_hole_that_is_filled_in_part_is_not_taken",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 501, 201, 0, SHOWS(CLOSED, ESTABLISHED), CHALLENGED, IP_ID(9)),
            C_SENDS("PA", 201, 201, 200, SHOWS(CLOSED, ESTABLISHED), IP_ID(8), AGED_MS(3))),
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        .name = "/engine/closed/syn_captured_after_the_rst_that_refuses_it_stays",
        .steps = STEPS(
            S_SENDS("RA", 0, 1, 0, SHOWS(CLOSED, CLOSED), ANY_VERDICT,
                    MAY(EV(rst_accepted) | EV(close_complete))),
            C_SENDS("S", 0, 0, 0, SHOWS(CLOSED, CLOSED))),
        .outcome = {.guessed = true},
    },
    {
        .name = "/engine/closed/syn_long_after_a_rst_of_its_number_opens",
        .steps = STEPS(
            S_SENDS("RA", 0, 1, 0, SHOWS(CLOSED, CLOSED), ANY_VERDICT,
                    MAY(EV(rst_accepted) | EV(close_complete))),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(500))),
        .outcome = {.guessed = true},
    },
    {
        .name = "/engine/closed/syn_ack_captured_after_the_rst_that_answers_it_stays",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            C_SENDS("R", 1, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("SA", 0, 1, 0, SHOWS(CLOSED, CLOSED))),
    },
    {
        .name = "/engine/established/rst_at_sack_edge_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), SACK(301, 401)),
            C_SENDS("R", 401, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/established/rst_inside_sack_block_draws_challenge",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), SACK(301, 401)),
            C_SENDS("R", 351, 0, 0, SHOWS_S(ESTABLISHED), CHALLENGED_SUSPECT)),
    },
    {
        /* RFC 5961 section 3.2: the data was lost after the capture, so the RST after it was not exact. */
        .name = "/engine/closed/challenge_ack_after_rst_beyond_lost_data_restores",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(40)),
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 401, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("A", 201, 201, 0, SHOWS(CLOSED, ESTABLISHED),
                    MAY(EV(challenge_ack) | EV(rst_challenge) | EV(rst_ignored))),
            C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/established/rst_payload_takes_no_space",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 211, 0, 20, SHOWS_C(ESTABLISHED), CHALLENGED_SUSPECT),
            S_SENDS("FA", 201, 201, 0, SHOWS_C(CLOSE_WAIT), EVENTS(EV(fin)), MAY(EV(rst_suspect)))),
    },
    {
        .name = "/engine/established/exact_rst_with_payload_goes_closed",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 20, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        /* An anomaly; the RST counts, the FIN does not. */
        .name = "/engine/established/fin_on_rst_does_not_close",
        .steps = STEPS(
            OPENED,
            S_SENDS("FRA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted) | EV(fin_rst)), NEVER(EV(fin)))),
        RESET_BY(BY_S, reset),
    },
    {
        .name = "/engine/established/fin_on_rst_in_window_does_not_close",
        .steps = STEPS(
            OPENED,
            S_SENDS("FRA", 211, 201, 0, SHOWS_C(ESTABLISHED), VERDICT(CHALLENGE),
                    EVENTS(EV(rst_challenge) | EV(fin_rst)), MAY(EV(rst_suspect)),
                    NEVER(EV(fin)))),
    },

    /* ---- CLOSE_WAIT, LAST_ACK, CLOSING: the number of the FIN itself is accepted ---- */
    {
        .name = "/engine/close_wait/rst_one_below_goes_closed",
        .steps = STEPS(HALF_CLOSED, C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/last_ack/rst_one_below_goes_closed",
        .steps = STEPS(SECOND_FIN_SENT, C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/closing/rst_one_below_goes_closed",
        .steps = STEPS(FINS_CROSSED, C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },
    {
        .name = "/engine/close_wait/rst_two_below_stays",
        .steps = STEPS(HALF_CLOSED, C_SENDS("R", 200, 0, 0, SHOWS_S(CLOSE_WAIT), IGNORED)),
    },
    {
        .name = "/engine/last_ack/rst_in_window_draws_challenge",
        .steps = STEPS(SECOND_FIN_SENT, C_SENDS("R", 212, 0, 0, SHOWS_S(LAST_ACK), CHALLENGED_SUSPECT)),
    },
    {
        .name = "/engine/closing/rst_in_window_draws_challenge",
        .steps = STEPS(FINS_CROSSED, C_SENDS("R", 212, 0, 0, SHOWS_S(CLOSING), CHALLENGED_SUSPECT)),
    },

    /* ---- FIN_WAIT_1 and FIN_WAIT_2 ---- */
    {
        .name = "/engine/fin_wait_1/rst_one_below_stays",
        .steps = STEPS(FIN_SENT, S_SENDS("R", 200, 0, 0, SHOWS_C(FIN_WAIT_1), IGNORED)),
    },
    {
        .name = "/engine/fin_wait_1/rst_in_window_draws_challenge",
        .steps = STEPS(FIN_SENT, S_SENDS("R", 301, 0, 0, SHOWS_C(FIN_WAIT_1), CHALLENGED_SUSPECT)),
    },
    {
        .name = "/engine/fin_wait_1/exact_rst_goes_closed",
        .steps = STEPS(FIN_SENT, S_SENDS("RA", 201, 202, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_answered_by_reset, .closed_by = BY_C,
                    .complete = true, .teardown_ms = 1},
    },
    {
        .name = "/engine/fin_wait_2/rst_one_below_stays",
        .steps = STEPS(HALF_CLOSED, S_SENDS("R", 200, 0, 0, SHOWS_C(FIN_WAIT_2), IGNORED)),
    },
    {
        /* An orphan, as nearly all are: tcp_timewait_state_process. */
        .name = "/engine/fin_wait_2/rst_in_window_goes_closed",
        .steps = STEPS(HALF_CLOSED, S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), TAKEN_SUSPECT)),
    },
    {
        .name = "/engine/fin_wait_2/rst_in_window_of_open_socket_draws_challenge",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("R", 501, 0, 0, SHOWS_C(FIN_WAIT_2), CHALLENGED_SUSPECT)),
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
