/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a dialog asks rows for, and what they refuse; the interval that they are asked with. */
#include <glib.h>

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
    assert_changed(&hosts_report, (const unsigned[SMALL_CAPTURE_STREAMS]){0x07, 0x07, 0x19});
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
    g_test_add_func("/rows/stream_changes_every_share", test_stream_changes_every_share);
    g_test_add_func("/rows/stream_changes_the_rows_of_its_hosts",
                    test_stream_changes_the_rows_of_its_hosts);
    g_test_add_func("/rows/too_many_intervals_are_refused", test_too_many_intervals_are_refused);
    g_test_add_func("/rows/interval_is_read", test_interval_is_read);
    return g_test_run();
}
