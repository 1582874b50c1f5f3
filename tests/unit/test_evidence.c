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
            HALF_CLOSED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), REPEATS(6),
                    FIN_AGAIN, WHY(SENT_FIN_AGAIN, NONE),
                    CONFIRMED(true, true)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .fin_retransmissions = 1, .teardown_ms = 304},
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

    /* ---- it talks on after a RST ---- */
    {
        .name = "/engine/closed/talking_on_below_fin_after_rst_restores_established",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("PA", 201, 201, 50, SHOWS_S(ESTABLISHED), AFTER_S(1),
                    EVENTS(EV(rst_ignored)), MAY(EV(data_to_closed)))),
    },
    {
        /* Whoever takes a RST resets no more, by its own decision: both are somebody else's. */
        .name = "/engine/closed/second_rst_of_a_forged_pair_is_taken",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(ACCEPTED), AFTER_MS(50),
                    EVENTS(EV(rst_accepted)))),
    },
    {
        /* What S had sent before C's RST reached it is still coming; but it goes beyond its own. */
        .name = "/engine/closed/data_on_its_way_behind_rsts_both_ways_disowns_and_restores_not",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    MAY(EV(rst_after_close))),
            S_SENDS("PA", 201, 201, 100, SHOWS(CLOSED, CLOSED), AFTER_MS(4),
                    EVENTS(EV(rst_suspect)), MAY(EV(data_to_closed))),
            S_SENDS("PA", 301, 201, 100, SHOWS(CLOSED, CLOSED), NEVER(EV(rst_suspect)),
                    MAY(EV(data_to_closed)))),
    },
    {
        /* The other order: the first of both is the one that S goes beyond. */
        .name = "/engine/closed/data_behind_the_first_of_rsts_both_ways_disowns_it",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    MAY(EV(rst_after_close))),
            S_SENDS("PA", 201, 201, 100, SHOWS(CLOSED, CLOSED), AFTER_MS(1),
                    EVENTS(EV(rst_suspect)), MAY(EV(data_to_closed)))),
    },
    {
        /* An answer has its peer's number: what its sender has sent goes beyond that anyway. */
        .name = "/engine/closed/data_behind_an_answer_disowns_nothing",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    MAY(EV(rst_after_close))),
            S_SENDS("PA", 201, 201, 100, SHOWS(CLOSED, CLOSED), AFTER_MS(4),
                    NEVER(EV(rst_suspect)), MAY(EV(data_to_closed)))),
    },
    {
        /* No orphan after all: its challenge ACK shows that; the next RST is judged so. */
        .name = "/engine/closed/challenge_ack_restores_fin_wait_2",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(40)),
            S_SENDS("R", 301, 0, 0, SHOWS_C(CLOSED), VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted) | EV(rst_suspect))),
            C_SENDS("A", 202, 201, 0, SHOWS_C(FIN_WAIT_2), WHY(RST_NOT_TAKEN, NONE),
                    MAY(EV(challenge_ack) | EV(rst_challenge) | EV(rst_ignored))),
            S_SENDS("R", 301, 0, 0, SHOWS_C(FIN_WAIT_2), VERDICT(CHALLENGE), AFTER_S(1),
                    EVENTS(EV(rst_challenge) | EV(rst_suspect)))),
    },
    /* ---- after a RST: who is alive ---- */
    {
        .name = "/engine/closed/acks_on_their_way_behind_rst_prove_nothing",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("RA", 2201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("A", 201, 1201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(50)),
            C_SENDS("A", 201, 2201, 0, SHOWS(CLOSED, CLOSED))),
    },
    {
        .name = "/engine/closed/dsack_behind_rst_proves_nothing",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 201, 1201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("RA", 2201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("A", 201, 1201, 0, SACK(201, 1201), SHOWS(CLOSED, CLOSED))),
    },
    {
        .name = "/engine/closed/fin_behind_gap_after_rst_proves_nothing",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 251, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(500), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/closed/copied_ack_behind_rst_proves_nothing",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("RA", 2201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("A", 201, 1201, 0, SHOWS(CLOSED, CLOSED), .ip_id = 7),
            C_SENDS("A", 201, 1201, 0, SHOWS(CLOSED, CLOSED), .stamp = STAMP_COPY, .ip_id = 7)),
    },
    {
        .name = "/engine/closed/forged_rsts_both_ways_and_talking_on_restores_both",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    MAY(EV(rst_after_close))),
            C_SENDS("PA", 201, 201, 100, SHOWS_C(ESTABLISHED), AFTER_MS(400),
                    EVENTS(EV(rst_suspect)), MAY(EV(data_to_closed))),
            S_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                    MAY(EV(rst_suspect) | EV(rst_ignored)))),
    },
    {
        .name = "/engine/closed/restored_after_fin_that_was_acknowledged_goes_fin_wait_2",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 201, 201, 0, SHOWS_ANY, EVENTS(EV(fin)),
                    MAY(EV(rst_suspect) | EV(rst_ignored))),
            S_SENDS("A", 201, 202, 0, SHOWS_S(CLOSE_WAIT), AFTER_MS(50),
                    EVENTS(EV(fin_ack) | EV(rst_ignored))),
            C_SENDS("A", 202, 201, 0, SHOWS_C(FIN_WAIT_2), AFTER_MS(50),
                    MAY(EV(rst_suspect)))),
    },
    {
        .name = "/engine/established/rst_that_no_stack_makes_leaves_its_sender",
        .steps = STEPS(
            OPENED,
            C_SENDS("R", 301, 0, 0, SHOWS(ESTABLISHED, ESTABLISHED), VERDICT(CHALLENGE),
                    EVENTS(EV(rst_challenge) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/closed/challenged_rst_answered_by_data_restores",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 301, 201, 0, SHOWS(ESTABLISHED, CLOSED), VERDICT(CHALLENGE),
                    EVENTS(EV(rst_challenge))),
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, CLOSED), EVENTS(EV(challenge_ack))),
            S_SENDS("PA", 201, 201, 50, SHOWS(ESTABLISHED, ESTABLISHED),
                    EVENTS(EV(rst_suspect)))),
    },
    {
        .name = "/engine/closed/answering_syn_ack_after_rst_restores_syn_sent",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("RA", 0, 1, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("SA", 0, 1, 0, SHOWS_ANY, MAY(EV(rst_suspect))),
            C_SENDS("A", 1, 1, 0, SHOWS_C(ESTABLISHED), MAY(EV(rst_ignored)))),
    },
    {
        .name = "/engine/syn_sent/rst_that_does_not_acknowledge_syn_leaves_its_sender",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("RA", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), VERDICT(IGNORED),
                    EVENTS(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        .name = "/engine/closed/talking_on_after_forged_rst_restores_both",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("PA", 201, 201, 200, SHOWS_C(ESTABLISHED), AFTER_MS(500),
                    WHY(RST_NOT_TAKEN, NONE),
                    MAY(EV(rst_ignored) | EV(rst_suspect) | EV(data_to_closed))),
            S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                    MAY(EV(rst_ignored) | EV(rst_suspect))),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/closed/talking_on_after_own_rst_makes_it_suspect",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("PA", 201, 201, 200, SHOWS_S(ESTABLISHED), AFTER_MS(500),
                    EVENTS(EV(rst_suspect)),
                    MAY(EV(data_to_closed)))),
    },
    {
        .name = "/engine/closed/talking_on_after_peers_rst_reports_it_ignored",
        .steps = STEPS(
            OPENED,
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("PA", 201, 201, 200, SHOWS_C(ESTABLISHED), AFTER_MS(500),
                    EVENTS(EV(rst_ignored)),
                    MAY(EV(data_to_closed)))),
    },
    {
        .name = "/engine/closed/forged_rst_in_close_restores_close_wait",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("R", 202, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("PA", 201, 202, 200, SHOWS_S(CLOSE_WAIT), AFTER_MS(500),
                    MAY(EV(rst_ignored) | EV(data_to_closed) | EV(half_close_data))),
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    MAY(EV(rst_ignored) | EV(rst_suspect)))),
    },
    {
        /* What was under way when the RST was captured says nothing. */
        .name = "/engine/closed/crossing_data_after_rst_stays",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("PA", 201, 201, 200, SHOWS(CLOSED, CLOSED), EVENTS(EV(data_to_closed))),
            S_SENDS("R", 201, 0, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE),
                    EVENTS(EV(rst_after_close)))),
        RESET_BY(BY_S, reset),
    },

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
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(capture_loss) | EV(fin_ack)), CONFIRMED(false, false)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), AFTER_MS(100)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_2/one_unseen_number_acked_tells_a_fin_and_data_behind_it_none",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
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
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
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
