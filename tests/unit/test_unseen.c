/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an ACK tells of a segment that was not captured: one number is a byte or a FIN, and of two
 * FINs one may have answered the other. Where the packets leave it open, what is shown is not
 * confirmed.
 */
#include "script.h"

#include <glib.h>

/* S's next two packets are counted by IP; next of S: 221. */
#define COUNTED                                                                     \
    OPENED, S_SENDS("PA", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(7)), \
        S_SENDS("PA", 211, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(8)),     \
        C_SENDS("FA", 201, 221, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))

#define UNSURE CONFIRMED(false, false)
#define LOSS EVENTS(EV(capture_loss))
#define FIN_UNSEEN EVENTS(EV(capture_loss) | EV(fin_ack)), MAY(EV(close_complete))

/* After FIN_SENT but its ACK: frame 6 is C's FIN. Each end has responded within 1 ms. */
#define FIN_UNDER_WAY \
    OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- a byte or a FIN ---- */
    {
        /* Linux acknowledges data at once, and a FIN 40 ms later: tcp_fin, TCP_ATO_MIN. */
        .name = "/engine/established/one_number_acknowledged_at_once_is_a_byte",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(30), LOSS),
            C_SENDS("A", 202, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(60))),
    },
    {
        .name = "/engine/established/one_number_acknowledged_late_is_a_fin",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45), FIN_UNSEEN, UNSURE)),
    },
    {
        /* Without data before, it takes no more than a tick. */
        .name = "/engine/established/first_number_acknowledged_at_once_is_a_byte",
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("A", 1, 2, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(1), LOSS)),
    },
    {
        .name = "/engine/established/first_number_acknowledged_after_a_tick_is_a_fin",
        .steps = STEPS(
            HANDSHAKE,
            S_SENDS("A", 1, 2, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(4), FIN_UNSEEN, UNSURE)),
    },
    {
        /* FreeBSD acknowledges a FIN at once: TF_ACKNOW. */
        .name = "/engine/bsd/established/one_number_acknowledged_at_once_is_a_fin",
        .stack = STACK_BSD,
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(3), FIN_UNSEEN, UNSURE)),
    },
    {
        .name = "/engine/established/one_number_first_acknowledged_with_data_is_a_fin",
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 202, 100, SHOWS(FIN_WAIT_2, CLOSE_WAIT), UNSURE,
                    EVENTS(EV(capture_loss) | EV(fin_ack) | EV(half_close_data))),
            C_SENDS("A", 202, 301, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT)),
            C_SENDS("PA", 202, 301, 10, SHOWS(ESTABLISHED, ESTABLISHED))),
    },
    {
        .name = "/engine/established/keystroke_that_is_echoed_is_no_fin",
        .steps = STEPS(
            OPENED,
            S_SENDS("PA", 201, 202, 1, SHOWS(ESTABLISHED, ESTABLISHED), LOSS)),
    },
    {
        .name = "/engine/established/own_ack_behind_one_number_and_the_ack_of_it_tell_a_fin",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 202, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED), MAY(EV(capture_loss))),
            S_SENDS("A", 401, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(45),
                    EVENTS(EV(fin_ack)), UNSURE)),
    },
    {
        .name = "/engine/established/one_number_behind_unseen_data_acknowledged_before_is_a_fin",
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 251, 0, SHOWS(ESTABLISHED, ESTABLISHED), LOSS),
            S_SENDS("A", 201, 252, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(90), FIN_UNSEEN, UNSURE)),
    },

    /* ---- of two FINs one was not captured ---- */
    {
        .name = "/engine/closing/first_ack_of_the_fin_behind_one_unseen_number_tells_that_fins_crossed",
        .steps = STEPS(
            FIN_UNDER_WAY,
            S_SENDS("A", 202, 202, 0, SHOWS(FIN_WAIT_2, CLOSING), EVENTS(EV(fin_ack)), UNSURE,
                    MAY(EV(simultaneous_close) | EV(capture_loss))),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, TIME_WAIT), EVENTS(EV(fin_ack)),
                    MAY(EV(capture_loss) | EV(close_complete)))),
    },
    {
        /* What it answers may be a repeated FIN: its own has answered the first one. */
        .name = "/engine/close_wait/late_ack_of_the_fin_behind_one_unseen_number_tells_nothing",
        .steps = STEPS(
            FIN_UNDER_WAY,
            S_SENDS("A", 202, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(210),
                    EVENTS(EV(fin_ack)), MAY(EV(capture_loss)))),
    },
    {
        .name = "/engine/time_wait/unseen_fin_that_had_time_to_answer_did",
        .steps = STEPS(
            FIN_UNDER_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(5), FIN_UNSEEN)),
    },
    {
        .name = "/engine/closing/unseen_fin_that_had_no_time_to_answer_crossed",
        .steps = STEPS(
            FIN_UNDER_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(CLOSING, TIME_WAIT), AFTER_MS(1), FIN_UNSEEN)),
    },
    {
        /* A FIN that had arrived would have been acknowledged before. */
        .name = "/engine/closing/unseen_fin_long_after_the_ack_was_due_crossed",
        .steps = STEPS(
            FIN_UNDER_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(CLOSING, TIME_WAIT), AFTER_MS(60), FIN_UNSEEN)),
    },
    {
        .name = "/engine/closing/fin_captured_late_shows_that_it_crossed",
        .steps = STEPS(
            FIN_UNDER_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), AFTER_MS(5), FIN_UNSEEN),
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSING, TIME_WAIT),
                    EVENTS(EV(fin) | EV(simultaneous_close)))),
    },
    {
        .name = "/engine/time_wait/fin_captured_late_shows_that_it_answered",
        .steps = STEPS(
            FIN_UNDER_WAY,
            C_SENDS("A", 202, 202, 0, SHOWS(CLOSING, TIME_WAIT), AFTER_MS(1), FIN_UNSEEN),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin)),
                    MAY(EV(fin_ack) | EV(close_complete)))),
    },

    /* ---- a FIN that answers, or comes again: a lost one had crossed the peer's ---- */
    {
        /* Only the ACK of the peer's FIN is missing: had a FIN crossed it, two packets would be. */
        .name = "/engine/close_wait/fin_behind_one_packet_answers",
        .steps = STEPS(
            COUNTED,
            S_SENDS("FA", 221, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), IP_ID(10), AFTER_MS(60),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(time_wait)), CONFIRMED(false, true))),
    },
    {
        .name = "/engine/close_wait/fin_behind_two_packets_may_come_again",
        .steps = STEPS(
            COUNTED,
            S_SENDS("FA", 221, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), IP_ID(11), AFTER_MS(60),
                    EVENTS(EV(fin) | EV(fin_ack) | EV(time_wait)), UNSURE),
            C_SENDS("A", 202, 222, 0, SHOWS(TIME_WAIT, CLOSED),
                    EVENTS(EV(fin_ack) | EV(close_complete)), CONFIRMED(true, false)),
            S_SENDS("FA", 221, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), IP_ID(12), AFTER_MS(400), FIN_AGAIN,
                    MAY(EV(fin_ack)), CONFIRMED(true, false))),
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
