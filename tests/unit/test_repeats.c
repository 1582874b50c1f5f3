/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What moves nothing: repeats, copies, stale and duplicate ACKs, keep-alives, probes. */
#include "script.h"

#include <glib.h>

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        /* In one tick of its clock, and by IPv6: nothing but the time stamp of the FIN tells. */
        .name = "/engine/close_wait/fin_sent_again_with_what_lay_before_it_is_no_copy",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(250)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), COPY,
                    EVENTS(EV(fin_retransmission))),
            /* Of the data, and sent before the second FIN came: that is there. */
            S_SENDS("A", 201, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT))),
    },
    /* ---- a FIN again ---- */
    {
        .name = "/engine/close_wait/repeated_fin_stays",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300),
                    FIN_AGAIN, REPEATS(6)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(600),
                    FIN_AGAIN, REPEATS(6))),
        .outcome = {true, .pattern = PATTERN_fin_unanswered, .closed_by = BY_C,
                    .fin_retransmissions = 2, .teardown_ms = 0},
    },
    {
        .name = "/engine/fin_wait_1/fin_repeated_with_data_in_front_keeps_its_end",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            C_SENDS("PFA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), FIN_AGAIN),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_1/fin_with_another_end_has_moved",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 211, 201, 0, SHOWS_C(FIN_WAIT_1), AFTER_MS(300),
                    EVENTS(EV(fin) | EV(fin_moved)),
                    MAY(EV(fin_out_of_order) | EV(data_after_fin)))),
    },
    {
        .name = "/engine/closing/repeated_fin_stays",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, CLOSING), AFTER_MS(300),
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(fin_ack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack)))),
    },

    /* ---- copies made by the network or the capture ---- */
    {
        .name = "/engine/fin_wait_1/copied_fin_is_no_retransmission",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), COPY),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 2},
    },
    {
        .name = "/engine/fin_wait_2/copied_fin_stays",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), COPY)),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 1},
    },
    {
        .name = "/engine/fin_wait_2/late_copy_with_its_timestamp_stays",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), COPY, AFTER_MS(700))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 1},
    },
    {
        /* The retransmission is behind: its copy has the newer timestamp, and counts once. */
        .name = "/engine/fin_wait_1/copy_of_retransmission_counts_once",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300), FIN_AGAIN),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), COPY)),
        .outcome = {true, .pattern = PATTERN_fin_unanswered, .closed_by = BY_C,
                    .fin_retransmissions = 1, .teardown_ms = 0},
    },
    {
        .name = "/engine/fin_wait_2/late_copy_with_its_ip_id_stays",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(777), EVENTS(EV(fin))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), IP_ID(777), AFTER_MS(70))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 1},
    },
    {
        .name = "/engine/fin_wait_2/fin_with_another_ip_id_is_retransmission",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(777), EVENTS(EV(fin))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(778), AFTER_MS(700),
                    FIN_AGAIN)),
    },
    {
        /* Some stacks send the same packet again. */
        .name = "/engine/fin_wait_2/fin_with_its_ip_id_after_a_timeout_is_retransmission",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(777), EVENTS(EV(fin))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(777), AFTER_MS(310),
                    FIN_AGAIN)),
    },
    {
        /* The timestamp clock has not ticked, but the peer's FIN has come. */
        .name = "/engine/closing/own_fin_with_newer_ack_is_retransmission",
        .steps = STEPS(
            FINS_CROSSED,
            C_SENDS("FA", 201, 202, 0, SHOWS(CLOSING, TIME_WAIT), COPY,
                    EVENTS(EV(fin) | EV(fin_retransmission) | EV(fin_ack)))),
    },
    {
        .name = "/engine/closed/copies_of_rst_and_of_the_ack_before_it_raise_nothing",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(41)),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), IP_ID(42), TAKEN),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), IP_ID(42), VERDICT(AFTER_CLOSE),
                    NEVER(EV(rst_after_close))),
            C_SENDS("A", 201, 201, 0, SHOWS(CLOSED, CLOSED), IP_ID(41), AFTER_MS(20))),
    },
    {
        /* Sent before the RST came, captured long after it, twice, and received by nobody. */
        .name = "/engine/closed/copy_of_a_late_fin_proves_nothing",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 201, 201, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(300), AGED_MS(300),
                    EVENTS(EV(fin))),
            C_SENDS("FA", 201, 201, 0, SHOWS(CLOSED, CLOSED), COPY)),
    },
    {
        /* The receiver does with a copy what it did with the RST: it has its verdict, no more. */
        .name = "/engine/established/copy_of_rst_raises_no_second_challenge",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 301, 201, 0, SHOWS(ESTABLISHED, CLOSED), IP_ID(9), VERDICT(CHALLENGE),
                    EVENTS(EV(rst_challenge))),
            S_SENDS("RA", 301, 201, 0, SHOWS(ESTABLISHED, CLOSED), IP_ID(9), VERDICT(CHALLENGE),
                    NEVER(EV(rst_challenge)))),
    },
    {
        /* It has the identification of a packet before the FIN's ACK: it says nothing of now. */
        .name = "/engine/close_wait/old_data_by_ip_id_stays",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(10)),
            S_SENDS("PA", 1, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(11)),
            S_SENDS("PA", 101, 1, 100, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(12)),
            C_SENDS("FA", 1, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("PA", 1, 1, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(11), AFTER_MS(50)),
            S_SENDS("PA", 101, 1, 100, SHOWS(FIN_WAIT_1, CLOSE_WAIT), IP_ID(12), AFTER_MS(60))),
    },
    {
        .name = "/engine/established/syn_twice_owes_no_challenge_ack",
        .steps = STEPS(
            FIRST_SYN,
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), COPY),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), COPY),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), NEVER(EV(challenge_ack)))),
    },
    {
        /* Wireshark cuts streams where it sees a gap; a connection begins with a SYN. */
        .name = "/engine/established/new_stream_without_syn_goes_on",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED), NEW_STREAM,
                    NEVER(EV(stale_incarnation))),
            C_SENDS("FA", 211, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 212, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("FA", 201, 212, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            C_SENDS("A", 212, 202, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)))),
    },
    {
        /* A SPAN port that mirrors both sides shows everything twice. */
        .name = "/engine/fin_wait_1/everything_twice_is_a_normal_close",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), COPY),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), COPY),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), COPY),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    MAY(EV(time_wait_reack))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), COPY, MAY(EV(time_wait_reack)))),
        .outcome = {true, .pattern = PATTERN_four_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 6},
    },
    {
        .name = "/engine/established/copied_handshake_is_a_normal_open",
        .steps = STEPS(
            FIRST_SYN,
            C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), COPY),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), COPY),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), MAY(EV(challenge_ack))),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), COPY, MAY(EV(challenge_ack)))),
    },

    /* ---- ACKs ---- */
    {
        .name = "/engine/fin_wait_2/own_and_duplicate_acks_stay",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), NEVER(EV(fin_ack))),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300))),
    },
    {
        .name = "/engine/fin_wait_2/stale_ack_stays",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AGED_MS(3)),
            S_SENDS("A", 201, 1, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AGED_MS(9), AFTER_MS(300))),
    },
    {
        .name = "/engine/last_ack/stale_and_duplicate_acks_stay",
        .steps = STEPS(
            SECOND_FIN_SENT,
            C_SENDS("A", 202, 201, 0, SHOWS(TIME_WAIT, LAST_ACK), NEVER(EV(fin_ack))),
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), NEVER(EV(fin_ack)))),
    },
    {
        .name = "/engine/closing/stale_ack_stays",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 201, 0, SHOWS(CLOSING, CLOSING), NEVER(EV(fin_ack)))),
    },
    {
        .name = "/engine/time_wait/duplicate_last_ack_stays",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(300), NEVER(EV(fin_ack)))),
    },

    /* ---- keep-alives and zero windows ---- */
    {
        .name = "/engine/established/keepalive_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(7200)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("A", 200, 201, 1, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_S(7200)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/close_wait/keepalive_of_both_stays",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 200, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(7200),
                    EVENTS(EV(close_wait_alarm))),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            C_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(7200)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 1},
    },
    {
        /* Some stacks send one byte of garbage: RFC 9293 section 3.8.4. Its place is the FIN's. */
        .name = "/engine/fin_wait_2/keepalive_with_a_byte_stays",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 201, 201, 1, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(20)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)))),
    },
    {
        .name = "/engine/close_wait/keepalive_with_a_byte_is_no_half_close_data",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 200, 202, 1, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(20)),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT))),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_C, .teardown_ms = 1},
    },
    {
        .name = "/engine/established/zero_window_probe_stays",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), ZERO_WINDOW),
            C_SENDS("A", 201, 201, 1, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(300)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), ZERO_WINDOW),
            C_SENDS("A", 200, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(600)),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), ZERO_WINDOW),
            S_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(900)),
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_2/zero_window_probe_stays",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ZERO_WINDOW),
            S_SENDS("A", 200, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ZERO_WINDOW),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)))),
    },

    /* ---- data where none should be ---- */
    {
        .name = "/engine/fin_wait_1/data_beyond_own_fin_is_an_anomaly",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("PA", 202, 201, 50, SHOWS_ANY, EVENTS(EV(data_after_fin)))),
    },
    {
        .name = "/engine/fin_wait_1/retransmitted_data_before_own_fin_is_none",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(5))),
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
