/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report `hosts`: a row an address, a row a service, and a row a client's ports for one. */
#include "host_rows.h"
#include "units.h"

static const struct host_row *
of_column(const void *row)
{
    return (const struct host_row *)row;
}

static struct value
get_kind(const void *row, const struct column *column G_GNUC_UNUSED)
{
    static const char *const names[] = {
        [HOST_ADDRESS] = "address", [HOST_SERVICE] = "service", [HOST_PORTS] = "ports"};

    return (struct value){.text = names[of_column(row)->kind]};
}

static struct value
get_shown(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = of_column(row)->shown};
}

/* Ports are no party to a connection: there is nothing to say of how it went. */
static struct value
of_connections(const void *row, struct value value)
{
    value.absent |= of_column(row)->kind == HOST_PORTS;
    return value;
}

static struct value
get_assumed(const void *row, const struct column *column)
{
    return of_connections(row, aggregate_get_assumed(row, column));
}

static struct value
get_closed_first(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return of_connections(row,
                          aggregate_share(of_column(row)->closed_first, of_column(row)->row.count));
}

static struct value
get_resets(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return of_connections(row, aggregate_share(of_column(row)->resets, of_column(row)->row.count));
}

static struct value
get_open_close_waits(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return of_connections(row, (struct value){.number = of_column(row)->open_close_waits});
}

static struct value
get_time_waits(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->time_waits};
}

static struct value
get_peak(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = peak_most(&of_column(row)->peak)};
}

/* Which side it is that ends connections of the service when they are idle. */
struct idle_side {
    enum role role;
    struct idle_bracket bracket;
};

/* The one whose timeout has a name, or that ends any; the server, if both are alike. */
static struct idle_side
idle_side_of(const void *row)
{
    struct idle_bracket server = idle_service_bracket(&of_column(row)->idle[ROLE_SERVER]);
    struct idle_bracket client = idle_service_bracket(&of_column(row)->idle[ROLE_CLIENT]);

    if (server.timeout_ns == 0 && (client.timeout_ns != 0 || (server.ends == 0 && client.ends > 0)))
        return (struct idle_side){ROLE_CLIENT, client};
    return (struct idle_side){ROLE_SERVER, server};
}

static struct value
get_idle_by(const void *row, const struct column *column G_GNUC_UNUSED)
{
    struct idle_side side = idle_side_of(row);

    return (struct value){.absent = side.bracket.ends == 0, .text = role_name(side.role)};
}

static struct value
get_idle_timeout(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return duration_or_absent(idle_side_of(row).bracket.timeout_ns);
}

static struct value
get_idle_agree(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(idle_side_of(row).bracket.agree);
}

static struct value
get_idle_survived(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return duration_or_absent(idle_side_of(row).bracket.survived_ns);
}

static struct value
get_idle_ended(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return duration_or_absent(idle_side_of(row).bracket.ended_ns);
}

static struct value
get_suspect_rsts(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(of_column(row)->suspect_rsts);
}

static struct value
get_reuses(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(of_column(row)->reuses);
}

static struct value
get_accepted_reuses(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct host_row *host = of_column(row);

    return (struct value){.absent = host->reuses == 0, .number = host->accepted_reuses};
}

static struct value
get_youngest_reuse(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct host_row *host = of_column(row);

    return (struct value){.absent = host->reuses == 0, .ns = host->youngest_ns};
}

static struct value
get_held_share(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct host_row *host = of_column(row);
    uint32_t range = aggregate_input(host->row.whole)->policy.port_range;

    if (host->kind != HOST_PORTS)
        return (struct value){.absent = true};
    return aggregate_share(peak_most(&host->peak), range);
}

/*
 * As many more TIME_WAITs as there are ports left, at the rate seen; never, where as many end as
 * begin before that. A few in a moment make no rate.
 */
static struct value
get_used_up(const void *row, const struct column *column G_GNUC_UNUSED)
{
    enum { TIME_WAITS_MIN = 10 };
    const struct host_row *host = of_column(row);
    const struct policy *policy = &aggregate_input(host->row.whole)->policy;
    const int64_t span_ns = host->last_ns - host->first_ns;
    const uint32_t held = peak_most(&host->peak);
    double each_ns;

    if (host->kind != HOST_PORTS || host->time_waits < TIME_WAITS_MIN || span_ns < NS_PER_S)
        return (struct value){.absent = true};
    each_ns = (double)span_ns / (host->time_waits - 1);
    if (each_ns * policy->port_range > (double)policy->two_msl_ns)
        return (struct value){.absent = true};
    return (struct value){
        .ns = held < policy->port_range ? (int64_t)(each_ns * (policy->port_range - held)) : 0};
}

static const struct column columns[] = {
    {.title = "Kind", .kind = COLUMN_TEXT, .get = get_kind},
    {.title = "Host", .kind = COLUMN_TEXT, .get = get_shown},
    {.title = "Streams", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Closed first (%)", .kind = COLUMN_PERCENT, .get = get_closed_first},
    {.title = "Resets (%)", .kind = COLUMN_PERCENT, .get = get_resets},
    {.title = "CLOSE_WAIT p95 (s)",
     .kind = COLUMN_DURATION,
     .get = aggregate_get_percentile,
     .percent = 95},
    {.title = "CLOSE_WAIT open at end", .kind = COLUMN_COUNT, .get = get_open_close_waits},
    {.title = "CLOSE_WAIT assumed", .kind = COLUMN_COUNT, .get = get_assumed},
    {.title = "TIME_WAIT held", .kind = COLUMN_COUNT, .get = get_time_waits},
    {.title = "TIME_WAIT peak", .kind = COLUMN_COUNT, .get = get_peak},
    {.title = "Ports held (%)", .kind = COLUMN_PERCENT, .get = get_held_share},
    {.title = "Used up in (s)", .kind = COLUMN_DURATION, .get = get_used_up},
    {.title = "TIME_WAIT reused", .kind = COLUMN_COUNT, .get = get_reuses},
    {.title = "Reuse accepted", .kind = COLUMN_COUNT, .get = get_accepted_reuses},
    {.title = "Youngest reused (s)", .kind = COLUMN_DURATION, .get = get_youngest_reuse},
    {.title = "Suspect RSTs", .kind = COLUMN_COUNT, .get = get_suspect_rsts},
    {.title = "Idle survived (s)", .kind = COLUMN_DURATION, .get = get_idle_survived},
    {.title = "Idle closed (s)", .kind = COLUMN_DURATION, .get = get_idle_ended},
    {.title = "Idle closed by", .kind = COLUMN_TEXT, .get = get_idle_by},
    {.title = "Idle timeout (s)", .kind = COLUMN_DURATION, .get = get_idle_timeout},
    {.title = "Idle agree", .kind = COLUMN_COUNT, .get = get_idle_agree},
};

const struct report hosts_report = {
    .name = "hosts",
    .title = "Hosts",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .source = &aggregate_source,
    .aggregate =
        &(const struct aggregate_rule){
            .row_size = sizeof(struct host_row),
            .clear_row = host_row_clear,
            .compare = host_row_compare,
            .add = host_rows_add,
        },
};
