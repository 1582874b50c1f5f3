/* SPDX-License-Identifier: GPL-2.0-or-later */
/* After a RST: what the segments that follow say of who has taken it, and who is alive. */
#include "script.h"

#include <glib.h>

#define ANY_EVENT MAY(~(event_set)0)

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        /* Its clock says that the RST was sent 60 ms after it was captured. */
        .name = "/engine/established/fin_crosses_a_rst_that_was_captured_early",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AGED_MS(-60), TAKEN),
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(60), EVENTS(EV(fin)),
                    MAY(EV(rst_ignored)))),
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
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 251, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(500), EVENTS(EV(fin)))),
    },
    {
        /* A forger copies the clock that it has read: this one has gone on. */
        .name = "/engine/closed/fin_behind_gap_with_newer_timestamp_is_its_own",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 251, 201, 0, SHOWS_C(FIN_WAIT_1), AFTER_MS(500),
                    EVENTS(EV(fin) | EV(rst_ignored)))),
    },
    {
        /* What it lacks had been delivered long before the RST: that was not at its next number. */
        .name = "/engine/closed/ack_without_data_long_before_rst_shows_it_alive",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 301, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(50), TAKEN),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), WINDOW(60001),
                    EVENTS(EV(rst_ignored)))),
    },
    {
        /* What it has out of order goes on to the RST: taken there (RFC 5961, errata 4772). */
        .name = "/engine/closed/sack_up_to_rst_proves_nothing",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 1201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 2201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("A", 201, 201, 0, SACK(1201, 2201), SHOWS(CLOSED, CLOSED))),
    },
    {
        /* Beyond that, the RST was in the middle of what it lacks. */
        .name = "/engine/closed/sack_beyond_rst_shows_it_alive",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 1000, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 1201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("A", 201, 201, 0, SACK(1301, 2301), SHOWS_S(ESTABLISHED),
                    EVENTS(EV(rst_ignored)))),
    },
    {
        /* Its SACK blocks go over the FIN that came when a RST was thought to have closed it. */
        .name = "/engine/closed/sack_over_fin_tells_of_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 211, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(50), TAKEN),
            C_SENDS("PA", 211, 201, 12, SHOWS(ESTABLISHED, CLOSED), AFTER_MS(30),
                    ANY_EVENT),
            C_SENDS("FA", 223, 201, 0, SHOWS(FIN_WAIT_1, CLOSED), ANY_EVENT),
            S_SENDS("A", 201, 201, 0, SACK(211, 224), SHOWS(FIN_WAIT_1, ESTABLISHED), ANY_EVENT),
            C_SENDS("PA", 201, 201, 10, SHOWS(FIN_WAIT_1, CLOSE_WAIT), ANY_EVENT)),
    },
    /* ---- what it lacks ---- */
    {
        /* Two signs of another box, and bytes before it that nobody has seen. */
        .name = "/engine/established/fin_of_another_box_behind_gap_is_foreign",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(7)),
            C_SENDS("FA", 251, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), WINDOW(512), ANY_EVENT)),
    },
    {
        .name = "/engine/established/fin_of_same_box_behind_gap_is_its_own",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(7)),
            C_SENDS("FA", 251, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), WINDOW(512), IP_ID(8),
                    ANY_EVENT)),
    },
    {
        /* By its own clock, sent three round trips after the ACK had passed. */
        .name = "/engine/fin_wait_2/fin_again_by_own_clock_is_unacknowledged",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(6), FIN_AGAIN)),
    },
    {
        /* Without, the network may have held it back. */
        .name = "/engine/fin_wait_2/fin_again_so_soon_may_be_late",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(6), ANY_EVENT)),
    },
    {
        /* The FIN may cross, but not what came long before it. */
        .name = "/engine/close_wait/data_without_ack_of_old_data_lacks_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(50)),
            S_SENDS("PA", 201, 201, 50, SHOWS(FIN_WAIT_1, ESTABLISHED), ANY_EVENT)),
    },
    {
        .name = "/engine/close_wait/data_without_ack_of_fin_may_cross_it",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(50)),
            S_SENDS("PA", 201, 301, 50, SHOWS(FIN_WAIT_1, CLOSE_WAIT), ANY_EVENT)),
    },
    {
        /* It has what filled the hole, and lacks what came behind. */
        .name = "/engine/time_wait/sack_hole_beyond_the_filled_one_lacks_fin",
        .steps = STEPS(
            OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("PA", 301, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("PA", 201, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("PA", 401, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("FA", 501, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), ANY_EVENT),
            C_SENDS("A", 202, 401, 0, SACK(501, 502), SHOWS_C(FIN_WAIT_2), ANY_EVENT)),
    },
    {
        /* It has the FIN, and not what filled the hole before. */
        .name = "/engine/time_wait/sack_of_fin_behind_filled_hole_lacks_the_filling",
        .steps = STEPS(
            OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("PA", 301, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("PA", 201, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), ANY_EVENT),
            C_SENDS("A", 202, 201, 0, SACK(301, 402), SHOWS_C(FIN_WAIT_2), ANY_EVENT)),
    },
    {
        /* A hole that only ACKs had told of was none; the one that was captured still is. */
        .name = "/engine/established/ack_over_assumed_hole_leaves_the_seen_one",
        .no_sack = true,
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 401, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 501, 201, 0, SHOWS(CLOSED, ESTABLISHED), VERDICT(CHALLENGE), ANY_EVENT),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), AFTER_MS(20), ANY_EVENT),
            S_SENDS("A", 201, 251, 0, SHOWS_S(ESTABLISHED), AFTER_MS(20), ANY_EVENT)),
    },
    {
        /* Late, and older than the FIN by its sender's clock. */
        .name = "/engine/close_wait/old_duplicate_ack_shows_no_loss",
        .only = WITH_TIMESTAMPS,
        .no_sack = true,
        .steps = STEPS(
            OPENED, S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(5)),
            S_SENDS("A", 201, 201, 0, COPY, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(60),
                    ANY_EVENT)),
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
};
/* clang-format on */

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    script_add(scenarios, G_N_ELEMENTS(scenarios));
    return g_test_run();
}
