/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "patterns.h"

#include "aggregate.h"
#include "wscompat.h"

/* A row is a pattern, its rank the pattern's number; its times are the teardowns. */
static void
add(struct aggregate *aggregate, const struct selected_stream *selected,
    int64_t end_ns G_GNUC_UNUSED)
{
    struct outcome outcome = outcome_of(selected->stream);
    struct aggregate_row *row =
        aggregate_row(aggregate, outcome.pattern, pattern_name(outcome.pattern));

    row->count++;
    row->bytes += outcome.half_close_bytes;
    if (outcome.has_teardown)
        distribution_add(&row->times, outcome.teardown_ns);
}

static struct value
get_pattern(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = ((const struct aggregate_row *)row)->name};
}

/* clang-format off */
#define TEARDOWN_COLUMN(name, percent_) \
    {.title = "Teardown " name " (s)", .kind = COLUMN_DURATION, .get = aggregate_get_percentile, \
     .percent = (percent_)}
/* clang-format on */

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
        .menu_title = COMPAT_SUBMENU("TCP Close", "Patterns"),
        .columns = columns,
        .column_count = G_N_ELEMENTS(columns),
        .row_size = sizeof(struct aggregate_row),
        .is_relative = true,
        .add = add,
    };

    aggregate_register(&report);
}
