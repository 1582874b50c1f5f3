/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why streams ended: for each rule an exchange where it holds, and a near one where it must not.
 * Sequence and ACK numbers are relative, as Wireshark shows them. Each exchange is played with the
 * client on both sides, and from numbers that lie just before the wrap.
 */
#include <glib.h>
#include <string.h>

#include "cause.h"
#include "exchange.h"
#include "idle.h"
#include "stream.h"
#include "units.h"
#include "usual_policy.h"

struct exchange {
    const char *name;
    const struct step_of_test *steps;
    int64_t goes_on_s; /* the capture, after the last step */
    const char *cause;
    const char *side;
    bool sure;
    const char *frames;     /* NULL: unchecked */
    const char *of_rst;     /* the cause of the last RST alone; NULL: unchecked */
    bool rst_unsure;        /* and that is not sure, */
    bool rst_sure;          /* or it is */
    const char *hint;       /* NULL: there is none */
    int64_t idle_ms;        /* 0: unchecked */
    const char *ended_idle; /* by the client, the server, or ""; NULL: unchecked */
    int64_t survived_ms;    /* by the server; with ended_idle */
};

/* clang-format off */
static const struct exchange exchanges[] = {
    /* ---- what the capture has ---- */
    {"no_connection_seen/rst_alone",
     STEPS({1, S, "RA", 1, 1, 0}), .cause = "no_connection_seen", .side = "none", .frames = "1"},
    {"no_connection_seen/not_with_payload_before",
     STEPS({1, C, "A", 1, 1, 100}, {1, S, "A", 1, 101, 100}, {1, S, "RA", 101, 101, 0}),
     .cause = "abort", .side = "server", .sure = true},
    {"one_direction/fin_of_one_side",
     STEPS({1, C, "A", 1, 1, 100}, {1, C, "FA", 101, 1, 0}), .cause = "one_direction", .side = "none"},
    {"one_direction/not_where_it_resets_after_retransmissions",
     STEPS({1, C, "FA", 1, 1, 0}, {300, C, "FA", 1, 1, 0}, {600, C, "FA", 1, 1, 0}, {1200, C, "FA", 1, 1, 0},
           {2400, C, "FA", 1, 1, 0}, {4800, C, "RA", 2, 1, 0}),
     .cause = "retransmission_timeout", .side = "server", .sure = true, .frames = "2 5 6"},

    /* ---- the handshake ---- */
    {"refused/rst_answers_syn",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "RA", 0, 1, 0}),
     .cause = "refused", .side = "server", .sure = true, .frames = "1 2", .of_rst = "refused"},
    {"refused/not_after_syn_ack",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}, {1, S, "RA", 1, 1, 0}),
     .cause = "abort", .side = "server", .sure = true, .of_rst = "abort"},
    {"syn_unanswered/syns_alone",
     STEPS({1, C, "S", 0, 0, 0}, {1000, C, "S", 0, 0, 0}, {2000, C, "S", 0, 0, 0}),
     .cause = "syn_unanswered", .side = "server", .sure = true, .frames = "1 3"},
    {"syn_unanswered/not_with_syn_ack",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}), .cause = "open_at_end", .side = "none", .sure = true},
    {"handshake_mismatch/rst_answers_old_ack",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "A", 7000, 9000, 0}, {1, C, "R", 9000, 0, 0}),
     .cause = "handshake_mismatch", .side = "server", .frames = "2 3",
     .of_rst = "handshake_mismatch"},
    {"handshake_mismatch/not_where_the_syn_is_taken_then",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "A", 7000, 9000, 0}, {1, C, "R", 9000, 0, 0}, {1000, C, "S", 0, 0, 0},
           {1, S, "SA", 0, 1, 0}, {1, C, "A", 1, 1, 0}, {1, C, "A", 1, 1, 100}, {1, S, "A", 1, 101, 100},
           {1, C, "FA", 101, 101, 0}, {1, S, "FA", 101, 102, 0}, {1, C, "A", 102, 102, 0}),
     .cause = "normal_close", .side = "client", .sure = true, .of_rst = "handshake_mismatch"},
    {"handshake_mismatch/not_sure_where_somebody_forges",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "R", 7000, 0, 0}, {1, S, "A", 7000, 9000, 0}, {1, C, "R", 9000, 0, 0},
           {1000, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}, {1, C, "A", 1, 1, 0}, {1, C, "A", 1, 1, 100},
           {1, S, "A", 1, 101, 100}, {1, C, "FA", 101, 101, 0}, {1, S, "FA", 101, 102, 0}, {1, C, "A", 102, 102, 0}),
     .cause = "normal_close", .side = "client", .sure = true, .of_rst = "handshake_mismatch", .rst_unsure = true},
    {"handshake_mismatch/sure_where_an_old_socket_that_was_seen_challenges_the_syn",
     STEPS(TALKED, {1, C, "S", 90000, 0, 0}, {1, S, "A", 201, 201, 0}, {1, C, "R", 201, 0, 0}),
     .cause = "syn_unanswered", .side = "server", .sure = true, .of_rst = "handshake_mismatch",
     .rst_sure = true},
    {"handshake_mismatch/not_sure_where_the_syns_sender_had_ended",
     STEPS(TALKED, {1, C, "RA", 201, 201, 0}, {1, C, "S", 90000, 0, 0}, {1, S, "A", 201, 201, 0},
           {1, C, "R", 201, 0, 0}),
     .cause = "syn_unanswered", .side = "server", .sure = true, .of_rst = "handshake_mismatch",
     .rst_unsure = true},
    {"handshake_mismatch/not_sure_where_the_rst_answers_a_fin",
     STEPS(TALKED, {1, C, "S", 90000, 0, 0}, {30, S, "FA", 201, 201, 0}, {1, C, "R", 201, 0, 0}),
     .cause = "syn_unanswered", .side = "server", .sure = true, .of_rst = "handshake_mismatch",
     .rst_unsure = true},
    {"accept_overflow/rst_answers_handshakes_ack",
     STEPS(HANDSHAKE, {1, S, "R", 1, 0, 0}),
     .cause = "accept_overflow", .side = "server", .of_rst = "accept_overflow"},
    {"handshake_mismatch/not_sure_where_the_other_side_has_ended",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "A", 7000, 9000, 0}, {1, C, "R", 9000, 0, 0}, {1, S, "A", 7000, 9000, 10},
           {1, C, "R", 9000, 0, 0}, {1000, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}, {1, C, "A", 1, 1, 0},
           {1, C, "A", 1, 1, 100}, {1, S, "A", 1, 101, 100}, {1, C, "FA", 101, 101, 0}, {1, S, "FA", 101, 102, 0},
           {1, C, "A", 102, 102, 0}),
     .cause = "normal_close", .side = "client", .sure = true, .of_rst = "handshake_mismatch", .rst_unsure = true},
    {"accept_overflow/payload_behind_the_handshakes_ack",
     STEPS(HANDSHAKE, {0, C, "A", 1, 1, 100}, {1, S, "R", 1, 0, 0}),
     .cause = "accept_overflow", .side = "server", .of_rst = "accept_overflow"},
    {"accept_overflow/not_of_the_rst_where_the_ack_was_taken_in_peace",
     STEPS(HANDSHAKE, {100, C, "A", 1, 1, 100}, {1, S, "R", 1, 0, 0}),
     .cause = "accept_overflow", .side = "server", .of_rst = "connection_lost", .rst_unsure = true},
    {"accept_overflow/not_after_the_server_spoke",
     STEPS(TALKED, {1, C, "A", 201, 201, 50}, {1, S, "R", 201, 0, 0}),
     .cause = "connection_lost", .side = "server", .sure = true, .frames = "7 8", .of_rst = "connection_lost"},
    {"handshake_reset/half_open_scan",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}, {1, C, "R", 1, 0, 0}),
     .cause = "handshake_reset", .side = "client", .sure = true, .frames = "2 3", .of_rst = "stray_after_close"},
    {"handshake_reset/health_check",
     STEPS(HANDSHAKE, {1, C, "RA", 1, 1, 0}),
     .cause = "handshake_reset", .side = "client", .sure = true, .of_rst = "abort"},
    {"handshake_reset/not_after_payload",
     STEPS(TALKED, {1, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "unread_data", .sure = true, .frames = "7", .of_rst = "abort"},

    /* ---- not its sender's ---- */
    {"middlebox_reset/its_sender_goes_on",
     STEPS(TALKED, {1, C, "RA", 201, 201, 0}, {500, C, "A", 201, 201, 100}, {1, S, "R", 201, 0, 0}),
     .cause = "middlebox_reset", .side = "network", .sure = true},
    {"middlebox_reset/not_where_it_keeps_silent",
     STEPS(TALKED, {1, C, "RA", 201, 201, 0}, {500, S, "A", 201, 201, 100}, {1, C, "R", 201, 0, 0}),
     .cause = "abort", .side = "client", .sure = true},

    /* ---- payload to one that has closed ---- */
    {"idle_close_race/request_crosses_fin_of_idle_close",
     STEPS(TALKED, {5000, S, "FA", 201, 201, 0}, {1, C, "A", 201, 201, 100}, {1, S, "R", 201, 0, 0}),
     .cause = "idle_close_race", .side = "both", .sure = true, .frames = "7 8 9", .of_rst = "idle_close_race",
     .idle_ms = 5001},
    {"idle_close_race/next_request_crosses_fin",
     STEPS(TALKED, {100, S, "FA", 201, 201, 0}, {1, C, "A", 201, 201, 100}, {1, S, "R", 201, 0, 0}),
     .cause = "idle_close_race", .side = "both", .sure = true},
    {"idle_close_race/request_long_after_fin_is_likely",
     STEPS(TALKED, {5000, S, "FA", 201, 201, 0}, {1, C, "A", 201, 202, 0}, {9000, C, "A", 201, 202, 100},
           {1, S, "R", 202, 0, 0}),
     .cause = "idle_close_race", .side = "both"},
    {"idle_close_race/request_crosses_fin_behind_an_alert",
     STEPS(TALKED, {5000, S, "AT", 201, 201, 31}, {0, S, "FA", 232, 201, 0}, {1, C, "A", 201, 201, 100},
           {1, S, "R", 201, 0, 0}),
     .cause = "idle_close_race", .side = "both", .sure = true, .ended_idle = "server"},
    {"idle_close_race/not_an_alert_that_answers_one",
     STEPS(TALKED, {5000, S, "AT", 201, 201, 31}, {0, S, "FA", 232, 201, 0}, {20, C, "AT", 201, 232, 31},
           {1, S, "R", 232, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .hint = "tls_alert", .sure = true, .ended_idle = "server"},
    {"idle_close_race/not_an_alert_long_after_the_fin",
     STEPS(TALKED, {5000, S, "FA", 201, 201, 0}, {1, C, "A", 201, 202, 0}, {3000, C, "AT", 201, 202, 31},
           {1, S, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .hint = "tls_alert", .sure = true},
    {"idle_close_race/not_an_upload_whose_reply_is_under_way",
     STEPS(HANDSHAKE, {1, C, "A", 1, 1, 1000}, {1, S, "A", 1, 1001, 200}, {0, S, "FA", 201, 1001, 0},
           {1, C, "A", 1001, 1, 1000}, {1, S, "R", 1, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .sure = true, .ended_idle = ""},
    {"idle_close_race/first_of_several_answers_tells",
     STEPS(TALKED, {5000, S, "FA", 201, 201, 0}, {1, C, "A", 201, 201, 100}, {18, C, "A", 301, 202, 0},
           {0, C, "FA", 301, 202, 0}, {1, S, "R", 201, 0, 0}, {20, S, "R", 202, 0, 0}),
     .cause = "idle_close_race", .side = "both", .frames = "7 8 11", .ended_idle = "server"},
    {"idle_close_race/late_answer_of_a_busy_host",
     STEPS(TALKED, {5000, S, "FA", 201, 201, 0}, {1, C, "A", 201, 201, 100}, {300, S, "R", 201, 0, 0}),
     .cause = "idle_close_race", .side = "both", .ended_idle = "server"},
    {"idle_close_race/not_without_silence",
     STEPS(TALKED, {10, S, "FA", 201, 201, 0}, {1, C, "A", 201, 202, 0}, {1, C, "A", 201, 202, 31},
           {1, S, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .sure = true, .frames = "7 9 10",
     .of_rst = "data_after_full_close"},
    {"idle_close_race/not_in_the_middle_of_an_upload",
     STEPS(TALKED, {1, C, "A", 201, 201, 1000}, {1, S, "A", 201, 1201, 0}, {1, S, "FA", 201, 1201, 0},
           {1, C, "A", 1201, 201, 1000}, {1, S, "R", 201, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .sure = true},
    {"data_after_full_close/not_where_the_closer_reads_on",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 100}, {1, C, "A", 202, 301, 0},
           {500, C, "RA", 202, 301, 0}),
     .cause = "abort", .side = "client", .hint = "after_own_fin", .sure = true},
    {"data_after_full_close/of_the_rst_not_sure_where_something_came_later",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 100}, {0, S, "A", 301, 202, 0},
           {1, C, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .sure = true, .of_rst = "data_after_full_close",
     .rst_unsure = true},
    {"data_after_full_close/not_sure_where_a_rst_came_before",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {0, C, "FA", 201, 201, 0}, {1, S, "R", 201, 0, 0},
           {1, S, "A", 201, 201, 100}, {1, C, "R", 201, 0, 0}),
     .cause = "connection_lost", .side = "server", .sure = true, .of_rst = "data_after_full_close",
     .rst_unsure = true},
    {"data_after_full_close/not_sure_where_the_other_fin_may_be_missing",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 302, 202, 0}, {300, S, "A", 201, 202, 100},
           {1, C, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .of_rst = "data_after_full_close"},
    {"data_after_full_close/more_than_the_closer_read",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {20, S, "A", 201, 202, 100},
           {0, S, "A", 301, 202, 100}, {1, C, "A", 202, 301, 0}, {1, C, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both", .frames = "7 10 12"},
    {"data_after_full_close/answer_of_an_old_orphan_is_likely",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {500, S, "A", 201, 202, 100},
           {61000, S, "A", 201, 202, 100}, {1, C, "R", 202, 0, 0}),
     .cause = "data_after_full_close", .side = "both"},
    {"data_after_full_close/not_long_after_the_payload",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {500, S, "A", 201, 202, 100},
           {9000, S, "A", 301, 202, 0}, {1, C, "R", 202, 0, 0}),
     .cause = "connection_lost", .side = "client", .hint = "after_idle"},

    /* ---- no answer ---- */
    {"keepalive_timeout/even_probes_then_rst",
     STEPS(TALKED, {60000, C, "A", 200, 201, 0}, {10000, C, "A", 200, 201, 0}, {10000, C, "A", 200, 201, 0},
           {10000, C, "RA", 201, 201, 0}),
     .cause = "keepalive_timeout", .side = "server", .sure = true, .frames = "7 9 10",
     .of_rst = "keepalive_timeout", .idle_ms = 90001},
    {"keepalive_timeout/with_a_byte",
     STEPS(TALKED, {60000, C, "A", 200, 201, 1}, {10000, C, "A", 200, 201, 1}, {10000, C, "RA", 201, 201, 0}),
     .cause = "keepalive_timeout", .side = "server", .sure = true},
    {"keepalive_timeout/answered_probe_and_a_timer_that_fires_late",
     STEPS(TALKED, {3000, C, "A", 200, 201, 0}, {1, S, "A", 201, 201, 0}, {3070, C, "RA", 201, 201, 0}),
     .cause = "keepalive_timeout", .side = "server"},
    {"keepalive_timeout/not_where_an_answered_probe_was_just_sent",
     STEPS(TALKED, {3000, C, "A", 200, 201, 0}, {1, S, "A", 201, 201, 0}, {2500, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "after_idle"},
    {"keepalive_timeout/not_where_the_rst_comes_at_once",
     STEPS(TALKED, {60000, C, "A", 200, 201, 0}, {10000, C, "A", 200, 201, 0}, {1, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "after_idle", .sure = true},
    {"keepalive_timeout/not_where_probes_are_answered",
     STEPS(TALKED, {60000, C, "A", 200, 201, 0}, {1, S, "A", 201, 201, 0}, {500, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "after_idle", .sure = true},
    {"retransmission_timeout/rst_when_the_next_is_due",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {300, C, "A", 201, 201, 100}, {600, C, "A", 201, 201, 100},
           {1200, C, "A", 201, 201, 100}, {2400, C, "RA", 301, 201, 0}),
     .cause = "retransmission_timeout", .side = "server", .sure = true, .frames = "8 10 11"},
    {"retransmission_timeout/not_where_the_rst_comes_before",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {300, C, "A", 201, 201, 100}, {600, C, "A", 201, 201, 100},
           {1200, C, "A", 201, 201, 100}, {100, C, "RA", 301, 201, 0}),
     .cause = "abort", .side = "client", .hint = "waiting", .sure = true},
    {"retransmission_timeout/copies_are_no_retransmissions",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {0, C, "A", 201, 201, 100}, {0, C, "A", 201, 201, 100},
           {0, C, "A", 201, 201, 100}, {0, C, "RA", 301, 201, 0}),
     .cause = "abort", .side = "client", .sure = true},
    {"peer_vanished/data_three_times",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {300, C, "A", 201, 201, 100}, {600, C, "A", 201, 201, 100}),
     .goes_on_s = 5, .cause = "peer_vanished", .side = "server", .sure = true, .frames = "8 9"},
    {"peer_vanished/not_after_two_times",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {300, C, "A", 201, 201, 100}),
     .goes_on_s = 5, .cause = "open_at_end", .side = "none", .sure = true},
    {"peer_vanished/not_where_it_answers_in_the_end",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {300, C, "A", 201, 201, 100}, {600, C, "A", 201, 201, 100},
           {10, S, "A", 201, 301, 0}),
     .goes_on_s = 5, .cause = "open_at_end", .side = "none", .sure = true},

    /* ---- lost and aborted connections ---- */
    {"connection_lost/rst_answers_fin",
     STEPS(TALKED, {90000, S, "FA", 201, 201, 0}, {40, C, "R", 201, 0, 0}),
     .cause = "connection_lost", .side = "client", .hint = "after_idle", .sure = true,
     .frames = "7 8", .of_rst = "connection_lost"},
    {"connection_lost/not_by_ones_own_decision",
     STEPS(TALKED, {90000, S, "FA", 201, 201, 0}, {40, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "after_idle", .sure = true, .of_rst = "abort"},
    {"abort/answers_for_an_abort_that_was_not_taken",
     STEPS(TALKED, {300, S, "FA", 201, 201, 0}, {0, S, "RA", 202, 201, 0}, {1000, C, "A", 201, 202, 100},
           {1, S, "R", 202, 0, 0}),
     .cause = "abort", .side = "server", .sure = true, .frames = "8 9 10"},
    {"hint/silence_that_payload_ended",
     STEPS(TALKED, {60000, C, "A", 201, 201, 50}, {1, S, "R", 201, 0, 0}),
     .cause = "connection_lost", .side = "server", .hint = "after_idle", .sure = true},
    {"hint/no_silence_where_an_earlier_one_was_longer",
     STEPS(TALKED, {60000, C, "A", 201, 201, 50}, {1, S, "A", 201, 251, 50}, {1, C, "A", 251, 251, 50},
           {1, S, "R", 251, 0, 0}),
     .cause = "connection_lost", .side = "server", .sure = true},
    {"hint/payload_under_way",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {0, C, "RA", 201, 201, 0}),
     .cause = "abort", .side = "client", .hint = "while_receiving", .sure = true},
    {"hint/none_after_ones_own_payload",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {1, C, "A", 201, 301, 0}, {1, S, "RA", 301, 201, 0}),
     .cause = "abort", .side = "server", .sure = true},
    {"hint/request_that_the_server_left_unread",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, S, "A", 201, 301, 0}, {3000, S, "RA", 201, 301, 0}),
     .cause = "abort", .side = "server", .hint = "unread_data", .sure = true},
    {"hint/reply_before_the_peers_fin",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {1, S, "FA", 301, 201, 0}, {0, C, "A", 201, 302, 0},
           {5, C, "RA", 201, 302, 0}),
     .cause = "abort", .side = "client", .hint = "unread_data", .sure = true},
    {"stray_after_close/both_had_closed",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {1, S, "FA", 201, 202, 0},
           {500, S, "FA", 201, 202, 0}, {1, C, "R", 202, 0, 0}),
     .cause = "stray_after_close", .side = "none", .sure = true, .of_rst = "stray_after_close"},
    {"stray_after_close/not_sure_where_payload_had_no_ack",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, C, "RA", 301, 201, 0}, {1, S, "R", 201, 0, 0}),
     .cause = "abort", .side = "client", .sure = true, .of_rst = "stray_after_close", .rst_unsure = true},
    {"stray_after_close/sure_of_the_second",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, C, "RA", 301, 201, 0}, {1, S, "R", 201, 0, 0},
           {1, S, "R", 201, 0, 0}),
     .cause = "abort", .side = "client", .sure = true, .of_rst = "stray_after_close", .rst_sure = true},
    {"stray_after_close/not_the_streams_where_it_was_over",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0}, {1, C, "A", 202, 202, 0},
           {500, C, "A", 201, 202, 0}, {1, S, "R", 202, 0, 0}),
     .cause = "normal_close", .side = "client", .sure = true, .of_rst = "stray_after_close"},

    /* ---- closes ---- */
    /* Its own FIN may wait behind the data that the client has not acknowledged. */
    {"peer_never_closed/the_other_may_have_closed_behind_data",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {0, C, "FA", 201, 201, 0}, {1, S, "A", 301, 202, 0}),
     .goes_on_s = 40, .cause = "peer_never_closed", .side = "server", .frames = "8"},
    {"application_did_not_close/proved_close_wait_at_the_end",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {40, S, "A", 201, 202, 0}), .goes_on_s = 40,
     .cause = "application_did_not_close", .side = "server", .sure = true, .frames = "7 8"},
    {"application_did_not_close/it_closed_late",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {40, S, "A", 201, 202, 0}, {45000, S, "FA", 201, 202, 0},
           {1, C, "A", 202, 202, 0}),
     .cause = "application_did_not_close", .side = "server", .sure = true, .frames = "7 8 9"},
    {"application_did_not_close/not_yet",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {40, S, "A", 201, 202, 0}), .goes_on_s = 20,
     .cause = "open_at_end", .side = "none", .sure = true},
    {"application_did_not_close/not_while_it_sends",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {40, S, "A", 201, 202, 0}, {20000, S, "A", 201, 202, 100},
           {1, C, "A", 202, 301, 0}, {20000, S, "A", 301, 202, 100}, {1, C, "A", 202, 401, 0},
           {1, S, "FA", 401, 202, 0}, {1, C, "A", 202, 402, 0}),
     .cause = "normal_close", .side = "client", .sure = true},
    {"last_ack_lost/second_fin_three_times",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {1, S, "FA", 201, 202, 0},
           {300, S, "FA", 201, 202, 0}, {600, S, "FA", 201, 202, 0}),
     .cause = "last_ack_lost", .side = "network", .frames = "10 11"},
    {"last_ack_lost/not_where_it_comes_in_the_end",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {1, S, "FA", 201, 202, 0},
           {300, S, "FA", 201, 202, 0}, {600, S, "FA", 201, 202, 0}, {1, C, "A", 202, 202, 0}),
     .cause = "normal_close", .side = "client", .sure = true},
    {"closed_without_reply/server_closes_after_a_request",
     STEPS(TALKED, {2000, C, "A", 201, 201, 300}, {1, S, "A", 201, 501, 0}, {900, S, "FA", 201, 501, 0},
           {1, C, "FA", 501, 202, 0}, {1, S, "A", 202, 502, 0}),
     .cause = "closed_without_reply", .side = "server", .sure = true, .frames = "9"},
    {"closed_without_reply/not_after_a_reply",
     STEPS(TALKED, {2000, C, "A", 201, 201, 300}, {1, S, "A", 201, 501, 10}, {1, C, "A", 501, 211, 0},
           {900, S, "FA", 211, 501, 0}, {1, C, "FA", 501, 212, 0}, {1, S, "A", 212, 502, 0}),
     .cause = "normal_close", .side = "server", .sure = true},
    {"closed_without_reply/not_by_the_client",
     STEPS(TALKED, {10, S, "A", 201, 201, 300}, {1, C, "A", 201, 501, 0}, {900, C, "FA", 201, 501, 0},
           {1, S, "FA", 501, 202, 0}, {1, C, "A", 202, 502, 0}),
     .cause = "normal_close", .side = "client", .sure = true},
    {"idle_close/fin_after_a_minute",
     STEPS(TALKED, {60000, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0}, {1, C, "A", 202, 202, 0}),
     .cause = "idle_close", .side = "client", .sure = true, .frames = "7", .idle_ms = 60001},
    {"idle_close/alert_before_the_fin_ends_no_silence",
     STEPS(TALKED, {7000, S, "AT", 201, 201, 31}, {1, S, "FA", 232, 201, 0}, {1, C, "FA", 201, 233, 0},
           {1, S, "A", 233, 202, 0}),
     .cause = "idle_close", .side = "server", .sure = true, .idle_ms = 7002, .ended_idle = "server"},
    {"idle_close/alert_on_the_fin_ends_no_silence",
     STEPS(TALKED, {7000, S, "FAT", 201, 201, 31}, {1, C, "FA", 201, 233, 0}, {1, S, "A", 233, 202, 0}),
     .cause = "idle_close", .side = "server", .sure = true, .idle_ms = 7001, .ended_idle = "server"},
    {"idle_close/data_after_an_alert_ends_it",
     STEPS(TALKED, {7000, S, "AT", 201, 201, 31}, {1, C, "A", 201, 232, 100}, {1, S, "A", 232, 301, 100},
           {1, C, "A", 301, 332, 0}, {2000, S, "FA", 332, 301, 0}, {1, C, "FA", 301, 333, 0},
           {1, S, "A", 333, 302, 0}),
     .cause = "idle_close", .side = "server", .sure = true, .idle_ms = 2001, .ended_idle = "server"},
    {"idle/survives_what_the_next_request_ends",
     STEPS(TALKED, {3000, C, "A", 201, 201, 100}, {1, S, "A", 201, 301, 100}, {1, C, "A", 301, 301, 0},
           {2000, C, "A", 301, 301, 100}, {1, S, "A", 301, 401, 100}, {1, C, "A", 401, 401, 0},
           {5000, S, "FA", 401, 401, 0}, {1, C, "FA", 401, 402, 0}, {1, S, "A", 402, 402, 0}),
     .cause = "idle_close", .side = "server", .sure = true, .ended_idle = "server", .survived_ms = 3001},
    {"idle/survives_also_with_probes_in_between",
     STEPS(TALKED, {3000, C, "A", 200, 201, 0}, {1, S, "A", 201, 201, 0}, {1500, C, "A", 201, 201, 100},
           {1, S, "A", 201, 301, 100}, {1, C, "A", 301, 301, 0}),
     .cause = "open_at_end", .side = "none", .sure = true, .ended_idle = "", .survived_ms = 4502},
    {"idle/server_at_work_is_not_idle",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, S, "A", 201, 301, 0}, {9000, S, "A", 201, 301, 100},
           {1, C, "A", 301, 301, 0}, {9000, S, "A", 301, 301, 100}, {1, C, "A", 301, 401, 0}),
     .cause = "open_at_end", .side = "none", .sure = true, .ended_idle = "", .survived_ms = 0},
    {"idle/survives_the_clients_close",
     STEPS(TALKED, {4000, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0}, {1, C, "A", 202, 202, 0}),
     .cause = "idle_close", .side = "client", .sure = true, .ended_idle = "client", .survived_ms = 4001},
    {"idle/survives_the_captures_end",
     STEPS(TALKED), .goes_on_s = 9, .cause = "open_at_end", .side = "none", .sure = true, .ended_idle = "",
     .survived_ms = 9001},
    {"idle/reset_of_an_idle_connection",
     STEPS(TALKED, {6000, S, "RA", 201, 201, 0}),
     .cause = "abort", .side = "server", .hint = "after_idle", .sure = true, .ended_idle = "server"},
    {"idle/reset_while_it_waits_is_none",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, S, "A", 201, 301, 0}, {6000, C, "RA", 301, 201, 0}),
     .cause = "abort", .side = "client", .hint = "waiting", .sure = true, .ended_idle = ""},
    {"idle/request_without_reply_is_none",
     STEPS(TALKED, {10, C, "A", 201, 201, 100}, {1, S, "A", 201, 301, 0}, {6000, S, "FA", 201, 301, 0},
           {1, C, "FA", 301, 202, 0}, {1, S, "A", 202, 302, 0}),
     .cause = "closed_without_reply", .side = "server", .sure = true, .ended_idle = ""},
    {"idle_close/not_with_payload_on_the_fin",
     STEPS(TALKED, {60000, C, "FA", 201, 201, 10}, {1, S, "FA", 201, 212, 0}, {1, C, "A", 212, 202, 0}),
     .cause = "normal_close", .side = "client", .sure = true},
    {"idle_close/not_with_something_outstanding",
     STEPS(TALKED, {10, S, "A", 201, 201, 100}, {60000, S, "FA", 301, 201, 0}, {1, C, "FA", 201, 302, 0},
           {1, S, "A", 302, 202, 0}),
     .cause = "normal_close", .side = "server", .sure = true},
    {"normal_close/both_at_once",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}, {0, S, "FA", 201, 201, 0}, {1, S, "A", 202, 202, 0},
           {1, C, "A", 202, 202, 0}),
     .cause = "normal_close", .side = "both", .sure = true},
    {"open_at_end/no_fin", STEPS(TALKED), .goes_on_s = 100, .cause = "open_at_end", .side = "none",
     .sure = true, .frames = "6"},
    {"unknown/fin_without_answer",
     STEPS(TALKED, {10, C, "FA", 201, 201, 0}), .goes_on_s = 100, .cause = "unknown", .side = "none"},
};
/* clang-format on */

static void
check_idle(const struct exchange *exchange, const struct stream *stream, const struct cause *cause,
           int64_t end_ns)
{
    struct idle idle = idle_of(stream, cause, end_ns);

    g_assert_cmpstr(idle.has_end ? role_name(idle.by) : "", ==, exchange->ended_idle);
    g_assert_cmpint(idle.survived_ns[ROLE_SERVER], ==, exchange->survived_ms * NS_PER_MS);
    if (idle.has_end)
        g_assert_cmpint(idle.ns, ==, cause->idle_ns);
}

static void
check(const struct exchange *exchange, const struct stream *stream, int64_t end_ns,
      uint32_t rst_frame)
{
    struct cause cause = cause_of(stream, end_ns);
    GString *frames = g_string_new(NULL);
    char *evidence = cause_evidence(&cause);

    cause_append_frames(frames, &cause);
    g_assert_cmpstr(cause_slug(cause.kind), ==, exchange->cause);
    g_assert_cmpstr(cause_side_name(cause.side), ==, exchange->side);
    g_assert_cmpint(cause.sure, ==, exchange->sure);
    g_assert_cmpstr(hint_slug(cause.hint), ==, exchange->hint ? exchange->hint : "");
    if (exchange->frames)
        g_assert_cmpstr(frames->str, ==, exchange->frames);
    if (exchange->idle_ms) {
        g_assert_true(cause.has_idle);
        g_assert_cmpint(cause.idle_ns, ==, exchange->idle_ms * NS_PER_MS);
    }
    if (exchange->ended_idle)
        check_idle(exchange, stream, &cause, end_ns);
    if (exchange->of_rst)
        g_assert_cmpstr(cause_slug(cause_of_rst(stream, rst_frame, 0).kind), ==, exchange->of_rst);
    if (exchange->rst_unsure)
        g_assert_false(cause_of_rst(stream, rst_frame, 0).sure);
    if (exchange->rst_sure)
        g_assert_true(cause_of_rst(stream, rst_frame, 0).sure);
    g_assert_null(strpbrk(evidence, "@#"));
    g_assert_true(frames->len == 0 || strstr(evidence, "frame"));
    g_free(evidence);
    g_string_free(frames, TRUE);
}

static void
play(const void *data, unsigned side_of_c)
{
    const struct exchange *exchange = (const struct exchange *)data;
    struct stream streams[2] = {{.client = 0}, {.client = 0}};
    struct stream *stream = &streams[0];
    int64_t ns = NS_PER_S;
    uint32_t rst_frame = 0;
    uint32_t frame = 0;

    stream_init(stream, NULL);
    for (const struct step_of_test *step = exchange->steps; step->flags; step++) {
        /* no two at the same time */
        ns += step->ms * NS_PER_MS + (step->ms == 0 ? NS_PER_US : 0);
        struct segment seg = exchange_segment(step, side_of_c, ++frame, ns);

        /* another SYN, as Wireshark has it: another stream */
        if (strcmp(step->flags, "S") == 0 && step->seq != 0 && stream == &streams[0])
            stream_init(++stream, &streams[0]);
        stream_feed(stream, &seg, &usual_policy);
        if (seg.flags & FLAG_RST)
            rst_frame = frame;
    }
    check(exchange, stream, ns + exchange->goes_on_s * NS_PER_S, rst_frame);
    stream_clear(&streams[1]);
    stream_clear(&streams[0]);
}

static void
run(gconstpointer data)
{
    exchange_play(((const struct exchange *)data)->steps, play, data);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (unsigned i = 0; i < G_N_ELEMENTS(exchanges); i++) {
        char *path = g_strconcat("/engine/cause/", exchanges[i].name, NULL);

        g_test_add_data_func(path, &exchanges[i], run);
        g_free(path);
    }
    return g_test_run();
}
