/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the capture has lost, or begins behind: missing segments and handshakes. */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- the capture lost something ---- */
    {
        .name = "/engine/established/ack_of_unseen_bytes_is_capture_loss",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED), EVENTS(EV(capture_loss))),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_2/ack_of_unseen_bytes_is_capture_loss",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(capture_loss))),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)))),
    },
    {
        /* Data where its FIN was thought to be: the FIN was somebody else's. */
        .name = "/engine/fin_wait_1/data_over_forged_fin_goes_back_to_established",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("PA", 201, 201, 200, SHOWS_C(ESTABLISHED), AFTER_MS(500),
                    EVENTS(EV(data_after_fin)))),
    },

    /* ---- SYNs after the handshake ---- */
    {
        .name = "/engine/close_wait/old_syn_ack_moves_nothing",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("SA", 0, 1, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT))),
    },
    {
        .name = "/engine/closed/late_copy_of_the_syn_opens_nothing",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("S", 0, 0, 0, SHOWS(TIME_WAIT, CLOSED))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },
    {
        .name = "/engine/time_wait/syn_with_fin_ends_it_and_opens_nothing",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("SF", 7000, 0, 0, SHOWS_C(CLOSED), EVENTS(EV(syn_fin)), AFTER_S(1),
                    NEVER(EV(time_wait_reuse)))),
    },

    /* ---- what is missing, and what is not ---- */
    {
        .name = "/engine/close_wait/ack_that_goes_on_over_a_hole_of_its_own_refutes_it",
        .no_sack = true,
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED)),
            S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/close_wait/duplicate_ack_due_long_ago_is_due_no_more",
        .no_sack = true,
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 1, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(1)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(5)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED))),
    },
    {
        .name = "/engine/time_wait/repeated_fins_cross",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300), FIN_AGAIN),
            C_SENDS("FA", 201, 201, 0, SHOWS(TIME_WAIT, LAST_ACK), FIN_AGAIN),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
    },
    {
        .name = "/engine/fin_wait_1/response_to_a_retransmission_is_no_round_trip",
        .steps = STEPS(
            FIRST_SYN,
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(2)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 1, 1, 0, SHOWS(CLOSING, FIN_WAIT_1), AFTER_S(1),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },

    /* ---- new connections whose handshake was not captured, and gaps ---- */
    {
        .name = "/engine/time_wait/syn_ack_with_new_numbers_proves_a_lost_syn",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("SA", 500000, 300001, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_S(2),
                    EVENTS(EV(time_wait_reuse))),
            C_SENDS("A", 300001, 500001, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 500001, 300001, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            C_SENDS("FA", 300001, 500002, 0, SHOWS(LAST_ACK, TIME_WAIT),
                    EVENTS(EV(fin) | EV(fin_ack))),
            S_SENDS("A", 500002, 300002, 0, SHOWS(CLOSED, TIME_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/closed/both_sides_agree_on_new_numbers",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), EVENTS(EV(rst_accepted)),
                    VERDICT(ACCEPTED)),
            C_SENDS("PA", 300001, 500001, 50, SHOWS_ANY, AFTER_S(5),
                    MAY(EV(data_to_closed) | EV(rst_suspect) | EV(capture_loss))),
            S_SENDS("PA", 500001, 300051, 70, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 300051, 500071, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 500071, 300052, 0, SHOWS(TIME_WAIT, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_ack)))),
    },
    {
        .name = "/engine/established/fin_behind_a_gap_is_its_own_once_acknowledged",
        .steps = STEPS(
            OPENED,
            S_SENDS("FA", 900000, 201, 0, SHOWS_ANY, EVENTS(EV(fin)),
                    MAY(EV(fin_out_of_order))),
            C_SENDS("FA", 201, 900001, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin)),
                    MAY(EV(capture_loss)), FIN_ACKS(6)),
            S_SENDS("A", 900001, 202, 0, SHOWS(CLOSED, TIME_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_S, .complete = true,
                    .teardown_ms = 2},
    },
    {
        .name = "/engine/established/fin_behind_a_gap_captured_twice_began_the_close_where_it_came_first",
        .steps = STEPS(
            OPENED,
            S_SENDS("FA", 900000, 201, 0, SHOWS_ANY, EVENTS(EV(fin)),
                    MAY(EV(fin_out_of_order))),
            S_SENDS("FA", 900000, 201, 0, SHOWS_ANY, COPY, EVENTS(EV(fin)),
                    MAY(EV(fin_out_of_order))),
            C_SENDS("A", 201, 900001, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack)),
                    MAY(EV(capture_loss)), FIN_ACKS(6)),
            C_SENDS("FA", 201, 900001, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 900001, 202, 0, SHOWS(CLOSED, TIME_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_S, .complete = true,
                    .teardown_ms = 4},
    },
    {
        .name = "/engine/close_wait/own_fin_behind_a_gap_is_the_second_one",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("FA", 900000, 202, 0, SHOWS_ANY, EVENTS(EV(fin)),
                    MAY(EV(fin_out_of_order))),
            C_SENDS("A", 202, 900001, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)), MAY(EV(capture_loss)), FIN_ACKS(8))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },
    {
        .name = "/engine/syn_received/of_two_syn_acks_the_acknowledged_one_counts",
        .steps = STEPS(
            SYNS,
            S_SENDS("SA", 9000000, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 1, 1, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            C_SENDS("FA", 1, 2, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin) | EV(fin_ack)))),
    },
    {
        .name = "/engine/established/handshake_with_new_numbers_on_a_pair_in_use",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("SA", 500000, 300001, 0, SHOWS_S(SYN_RECEIVED), AFTER_S(20)),
            C_SENDS("A", 300001, 500001, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 300001, 500001, 50, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 500001, 300051, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/closed/both_sides_agree_on_lower_numbers",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), EVENTS(EV(rst_accepted)),
                    VERDICT(ACCEPTED)),
            C_SENDS("PA", 3000000001, 2500000001, 50, SHOWS_ANY, AFTER_S(5),
                    MAY(EV(data_to_closed) | EV(rst_suspect) | EV(capture_loss))),
            S_SENDS("PA", 2500000001, 3000000051, 70, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 3000000051, 2500000071, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT),
                    EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/fin_wait_2/window_that_only_one_side_offered_to_scale_is_not_scaled",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), SHIFT(7)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), UNSCALED),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("R", 100000, 0, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/fin_wait_2/window_is_not_scaled_by_the_syn_once_more",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), SHIFT(7)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), UNSCALED),
            C_SENDS("S", 0, 0, 0, SHOWS_ANY, SHIFT(7)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("R", 100000, 0, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/fin_wait_2/syn_ack_without_scaling_tells_of_both_sides",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), UNSCALED),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("R", 100000, 0, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/fin_wait_2/window_that_the_syn_alone_did_not_offer_to_scale_is_not_scaled",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), UNSCALED),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(7)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 1, 1, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            C_SENDS("A", 1, 2, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack))),
            C_SENDS("R", 100000, 0, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/fin_wait_2/window_that_both_sides_offered_to_scale_is_scaled",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), SHIFT(7)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), SHIFT(2)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("R", 100000, 0, 0, SHOWS_C(CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/close_wait/fin_that_was_lost_is_no_long_close_wait",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 201, 0, SHOWS_C(CLOSING), AFTER_S(200),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
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
