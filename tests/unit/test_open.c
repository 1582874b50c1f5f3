/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How connections begin: handshake, simultaneous open, Fast Open, mid-stream, one direction. */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        .name = "/engine/closed/handshake_goes_established_and_confirms",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), CONFIRMED(true, false),
                    WHY(SENT_SYN, GOT_SYN)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), CONFIRMED(false, true),
                    WHY(GOT_SYN_ACK, NONE)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, false),
                    WHY(NONE, GOT_ACK_OF_SYN)),
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 1, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, true))),
    },
    {
        .name = "/engine/syn_sent/syn_again_stays",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
    },
    {
        .name = "/engine/established/same_syn_again_goes_syn_sent",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    WHY(SENT_SYN_AGAIN, NONE)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
    },
    {
        /* SYN-ACK and FIN of a server that closes early were both lost after the capture. */
        .name = "/engine/close_wait/same_syn_again_goes_syn_sent",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("FA", 1, 1, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            C_SENDS("S", 0, 0, 0, SHOWS_C(SYN_SENT), AFTER_S(1))),
    },
    {
        /* tcp_check_req: deferred accept, full accept queue. */
        .name = "/engine/established/syn_ack_again_goes_syn_received",
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_S(1),
                    WHY(NONE, SENT_SYN_ACK_AGAIN)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), MAY(EV(challenge_ack)))),
    },
    {
        /* With SYN the FIN flag does not count, in a copy by the network neither. */
        .name = "/engine/syn_received/copied_syn_ack_with_fin_stays",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SFA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), EVENTS(EV(syn_fin))),
            S_SENDS("SFA", 0, 1, 0, COPY, SHOWS(ESTABLISHED, SYN_RECEIVED), MAY(EV(syn_fin)))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/syn_received/data_goes_established",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED))),
    },
    {
        .name = "/engine/syn_received/wrong_ack_stays",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 0U - 50, 0, SHOWS_S(SYN_RECEIVED))),
    },
    {
        .name = "/engine/syn_sent/syn_ack_with_wrong_ack_stays",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 77, 0, SHOWS_C(SYN_SENT), MAY(EV(capture_loss)))),
    },
    {
        /* tcp_rcv_state_process: the FIN carries the handshake's ACK. */
        .name = "/engine/syn_received/fin_goes_close_wait",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/syn_received/fin_with_data_goes_close_wait",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("PFA", 1, 1, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 1, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack)))),
    },
    {
        /* An anomaly; a listener drops it (tcp_rcv_state_process). */
        .name = "/engine/closed/syn_fin_is_not_taken",
        .steps = STEPS(
            C_SENDS("SF", 0, 0, 0, SHOWS(SYN_SENT, CLOSED), EVENTS(EV(syn_fin)))),
    },
    {
        /* Crossing SYNs, as crossing FINs: both are taken as delivered. */
        .name = "/engine/syn_sent/crossing_syn_goes_syn_received",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("S", 0, 0, 0, SHOWS(SYN_RECEIVED, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 1, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin)))),
        .outcome = {true, .pattern = PATTERN_fin_unanswered, .closed_by = BY_S, .teardown_ms = 0},
    },
    {
        .name = "/engine/syn_received/crossing_syn_ack_goes_established",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("S", 0, 0, 0, SHOWS(SYN_RECEIVED, SYN_RECEIVED)),
            C_SENDS("SA", 0, 1, 0, SHOWS(SYN_RECEIVED, ESTABLISHED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 1, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
    },

    /* ---- Fast Open: RFC 7413 ---- */
    {
        .name = "/engine/syn_sent/fast_open_data_counts",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 101, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 101, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 101, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 1, 102, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("FA", 1, 102, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 102, 2, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 3},
    },
    {
        .name = "/engine/syn_sent/fast_open_fin_at_once_goes_fin_wait_1",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 101, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("FA", 101, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/syn_sent/fast_open_syn_captured_behind_its_answer",
        .steps = STEPS(
            S_SENDS("SA", 0, 101, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 101, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 101, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
    },
    {
        /* The server did not take the data: it comes again, and the FIN after it is no hole. */
        .name = "/engine/syn_sent/fast_open_data_refused_comes_again",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 1, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 101, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/syn_sent/fast_open_data_refused_makes_fin_wait_for_it",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 101, 1, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            C_SENDS("PA", 1, 1, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300))),
    },
    {
        /* RFC 7413 section 4.2: the server answers with data and closes before the handshake's ACK. */
        .name = "/engine/syn_received/fast_open_server_fin_goes_fin_wait_1",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 100, FAST_OPEN, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", 0, 101, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("PA", 1, 101, 200, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("FA", 201, 101, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin)),
                    WHY(GOT_FIN, SENT_FIN)),
            C_SENDS("A", 101, 202, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack)))),
    },

    /* ---- the capture began later ---- */
    {
        .name = "/engine/midstream/data_shows_both_established",
        .steps = STEPS(
            C_SENDS("PA", 1000, 500, 200, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, false)),
            S_SENDS("A", 500, 1200, 0, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, true)),
            C_SENDS("FA", 1200, 500, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 500, 1201, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack))),
            C_SENDS("A", 1201, 501, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_C, .complete = true,
                    .guessed = true,
                    .teardown_ms = 2},
    },
    {
        .name = "/engine/midstream/fin_first_goes_fin_wait_1",
        .steps = STEPS(
            C_SENDS("FA", 1000, 500, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 500, 1001, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .guessed = true,
                    .teardown_ms = 1},
    },
    {
        .name = "/engine/midstream/rst_first_goes_closed",
        .steps = STEPS(
            C_SENDS("RA", 1000, 500, 0, SHOWS(CLOSED, CLOSED), TAKEN)),
        .outcome = {true, .pattern = PATTERN_reset, .closed_by = BY_NONE, .reset_by = BY_C, .complete = true,
                    .guessed = true,
                    .teardown_ms = 0},
    },
    {
        /* A SYN-ACK tells the roles as well as a SYN. */
        .name = "/engine/midstream/syn_ack_first_tells_roles",
        .steps = STEPS(
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },

    /* ---- only one direction was captured ---- */
    {
        .name = "/engine/one_sided/client_only_reaches_fin_wait_1",
        .steps = STEPS(
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED), MAY(EV(capture_loss))),
            C_SENDS("FA", 201, 301, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
        .outcome = {true, .pattern = PATTERN_one_direction, .closed_by = BY_C, .teardown_ms = 0},
    },
    {
        .name = "/engine/one_sided/server_only_reaches_fin_wait_1",
        .steps = STEPS(
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("A", 1, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), EVENTS(EV(capture_loss)),
                    AFTER_MS(40)),
            S_SENDS("PA", 1, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin)))),
        .outcome = {true, .pattern = PATTERN_one_direction, .closed_by = BY_S, .teardown_ms = 0},
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
