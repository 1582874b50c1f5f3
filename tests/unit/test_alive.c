/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What shows that a socket is alive behind a RST of its own or its peer's, and what does not. Each
 * sign stands beside one that is nearly the same and shows nothing.
 */
#include "script.h"

#include <glib.h>

#define ANY_EVENT MAY(~(event_set)0)
#define C2 100000 /* where a second connection begins */
#define S2 500000

/* Frames 6 to 8: both have written with identifications that count up. C next 301, S next 301. */
#define COUNTED                                                                     \
    OPENED, C_SENDS("PA", 201, 201, 50, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(7)), \
        C_SENDS("PA", 251, 201, 50, SHOWS(ESTABLISHED, ESTABLISHED), IP_ID(8)),     \
        S_SENDS("PA", 201, 301, 100, SHOWS(ESTABLISHED, ESTABLISHED))

/* Frames 6 to 9: S goes on writing, and may send the rest of it as well. */
#define WRITES_ON(last)                                                                            \
    HALF_CLOSED, S_SENDS("A", 201, 202, 1000, SHOWS(FIN_WAIT_2, CLOSE_WAIT), IP_ID(7), ANY_EVENT), \
        S_SENDS(last, 1201, 202, 1000, SHOWS(FIN_WAIT_2, CLOSE_WAIT), IP_ID(8), ANY_EVENT),        \
        C_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), TAKEN)

/* Frames 6 to 9: somebody resets in C's name, and begins a connection that S takes. */
#define FOREIGN_SYN_TAKEN                                                                        \
    OPENED, C_SENDS("A", 201, 401, 0, SHOWS_ANY, ANY_EVENT),                                     \
        C_SENDS("RA", 201, 401, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(50), ANY_VERDICT, ANY_EVENT), \
        C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), ANY_EVENT),            \
        S_SENDS("SA", S2, C2 + 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), ANY_EVENT)

/* Frame 6: nothing is left to be acknowledged by S. */
#define BOTH_ACKED OPENED, S_SENDS("A", 401, 201, 0, SHOWS_ANY, ANY_EVENT)

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- the identification of the RST ---- */
    {
        /* No stack gives two packets the same one: somebody has guessed it. */
        .name = "/engine/closed/segment_with_identification_of_own_rst_disowns_it",
        .steps = STEPS(
            COUNTED,
            C_SENDS("RA", 301, 301, 0, SHOWS(CLOSED, CLOSED), IP_ID(9), TAKEN),
            C_SENDS("A", 301, 301, 0, SHOWS_C(ESTABLISHED), IP_ID(9),
                    EVENTS(EV(rst_suspect)), ANY_EVENT)),
    },
    {
        .name = "/engine/closed/segment_with_identification_before_own_rst_is_late",
        .steps = STEPS(
            COUNTED,
            C_SENDS("RA", 301, 301, 0, SHOWS(CLOSED, CLOSED), IP_ID(10), TAKEN),
            C_SENDS("A", 301, 301, 0, SHOWS(CLOSED, CLOSED), IP_ID(9),
                    NEVER(EV(rst_suspect)), ANY_EVENT)),
    },

    /* ---- SACK blocks ---- */
    {
        /* What they cover came behind the RST. */
        .name = "/engine/closed/sack_of_what_came_behind_own_rst_disowns_it",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("FA", 241, 201, 0, SHOWS(CLOSED, CLOSED), UNSTAMPED, ANY_EVENT),
            S_SENDS("A", 201, 201, 0, SACK(241, 242), SHOWS_S(ESTABLISHED),
                    EVENTS(EV(rst_suspect)), ANY_EVENT)),
    },
    {
        .name = "/engine/closed/sack_of_what_came_before_own_rst_is_late",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 241, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), UNSTAMPED, WINDOW(512),
                    ANY_EVENT),
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("A", 201, 201, 0, SACK(241, 242), SHOWS(CLOSED, CLOSED), ANY_EVENT)),
    },

    /* ---- an answer to a SYN that was not its peer's ---- */
    {
        /* It has not to acknowledge that SYN, to be alive. */
        .name = "/engine/closed/data_long_behind_answer_to_foreign_syn_disowns_it",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED), ANY_EVENT),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS_ANY, AFTER_MS(50), ANY_EVENT),
            S_SENDS("A", 401, 201, 0, SHOWS_S(ESTABLISHED), ANY_EVENT),
            S_SENDS("R", 401, 0, 0, SHOWS_S(CLOSED), ANY_VERDICT, ANY_EVENT),
            S_SENDS("PA", 401, 201, 30, SHOWS_S(ESTABLISHED), AFTER_MS(20), ANY_EVENT)),
    },

    /* ---- a challenge ACK to a SYN-ACK ---- */
    {
        .name = "/engine/closed/last_ack_again_behind_syn_ack_shows_former_socket_alive",
        .steps = STEPS(
            FOREIGN_SYN_TAKEN,
            C_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), ANY_EVENT),
            S_SENDS("R", 401, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, SYN_RECEIVED), VERDICT(ACCEPTED),
                    ANY_EVENT)),
    },
    {
        /* It acknowledges the SYN-ACK: the SYN was its own. */
        .name = "/engine/established/ack_of_syn_ack_shows_new_socket",
        .steps = STEPS(
            FOREIGN_SYN_TAKEN,
            C_SENDS("A", C2 + 1, S2 + 1, 0, SHOWS(ESTABLISHED, ESTABLISHED), ANY_EVENT),
            S_SENDS("R", 401, 0, 0, ZERO_WINDOW, SHOWS_C(ESTABLISHED), ANY_VERDICT, ANY_EVENT)),
    },

    /* ---- the rest of a write ---- */
    {
        /* Nothing was pushed before it, and it is the next packet: it was sent with the others. */
        .name = "/engine/closed/rest_of_a_write_behind_rst_is_late",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            WRITES_ON("A"),
            S_SENDS("PA", 2201, 202, 80, SHOWS_S(CLOSED), AFTER_MS(50), IP_ID(9), ANY_EVENT)),
    },
    {
        .name = "/engine/closed/a_new_write_behind_rst_shows_it_alive",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            WRITES_ON("PA"),
            S_SENDS("PA", 2201, 202, 80, SHOWS_S(CLOSE_WAIT), AFTER_MS(50), IP_ID(9), ANY_EVENT)),
    },
    {
        /* It has sent another packet since, which was not captured. */
        .name = "/engine/closed/rest_of_a_write_sent_again_behind_rst_shows_it_alive",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            WRITES_ON("A"),
            S_SENDS("PA", 2201, 202, 80, SHOWS_S(CLOSE_WAIT), AFTER_MS(50), IP_ID(10),
                    ANY_EVENT)),
    },

    /* ---- a RST beyond a hole that is filled ---- */
    {
        /* Its ACK was sent before the RST came, as far as is known: it took that at its place. */
        .name = "/engine/closed/hole_that_was_filled_before_rst_shows_rst_taken",
        .only = WITHOUT_TIMESTAMPS,
        .no_sack = true,
        .steps = STEPS(
            BOTH_ACKED,
            C_SENDS("A", 201, 401, 100, SHOWS(ESTABLISHED, ESTABLISHED), ANY_EVENT),
            S_SENDS("A", 401, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(30), ANY_EVENT),
            C_SENDS("RA", 301, 401, 0, SHOWS(CLOSED, ESTABLISHED), VERDICT(CHALLENGE), ANY_EVENT),
            S_SENDS("A", 401, 301, 0, SHOWS(CLOSED, CLOSED), AFTER_MS(4), ANY_EVENT)),
    },
    {
        /* By its clock it was sent since. */
        .name = "/engine/established/hole_that_is_filled_behind_rst_shows_rst_not_taken",
        .only = WITH_TIMESTAMPS,
        .no_sack = true,
        .steps = STEPS(
            BOTH_ACKED,
            C_SENDS("A", 201, 401, 100, SHOWS(ESTABLISHED, ESTABLISHED), ANY_EVENT),
            S_SENDS("A", 401, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(30), ANY_EVENT),
            C_SENDS("RA", 301, 401, 0, SHOWS(CLOSED, ESTABLISHED), VERDICT(CHALLENGE), ANY_EVENT),
            S_SENDS("A", 401, 301, 0, SHOWS(CLOSED, ESTABLISHED), AFTER_MS(4), ANY_EVENT)),
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
