/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * New streams on endpoints in use: RFC 6191, RFC 5961 section 4, __inet_check_established.
 * Wireshark begins a new stream with every SYN of a new number; the sockets go on from where they
 * were.
 */
#include "script.h"

#include <glib.h>

/* First numbers of the new sockets: Linux reuses at old snd_nxt + 65537. */
enum { C2 = 202 + 65537, S2 = 300000, C_FORGED = 77000 };

#define LOWER (0U - 500000) /* below what the old connection used */

/* clang-format off */
#define NEW_HANDSHAKE_ANSWER                                             \
    S_SENDS("SA", S2, C2 + 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),      \
    C_SENDS("A", C2 + 1, S2 + 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))

/* S closes first: C CLOSED, S TIME_WAIT. */
#define SERVER_TIME_WAIT                                                                      \
    OPENED,                                                                                   \
    S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),               \
    C_SENDS("A", 201, 202, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), EVENTS(EV(fin_ack))),            \
    C_SENDS("FA", 201, 202, 0, SHOWS(LAST_ACK, TIME_WAIT), EVENTS(EV(fin))),                  \
    S_SENDS("A", 202, 202, 0, SHOWS(CLOSED, TIME_WAIT), EVENTS(EV(fin_ack)))
/* clang-format on */

#define OLD MAY(EV(stale_incarnation) | EV(challenge_ack))

/* clang-format off */
static const struct scenario scenarios[] = {
    /* ---- a SYN that was captured before its sender's clock says that it was sent ---- */
    {
        .name = "/engine/syn_sent/old_segment_by_the_clock_refutes_no_early_syn",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            S_SENDS("A", 201, 201, 10, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AGED_MS(-500)),
            C_SENDS("A", 201, 211, 0, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(500), AGED_MS(500), OLD)),
    },
    {
        .name = "/engine/last_ack/early_syn_comes_behind_the_last_ack",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack))),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, LAST_ACK), AGED_MS(-500),
                    EVENTS(EV(time_wait_reuse))),
            C_SENDS("A", 202, 202, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(501), AGED_MS(500), OLD)),
    },
    {
        .name = "/engine/last_ack/late_last_ack_behind_a_syn_in_time",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            OPENED,
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack))),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, LAST_ACK), AFTER_MS(500),
                    EVENTS(EV(time_wait_reuse))),
            C_SENDS("A", 202, 202, 0, SHOWS(SYN_SENT, CLOSED), AFTER_MS(500), AGED_MS(1000), OLD)),
    },

    /* ---- TIME_WAIT is reused ---- */
    {
        .name = "/engine/time_wait/own_new_syn_reuses",
        .steps = STEPS(
            FOUR_WAY,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse))),
            NEW_HANDSHAKE_ANSWER),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/time_wait/higher_syn_reuses",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse))),
            NEW_HANDSHAKE_ANSWER,
            C_SENDS("FA", C2 + 1, S2 + 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
            S_SENDS("FA", S2 + 1, C2 + 2, 0, SHOWS(TIME_WAIT, LAST_ACK),
                    EVENTS(EV(fin) | EV(fin_ack))),
            C_SENDS("A", C2 + 2, S2 + 2, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_three_way, .closed_by = BY_C, .complete = true,
                    .teardown_ms = 2},
    },
    {
        .name = "/engine/time_wait/lower_syn_with_newer_timestamp_reuses",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", LOWER, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse)))),
    },
    {
        .name = "/engine/time_wait/lower_syn_draws_challenge",
        .only = WITHOUT_TIMESTAMPS,
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", LOWER, 0, 0, NEW_STREAM, SHOWS_S(TIME_WAIT), AFTER_S(1), OLD),
            S_SENDS("A", 202, 202, 0, SHOWS_S(TIME_WAIT), OLD, NEVER(EV(fin_ack))),
            C_SENDS("R", 202, 0, 0, SHOWS_S(CLOSED), VERDICT(ACCEPTED), EVENTS(EV(time_wait_reset)),
                    MAY(EV(rst_accepted) | EV(stale_incarnation))),
            C_SENDS("S", LOWER, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1))),
    },
    {
        .name = "/engine/time_wait/syn_with_older_timestamp_stays",
        .only = WITH_TIMESTAMPS,
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS_S(TIME_WAIT), AFTER_S(1), AGED_MS(5000), OLD)),
    },
    {
        /* The same ISN is a retransmission, and Wireshark sees no new stream in it. */
        .name = "/engine/time_wait/same_syn_is_no_reuse",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", 0, 0, 0, SHOWS_S(TIME_WAIT), AFTER_MS(300), AGED_MS(310), OLD)),
    },
    {
        .name = "/engine/time_wait/syn_after_expiry_is_no_reuse",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(66),
                    EVENTS(EV(time_wait_expired))),
            NEW_HANDSHAKE_ANSWER),
    },
    {
        .name = "/engine/closed/new_syn_is_taken_by_other_role",
        .client = S,
        .steps = STEPS(
            FOUR_WAY,
            S_SENDS("S", S2, 0, 0, NEW_STREAM, SHOWS(SYN_RECEIVED, SYN_SENT), AFTER_S(70),
                    EVENTS(EV(time_wait_expired)))),
    },

    /* ---- a SYN in a connection that lives: RFC 5961 section 4.2 ---- */
    {
        /* It was alive all the time: no other socket has taken the SYN. */
        .name = "/engine/syn_received/rst_of_own_decision_of_former_socket_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(SYN_RECEIVED), AFTER_MS(60), OLD),
            S_SENDS("RA", 201, 201, 0, AGED_MS(0), SHOWS_S(CLOSED), ANY_VERDICT,
                    AFTER_MS(900), MAY(EV(rst_ignored) | EV(stale_incarnation) | EV(challenge_ack)))),
    },
    {
        /* Sent before the SYN came, which a listener has taken then. */
        .name = "/engine/syn_received/rst_of_former_socket_that_crossed_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(SYN_RECEIVED), AFTER_MS(60), OLD),
            S_SENDS("RA", 201, 201, 0, AGED_MS(0), SHOWS_S(SYN_RECEIVED), ANY_VERDICT,
                    MAY(EV(rst_ignored) | EV(stale_incarnation) | EV(challenge_ack)))),
    },
    {
        .name = "/engine/established/forged_syn_leaves_both_as_they_were",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), EVENTS(EV(challenge_ack)),
                    MAY(EV(stale_incarnation))),
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(600), OLD),
            S_SENDS("A", 201, 401, 0, SHOWS(ESTABLISHED, ESTABLISHED), OLD),
            C_SENDS("FA", 401, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)), OLD),
            S_SENDS("A", 201, 402, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)), OLD),
            S_SENDS("FA", 201, 402, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), OLD),
            C_SENDS("A", 402, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)), OLD)),
    },
    {
        /* Who has sent the SYN in its name has sent the RST behind it. */
        .name = "/engine/established/rst_behind_forged_syn_is_disowned",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", 1000, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), EVENTS(EV(challenge_ack)),
                    MAY(EV(stale_incarnation))),
            C_SENDS("RA", 3201, 201, 0, SHOWS_S(ESTABLISHED), ANY_VERDICT,
                    MAY(EV(rst_challenge) | EV(rst_ignored) | EV(stale_incarnation))),
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(600),
                    EVENTS(EV(rst_suspect)), OLD)),
    },
    {
        /* Linux sends its SYN again at once, which has no IP identification here. */
        .name = "/engine/closed/syn_again_behind_rst_that_answers_a_challenge_is_taken",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_S(1), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS(SYN_SENT, ESTABLISHED), OLD),
            C_SENDS("R", 201, 0, 0, SHOWS(SYN_SENT, CLOSED), TAKEN, MAY(EV(stale_incarnation))),
            C_SENDS("S", C2, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(15), OLD)),
    },
    {
        /* Its challenge ACK to the SYN-ACK shows that neither the RST nor the SYN was its own: and
         * so the RST that the peer's new socket answers with closes it. */
        .name = "/engine/established/challenges_syn_ack_behind_forged_rst_and_syn",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", S2, C_FORGED + 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 201, 201, 0, COPY, SHOWS(ESTABLISHED, SYN_RECEIVED),
                    EVENTS(EV(rst_suspect)), OLD),
            S_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, SYN_RECEIVED), TAKEN,
                    MAY(EV(stale_incarnation)))),
    },
    {
        /* It says something new: it was sent before the RST. */
        .name = "/engine/established/late_ack_behind_rst_and_syn_is_stale",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED)),
            S_SENDS("SA", S2, C_FORGED + 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED)),
            C_SENDS("A", 201, 201, 0, AGED_MS(3), SHOWS(ESTABLISHED, SYN_RECEIVED),
                    EVENTS(EV(stale_incarnation))),
            S_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(ESTABLISHED, SYN_RECEIVED),
                    VERDICT(IGNORED), MAY(EV(stale_incarnation) | EV(rst_ignored)))),
    },
    {
        /* In SYN_SENT nobody acknowledges what the peer has sent since the SYN; the bytes before
         * were not captured. */
        .name = "/engine/established/ack_behind_a_gap_and_forged_syn",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("FA", 201, 201, 0, SHOWS(SYN_SENT, FIN_WAIT_1), EVENTS(EV(fin)), OLD),
            C_SENDS("A", 301, 202, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_2), AFTER_MS(60),
                    EVENTS(EV(fin_ack)), OLD),
            S_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), TAKEN, OLD)),
    },
    {
        /* It says nothing that was not said before the SYN. */
        .name = "/engine/syn_sent/old_ack_behind_a_gap_and_forged_syn",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(60),
                    OLD),
            C_SENDS("A", 301, 201, 0, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(60), OLD)),
    },
    {
        /* A SYN leaves in doubt whether its receiver is there, until that is nobody's. */
        .name = "/engine/established/forged_syn_leaves_receiver_in_doubt",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(60),
                    CONFIRMED(true, false), OLD),
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(60),
                    CONFIRMED(true, true), OLD)),
    },
    {
        /* Who has sent the SYN may send such a FIN as well. */
        .name = "/engine/established/forged_fin_behind_a_gap_and_forged_syn",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("PA", 201, 201, 100, SHOWS(SYN_SENT, ESTABLISHED), OLD),
            C_SENDS("FA", 251, 301, 0, SHOWS_S(ESTABLISHED), AFTER_MS(60),
                    MAY(EV(stale_incarnation) | EV(challenge_ack) | EV(fin_out_of_order))),
            C_SENDS("A", 201, 301, 0, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(60), OLD)),
    },
    {
        /* Both the RST and the SYN behind it were forged, in different names. */
        .name = "/engine/closed/former_sockets_of_both_talk_on",
        .steps = STEPS(
            OPENED,
            S_SENDS("FA", 201, 201, 0, SHOWS(CLOSE_WAIT, FIN_WAIT_1), EVENTS(EV(fin))),
            S_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(60)),
            C_SENDS("A", 201, 202, 0, SHOWS(CLOSE_WAIT, SYN_RECEIVED), AFTER_MS(60),
                    EVENTS(EV(rst_ignored)), OLD),
            C_SENDS("FA", 201, 202, 0, SHOWS(LAST_ACK, SYN_RECEIVED), EVENTS(EV(fin)), OLD),
            S_SENDS("A", 202, 202, 0, SHOWS(CLOSED, TIME_WAIT), AFTER_MS(60),
                    EVENTS(EV(rst_suspect)), OLD)),
    },
    {
        /* An ACK of another socket is none of its SYN; and who answers it as a closed port has
         * taken none. */
        .name = "/engine/syn_received/answer_to_former_peer_goes_closed",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", 1, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(60)),
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_MS(600),
                    EVENTS(EV(rst_suspect)), OLD),
            S_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), TAKEN, OLD)),
    },
    {
        /* So soon it may have been sent before the SYN came, and then there is one. */
        .name = "/engine/syn_received/answer_to_former_peer_that_crossed_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", 1, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(60)),
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, SYN_RECEIVED),
                    EVENTS(EV(rst_suspect)), OLD),
            S_SENDS("R", 201, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, SYN_RECEIVED), TAKEN, OLD)),
    },
    {
        /* It answers what its own FIN was acknowledged with, which came behind the SYN. */
        .name = "/engine/syn_received/answer_to_what_came_since_goes_closed",
        .steps = STEPS(
            FIRST_SYN,
            S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED), AFTER_MS(50)),
            C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("PA", 1, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(50)),
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", 1, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED)),
            C_SENDS("PA", 201, 201, 100, SHOWS(ESTABLISHED, SYN_RECEIVED),
                    EVENTS(EV(rst_suspect)), OLD),
            S_SENDS("FA", 201, 201, 0, AGED_MS(3), SHOWS(CLOSE_WAIT, SYN_RECEIVED), OLD),
            C_SENDS("A", 301, 202, 0, SHOWS(CLOSE_WAIT, SYN_RECEIVED), OLD),
            S_SENDS("R", 202, 0, 0, ZERO_WINDOW, SHOWS(CLOSED, CLOSED), TAKEN, OLD)),
    },
    {
        /* The SYN's numbers are another connection's: they do not tell what the RST came behind. */
        .name = "/engine/closed/ack_that_crossed_rst_behind_forged_syn_stays",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED), AFTER_MS(60)),
            C_SENDS("S", LOWER, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), OLD),
            C_SENDS("RA", 401, 201, 0, SHOWS_S(CLOSED), TAKEN, OLD),
            S_SENDS("A", 201, 401, 0, SHOWS_S(CLOSED), OLD)),
    },
    {
        /* What acknowledges its FIN was delivered to it, whoever has sent it: somebody else here,
         * behind a gap and in the name of a socket that a RST has closed. */
        .name = "/engine/closed/fin_acked_while_thought_dead_goes_fin_wait_2",
        .steps = STEPS(
            FIN_SENT,
            C_SENDS("RA", 202, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            S_SENDS("FA", 241, 202, 0, COPY, SHOWS(CLOSED, CLOSED), MAY(EV(fin)), AFTER_MS(60)),
            C_SENDS("A", 202, 201, 0, SHOWS(FIN_WAIT_2, CLOSED), AFTER_MS(60),
                    EVENTS(EV(rst_suspect)))),
    },
    {
        /* After two ticks at the earliest; a copy would come with the other SYN. */
        .name = "/engine/closed/syn_again_two_ticks_behind_rst_is_taken",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_S(1), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS(SYN_SENT, ESTABLISHED), OLD),
            C_SENDS("R", 201, 0, 0, SHOWS(SYN_SENT, CLOSED), TAKEN, MAY(EV(stale_incarnation))),
            C_SENDS("S", C2, 0, 0, COPY, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_MS(2), OLD)),
    },
    {
        /* A pattern is that of the stream's own segments: C's FIN is in the stream before. */
        .name = "/engine/fin_wait_2/forged_syn_leaves_the_fin_to_its_stream",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(CLOSE_WAIT), AFTER_MS(60), OLD),
            S_SENDS("PA", 201, 202, 100, SHOWS_S(CLOSE_WAIT),
                    MAY(EV(stale_incarnation) | EV(half_close_data))),
            C_SENDS("A", 202, 301, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), AFTER_MS(600), OLD),
            S_SENDS("FA", 301, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), OLD),
            C_SENDS("A", 202, 302, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)), OLD)),
        .outcome = {true, .pattern = PATTERN_half_closed, .closed_by = BY_S, .complete = true,
                    .teardown_ms = -1, .half_close_bytes = 100},
    },
    {
        /* As recorded in truth/public/forged_syn_established: two forged SYNs, two new streams. */
        .name = "/engine/established/two_forged_syns_leave_both_as_they_were",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), OLD),
            C_SENDS("S", 201, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), AFTER_MS(60), OLD),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), AFTER_MS(600),
                    EVENTS(EV(fin)), OLD),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)), OLD),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)), OLD),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)), OLD)),
    },
    {
        /* Until its SYN is taken, segments are the old connection's, and marked so. */
        .name = "/engine/established/syn_not_taken_is_marked_stale",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_S(ESTABLISHED), AFTER_MS(60), OLD),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED),
                    EVENTS(EV(challenge_ack) | EV(stale_incarnation)))),
    },

    /* ---- __inet_check_established: the port is reused under a peer that has not noticed ---- */
    {
        /* It may have ended without a word, as its peer has, and take the SYN. */
        .name = "/engine/established/foreign_syn_leaves_it_assumed_until_it_answers",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, true)),
            C_SENDS("S", 70000, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, ESTABLISHED), AFTER_S(1),
                    CONFIRMED(true, false)),
            S_SENDS("A", 201, 201, 0, SHOWS(SYN_SENT, ESTABLISHED), EVENTS(EV(challenge_ack)),
                    MAY(EV(stale_incarnation)), CONFIRMED(true, true))),
    },
    {
        .name = "/engine/close_wait/reuse_needs_challenge_and_rst",
        .steps = STEPS(
            HALF_CLOSED,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, CLOSE_WAIT), AFTER_S(20), OLD),
            S_SENDS("A", 201, 202, 0, SHOWS(SYN_SENT, CLOSE_WAIT), EVENTS(EV(challenge_ack)),
                    MAY(EV(stale_incarnation)), NEVER(EV(fin_ack))),
            C_SENDS("R", 202, 0, 0, SHOWS(SYN_SENT, CLOSED), TAKEN,
                    MAY(EV(stale_incarnation))),
            C_SENDS("S", C2, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            NEW_HANDSHAKE_ANSWER,
            C_SENDS("PA", C2 + 1, S2 + 1, 100, SHOWS(ESTABLISHED, ESTABLISHED)),
            S_SENDS("A", S2 + 1, C2 + 101, 0, SHOWS(ESTABLISHED, ESTABLISHED))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        /* RFC 5961 section 4.2: a challenge ACK to a SYN is not the ACK of the FIN. */
        .name = "/engine/last_ack/challenge_ack_to_syn_is_no_ack_of_fin",
        .steps = STEPS(
            SECOND_FIN_SENT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, LAST_ACK), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse)), OLD),
            S_SENDS("A", 202, 202, 0, SHOWS(SYN_SENT, LAST_ACK), EVENTS(EV(challenge_ack)),
                    MAY(EV(stale_incarnation)), NEVER(EV(fin_ack))),
            C_SENDS("R", 202, 0, 0, SHOWS(SYN_SENT, CLOSED), TAKEN,
                    MAY(EV(stale_incarnation))),
            C_SENDS("S", C2, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            NEW_HANDSHAKE_ANSWER),
    },

    /* ---- late segments of the dead connection ---- */
    {
        .name = "/engine/established/late_old_segments_are_stale",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse))),
            NEW_HANDSHAKE_ANSWER,
            S_SENDS("FA", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), AGED_MS(1010),
                    EVENTS(EV(stale_incarnation)), NEVER(EV(fin))),
            C_SENDS("FA", 201, 202, 0, SHOWS(ESTABLISHED, ESTABLISHED), AGED_MS(1010),
                    EVENTS(EV(stale_incarnation)), NEVER(EV(fin))),
            C_SENDS("A", 201, 202, 0, SHOWS(ESTABLISHED, ESTABLISHED), AGED_MS(1010),
                    EVENTS(EV(stale_incarnation)), NEVER(EV(fin_ack)))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        /* A socket that was synchronized sends no SYN: a copy of its own is late, whatever its number. */
        .name = "/engine/syn_received/late_old_syn_is_stale",
        .steps = STEPS(
            OPENED,
            C_SENDS("S", C_FORGED, 0, 0, NEW_STREAM, SHOWS_C(SYN_SENT), AFTER_MS(60), OLD),
            C_SENDS("S", 0, 0, 0, SHOWS_C(SYN_SENT), AFTER_MS(60), EVENTS(EV(stale_incarnation)),
                    OLD)),
    },
    {
        .name = "/engine/established/late_old_rst_is_stale",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse))),
            NEW_HANDSHAKE_ANSWER,
            C_SENDS("R", 202, 0, 0, SHOWS(ESTABLISHED, ESTABLISHED), VERDICT(IGNORED),
                    EVENTS(EV(stale_incarnation)), MAY(EV(rst_ignored)))),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
    },
    {
        .name = "/engine/syn_received/late_old_fin_is_stale",
        .steps = STEPS(
            SERVER_TIME_WAIT,
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1),
                    EVENTS(EV(time_wait_reuse))),
            C_SENDS("FA", 201, 202, 0, SHOWS(SYN_SENT, SYN_RECEIVED), AGED_MS(1005),
                    EVENTS(EV(stale_incarnation)), NEVER(EV(fin))),
            NEW_HANDSHAKE_ANSWER),
    },
    {
        /* The old socket had not taken the RST, for a hole; the sanitizers watch its queue. */
        .name = "/engine/closed/old_socket_with_a_hole_talks_on",
        .steps = STEPS(
            OPENED,
            C_SENDS("PA", 201, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED)),
            C_SENDS("R", 401, 0, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED), AFTER_S(1)),
            S_SENDS("A", 201, 201, 0, SHOWS_S(ESTABLISHED), AFTER_S(1),
                    MAY(EV(stale_incarnation) | EV(challenge_ack) | EV(rst_ignored)))),
    },
    {
        .name = "/engine/closed/reset_connection_is_replaced",
        .steps = STEPS(
            OPENED,
            C_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN),
            C_SENDS("S", C2, 0, 0, NEW_STREAM, SHOWS(SYN_SENT, SYN_RECEIVED)),
            NEW_HANDSHAKE_ANSWER),
        .outcome = {true, .pattern = PATTERN_open, .closed_by = BY_NONE, .teardown_ms = 0},
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
