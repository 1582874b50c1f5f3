/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of a stream afterwards: snapshots of frames, and the summary. */
#include <glib.h>

#include "script.h"
#include "units.h"
#include "course.h"
#include "usual_policy.h"

static const int64_t MS = NS_PER_MS;
/* Side 0 is the client; numbers relative to the start numbers below; frames count from 1. */
struct row {
    int64_t at_ms;
    uint8_t side;
    uint8_t flags;
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
};

static const uint32_t iss[2] = {0xfffffff0, 0xffffff80};

static struct snapshot
feed_row(struct stream *stream, const struct row *row, uint32_t frame, uint8_t layer)
{
    const struct segment seg = {
        .time_ns = row->at_ms * MS,
        .frame = frame,
        .layer = layer,
        .seq = iss[row->side] + row->seq,
        .ack = iss[!row->side] + row->ack,
        .len = row->len,
        .window = 60000,
        .flags = row->flags,
        .side = row->side,
    };

    stream_feed(stream, &seg, &usual_policy);
    return snapshot_at(stream, seg.frame, seg.layer, seg.time_ns);
}

static void
feed_rows(struct stream *stream, const struct row *rows, unsigned count)
{
    stream_init(stream, NULL);
    for (unsigned i = 0; i < count; i++)
        feed_row(stream, &rows[i], i + 1, 0);
}

#define SYN FLAG_SYN
#define ACK FLAG_ACK
#define FIN (FLAG_FIN | FLAG_ACK)

/* The client closes first; the server waits 500 ms in CLOSE_WAIT. */
/* clang-format off */
static const struct row four_way[] = {
    {0,   0, SYN, 0, 0, 0},
    {10,  1, SYN | ACK, 0, 1, 0},
    {20,  0, ACK, 1, 1, 0},
    {30,  0, ACK, 1, 1, 200},
    {50,  1, ACK, 1, 201, 200},
    {100, 0, FIN, 201, 201, 0},
    {120, 1, ACK, 201, 202, 0},
    {620, 1, FIN, 201, 202, 0},
    {640, 0, ACK, 202, 202, 0},
};
/* clang-format on */

enum { FOUR_WAY_COUNT = G_N_ELEMENTS(four_way) };

/* ---- snapshots ---- */

static void
test_fin_acked_in_is_known_later(void)
{
    struct stream stream = {0};
    struct snapshot shown;

    stream_init(&stream, NULL);
    for (uint32_t i = 0; i < FOUR_WAY_COUNT; i++) {
        shown = feed_row(&stream, &four_way[i], i + 1, 0);
        if (i == 5)
            g_assert_cmpuint(shown.fin_acked_in, ==, 0);
        if (i == 6)
            g_assert_cmpuint(shown.fin_acks, ==, 6);
    }
    shown = snapshot_at(&stream, 6, 0, four_way[5].at_ms * MS);
    g_assert_cmpuint(shown.fin_acked_in, ==, 7);
    shown = snapshot_at(&stream, 8, 0, four_way[7].at_ms * MS);
    g_assert_cmpuint(shown.fin_acked_in, ==, 9);
    shown = snapshot_at(&stream, 9, 0, four_way[8].at_ms * MS);
    g_assert_cmpuint(shown.fin_acks, ==, 8);
    stream_clear(&stream);
}

static void
test_since_and_dwell_are_exact(void)
{
    struct stream stream = {0};
    struct snapshot shown;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    shown = snapshot_at(&stream, 5, 0, 50 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].since_ns, ==, 40 * MS);
    g_assert_cmpint(shown.end[ROLE_SERVER].since_ns, ==, 30 * MS);
    g_assert_false(shown.end[ROLE_CLIENT].changed || shown.end[ROLE_SERVER].changed);
    shown = snapshot_at(&stream, 6, 0, 100 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].since_ns, ==, 0);
    g_assert_true(shown.end[ROLE_CLIENT].changed && shown.end[ROLE_SERVER].changed);
    g_assert_cmpint(shown.end[ROLE_CLIENT].previous, ==, STATE_ESTABLISHED);
    g_assert_cmpint(shown.end[ROLE_CLIENT].dwell_ns, ==, 90 * MS);
    g_assert_cmpint(shown.end[ROLE_SERVER].dwell_ns, ==, 80 * MS);
    g_assert_cmpuint(shown.end[ROLE_SERVER].reason_frame, ==, 6);
    shown = snapshot_at(&stream, 8, 0, 620 * MS);
    g_assert_cmpint(shown.end[ROLE_SERVER].previous, ==, STATE_CLOSE_WAIT);
    g_assert_cmpint(shown.end[ROLE_SERVER].dwell_ns, ==, 520 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].previous, ==, STATE_FIN_WAIT_2);
    g_assert_cmpint(shown.end[ROLE_CLIENT].dwell_ns, ==, 500 * MS);
    stream_clear(&stream);
}

/* Two TCP layers in one frame, as in a tunnel that carries a stream's segments twice. */
static void
test_layers_of_a_frame_differ(void)
{
    struct stream stream = {0};
    struct snapshot shown;

    stream_init(&stream, NULL);
    for (uint32_t i = 0; i < FOUR_WAY_COUNT; i++)
        feed_row(&stream, &four_way[i], 1 + i / 2, (uint8_t)(i % 2));
    shown = snapshot_at(&stream, 3, 1, 100 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].state, ==, STATE_FIN_WAIT_1);
    shown = snapshot_at(&stream, 3, 0, 50 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].state, ==, STATE_ESTABLISHED);
    shown = snapshot_at(&stream, 4, 0, 120 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].state, ==, STATE_FIN_WAIT_2);
    g_assert_true(shown.events & EV(fin_ack));
    shown = snapshot_at(&stream, 4, 1, 620 * MS);
    g_assert_cmpint(shown.end[ROLE_CLIENT].state, ==, STATE_TIME_WAIT);
    stream_clear(&stream);
}

static void
test_empty_stream_has_an_answer(void)
{
    struct stream stream = {0};
    struct snapshot shown;

    stream_init(&stream, NULL);
    shown = snapshot_at(&stream, 1, 0, 0);
    g_assert_cmpint(shown.end[ROLE_CLIENT].state, ==, STATE_CLOSED);
    g_assert_cmpuint(shown.events, ==, 0);
    stream_clear(&stream);
}

/* ---- the summary ---- */

static void
assert_stay(const struct summary *summary, enum role role, enum tcp_state state, unsigned visits,
            int64_t ms, bool censored)
{
    const struct role_summary *end = &summary->role[role];
    bool is_censored = (end->censored & (1U << state)) != 0;

    if (end->visits[state] == visits && end->dwell_ns[state] == ms * MS && is_censored == censored)
        return;
    g_test_message("role %u %s: %u visits, %" G_GINT64_FORMAT " ns, censored %d", role,
                   state_name(state), end->visits[state], end->dwell_ns[state], is_censored);
    g_test_fail();
}

static void
test_summary_of_four_way(void)
{
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    summary = summary_of(&stream, 1000 * MS);
    g_assert_cmpint(summary.outcome.pattern, ==, PATTERN_four_way);
    g_assert_true(summary.outcome.complete && summary.outcome.has_teardown);
    g_assert_cmpint(summary.outcome.teardown_ns, ==, 540 * MS);
    g_assert_cmpint(summary.role[ROLE_CLIENT].final_state, ==, STATE_TIME_WAIT);
    g_assert_cmpint(summary.role[ROLE_SERVER].final_state, ==, STATE_CLOSED);
    assert_stay(&summary, ROLE_CLIENT, STATE_SYN_SENT, 1, 10, false);
    assert_stay(&summary, ROLE_CLIENT, STATE_ESTABLISHED, 1, 90, false);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_1, 1, 20, false);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_2, 1, 500, false);
    assert_stay(&summary, ROLE_CLIENT, STATE_TIME_WAIT, 1, 380, true);
    assert_stay(&summary, ROLE_CLIENT, STATE_CLOSE_WAIT, 0, 0, false);
    assert_stay(&summary, ROLE_SERVER, STATE_SYN_RECEIVED, 1, 20, false);
    assert_stay(&summary, ROLE_SERVER, STATE_ESTABLISHED, 1, 80, false);
    assert_stay(&summary, ROLE_SERVER, STATE_CLOSE_WAIT, 1, 520, false);
    assert_stay(&summary, ROLE_SERVER, STATE_LAST_ACK, 1, 20, false);
    stream_clear(&stream);
}

static void
test_summary_of_unfinished_is_censored(void)
{
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, 7);
    summary = summary_of(&stream, 5000 * MS);
    g_assert_cmpint(summary.outcome.pattern, ==, PATTERN_half_closed);
    g_assert_false(summary.outcome.complete);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_2, 1, 4880, true);
    assert_stay(&summary, ROLE_SERVER, STATE_CLOSE_WAIT, 1, 4900, true);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_1, 1, 20, false);
    stream_clear(&stream);
}

/* The capture goes on without the stream: TIME_WAIT ends by the clock, and is censored at 2MSL. */
static void
test_summary_ends_time_wait_at_two_msl(void)
{
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    summary = summary_of(&stream, (620 + 90000) * MS);
    g_assert_cmpint(summary.role[ROLE_CLIENT].final_state, ==, STATE_CLOSED);
    assert_stay(&summary, ROLE_CLIENT, STATE_TIME_WAIT, 1, 60000, true);
    g_assert_cmpint(summary.outcome.teardown_ns, ==, 540 * MS);
    stream_clear(&stream);
}

/* The same, found at a later segment: it must not make TIME_WAIT longer than 2MSL. */
static void
test_summary_ends_time_wait_at_two_msl_before_late_segment(void)
{
    static const struct row late = {620 + 90000, 1, FLAG_RST, 202, 0, 0};
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    feed_row(&stream, &late, FOUR_WAY_COUNT + 1, 0);
    summary = summary_of(&stream, (620 + 100000) * MS);
    g_assert_cmpint(summary.role[ROLE_CLIENT].final_state, ==, STATE_CLOSED);
    assert_stay(&summary, ROLE_CLIENT, STATE_TIME_WAIT, 1, 60000, true);
    stream_clear(&stream);
}

/* A RST ends TIME_WAIT for good: that time is whole. */
static void
test_summary_of_time_wait_reset_is_not_censored(void)
{
    static const struct row reset = {1620, 1, FLAG_RST, 202, 0, 0};
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    feed_row(&stream, &reset, FOUR_WAY_COUNT + 1, 0);
    summary = summary_of(&stream, 5000 * MS);
    assert_stay(&summary, ROLE_CLIENT, STATE_TIME_WAIT, 1, 1000, false);
    g_assert_cmpuint(summary.outcome.rsts, ==, 1);
    stream_clear(&stream);
}

static void
test_summary_adds_visits(void)
{
    static const struct row fin_again = {420, 0, FIN, 201, 201, 0};
    static const struct row ack_again = {430, 1, ACK, 201, 202, 0};
    struct stream stream = {0};
    struct summary summary;

    feed_rows(&stream, four_way, 7);
    feed_row(&stream, &fin_again, 8, 0);
    feed_row(&stream, &ack_again, 9, 0);
    summary = summary_of(&stream, 530 * MS);
    /* Its FIN again: the ACK was lost, and the first FIN_WAIT_2 never was. */
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_1, 1, 330, false);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_2, 1, 100, true);
    g_assert_cmpuint(summary.outcome.fin_retransmissions, ==, 1);
    stream_clear(&stream);
}

/* Roles, not sides: here side 1 is the client. */
static void
test_summary_is_by_role(void)
{
    struct stream stream = {0};
    struct summary summary;

    stream_init(&stream, NULL);
    for (uint32_t i = 0; i < FOUR_WAY_COUNT; i++) {
        struct row row = four_way[i];

        row.side = !row.side;
        feed_row(&stream, &row, i + 1, 0);
    }
    summary = summary_of(&stream, 1000 * MS);
    g_assert_cmpint(summary.outcome.closed_by, ==, CLOSER_CLIENT);
    assert_stay(&summary, ROLE_CLIENT, STATE_FIN_WAIT_2, 1, 500, false);
    assert_stay(&summary, ROLE_SERVER, STATE_CLOSE_WAIT, 1, 520, false);
    stream_clear(&stream);
}

struct found_visit {
    enum role role;
    enum tcp_state state;
    struct visit visit;
};

static void
find_visit(void *context, const struct visit *visit)
{
    struct found_visit *found = (struct found_visit *)context;

    if (visit->role == found->role && visit->state == found->state)
        found->visit = *visit;
}

static struct visit
visit_of(const struct stream *stream, enum role role, enum tcp_state state, int64_t end_ms)
{
    struct found_visit found = {.role = role, .state = state};

    visits_walk(stream, end_ms * MS, find_visit, &found);
    return found.visit;
}

static void
assert_instant(struct instant instant, int64_t ms, uint32_t frame)
{
    g_assert_cmpint(instant.ns, ==, ms * MS);
    g_assert_cmpuint(instant.frame, ==, frame);
}

static void
test_visit_names_its_frames(void)
{
    struct stream stream = {0};
    struct visit visit;

    feed_rows(&stream, four_way, FOUR_WAY_COUNT);
    visit = visit_of(&stream, ROLE_CLIENT, STATE_FIN_WAIT_1, 1000);
    assert_instant(visit.from, 100, 6);
    assert_instant(visit.to, 120, 7);
    g_assert_false(visit.censored || visit.open);
    visit = visit_of(&stream, ROLE_CLIENT, STATE_TIME_WAIT, 1000);
    assert_instant(visit.from, 620, 8);
    g_assert_true(visit.censored && visit.open);
    visit = visit_of(&stream, ROLE_CLIENT, STATE_TIME_WAIT, 1000000);
    assert_instant(visit.to, 620 + 60000, 0); /* the clock's doing */
    g_assert_true(visit.censored && !visit.open);
    stream_clear(&stream);
}

/* A SYN that a living socket does not take: the stay is cut where the next stream goes on with it.
 */
static void
test_visit_goes_on_in_the_next_stream(void)
{
    static const struct row new_syn = {700, 0, SYN, 90000, 0, 0};
    struct stream streams[2] = {0};
    struct visit visit;

    feed_rows(&streams[0], four_way, 7);
    stream_init(&streams[1], &streams[0]);
    feed_row(&streams[1], &new_syn, 8, 0);
    visit = visit_of(&streams[0], ROLE_SERVER, STATE_CLOSE_WAIT, 1000);
    assert_instant(visit.from, 100, 6);
    assert_instant(visit.to, 700, 8);
    g_assert_true(visit.censored && !visit.open);
    visit = visit_of(&streams[1], ROLE_SERVER, STATE_CLOSE_WAIT, 1000);
    assert_instant(visit.from, 700, 8);
    g_assert_true(visit.censored && visit.open);
    stream_clear(&streams[0]);
    stream_clear(&streams[1]);
}

/* clang-format off */
static const struct scenario scenarios[] = {
    {
        /* Proved is what the own segments show; the rest is assumed. */
        .name = "/engine/confirmed/four_way",
        .steps = STEPS(
            OPENED,
            C_SENDS("A", 201, 201, 0, SHOWS(ESTABLISHED, ESTABLISHED), CONFIRMED(true, true)),
            C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)),
                    CONFIRMED(true, false)),
            S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)),
                    CONFIRMED(false, true)),
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)),
                    CONFIRMED(false, true)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    CONFIRMED(true, false))),
    },
    {
        .name = "/engine/confirmed/three_way",
        .steps = STEPS(
            FIN_SENT,
            S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin) | EV(fin_ack)),
                    CONFIRMED(false, true)),
            C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack)),
                    CONFIRMED(true, false))),
    },
    {
        .name = "/engine/confirmed/reset",
        .steps = STEPS(
            OPENED,
            S_SENDS("RA", 201, 201, 0, SHOWS(CLOSED, CLOSED), TAKEN, CONFIRMED(false, true))),
    },
};
/* clang-format on */

static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    {"/engine/snapshot/fin_acked_in_is_known_later", test_fin_acked_in_is_known_later},
    {"/engine/snapshot/since_and_dwell_are_exact", test_since_and_dwell_are_exact},
    {"/engine/snapshot/layers_of_a_frame_differ", test_layers_of_a_frame_differ},
    {"/engine/snapshot/empty_stream_has_an_answer", test_empty_stream_has_an_answer},
    {"/engine/summary/of_four_way", test_summary_of_four_way},
    {"/engine/summary/of_unfinished_is_censored", test_summary_of_unfinished_is_censored},
    {"/engine/summary/ends_time_wait_at_two_msl", test_summary_ends_time_wait_at_two_msl},
    {"/engine/summary/ends_time_wait_at_two_msl_before_late_segment",
     test_summary_ends_time_wait_at_two_msl_before_late_segment},
    {"/engine/summary/of_time_wait_reset_is_not_censored",
     test_summary_of_time_wait_reset_is_not_censored},
    {"/engine/summary/adds_visits", test_summary_adds_visits},
    {"/engine/summary/visit_names_its_frames", test_visit_names_its_frames},
    {"/engine/summary/visit_goes_on_in_the_next_stream", test_visit_goes_on_in_the_next_stream},
    {"/engine/summary/is_by_role", test_summary_is_by_role},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].run);
    script_add(scenarios, G_N_ELEMENTS(scenarios));
    return g_test_run();
}
