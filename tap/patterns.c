/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "patterns.h"

#include "aggregate.h"

/* A row is a pattern, by its number; its times are the teardowns. */
_Static_assert((int)PATTERN_COUNT <= (int)AGGREGATE_ROWS_MAX, "a row for each pattern");

static void
contribute(GArray *contributions, const struct stream *stream, int64_t end_ns)
{
    struct summary summary = summary_of(stream, end_ns);
    struct contribution given = {
        .row = summary.pattern,
        .has_time = summary.has_teardown,
        .ns = summary.teardown_ns,
        .bytes = summary.half_close_bytes,
    };

    g_array_append_val(contributions, given);
}

static struct value
get_pattern(const void *row, const struct column *column G_GNUC_UNUSED)
{
    unsigned index = ((const struct aggregate_row *)row)->index;

    return (struct value){.text = pattern_name((enum tcp_pattern)index)};
}

#define TEARDOWN_COLUMN(name, percent_) \
    {.title = "Teardown " name " (s)", .kind = COLUMN_DURATION, .get = aggregate_get_percentile, \
     .percent = (percent_)}

static const struct column columns[] = {
    {.title = "Pattern", .kind = COLUMN_TEXT, .get = get_pattern},
    {.title = "Streams", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Share (%)", .kind = COLUMN_PERCENT, .get = aggregate_get_stream_share},
    TEARDOWN_COLUMN("min", 0),
    TEARDOWN_COLUMN("median", 50),
    TEARDOWN_COLUMN("p95", 95),
    TEARDOWN_COLUMN("max", 100),
    {.title = "Half-close (bytes)", .kind = COLUMN_BYTES, .get = aggregate_get_bytes},
};

void
patterns_register(void)
{
    static struct aggregate_report report = {
        .report = {.name = "tcpclose,patterns", .title = "TCP Close Patterns"},
        .columns = columns,
        .column_count = G_N_ELEMENTS(columns),
        .row_count = PATTERN_COUNT,
        .is_relative = true,
        .contribute = contribute,
    };

    aggregate_register(&report);
}
