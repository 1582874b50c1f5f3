/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ends a connection in the end: senders of RST (tcp_need_reset,
 * tcp_rcv_state_process), TIME_WAIT (RFC 9293 section 3.6, tcp_timewait_state_process), dead ports,
 * time going backwards, the alarm of CLOSE_WAIT.
 */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- tcp_need_reset: a linger-0 close ---- */
    {
        .name = "/engine/established/sending_rst_goes_closed",
        .steps = STEPS(OPENED, C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN,
                                       WHY(SENT_RST, GOT_RST), CONFIRMED(true, false))),
    },
    {
        .name = "/engine/close_wait/sending_rst_goes_closed",
        .steps = STEPS(HALF_CLOSED, S_SENDS("RA", 201, 202, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_answered_by_reset, .closed_by = BY_C,
                    .complete = true, .teardown_ms = 2},
    },
    {
        .name = "/engine/fin_wait_1/sending_rst_goes_closed",
        .steps = STEPS(FIN_SENT, C_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_then_reset, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 1},
    },
    {
        .name = "/engine/fin_wait_2/sending_rst_goes_closed",
        .steps = STEPS(HALF_CLOSED, C_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_then_reset, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 2},
    },

    /* ---- tcp_rcv_state_process: an orphan answers new data with a RST, at the number of its ACK ---- */
    {
        .name = "/engine/fin_wait_2/orphan_answering_data_goes_closed",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            C_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_then_reset, .closed_by = BY_C, .complete = true,
                    .half_close_bytes = 200, .teardown_ms = 3},
    },
    {
        .name = "/engine/fin_wait_1/orphan_answering_crossing_data_goes_closed",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_fin_then_reset, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 2},
    },
    {
        /* TCP_LINGER2: that an orphan is gone shows only in its answer, however late. */
        .name = "/engine/fin_wait_2/orphan_timeout_shows_in_rst_only",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(90),
                    EVENTS(EV(half_close_data) | EV(close_wait_alarm))),
            C_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
    },

    /* ---- dead ports ---- */
    {
        .name = "/engine/closed/rst_to_closed_changes_nothing",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(rst_after_close))),
            C_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(rst_after_close)))),
        RESET_BY(BY_C, reset),
    },
    {
        /* Late data towards the CLOSED end, and its answer, below what TIME_WAIT expects. */
        .name = "/engine/closed/late_data_is_answered_by_ignored_rst",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("PA", 1, 1, 200, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(80), AGED_MS(85),
                    EVENTS(EV(data_to_closed))),
            S_SENDS("R", 1, 0, 0, SHOWS(TIME_WAIT, CLOSED), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },

    /* ---- TIME_WAIT and RST ---- */
    {
        /* tcp_timewait_state_process; the pattern stays. */
        .name = "/engine/time_wait/exact_rst_goes_closed",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(300)),
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(time_wait_reset)), MAY(EV(rst_accepted)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 304},
    },
    {
        .name = "/engine/time_wait/inexact_rst_stays",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("R", 212, 0, 0, SHOWS_C(TIME_WAIT), VERDICT(IGNORED), EVENTS(EV(rst_ignored))),
            S_SENDS("R", 201, 0, 0, SHOWS_C(TIME_WAIT), VERDICT(IGNORED), EVENTS(EV(rst_ignored)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },

    /* ---- TIME_WAIT and the clock ---- */
    {
        .name = "/engine/time_wait/repeated_fin_is_acknowledged_again",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300), FIN_AGAIN),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(time_wait_reack)))),
    },
    {
        /* Entered by frame 8; frame 9 came 1 ms later, so 59998 ms after that are 1 ms too few. */
        .name = "/engine/time_wait/stays_until_two_msl",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(59998), FIN_AGAIN,
                    NEVER(EV(time_wait_expired)))),
    },
    {
        .name = "/engine/time_wait/expires_at_two_msl",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(CLOSED, LAST_ACK), AFTER_MS(59999),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(time_wait_expired)),
                    WHY(TWO_MSL, NONE)),
            S_SENDS("FA", 201, 202, 0, SHOWS(CLOSED, LAST_ACK), AFTER_S(1), FIN_AGAIN,
                    NEVER(EV(time_wait_expired)))),
    },
    {
        .name = "/engine/time_wait/two_msl_is_a_preference",
        .two_msl_s = 240,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(200), FIN_AGAIN)),
    },
    {
        .name = "/engine/time_wait/short_two_msl_expires_early",
        .two_msl_s = 2,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(CLOSED, LAST_ACK), AFTER_S(3),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(time_wait_expired)))),
    },
    {
        .name = "/engine/time_wait/repeated_fin_rearms_two_msl",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(50), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(59), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(CLOSED, LAST_ACK), AFTER_S(61),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(time_wait_expired)))),
    },
    {
        /* Its own segments re-arm nothing. */
        .name = "/engine/time_wait/own_ack_does_not_rearm",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_S(50)),
            C_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(15), EVENTS(EV(time_wait_expired)))),
    },
    {
        .name = "/engine/time_wait/both_expire_after_simultaneous_close",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING), EVENTS(EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), AFTER_S(61), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(rst_after_close) | EV(time_wait_expired)))),
    },

    {
        /* A RST that it did not take, and a sign of life 70 s later: 2MSL are over all the same. */
        .name = "/engine/closed/restored_time_wait_is_over_after_two_msl",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(time_wait_reset)), MAY(EV(rst_accepted))),
            C_SENDS("A", 202, 202, 0, SHOWS_C(CLOSED), AFTER_S(70),
                    MAY(EV(rst_ignored) | EV(rst_suspect)))),
    },

    /* ---- time goes backwards ---- */
    {
        .name = "/engine/time_wait/time_going_back_does_not_shorten",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(30), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(-20), EVENTS(EV(fin)),
                    MAY(EV(fin_retransmission))),
            C_SENDS("A", 202, 202, 0, SHOWS_C(TIME_WAIT), AFTER_S(75), MAY(EV(time_wait_reack)))),
    },
    {
        .name = "/engine/fin_wait_1/time_going_back_is_a_normal_close",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(-3),
                    EVENTS(EV(fin_ack))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(-3), EVENTS(EV(fin))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_S(-3), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 0},
    },

    /* ---- the alarm ---- */
    {
        .name = "/engine/close_wait/long_stay_raises_one_alarm",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(29998)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(1),
                    EVENTS(EV(close_wait_alarm))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(100))),
    },
    {
        .name = "/engine/close_wait/end_after_long_stay_raises_alarm",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(31),
                    EVENTS(EV(close_wait_alarm) | EV(fin)))),
    },
    {
        /* TIME_WAIT goes on as if the RST had not been: it ends 60 s after it began. */
        .name = "/engine/time_wait/refuted_rst_does_not_prolong_it",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), AFTER_S(10), VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted) | EV(time_wait_reset))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_S(1),
                    EVENTS(EV(rst_ignored)), WHY(RST_NOT_TAKEN, NONE)),
            S_SENDS("R", 1, 0, 0, SHOWS(CLOSED, CLOSED), AFTER_S(50), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(time_wait_expired) | EV(rst_after_close)))),
    },
    {
        .name = "/engine/close_wait/alarm_is_a_preference",
        .alarm_s = 5,
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(4)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(2),
                    EVENTS(EV(close_wait_alarm)))),
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
