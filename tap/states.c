/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "states.h"

#include "aggregate.h"

/* A row is a state and a role, a contribution a visit; without a time if its end was not seen. */
enum { ROW_COUNT = STATE_COUNT * ROLE_COUNT };
_Static_assert((int)ROW_COUNT <= (int)AGGREGATE_ROWS_MAX, "a row for each state and role");

static void
take_visit(void *context, const struct visit *visit)
{
    GArray *contributions = (GArray *)context;
    struct contribution given = {
        .row = visit->state * (unsigned)ROLE_COUNT + visit->role,
        .has_time = !visit->censored,
        .ns = visit->to.ns - visit->from.ns,
    };

    g_array_append_val(contributions, given);
}

static void
contribute(GArray *contributions, const struct stream *stream, int64_t end_ns)
{
    summary_visit(stream, end_ns, take_visit, contributions);
}

static unsigned
index_of(const void *row)
{
    return ((const struct aggregate_row *)row)->index;
}

static struct value
get_state(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = state_name((enum tcp_state)(index_of(row) / ROLE_COUNT))};
}

static struct value
get_role(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = index_of(row) % ROLE_COUNT == ROLE_CLIENT ? "client" : "server"};
}

#define TIME_COLUMN(name, percent_) \
    {.title = name " (s)", .kind = COLUMN_DURATION, .get = aggregate_get_percentile, \
     .percent = (percent_)}

static const struct column columns[] = {
    {.title = "State", .kind = COLUMN_TEXT, .get = get_state},
    {.title = "Role", .kind = COLUMN_TEXT, .get = get_role},
    {.title = "Entered", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Left", .kind = COLUMN_COUNT, .get = aggregate_get_count_with_time},
    {.title = "Censored", .kind = COLUMN_COUNT, .get = aggregate_get_count_without_time},
    TIME_COLUMN("Min", 0),
    {.title = "Mean (s)", .kind = COLUMN_DURATION, .get = aggregate_get_mean},
    TIME_COLUMN("Median", 50),
    TIME_COLUMN("p95", 95),
    TIME_COLUMN("p99", 99),
    TIME_COLUMN("Max", 100),
};

void
states_register(void)
{
    static struct aggregate_report report = {
        .report = {.name = "tcpclose,states", .title = "TCP Close States"},
        .columns = columns,
        .column_count = G_N_ELEMENTS(columns),
        .row_count = ROW_COUNT,
        .contribute = contribute,
    };

    aggregate_register(&report);
}
