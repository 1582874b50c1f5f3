/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report `states`: a row for each state and role. */
#include "aggregate.h"
#include "course.h"

/* In the order of a connection's life, which ends in CLOSED. */
static unsigned
rank_of(enum tcp_state state, enum role role)
{
    unsigned at = (state + STATE_COUNT - (STATE_CLOSED + 1u)) % STATE_COUNT;

    return at * ROLE_COUNT + role;
}

static enum tcp_state
state_at(unsigned rank)
{
    return (enum tcp_state)((rank / ROLE_COUNT + STATE_CLOSED + 1u) % STATE_COUNT);
}

/* A row is a state and a role; its times are those of proved visits that were seen to end. */
static void
add_visit(void *context, const struct visit *visit)
{
    unsigned rank = rank_of(visit->state, visit->role);
    struct aggregate_row *row =
        aggregate_row((struct aggregate *)context, rank, role_name(visit->role));

    row->count++;
    if (!visit->proved)
        row->assumed++;
    else if (!visit->censored)
        distribution_add(&row->times, visit->to.ns - visit->from.ns);
}

static void
add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns)
{
    visits_walk(entry->stream, end_ns, add_visit, aggregate);
}

static struct value
get_state(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = state_name(state_at(((const struct aggregate_row *)row)->rank))};
}

static const struct column columns[] = {
    {.title = "State", .kind = COLUMN_TEXT, .get = get_state},
    {.title = "Role", .kind = COLUMN_TEXT, .get = aggregate_get_name},
    {.title = "Entered", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Left", .kind = COLUMN_COUNT, .get = aggregate_get_count_with_time},
    {.title = "Assumed", .kind = COLUMN_COUNT, .get = aggregate_get_assumed},
    {.title = "Censored", .kind = COLUMN_COUNT, .get = aggregate_get_censored},
    PERCENTILE_COLUMN("Min", 0),
    {.title = "Mean (s)", .kind = COLUMN_DURATION, .get = aggregate_get_mean},
    PERCENTILE_COLUMN("Median", 50),
    PERCENTILE_COLUMN("p95", 95),
    PERCENTILE_COLUMN("p99", 99),
    PERCENTILE_COLUMN("Max", 100),
};

const struct report states_report = {
    .name = "states",
    .title = "States",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .source = &aggregate_source,
    .aggregate =
        &(const struct aggregate_rule){
            .row_size = sizeof(struct aggregate_row),
            .add = add,
        },
};
