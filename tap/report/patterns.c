/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report `patterns`: a row a pattern. */
#include "aggregate.h"
#include "outcome.h"

/* A row is a pattern, its rank the pattern's number; its times are the teardowns. */
static void
add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns)
{
    struct outcome outcome = outcome_of(entry->stream, end_ns);
    struct aggregate_row *row =
        aggregate_row(aggregate, outcome.pattern, pattern_name(outcome.pattern));

    row->count++;
    row->bytes += outcome.half_close_bytes;
    if (outcome.has_teardown && !outcome.teardown_censored)
        distribution_add(&row->times, outcome.teardown_ns);
}

static const struct column columns[] = {
    {.title = "Pattern", .kind = COLUMN_TEXT, .get = aggregate_get_name},
    {.title = "Streams", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Share (%)", .kind = COLUMN_PERCENT, .get = aggregate_get_stream_share},
    PERCENTILE_COLUMN("Teardown min", 0),
    PERCENTILE_COLUMN("Teardown median", 50),
    PERCENTILE_COLUMN("Teardown p95", 95),
    PERCENTILE_COLUMN("Teardown max", 100),
    {.title = "Half-close (bytes)", .kind = COLUMN_BYTES, .get = aggregate_get_bytes},
};

const struct report patterns_report = {
    .name = "patterns",
    .title = "Patterns",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .source = &aggregate_source,
    .aggregate =
        &(const struct aggregate_rule){
            .row_size = sizeof(struct aggregate_row),
            .is_relative = true,
            .add = add,
        },
};
