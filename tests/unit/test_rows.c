/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dialog asks rows for, and what they refuse; the interval that they are asked with. */
#include <glib.h>
#include <string.h>

#include "interval.h"
#include "small_capture.h"
#include "units.h"

/* The places of the rows that were taken, as a set of bits. */
static void
note_place(void *context, unsigned position, const void *row)
{
    g_assert_nonnull(row);
    *(unsigned *)context |= 1U << position;
}

/* By stream: the places of the rows that it changes. */
static void
assert_changed(const struct report *report, const unsigned wanted[SMALL_CAPTURE_STREAMS])
{
    struct small_capture capture;
    struct rows *rows;

    small_capture_make(&capture);
    rows = rows_begin(report, &capture.input);
    for (unsigned i = 0; i < SMALL_CAPTURE_STREAMS; i++) {
        unsigned places = 0;

        rows_collect(rows, stream_entries_find(&capture.entries, i));
        rows_changed(rows, note_place, &places);
        g_assert_cmphex(places, ==, wanted[i]);
    }
    rows_free(rows);
    small_capture_clear(&capture);
}

static void
test_stream_changes_its_own_row(void)
{
    assert_changed(&streams_report,
                   (const unsigned[SMALL_CAPTURE_STREAMS]){1 << 0, 1 << 1, 1 << 2});
}

/* Of three streams, the second has a RST. */
static void
test_stream_makes_a_row_for_each_of_its_rsts(void)
{
    assert_changed(&resets_report, (const unsigned[SMALL_CAPTURE_STREAMS]){0, 1 << 0, 0});
}

/* What is promised to need no quotes is written as it is. */
static void
test_words_have_nothing_to_quote(void)
{
    struct small_capture capture;
    struct rows *rows;
    unsigned words = 0;

    small_capture_make(&capture);
    rows = rows_begin(&csv_report, &capture.input);
    rows_collect_all(rows, &capture.entries);
    for (unsigned i = 0; i < rows_count(rows) * csv_report.column_count; i++) {
        const struct column *column = &csv_report.columns[i % csv_report.column_count];
        const void *row = rows_row(rows, i / csv_report.column_count);
        const char *text = column->is_plain ? column->get(row, column).text : "";

        for (; *text != '\0'; text++, words++)
            g_assert_true(g_ascii_isgraph(*text) || *text == ' ');
        g_assert_null(column->is_plain ? strpbrk(column->get(row, column).text, "\",\\") : NULL);
    }
    g_assert_cmpuint(words, >, 0);
    rows_free(rows);
    small_capture_clear(&capture);
}

/* Shares are of all streams. */
static void
test_stream_changes_every_share(void)
{
    assert_changed(&patterns_report, (const unsigned[SMALL_CAPTURE_STREAMS]){0x1, 0x3, 0x7});
}

/* Met in this order: client, server, service; the third stream has another server and service. */
static void
test_stream_changes_the_rows_of_its_hosts(void)
{
    assert_changed(&hosts_report, (const unsigned[SMALL_CAPTURE_STREAMS]){0x0f, 0x07, 0x31});
}

static void
test_too_many_intervals_are_refused(void)
{
    struct small_capture capture;
    struct rows *rows;
    char *error;

    small_capture_make(&capture);
    capture.input.interval_ns = 1;
    rows = rows_begin(&occupancy_report, &capture.input);
    rows_collect_all(rows, &capture.entries);
    error = rows_finish(rows);
    g_assert_cmpstr(error, ==,
                    "1510000001 intervals, at most 1000000 are possible. Take longer ones.");
    g_assert_cmpuint(rows_count(rows), ==, 0);
    g_free(error);
    rows_free(rows);
    small_capture_clear(&capture);
}

/* With so many intervals of a microsecond; what is said against them, or NULL. */
static char *
refusal_of_intervals(unsigned count)
{
    struct small_capture capture;
    struct rows *rows;
    char *error;

    small_capture_make(&capture);
    capture.input.interval_ns = NS_PER_US;
    capture.input.begin_ns = capture.input.end_ns - (int64_t)(count - 1) * NS_PER_US;
    rows = rows_begin(&occupancy_report, &capture.input);
    rows_collect_all(rows, &capture.entries);
    error = rows_finish(rows);
    if (!error)
        g_assert_cmpuint(rows_count(rows), ==, count);
    rows_free(rows);
    small_capture_clear(&capture);
    return error;
}

static void
test_a_million_intervals_are_the_most(void)
{
    char *error = refusal_of_intervals(1000001);

    g_assert_null(refusal_of_intervals(1000000));
    g_assert_cmpstr(error, ==,
                    "1000001 intervals, at most 1000000 are possible. Take longer ones.");
    g_free(error);
}

/* In the column with that title. */
static uint64_t
count_in_row(struct rows *rows, unsigned index, const char *title)
{
    const struct report *report = rows->report;

    for (unsigned i = 0; i < report->column_count; i++) {
        const struct column *column = &report->columns[i];

        if (g_strcmp0(column->title, title) == 0)
            return column->get(rows_row(rows, index), column).number;
    }
    g_assert_not_reached();
}

/* The server of stream 0 goes from CLOSE_WAIT to LAST_ACK at 0.62 s. */
static void
test_what_comes_at_the_end_of_an_interval_is_of_the_next(void)
{
    struct small_capture capture;
    struct rows *rows;

    small_capture_make(&capture);
    capture.input.interval_ns = 620 * NS_PER_MS;
    rows = rows_begin(&occupancy_report, &capture.input);
    rows_collect_all(rows, &capture.entries);
    g_assert_null(rows_finish(rows));
    g_assert_cmpuint(rows_count(rows), ==, 3);
    g_assert_cmpuint(count_in_row(rows, 0, "CLOSE_WAIT end"), ==, 1);
    g_assert_cmpuint(count_in_row(rows, 0, "LAST_ACK peak"), ==, 0);
    g_assert_cmpuint(count_in_row(rows, 1, "CLOSE_WAIT end"), ==, 0);
    g_assert_cmpuint(count_in_row(rows, 1, "LAST_ACK peak"), ==, 1);
    rows_free(rows);
    small_capture_clear(&capture);
}

/* The sides of two streams in the same frame: one leaves CLOSE_WAIT, one enters it. */
static void
test_what_leaves_a_state_goes_before_what_enters_it(void)
{
    static const struct {
        unsigned stream;
        uint32_t frame;
        uint8_t side;
        uint8_t flags;
        uint32_t seq;
        uint32_t ack;
    } lines[] = {
        {0, 1, 0, FLAG_FIN | FLAG_ACK, 100, 200},
        {0, 2, 1, FLAG_ACK, 200, 101},
        {1, 3, 0, FLAG_ACK, 100, 200},
        {1, 4, 0, FLAG_FIN | FLAG_ACK, 100, 200},
        {0, 4, 1, FLAG_FIN | FLAG_ACK, 200, 101},
    };
    static const struct policy policy = {.two_msl_ns = NS_PER_S};
    const struct report_input input = {.end_ns = 4 * NS_PER_MS, .interval_ns = NS_PER_S};
    struct capture *capture = capture_new(&policy);
    struct stream_entries entries = {0};
    struct rows *rows;

    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        const uint8_t number = (uint8_t)lines[i].stream;
        const struct host hosts[2] = {{.address = &number, .length = 1, .port = 40000},
                                      {.address = &number, .length = 1, .port = 80}};
        struct segment seg = {
            .time_ns = lines[i].frame * NS_PER_MS,
            .frame = lines[i].frame,
            .layer = (uint8_t)(lines[i].stream == 0),
            .side = lines[i].side,
            .flags = lines[i].flags,
            .seq = lines[i].seq,
            .ack = lines[i].ack,
        };
        const struct stream *stream = capture_feed(capture, lines[i].stream, hosts, &seg);

        if (!stream_entries_find(&entries, lines[i].stream))
            stream_entries_add(&entries, lines[i].stream, stream, seg.time_ns);
    }
    rows = rows_begin(&occupancy_report, &input);
    rows_collect_all(rows, &entries);
    g_assert_null(rows_finish(rows));
    g_assert_cmpuint(count_in_row(rows, 0, "CLOSE_WAIT end"), ==, 1);
    g_assert_cmpuint(count_in_row(rows, 0, "CLOSE_WAIT peak"), ==, 1);
    rows_free(rows);
    stream_entries_clear(&entries);
    capture_free(capture);
}

static void
assert_interval(const char *text, int64_t ns, const char *rest)
{
    struct interval_argument interval = interval_read(text);

    g_assert_cmpint(interval.ns, ==, ns);
    g_assert_cmpstr(interval.rest, ==, rest);
}

static void
test_interval_is_read(void)
{
    assert_interval("1", NS_PER_S, "");
    assert_interval("0.000000001,tcp", 1, ",tcp");
    assert_interval("1000000000", INTERVAL_MAX_S * NS_PER_S, "");
    assert_interval("1000000001", 0, "");
    assert_interval("1.5.2", 0, "");
    assert_interval("-1", 0, "-1");
    assert_interval("0", 0, "");
    assert_interval("", 0, "");
    assert_interval("2s", 2 * NS_PER_S, "s");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rows/stream_changes_its_own_row", test_stream_changes_its_own_row);
    g_test_add_func("/rows/resets/stream_makes_a_row_for_each_of_its_rsts",
                    test_stream_makes_a_row_for_each_of_its_rsts);
    g_test_add_func("/rows/stream_changes_every_share", test_stream_changes_every_share);
    g_test_add_func("/rows/words_have_nothing_to_quote", test_words_have_nothing_to_quote);
    g_test_add_func("/rows/stream_changes_the_rows_of_its_hosts",
                    test_stream_changes_the_rows_of_its_hosts);
    g_test_add_func("/rows/too_many_intervals_are_refused", test_too_many_intervals_are_refused);
    g_test_add_func("/rows/a_million_intervals_are_the_most",
                    test_a_million_intervals_are_the_most);
    g_test_add_func("/rows/what_comes_at_the_end_of_an_interval_is_of_the_next",
                    test_what_comes_at_the_end_of_an_interval_is_of_the_next);
    g_test_add_func("/rows/what_leaves_a_state_goes_before_what_enters_it",
                    test_what_leaves_a_state_goes_before_what_enters_it);
    g_test_add_func("/rows/interval_is_read", test_interval_is_read);
    return g_test_run();
}
