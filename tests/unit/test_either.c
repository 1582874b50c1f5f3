/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exchanges of which two stories are true: a RST reached its receiver, or it was lost behind the
 * capture, and the packets are the same. Each plays them once, names both stories, and asks that
 * the receiver's end is told as assumed until it says something itself.
 */
#include "script.h"

#include <glib.h>

#define ANY_EVENT MAY(~(event_set)0)
#define ASSUMED_C .check_confirmed = true, .confirmed = {false, true}
#define ASSUMED_S .check_confirmed = true, .confirmed = {true, false}

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        /*
         * An orphan answers each of two segments. The first answer ends S and the second finds
         * nobody, or the first is lost and the second ends it.
         */
        .name = "/engine/either/first_or_second_of_two_answers",
        .steps = STEPS(
            HALF_CLOSED,
            S_SENDS("A", 201, 202, 1000, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            S_SENDS("PA", 1201, 202, 500, SHOWS(FIN_WAIT_2, CLOSE_WAIT), ANY_EVENT),
            C_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), ASSUMED_S,
                    VERDICT(ACCEPTED), EVENTS(EV(rst_accepted))),
            C_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), ASSUMED_S,
                    VERDICT(AFTER_CLOSE), EVENTS(EV(rst_after_close)))),
    },
    {
        /*
         * The FINs cross, and a closed C answers FIN and ACK, with the numbers of both. The first
         * ends S in CLOSING, where Linux takes the number of the FIN (tcp_reset_check), or is lost.
         */
        .name = "/engine/either/answer_at_fin_or_behind_it",
        .steps = STEPS(
            FINS_CROSSED,
            S_SENDS("A", 202, 202, 0, SHOWS_ANY, ANY_EVENT),
            C_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS_S(CLOSED), ANY_VERDICT, ANY_EVENT),
            C_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), ASSUMED_S, ANY_VERDICT,
                    ANY_EVENT)),
    },
    {
        /*
         * S's data comes within a round trip of the RST. It left before the RST came, and C's
         * answer finds nobody; or the RST was lost, and the answer ends S.
         */
        .name = "/engine/either/rst_or_the_answer_to_what_crossed_it",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 401, 0, SHOWS(CLOSED, CLOSED), ASSUMED_S, ANY_VERDICT, ANY_EVENT),
            S_SENDS("PA", 201, 201, 50, SHOWS(CLOSED, CLOSED), ANY_EVENT),
            C_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), ASSUMED_S,
                    VERDICT(AFTER_CLOSE), ANY_EVENT)),
    },
    {
        /* The same RST again, while its receiver is silent: either one ends it. */
        .name = "/engine/either/rst_or_its_repetition",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), ASSUMED_S, AFTER_MS(50),
                    VERDICT(ACCEPTED), EVENTS(EV(rst_accepted))),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), ASSUMED_S, AFTER_MS(20),
                    VERDICT(AFTER_CLOSE), ANY_EVENT)),
    },
    {
        /*
         * S resets, and C within a round trip. Both have decided; or somebody else has sent both,
         * and S was alive until the second.
         */
        .name = "/engine/either/rsts_both_ways_within_a_round_trip",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), ASSUMED_C, VERDICT(ACCEPTED),
                    EVENTS(EV(rst_accepted))),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), VERDICT(AFTER_CLOSE), ANY_EVENT)),
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
