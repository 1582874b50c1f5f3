/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What other systems would say of a stream: Zeek's conn_state and history, IPFIX's flowEndReason,
 * and Radar's stage. Sequence and ACK numbers are relative, as Wireshark shows them.
 */
#include <glib.h>
#include <string.h>

#include "exchange.h"
#include "foreign.h"
#include "stream.h"
#include "units.h"
#include "usual_policy.h"

struct exchange {
    const char *name;
    const struct step_of_test *steps;
    const char *history;
    const char *conn_state;
    enum flow_end_reason reason;
    const char *stage;
    uint16_t client_port; /* 0: 40000, and of the server 80 */
    uint16_t server_port;
    int64_t goes_on_s; /* the capture, after the last step */
    unsigned times;    /* how often the last step comes, a millisecond apart; 0: once */
};

/* clang-format off */
#define SAYS(history_, conn_state_, reason_, stage_) \
    .history = (history_), .conn_state = (conn_state_), .reason = (reason_), .stage = (stage_)
#define CLOSED_BY_FINS TALKED, {1, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0}, {1, C, "A", 202, 202, 0}

static const struct exchange exchanges[] = {
    /* ---- whole connections ---- */
    {"sf/both_fins", STEPS(CLOSED_BY_FINS), SAYS("ShADdFf", "SF", FLOW_END_DETECTED, "no_match")},
    {"sf/rst_after_both_fins", STEPS(CLOSED_BY_FINS, {1, C, "R", 202, 0, 0}),
     SAYS("ShADdFfR", "SF", FLOW_END_DETECTED, "no_match")},
    {"sf/fin_again_is_no_letter",
     STEPS(TALKED, {1, C, "FA", 201, 201, 0}, {300, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0},
           {1, C, "A", 202, 202, 0}),
     SAYS("ShADdFf", "SF", FLOW_END_DETECTED, "no_match")},
    {"s1/open", STEPS(TALKED), SAYS("ShADd", "S1", FLOW_FORCED_END, "no_match")},
    {"s1/rst_that_nobody_sent",
     STEPS(TALKED, {1, S, "R", 999, 0, 0}, {200, C, "A", 201, 201, 10}, {1, S, "A", 201, 211, 10}),
     SAYS("ShADdr", "S1", FLOW_FORCED_END, "no_match")},
    {"s2/half_closed_at_the_end", STEPS(TALKED, {1, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}),
     SAYS("ShADdFa", "S2", FLOW_FORCED_END, "no_match")},
    {"s3/half_closed_by_the_server", STEPS(TALKED, {1, S, "FA", 201, 201, 0}, {1, C, "A", 201, 202, 0}),
     SAYS("ShADdf", "S3", FLOW_FORCED_END, "no_match")},
    {"s3/the_client_never_closed",
     STEPS(TALKED, {1, S, "FA", 201, 201, 0}, {1, C, "A", 201, 202, 0}), SAYS("ShADdf", "S3",
     FLOW_IDLE_TIMEOUT, "no_match"), .goes_on_s = 100},

    /* ---- the handshake ---- */
    {"s0/no_answer", STEPS({1, C, "S", 0, 0, 0}, {1000, C, "S", 0, 0, 0}), SAYS("S", "S0", FLOW_IDLE_TIMEOUT,
     "post_syn")},
    {"rej/refused", STEPS({1, C, "S", 0, 0, 0}, {1, S, "RA", 0, 1, 0}), SAYS("Sr", "REJ", FLOW_END_DETECTED,
     "post_syn")},
    {"rstos0/given_up", STEPS({1, C, "S", 0, 0, 0}, {1000, C, "R", 1, 0, 0}), SAYS("SR", "RSTOS0",
     FLOW_IDLE_TIMEOUT, "post_syn")},
    {"rsto/scan", STEPS(SYNS, {1, C, "R", 1, 0, 0}), SAYS("ShR", "RSTO", FLOW_END_DETECTED, "post_syn")},
    {"rstrh/syn_not_captured", STEPS({1, S, "SA", 0, 1, 0}, {1, S, "R", 1, 0, 0}), SAYS("^hr", "RSTRH",
     FLOW_END_DETECTED, "post_syn")},
    {"sh/server_not_captured",
     STEPS({1, C, "S", 0, 0, 0}, {1, C, "A", 1, 1, 0}, {1, C, "A", 1, 1, 100}, {1, C, "FA", 101, 1, 0}),
     SAYS("SADF", "SH", FLOW_END_DETECTED, "no_match")},
    {"shr/client_not_captured",
     STEPS({1, S, "SA", 0, 1, 0}, {1, S, "A", 1, 1, 100}, {1, S, "FA", 101, 1, 0}),
     SAYS("^hdf", "SHR", FLOW_END_DETECTED, "no_match")},
    {"sf/eccentric_ack_before_the_syn_ack",
     STEPS({1, C, "S", 0, 0, 0}, {1, S, "A", 0, 1, 0}, {1, S, "SA", 0, 1, 0}, {1, C, "A", 1, 1, 0}),
     SAYS("SahA", "S1", FLOW_FORCED_END, "no_match")},

    /* ---- resets, and where they met the connection ---- */
    {"rsto/post_ack", STEPS(HANDSHAKE, {1, C, "RA", 1, 1, 0}), SAYS("ShAR", "RSTO", FLOW_END_DETECTED, "post_ack")},
    {"rstr/post_psh", STEPS(HANDSHAKE, {1, C, "A", 1, 1, 100}, {1, S, "RA", 1, 101, 0}),
     SAYS("ShADr", "RSTR", FLOW_END_DETECTED, "post_psh")},
    {"rstr/later_in_flow",
     STEPS(TALKED, {1, C, "A", 201, 201, 100}, {1, S, "RA", 201, 301, 0}),
     SAYS("ShADdr", "RSTR", FLOW_END_DETECTED, "later_in_flow")},
    {"rsto/banner_of_the_server_is_post_ack",
     STEPS(HANDSHAKE, {1, S, "A", 1, 1, 50}, {1, C, "A", 1, 51, 0}, {1, C, "RA", 1, 51, 0}),
     SAYS("ShAdR", "RSTO", FLOW_END_DETECTED, "post_ack")},
    {"rsto/after_ten_packets_of_the_client",
     STEPS(TALKED, {1, C, "A", 201, 201, 1}, {1, C, "A", 202, 201, 1}, {1, C, "A", 203, 201, 1},
           {1, C, "A", 204, 201, 1}, {1, C, "A", 205, 201, 1}, {1, C, "A", 206, 201, 1},
           {1, C, "RA", 207, 201, 0}),
     SAYS("ShADdR", "RSTO", FLOW_END_DETECTED, "no_match")},
    {"rsto/the_tenth_packet_of_the_client",
     STEPS(TALKED, {1, C, "A", 201, 201, 1}, {1, C, "A", 202, 201, 1}, {1, C, "A", 203, 201, 1},
           {1, C, "A", 204, 201, 1}, {1, C, "A", 205, 201, 1}, {1, C, "RA", 206, 201, 0}),
     SAYS("ShADdR", "RSTO", FLOW_END_DETECTED, "later_in_flow")},
    {"rstr/fin_before_it", STEPS(TALKED, {1, C, "FA", 201, 201, 0}, {1, S, "RA", 201, 202, 0}),
     SAYS("ShADdFr", "RSTR", FLOW_END_DETECTED, "no_match")},
    {"rsto/others_numbers_are_letters",
     STEPS(TALKED, {1, C, "R", 201, 0, 0}, {1, C, "R", 201, 0, 0}, {1, C, "R", 202, 0, 0}),
     SAYS("ShADdRR", "RSTO", FLOW_END_DETECTED, "post_psh")},
    {"s1/silent_for_long_is_a_timeout", STEPS(HANDSHAKE), SAYS("ShA", "S1", FLOW_FORCED_END, "post_ack"),
     .goes_on_s = 3},

    /* ---- letters ---- */
    {"letters/retransmissions_at_powers_of_ten",
     STEPS(HANDSHAKE, {1, C, "A", 1, 1, 100}, {300, C, "A", 1, 1, 100}), SAYS("ShADTT", "S1", FLOW_FORCED_END,
     "no_match"), .times = 99},
    {"letters/zero_window_again_and_again",
     STEPS(TALKED, {1, S, "0A", 201, 201, 0}), SAYS("ShADdawww", "S1", FLOW_FORCED_END, "no_match"),
     .times = 100},
    {"letters/no_zero_window_after_the_others_fin",
     STEPS(TALKED, {1, C, "FA", 201, 201, 0}, {1, S, "0A", 201, 202, 0}),
     SAYS("ShADdFa", "S2", FLOW_FORCED_END, "no_match")},
    {"letters/gap_of_the_server", STEPS(TALKED, {1, S, "A", 301, 201, 100}, {1, C, "A", 201, 401, 0}),
     SAYS("ShADdg", "S1", FLOW_FORCED_END, "no_match")},
    {"letters/late_bytes_after_their_ack_are_no_retransmission",
     STEPS(TALKED, {1, C, "A", 201, 301, 0}, {1, S, "A", 201, 201, 100}),
     SAYS("ShADdg", "S1", FLOW_FORCED_END, "no_match")},
    {"letters/fin_with_rst", STEPS(TALKED, {1, C, "FRA", 201, 201, 0}), SAYS("ShADdI", "RSTO",
     FLOW_END_DETECTED, "post_psh")},
    {"letters/more_than_fit",
     STEPS(TALKED, {1, S, "0A", 201, 201, 0}, {1, C, "0A", 201, 201, 0}, {1, C, "A", 1, 201, 200},
           {1, S, "A", 1, 201, 200}, {1, C, "FA", 201, 201, 0}, {1, S, "FA", 201, 202, 0},
           {1, C, "A", 202, 202, 0}),
     SAYS("ShADdawWTtFf", "SF", FLOW_END_DETECTED, "no_match")},

    /* ---- without a SYN ---- */
    {"flip/first_sender_is_the_originator",
     STEPS({1, C, "A", 1, 1, 10}, {1, S, "A", 1, 11, 10}), SAYS("Dd", "OTH", FLOW_FORCED_END, "no_match")},
    {"flip/server_port_is_not", STEPS({1, S, "A", 1, 1, 10}, {1, C, "A", 1, 11, 0}), SAYS("^dA", "OTH",
     FLOW_FORCED_END, "no_match")},
    {"flip/unknown_port_is", STEPS({1, S, "A", 1, 1, 10}, {1, C, "A", 1, 11, 0}), SAYS("Da", "OTH",
     FLOW_FORCED_END, "no_match"), .client_port = 40000, .server_port = 39999},
    {"flip/of_two_known_ports_the_lower", STEPS({1, S, "A", 1, 1, 10}, {1, C, "A", 1, 11, 0}), SAYS("^dA", "OTH",
     FLOW_FORCED_END, "no_match"), .client_port = 8080, .server_port = 80},
    {"flip/fin_of_the_server", STEPS({1, S, "FA", 1, 1, 0}, {1, C, "A", 1, 2, 0}), SAYS("^fA", "SHR",
     FLOW_FORCED_END, "no_match")},
};
/* clang-format on */

static void
check(const struct exchange *exchange, const struct stream *stream, int64_t end_ns)
{
    uint16_t port[ROLE_COUNT] = {
        [ROLE_CLIENT] = exchange->client_port ? exchange->client_port : 40000,
        [ROLE_SERVER] = exchange->server_port ? exchange->server_port : 80,
    };
    struct outcome outcome = outcome_of(stream, end_ns);
    struct cause cause = cause_of(stream, end_ns);
    struct foreign foreign = foreign_of(stream, &outcome, &cause, port, end_ns);

    g_assert_cmpstr(foreign.zeek.history, ==, exchange->history);
    g_assert_cmpstr(foreign.zeek.conn_state, ==, exchange->conn_state);
    g_assert_cmpint(foreign.flow_end_reason, ==, exchange->reason);
    g_assert_cmpstr(stage_name(foreign.stage), ==, exchange->stage);
}

static void
play(const void *data, unsigned side_of_c)
{
    const struct exchange *exchange = (const struct exchange *)data;
    struct stream stream = {.client = 0};
    int64_t ns = NS_PER_S;
    uint32_t frame = 0;

    stream_init(&stream, NULL);
    for (const struct step_of_test *step = exchange->steps; step->flags; step++) {
        unsigned times = step[1].flags || exchange->times == 0 ? 1 : exchange->times;

        for (unsigned i = 0; i < times; i++) {
            struct segment seg;

            ns += (i == 0 ? step->ms : 1) * NS_PER_MS;
            seg = exchange_segment(step, side_of_c, ++frame, ns);
            stream_feed(&stream, &seg, &usual_policy);
        }
    }
    check(exchange, &stream, ns + exchange->goes_on_s * NS_PER_S);
    stream_clear(&stream);
}

static void
run(gconstpointer data)
{
    exchange_play(((const struct exchange *)data)->steps, play, data);
}

/* A side that sends bare ACKs alone is settled too: its segments go the short way. */
static void
first_of_each_kind_ends_the_long_way(void)
{
    static const struct step_of_test handshake[] = {HANDSHAKE};
    struct stream stream = {.client = 0};
    struct segment seg;

    stream_init(&stream, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(handshake); i++) {
        seg = exchange_segment(&handshake[i], 0, i + 1, i + 1);
        stream_feed(&stream, &seg, &usual_policy);
    }
    for (uint32_t i = 0; i < 2 * HISTORY_EARLY; i++) {
        struct step_of_test data = {0, S, "A", 1 + 100 * i, 1, 100};
        struct step_of_test ack = {0, C, "A", 1, 101 + 100 * i, 0};

        seg = exchange_segment(&data, 0, 10 + 2 * i, 10 + 2 * i);
        stream_feed(&stream, &seg, &usual_policy);
        g_assert_cmpint(history_is_settled(&stream.memory.history, &seg), ==, i >= HISTORY_EARLY);
        seg = exchange_segment(&ack, 0, 11 + 2 * i, 11 + 2 * i);
        stream_feed(&stream, &seg, &usual_policy);
    }
    g_assert_true(history_is_settled(&stream.memory.history, &seg));
    g_assert_false(memory_rare(&stream.memory)->history.letters);
    stream_clear(&stream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (unsigned i = 0; i < G_N_ELEMENTS(exchanges); i++) {
        char *path = g_strconcat("/engine/foreign/", exchanges[i].name, NULL);

        g_test_add_data_func(path, &exchanges[i], run);
        g_free(path);
    }
    g_test_add_func("/engine/foreign/settled/first_of_each_kind_ends_the_long_way",
                    first_of_each_kind_ends_the_long_way);
    return g_test_run();
}
