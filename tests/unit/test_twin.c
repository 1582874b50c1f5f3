/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection that a NAT has given another address or port: whose segments are in a stream of
 * their own, with the numbers of another one.
 */
#include <glib.h>

#include "capture.h"
#include "cause.h"
#include "units.h"
#include "usual_policy.h"

enum {
    SERVER_PORT = 443,
    CLIENT_PORT = 50000,
    OTHER_PORT = 50001,
    C_ISS = 4294967000U,
    S_ISS = 77
};

struct play {
    struct capture *capture;
    uint32_t frame;
    int64_t time_ns;
};

static const uint8_t client[] = {10, 0, 0, 1};
static const uint8_t other_client[] = {10, 0, 0, 9};
static const uint8_t server[] = {10, 0, 0, 2};
static const uint8_t other_server[] = {10, 0, 0, 3};

struct ends {
    const uint8_t *client;
    uint16_t client_port;
    const uint8_t *server;
};

static const struct ends own = {client, CLIENT_PORT, server};
static const struct ends by_other_port = {client, OTHER_PORT, server};
static const struct ends by_other_address = {other_client, CLIENT_PORT, server};
static const struct ends to_other_server = {client, OTHER_PORT, other_server};
static const struct ends from_other_server = {client, CLIENT_PORT, other_server};

/* seq and ack are relative to the first numbers of the client's and the server's connection. */
static void
sends(struct play *play, uint32_t number, const struct ends *ends, bool by_server, uint8_t flags,
      uint32_t seq, uint32_t ack, uint32_t len)
{
    struct host hosts[2] = {
        {.address = ends->client, .length = 4, .port = ends->client_port},
        {.address = ends->server, .length = 4, .port = SERVER_PORT},
    };
    struct segment seg = {
        .time_ns = play->time_ns += NS_PER_MS,
        .frame = ++play->frame,
        .seq = (by_server ? S_ISS : C_ISS) + seq,
        .ack = (flags & FLAG_ACK) ? (by_server ? C_ISS : S_ISS) + ack : 0,
        .len = len,
        .window = (flags & FLAG_RST) ? 0 : 500,
        .flags = flags,
        .side = by_server,
    };

    capture_feed(play->capture, number, hosts, &seg);
}

/* Frames 1 to 5; next: 301 and 301. */
static void
open_connection(struct play *play)
{
    *play = (struct play){.capture = capture_new(&usual_policy)};
    sends(play, 0, &own, false, FLAG_SYN, 0, 0, 0);
    sends(play, 0, &own, true, FLAG_SYN | FLAG_ACK, 0, 1, 0);
    sends(play, 0, &own, false, FLAG_ACK, 1, 1, 300);
    sends(play, 0, &own, true, FLAG_ACK, 1, 301, 300);
    sends(play, 0, &own, false, FLAG_ACK, 301, 301, 0);
}

/* Frames 6 and 7: a request in another stream, and the server's answer. */
static void
go_on(struct play *play, const struct ends *ends, int64_t idle_ns, uint32_t seq)
{
    play->time_ns += idle_ns;
    sends(play, 1, ends, false, FLAG_ACK, seq, 301, 100);
    sends(play, 1, ends, true, FLAG_RST, 301, 0, 0);
}

static void
assert_cause(struct play *play, enum cause_kind wanted)
{
    const struct stream *stream = capture_stream(play->capture, 1);
    struct cause of_stream = cause_of(stream, play->time_ns);
    struct cause of_rst = cause_of_rst(stream, play->frame, 0);

    g_assert_cmpstr(cause_slug(of_stream.kind), ==, cause_slug(wanted));
    g_assert_cmpint(of_stream.kind == CAUSE_nat_mismatch, ==, of_rst.kind == CAUSE_nat_mismatch);
    if (wanted == CAUSE_nat_mismatch) {
        g_assert_cmpint(of_stream.side, ==, CAUSE_BY_NETWORK);
        g_assert_false(of_stream.sure);
        g_assert_cmpuint(of_stream.frames[2], ==, play->frame);
    }
    capture_free(play->capture);
}

static void
test_numbers_of_another_stream_are_a_mismatch(void)
{
    struct play play;

    open_connection(&play);
    go_on(&play, &by_other_port, 300 * NS_PER_S, 301);
    assert_cause(&play, CAUSE_nat_mismatch);
    open_connection(&play);
    go_on(&play, &by_other_address, 300 * NS_PER_S, 301);
    assert_cause(&play, CAUSE_nat_mismatch);
}

static void
test_evidence_is_the_other_connection_too(void)
{
    struct play play;
    struct cause cause;
    char *sentence;

    open_connection(&play);
    go_on(&play, &by_other_port, 300 * NS_PER_S, 301);
    cause = cause_of(capture_stream(play.capture, 1), play.time_ns);
    sentence = cause_evidence(&cause);
    g_assert_cmpstr(sentence, ==,
                    "segments of the client have the numbers of another live connection of the "
                    "server, which reset them (frames 5, 6, 7)");
    g_free(sentence);
    capture_free(play.capture);
}

static void
test_other_numbers_are_none(void)
{
    struct play play;

    open_connection(&play);
    go_on(&play, &by_other_port, 300 * NS_PER_S, 2000000);
    assert_cause(&play, CAUSE_connection_lost);
}

static void
test_another_server_is_none(void)
{
    struct play play;

    open_connection(&play);
    go_on(&play, &to_other_server, 300 * NS_PER_S, 301);
    assert_cause(&play, CAUSE_connection_lost);
}

/* Captured on both sides of a NAT, each segment is there twice. */
static void
test_the_same_segment_captured_twice_is_none(void)
{
    struct play play;

    open_connection(&play);
    play.time_ns += 300 * NS_PER_S;
    sends(&play, 0, &own, false, FLAG_ACK, 301, 301, 100);
    go_on(&play, &by_other_port, 0, 301);
    assert_cause(&play, CAUSE_connection_lost);
}

static void
test_a_closed_connection_is_none(void)
{
    struct play play;

    open_connection(&play);
    sends(&play, 0, &own, false, FLAG_RST | FLAG_ACK, 301, 301, 0);
    go_on(&play, &by_other_port, 300 * NS_PER_S, 301);
    assert_cause(&play, CAUSE_connection_lost);
}

/* Who has answered before does know the connection. */
static void
test_a_server_that_talked_is_none(void)
{
    struct play play;

    open_connection(&play);
    play.time_ns += 300 * NS_PER_S;
    sends(&play, 1, &by_other_port, true, FLAG_ACK, 301, 301, 10);
    go_on(&play, &by_other_port, 0, 301);
    assert_cause(&play, CAUSE_connection_lost);
}

/* An answer that was not translated back. */
static void
test_a_syn_ack_from_elsewhere_is_a_mismatch(void)
{
    struct play play = {.capture = capture_new(&usual_policy)};

    sends(&play, 0, &own, false, FLAG_SYN, 0, 0, 0);
    sends(&play, 1, &from_other_server, true, FLAG_SYN | FLAG_ACK, 0, 1, 0);
    sends(&play, 1, &from_other_server, false, FLAG_RST, 1, 0, 0);
    assert_cause(&play, CAUSE_nat_mismatch);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capture/twin/numbers_of_another_stream_are_a_mismatch",
                    test_numbers_of_another_stream_are_a_mismatch);
    g_test_add_func("/capture/twin/evidence_is_the_other_connection_too",
                    test_evidence_is_the_other_connection_too);
    g_test_add_func("/capture/twin/other_numbers_are_none", test_other_numbers_are_none);
    g_test_add_func("/capture/twin/another_server_is_none", test_another_server_is_none);
    g_test_add_func("/capture/twin/the_same_segment_captured_twice_is_none",
                    test_the_same_segment_captured_twice_is_none);
    g_test_add_func("/capture/twin/a_closed_connection_is_none", test_a_closed_connection_is_none);
    g_test_add_func("/capture/twin/a_server_that_talked_is_none",
                    test_a_server_that_talked_is_none);
    g_test_add_func("/capture/twin/a_syn_ack_from_elsewhere_is_a_mismatch",
                    test_a_syn_ack_from_elsewhere_is_a_mismatch);
    return g_test_run();
}
