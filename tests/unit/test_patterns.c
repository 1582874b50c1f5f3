/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stream as a whole as tell/outcome.h says: pattern, closed_by, complete, teardown, half-close
 * bytes, FIN retransmissions.
 */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        /* RST and FIN of somebody else, who is quicker than the server. */
        .name = "/engine/patterns/fin_before_the_syn_ack_of_its_sender_is_open",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("RA", 9000, 1, 0, SHOWS_C(CLOSED), ANY_VERDICT,
                    MAY(EV(rst_accepted) | EV(rst_suspect))),
            S_SENDS("FA", 9000, 1, 0, SHOWS_ANY, MAY(EV(rst_suspect) | EV(fin) | EV(data_to_closed))),
            C_SENDS("R", 1, 0, 0, SHOWS_ANY, ANY_VERDICT,
                    MAY(EV(rst_accepted) | EV(rst_after_close) | EV(rst_suspect))),
            S_SENDS("SA", 0, 1, 0, SHOWS_ANY, AFTER_MS(60), MAY(EV(rst_suspect))),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), MAY(EV(rst_ignored))),
            C_SENDS("PA", 1, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = -1},
    },
    {
        .name = "/engine/patterns/no_answer",
        .steps = STEPS(
            FIRST_SYN,
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(2))),
        .outcome = {true, .pattern = PATTERN_no_answer, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/patterns/refused",
        .steps = STEPS(
            FIRST_SYN,
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            S_SENDS("RA", 0, 1, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_S, refused),
    },
    {
        /* A half-open scan. */
        .name = "/engine/patterns/handshake_aborted_by_rst_of_client",
        .steps = STEPS(
            SYNS,
            C_SENDS("R", 1, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_C, handshake_aborted),
    },
    {
        .name = "/engine/patterns/handshake_aborted_by_rst_of_server",
        .steps = STEPS(
            SYNS,
            S_SENDS("RA", 1, 1, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        RESET_BY(BY_S, handshake_aborted),
    },
    {
        .name = "/engine/patterns/open",
        .steps = STEPS(OPENED),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/patterns/open_after_rst_that_was_not_accepted",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 301, 0, 0, SHOWS_C(ESTABLISHED), VERDICT(CHALLENGE),
                    EVENTS(EV(rst_challenge) | EV(rst_suspect)))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/patterns/reset",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN,
                    AFTER_MS(70))),
        RESET_BY(BY_C, reset),
    },
    {
        .name = "/engine/patterns/gave_up_where_nobody_answers_probes_nor_the_exact_rst",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(60)),
            S_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(5)),
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(5), TAKEN)),
        RESET_BY(BY_S, gave_up),
    },
    {
        .name = "/engine/patterns/reset_soon_after_a_probe_may_be_the_applications",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(60)),
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(40), TAKEN)),
        RESET_BY(BY_S, reset),
    },
    {
        .name = "/engine/patterns/reset_where_a_probe_was_answered",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(60)),
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(5), TAKEN)),
        RESET_BY(BY_S, reset),
    },
    {
        .name = "/engine/patterns/gave_up_after_data_in_vain_though_the_rst_is_exact",
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(1)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(2)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(4)),
            S_SENDS("RA", 301, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(8), TAKEN)),
        RESET_BY(BY_S, gave_up),
    },
    {
        .name = "/engine/patterns/reset_after_few_repeats",
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(1)),
            S_SENDS("RA", 301, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(2), TAKEN)),
        RESET_BY(BY_S, reset),
    },
    {
        .name = "/engine/patterns/reset_where_the_receiver_is_heard_after_the_rst",
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(1)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(2)),
            S_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(4)),
            S_SENDS("RA", 301, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_S(8), TAKEN),
            C_SENDS("A", 201, 301, 0, SHOWS(CLOSED, CLOSED))),
        RESET_BY(BY_S, reset),
    },
    {
        /* R comes first; a FIN that was under way does not change that. */
        .name = "/engine/patterns/reset_before_crossing_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSED, CLOSED))),
        RESET_BY(BY_C, reset),
    },
    {
        .name = "/engine/patterns/fin_then_reset",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN,
                    AFTER_MS(40))),
        .outcome = {true, .pattern = PATTERN_fin_then_reset, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 41},
    },
    {
        .name = "/engine/patterns/fin_answered_by_reset",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("RA", 201, 202, 0, SHOWS(CLOSED, CLOSED), TAKEN,
                    AFTER_MS(40))),
        .outcome = {true, .pattern = PATTERN_fin_answered_by_reset, .closed_by = BY_C,
                    .complete = true, .teardown_ms = 41},
    },
    {
        /* F2 is there but not acknowledged: still "before both FINs were acknowledged". */
        .name = "/engine/patterns/fin_answered_by_reset_after_second_fin",
        .steps = STEPS(
            SECOND_FIN_SENT,
            S_SENDS("RA", 202, 202, 0, SHOWS(CLOSED, CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted) | EV(time_wait_reset)))),
        .outcome = {true, .pattern = PATTERN_fin_answered_by_reset, .closed_by = BY_C,
                    .complete = true, .teardown_ms = 3},
    },
    {
        .name = "/engine/patterns/fin_unanswered",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), FIN_AGAIN),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(600), FIN_AGAIN)),
        .outcome = {true, .pattern = PATTERN_fin_unanswered, .closed_by = BY_C,
                    .fin_retransmissions = 2, .teardown_ms = 0},
    },
    {
        .name = "/engine/patterns/half_closed",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data)))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C,
                    .half_close_bytes = 200,
                    .teardown_ms = 1},
    },
    {
        .name = "/engine/patterns/last_ack_missing",
        .steps = STEPS(SECOND_FIN_SENT),
        .outcome = {true, .pattern = PATTERN_last_ack_missing, .closed_by = BY_C, .teardown_ms = 2},
    },
    {
        .name = "/engine/patterns/last_ack_missing_after_crossing_fins",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_last_ack_missing, .teardown_ms = 2},
    },
    {
        .name = "/engine/patterns/simultaneous",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING), EVENTS(EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_simultaneous, .closed_by = BY_BOTH, .complete = true,
                    .teardown_ms = 3},
    },
    {
        .name = "/engine/patterns/half_close",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            S_SENDS("PA", 401, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            C_SENDS("A", 202, 501, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("PFA", 501, 202, 50, SHOWS(TIME_WAIT, LAST_ACK),
                    EVENTS(EV(fin) | EV(half_close_data))),
            C_SENDS("A", 202, 552, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_close, .closed_by = BY_C, .complete = true,
                    .half_close_bytes = 350, .teardown_ms = 6},
    },
    {
        .name = "/engine/patterns/half_close_by_server",
        .steps = STEPS(
            OPENED,
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            C_SENDS("PA", 201, 202, 300, SHOWS(CLOSE_WAIT, FIN_WAIT_2),
                    EVENTS(EV(half_close_data) | EV(fin_ack))),
            C_SENDS("FA", 501, 202, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 202, 502, 0, SHOWS(CLOSED, TIME_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_close, .closed_by = BY_S, .complete = true,
                    .half_close_bytes = 300, .teardown_ms = 3},
    },
    {
        /* What was sent again is not new. */
        .name = "/engine/patterns/half_close_counts_new_payload_only",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("PA", 301, 202, 150, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300),
                    EVENTS(EV(half_close_data))),
            S_SENDS("FA", 451, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            S_SENDS("PA", 201, 202, 200, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300)),
            C_SENDS("A", 202, 452, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_close, .closed_by = BY_C, .complete = true,
                    .half_close_bytes = 250, .teardown_ms = 904},
    },
    {
        /* Data sent before the FIN arrived is no half-close: its ACK does not cover the FIN. */
        .name = "/engine/patterns/crossing_data_is_no_half_close",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 401, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 304},
    },
    {
        .name = "/engine/patterns/three_way",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 2},
    },
    {
        .name = "/engine/patterns/four_way",
        .steps = STEPS(FOUR_WAY),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },
    {
        .name = "/engine/patterns/four_way_stays_after_late_reset",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(50), VERDICT(ACCEPTED),
                    EVENTS(EV(time_wait_reset)), MAY(EV(rst_accepted)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 53},
    },
    {
        /* Both ends repeat their FIN once: two; the pattern is by the first ones. */
        .name = "/engine/patterns/retransmissions_of_both_sides_add_up",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300), FIN_AGAIN),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_C, .complete = true,
                    .fin_retransmissions = 2, .teardown_ms = 602},
    },
    {
        /* A RST that its receiver is shown not to have taken is no accepted RST. */
        .name = "/engine/patterns/refuted_rst_does_not_count",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("A", 201, 201, 0, SHOWS_C(ESTABLISHED), AFTER_MS(500),
                    MAY(EV(rst_ignored) | EV(rst_suspect))),
            S_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED),
                    MAY(EV(rst_ignored) | EV(rst_suspect))),
            C_SENDS("FA", 201, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 401, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },
    {
        /* The clock ends TIME_WAIT, no segment does: the teardown was over long before. */
        .name = "/engine/patterns/teardown_does_not_count_expiry",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), AFTER_S(3600), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(rst_after_close) | EV(time_wait_expired)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
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
