/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evidence beats assumption: an endpoint's own segment corrects its state. */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- a FIN again: the ACK of it was lost ---- */
    {
        .name = "/engine/fin_wait_2/own_fin_again_goes_back_to_fin_wait_1",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(7), EVENTS(EV(fin))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), REPEATS(6),
                    IP_ID(8), FIN_AGAIN, WHY(SENT_FIN_AGAIN, NONE),
                    CONFIRMED(true, true)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .fin_retransmissions = 1, .teardown_ms = 304},
    },
    {
        /* Or the network has held a copy: without timestamp and identification nothing tells. */
        .name = "/engine/fin_wait_2/own_fin_again_or_a_copy_of_it_is_assumed",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), REPEATS(6),
                    FIN_AGAIN, WHY(SENT_FIN_AGAIN, NONE),
                    CONFIRMED(false, true))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C,
                    .fin_retransmissions = 1},
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        .name = "/engine/fin_wait_2/own_data_again_with_newer_timestamp_goes_back_to_fin_wait_1",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 211, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 212, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("PA", 201, 201, 10, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300),
                    WHY(SENT_FIN_AGAIN, NONE), CONFIRMED(true, true))),
        .only = WITH_TIMESTAMPS,
    },
    {
        .name = "/engine/fin_wait_2/own_data_again_or_a_copy_of_it_is_assumed",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 211, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 212, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("PA", 201, 201, 10, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300),
                    WHY(SENT_FIN_AGAIN, NONE), CONFIRMED(false, true))),
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        .name = "/engine/established/own_syn_again_goes_back_to_syn_sent",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), IP_ID(7)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1), IP_ID(8),
                    CONFIRMED(true, true))),
    },
    {
        .name = "/engine/established/own_syn_again_or_a_copy_of_it_is_assumed",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    CONFIRMED(false, true))),
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        .name = "/engine/established/own_syn_ack_again_goes_back_to_syn_received",
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_S(1),
                    CONFIRMED(true, true))),
        .only = WITH_TIMESTAMPS,
    },
    {
        .name = "/engine/established/own_syn_ack_again_or_a_copy_of_it_is_assumed",
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_S(1),
                    CONFIRMED(true, false))),
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        /* From before its data: it does not show that the FIN has not come. */
        .name = "/engine/close_wait/earlier_ack_again_is_no_loss",
        .steps = STEPS(
            HANDSHAKE,
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 1, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
        .only = WITHOUT_TIMESTAMPS,
    },
    {
        .name = "/engine/time_wait/own_fin_again_goes_back_to_closing",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 202, 0, SHOWS(CLOSING, TIME_WAIT), AFTER_MS(300),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(fin_ack)),
                    WHY(SENT_FIN_AGAIN, NONE)),
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
        .outcome = {true, .pattern = PATTERN_simultaneous, .closed_by = BY_BOTH, .complete = true,
                    .fin_retransmissions = 1, .teardown_ms = 303},
    },
    {
        /* Recorded in truth/public/simul_close_ackloss: both ACKs were lost after the capture. */
        .name = "/engine/time_wait/crossed_fins_again_end_in_time_wait",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING), EVENTS(EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 202, 0, SHOWS(CLOSING, TIME_WAIT), AFTER_MS(210), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), FIN_AGAIN)),
    },
    {
        .name = "/engine/closed/own_fin_again_goes_back_to_last_ack",
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300), REPEATS(8),
                    FIN_AGAIN, WHY(NONE, SENT_FIN_AGAIN)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(time_wait_reack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .fin_retransmissions = 1, .teardown_ms = 304},
    },
    {
        /* The ACK of its FIN and the peer's FIN were both lost: its ACK number says so. */
        .name = "/engine/time_wait/own_fin_again_below_peer_fin_goes_back_to_fin_wait_1",
        .steps = STEPS(
            SECOND_FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, LAST_ACK), AFTER_MS(300), FIN_AGAIN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
    },

    /* ---- the peer's FIN had not arrived ---- */
    {
        .name = "/engine/close_wait/own_fin_below_peer_fin_goes_closing",
        .steps = STEPS(
            FINS_CROSSED,
            C_SENDS("A", 202, 202, 0, SHOWS(CLOSING, TIME_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_simultaneous, .closed_by = BY_BOTH, .complete = true,
                    .teardown_ms = 3},
    },
    {
        /* Four seconds are no crossing: the first FIN was lost; it arrives when sent again. */
        .name = "/engine/close_wait/late_own_fin_below_peer_fin_goes_closing",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 201, 0, SHOWS_C(CLOSING), AFTER_S(4),
                    EVENTS(EV(fin) | EV(simultaneous_close))),
            C_SENDS("FA", 201, 202, 0, SHOWS(CLOSING, TIME_WAIT),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(fin_retransmission))),
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
    },
    {
        .name = "/engine/close_wait/late_ack_below_fin_goes_back_to_established",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_S(2),
                    WHY(NONE, FIN_NOT_RECEIVED)),
            C_SENDS("FA", 201, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), FIN_AGAIN),
            S_SENDS("A", 401, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/close_wait/crossing_data_stays",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 401, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 3},
    },
    {
        /* The side of the first FIN acknowledges data sent after the peer's FIN was lost. */
        .name = "/engine/time_wait/late_ack_below_fin_goes_back_to_fin_wait_2",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_2, LAST_ACK), AFTER_S(2),
                    WHY(FIN_NOT_RECEIVED, NONE)),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), FIN_AGAIN),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
    },

    {
        /* Without SACK a duplicate ACK is all that shows the loss. */
        .name = "/engine/close_wait/duplicate_ack_without_sack_goes_back_to_established",
        .no_sack = true,
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(40)),
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED)),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/close_wait/data_below_fin_that_nothing_held_up_goes_back_to_established",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_MS(5),
                    WHY(NONE, FIN_NOT_RECEIVED))),
    },
    {
        /* A burst of ACKs may be held up for as long. */
        .name = "/engine/close_wait/ack_of_data_below_fin_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(5))),
    },
    {
        /* There was room for a block more: what the two leave out was lost, though captured. */
        .name = "/engine/established/second_hole_between_sack_blocks_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 401, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 501, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    .sack = {{501, 502}, {301, 401}}),
            C_SENDS("PA", 201, 201, 100, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_MS(40)),
            C_SENDS("PA", 401, 201, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300))),
    },
    {
        /* The hole is filled, and what lay behind it is not acknowledged: it was lost, too. */
        .name = "/engine/close_wait/ack_of_what_filled_the_hole_alone_goes_back_to_established",
        .no_sack = true,
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED)),
            C_SENDS("PA", 201, 201, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(40)),
            S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    WHY(NONE, FIN_NOT_RECEIVED))),
    },
    {
        /* A FIN that was not C's lay beyond a hole: S has more now than what would be before it. */
        .name = "/engine/established/ack_beyond_fin_beyond_hole_forgets_it",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 211, 201, 0, SHOWS_S(ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("PA", 201, 201, 10, SHOWS_S(ESTABLISHED)),
            C_SENDS("A", 201, 211, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 201, 211, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("PA", 201, 211, 30, SHOWS(ESTABLISHED, CLOSED), AFTER_MS(50),
                    EVENTS(EV(rst_suspect) | EV(data_to_closed))),
            S_SENDS("A", 211, 231, 0, SHOWS(ESTABLISHED, ESTABLISHED), EVENTS(EV(rst_ignored)),
                    MAY(EV(capture_loss))),
            C_SENDS("FA", 231, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
    },

    /* ---- FINs that were not captured, or late ---- */
    {
        .name = "/engine/fin_wait_1/fin_captured_before_the_fin_that_it_acknowledges",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(capture_loss))),
            C_SENDS("FA", 201, 201, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)),
                    NEVER(EV(simultaneous_close))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 2},
    },
    {
        /* No timeout is over since what came before it: it is sent for the first time. */
        .name = "/engine/fin_wait_2/fin_captured_long_after_its_ack_is_late",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(capture_loss) | EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(60),
                    EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/fin_wait_2/fin_captured_a_timeout_after_its_ack_is_sent_again",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(capture_loss) | EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(250),
                    EVENTS(EV(fin)))),
    },
    {
        /* TIME_WAIT sends nothing by itself: its ACK answers the FIN that is captured after it. */
        .name = "/engine/closed/repeated_fin_captured_after_its_answer_stays",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(300)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin) | EV(fin_retransmission)))),
    },
    {
        .name = "/engine/close_wait/first_fin_was_not_captured",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), CONFIRMED(false, false)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), AFTER_MS(100)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_2/one_unseen_number_acked_tells_a_fin_and_data_behind_it_none",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), CONFIRMED(false, false)),
            S_SENDS("PA", 201, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data)), CONFIRMED(false, false)),
            C_SENDS("A", 202, 301, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), CONFIRMED(false, false)),
            C_SENDS("PA", 202, 301, 50, SHOWS(ESTABLISHED, ESTABLISHED))),
    },
    {
        .name = "/engine/time_wait/assumed_first_fin_gives_way_to_the_real_one",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), CONFIRMED(false, false)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), AFTER_MS(100)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 202, 202, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin)), AFTER_MS(300)),
            S_SENDS("A", 202, 203, 0, SHOWS(CLOSED, TIME_WAIT),
                    EVENTS(EV(fin_ack) | EV(close_complete)))),
    },
    {
        .name = "/engine/time_wait/assumed_fin_was_a_byte_that_comes_late",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(100),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), MAY(EV(close_complete))),
            S_SENDS("PA", 201, 202, 1, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    WHY(BYTE_FOR_FIN, BYTE_FOR_FIN), EVENTS(EV(half_close_data))),
            S_SENDS("FA", 202, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 203, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)))),
    },
    {
        .name = "/engine/closed/data_behind_an_assumed_fin_refutes_it",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(100),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), MAY(EV(close_complete))),
            S_SENDS("PA", 202, 202, 50, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data)))),
    },
    {
        .name = "/engine/closed/assumed_fin_shows_up",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(100),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), MAY(EV(close_complete))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin)))),
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
