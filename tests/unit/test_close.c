/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FINs and their ACKs in order, RFC 9293 sections 3.6 and 3.10.7.4, and what must move nothing. */
#include "script.h"

#include <glib.h>

/* C's FIN is captured that long before its clock says that it was sent. C next 212, S next 201. */
#define FIN_EARLY_MS(ms)                                                  \
    OPENED, C_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)), \
        C_SENDS("FA", 211, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AGED_MS(-(ms)), EVENTS(EV(fin)))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- RFC 9293 section 3.4: the number of a FIN ---- */
    {
        .name = "/engine/fin_wait_1/ack_of_fin_goes_fin_wait_2",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)),
                    WHY(SENT_FIN, GOT_FIN)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)),
                    FIN_ACKS(6),
                    WHY(GOT_ACK_OF_FIN, NONE))),
    },
    {
        .name = "/engine/fin_wait_1/ack_of_data_before_fin_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 401, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), NEVER(EV(fin_ack))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_1/fin_ends_its_payload",
        .steps = STEPS(
            OPENED,
            C_SENDS("PFA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 202, 0, SHOWS_C(FIN_WAIT_1), NEVER(EV(fin_ack))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/fin_wait_1/ack_beyond_fin_stays",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("A", 201, 999, 0, SHOWS_C(FIN_WAIT_1), NEVER(EV(fin_ack)))),
    },
    {
        .name = "/engine/last_ack/ack_of_data_before_fin_stays",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(half_close_data))),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(time_wait))),
            C_SENDS("A", 202, 401, 0, SHOWS(TIME_WAIT, LAST_ACK), NEVER(EV(fin_ack))),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/last_ack/ack_beyond_fin_stays",
        .steps = STEPS(
            SECOND_FIN_SENT,
            C_SENDS("A", 202, 999, 0, SHOWS_S(LAST_ACK), NEVER(EV(fin_ack)))),
    },
    {
        .name = "/engine/closing/ack_of_fin_goes_time_wait",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSING),
                    EVENTS(EV(fin_ack) | EV(time_wait))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT),
                    EVENTS(EV(fin_ack) | EV(time_wait) | EV(close_complete)))),
    },

    /* ---- tcp_data_queue_ofo: a FIN beyond a hole ---- */
    {
        .name = "/engine/established/fin_beyond_hole_waits_for_filling",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        .name = "/engine/established/fin_beyond_two_holes_waits_for_both",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 801, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            C_SENDS("PA", 401, 201, 200, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_MS(300)),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, ESTABLISHED)),
            C_SENDS("PA", 601, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT))),
    },
    {
        .name = "/engine/established/ack_of_fin_beyond_hole_goes_close_wait",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)),
                    MAY(EV(capture_loss)), WHY(NONE, SENT_ACK_OF_FIN))),
    },
    {
        .name = "/engine/established/ack_of_fin_beyond_hole_shows_capture_loss",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT),
                    EVENTS(EV(fin_ack) | EV(capture_loss)))),
    },
    {
        /* The hole is the capture's: what was captured behind it was delivered, too. */
        .name = "/engine/established/ack_beyond_hole_of_capture_delivers_the_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(capture_loss)),
                    WHY(NONE, GOT_FIN), CONFIRMED(true, false)),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)),
                    CONFIRMED(false, true))),
    },
    {
        .name = "/engine/established/ack_beyond_hole_that_shows_another_one_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 301, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 301, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), SACK(401, 402),
                    EVENTS(EV(capture_loss)))),
    },
    {
        .name = "/engine/established/sack_of_fin_beyond_hole_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), SACK(401, 402)),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300))),
    },
    {
        /* The data was captured and then lost: the SACK says so, and the FIN waits again. */
        .name = "/engine/close_wait/sack_below_fin_goes_back_to_established",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 201, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), SACK(401, 402)),
            C_SENDS("PA", 201, 201, 200, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(300)),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    /* ---- the quickest answer took 0.1 ms: what is sent after the FIN, and not for it ---- */
    {
        .name = "/engine/close_wait/new_data_after_two_round_trips_goes_back_to_established",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_US(100)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("PA", 201, 301, 50, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_US(500))),
    },
    {
        .name = "/engine/close_wait/new_data_within_two_round_trips_crossed_the_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_US(100)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("PA", 201, 301, 50, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_US(150))),
    },
    {
        /* It may wait behind what the application is copying into the socket. */
        .name = "/engine/close_wait/fin_after_two_round_trips_crossed_the_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_US(100)),
            C_SENDS("FA", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 201, 301, 0, SHOWS(CLOSING, CLOSING), AFTER_US(500),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        .name = "/engine/fin_wait_1/fin_beyond_hole_stays",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 401, 202, 0, SHOWS(FIN_WAIT_2, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(fin_out_of_order))),
            S_SENDS("PA", 201, 202, 200, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300),
                    MAY(EV(half_close_data)))),
    },
    {
        .name = "/engine/fin_wait_2/fin_beyond_hole_stays",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("FA", 401, 202, 0, SHOWS(FIN_WAIT_2, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            S_SENDS("PA", 201, 202, 200, SHOWS(TIME_WAIT, LAST_ACK), AFTER_MS(300),
                    MAY(EV(half_close_data)))),
    },
    {
        .name = "/engine/fin_wait_2/ack_of_fin_beyond_hole_goes_time_wait",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("FA", 401, 202, 0, SHOWS(FIN_WAIT_2, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_out_of_order))),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack) | EV(time_wait)),
                    MAY(EV(capture_loss)))),
    },

    /* ---- RFC 9293 section 3.10.7.4, eighth: FIN|ACK in FIN_WAIT_1 ---- */
    {
        .name = "/engine/fin_wait_1/fin_with_ack_goes_time_wait",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(time_wait)), NEVER(EV(simultaneous_close)),
                    FIN_ACKS(6)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)), FIN_ACKS(7))),
    },
    {
        .name = "/engine/fin_wait_1/fin_without_ack_goes_closing",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSING, CLOSING),
                    EVENTS(EV(fin) | EV(simultaneous_close)), NEVER(EV(fin_ack) | EV(time_wait)),
                    WHY(GOT_FIN, SENT_FIN_UNCOVERED))),
    },
    {
        .name = "/engine/fin_wait_1/fin_with_data_without_ack_goes_closing",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("PFA", 201, 201, 200, SHOWS(CLOSING, CLOSING),
                    EVENTS(EV(fin) | EV(simultaneous_close))),
            C_SENDS("A", 202, 402, 0, SHOWS(CLOSING, TIME_WAIT), EVENTS(EV(fin_ack))),
            S_SENDS("A", 402, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)))),
    },

    /* ---- RFC 9293 section 3.6: half-close lasts ---- */
    {
        .name = "/engine/fin_wait_2/ten_hours_of_half_close_stay",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("PA", 201, 202, 200, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_S(36000),
                    EVENTS(EV(half_close_data) | EV(close_wait_alarm))),
            C_SENDS("A", 202, 401, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            S_SENDS("FA", 401, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), AFTER_S(36000), EVENTS(EV(fin))),
            C_SENDS("A", 202, 402, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_half_close, .closed_by = BY_C, .complete = true,
                    .half_close_bytes = 200, .teardown_ms = 72000003},
    },

    /* ---- numbers wrap, unknown bits ---- */
    {
        .name = "/engine/established/ecn_and_urgent_change_nothing",
        .steps = STEPS(
            OPENED,
            C_SENDS("PAUEW", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("AE", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FAUW", 301, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("AE", 201, 302, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },
    {
        /* Between the two halves of the number circle: 600 MB further is still "after". */
        .name = "/engine/established/numbers_far_ahead_compare_modulo",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 600000001, 0, SHOWS(ESTABLISHED, ESTABLISHED),
                    EVENTS(EV(capture_loss))),
            C_SENDS("FA", 600000001, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("A", 201, 600000002, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))),
    },

    /* ---- a FIN that was captured before its sender's clock says that it was sent ---- */
    {
        .name = "/engine/closing/early_fin_changes_places_with_its_senders_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("FA", 201, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AGED_MS(-60), EVENTS(EV(fin))),
            C_SENDS("A", 201, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(60), AGED_MS(60)),
            S_SENDS("FA", 211, 201, 0, SHOWS(CLOSING, CLOSING),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        .name = "/engine/closing/early_fin_changes_places_with_its_peers_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FIN_EARLY_MS(50),
            S_SENDS("A", 201, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(50), AGED_MS(50)),
            S_SENDS("FA", 201, 211, 0, SHOWS(CLOSING, CLOSING),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        /* The FIN was due later than the ACK came, */
        .name = "/engine/close_wait/early_fin_stays_before_a_late_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FIN_EARLY_MS(200),
            S_SENDS("A", 201, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(50), AGED_MS(50)),
            S_SENDS("FA", 201, 211, 0, SHOWS(CLOSING, FIN_WAIT_1),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        /* or long before. */
        .name = "/engine/close_wait/early_fin_stays_before_a_later_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FIN_EARLY_MS(50),
            S_SENDS("A", 201, 211, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(200), AGED_MS(200)),
            S_SENDS("FA", 201, 211, 0, SHOWS(CLOSING, FIN_WAIT_1),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        /* By its clock, the ACK was sent when it was captured: it has waited for a FIN in vain. */
        .name = "/engine/established/ack_in_time_lacks_an_early_fin",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            FIN_EARLY_MS(50),
            S_SENDS("A", 201, 211, 0, SHOWS(FIN_WAIT_1, ESTABLISHED), AFTER_MS(50)),
            S_SENDS("FA", 201, 211, 0, SHOWS(CLOSING, FIN_WAIT_1),
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
