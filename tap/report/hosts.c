/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report `hosts`: a row an address, a row a service, and a row a client's ports for one. */
#include "aggregate.h"
#include "course.h"
#include "idle.h"
#include "outcome.h"
#include "peak.h"
#include "reuse.h"
#include "rst.h"
#include "units.h"

/*
 * An address, in whatever role; a service, an address and the port that it serves; or the ports of
 * a client that its TIME_WAITs hold from connections to a service, if there are any.
 */
enum kind { KIND_ADDRESS, KIND_SERVICE, KIND_PORTS };

struct host_row {
    struct aggregate_row row; /* first; count: streams; times: CLOSE_WAITs that were left */
    enum kind kind;
    char *shown; /* interned GRefString: as Wireshark shows it */
    uint32_t closed_first;
    uint32_t resets;
    uint32_t open_close_waits;
    uint32_t time_waits;
    struct peak peak; /* of the TIME_WAITs */
    int64_t first_ns; /* with time_waits: when the first began, and the last */
    int64_t last_ns;
    uint32_t suspect_rsts;
    uint32_t reuses; /* inside TIME_WAIT */
    uint32_t accepted_reuses;
    int64_t youngest_ns;                  /* with reuses: the least age of a TIME_WAIT */
    struct idle_service idle[ROLE_COUNT]; /* of a service: by who may end an idle connection */
};

static void
clear_row(struct aggregate_row *row)
{
    struct host_row *host = (struct host_row *)row;

    peak_clear(&host->peak);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        idle_service_clear(&host->idle[role]);
    g_ref_string_release(host->shown);
}

/* Addresses before services; those with the most streams first. */
static int
compare(const struct aggregate_row *row, const struct aggregate_row *other)
{
    int kind = (int)((const struct host_row *)row)->kind;
    int other_kind = (int)((const struct host_row *)other)->kind;

    if (kind != other_kind)
        return kind - other_kind;
    return row->count > other->count ? -1 : row->count < other->count;
}

/* ---- adding up ---- */

/* The rows that a stream's roles belong to; client and server may have the same address. */
struct stream_hosts {
    struct host_row *address[ROLE_COUNT];
    struct host_row *service;
    struct host_row *ports; /* NULL: there is no row yet */
    struct aggregate *aggregate;
    const struct stream_entry *entry;
};

/* Rows are told apart by the numeric address: several may be shown by the same name. */
static struct host_row *
host_row(struct aggregate *aggregate, enum kind kind, const char *name, const char *shown)
{
    struct host_row *host = (struct host_row *)aggregate_row(aggregate, 0, name);

    if (!host->shown) {
        host->kind = kind;
        host->shown = g_ref_string_new_intern(shown);
    }
    return host;
}

static struct stream_hosts
hosts_of(struct aggregate *aggregate, const struct stream_entry *entry)
{
    char *service = g_strdup_printf("%s %u", entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    struct stream_hosts hosts = {.aggregate = aggregate, .entry = entry};

    for (unsigned role = 0; role < ROLE_COUNT; role++)
        hosts.address[role] =
            host_row(aggregate, KIND_ADDRESS, entry->address[role], entry->host[role]);
    hosts.service = host_row(aggregate, KIND_SERVICE, service, entry->endpoint[ROLE_SERVER]);
    g_free(service);
    return hosts;
}

static void
add_visit_to(struct host_row *host, const struct visit *visit)
{
    if (visit->state == STATE_CLOSE_WAIT && !visit->proved) {
        host->row.assumed++;
    } else if (visit->state == STATE_CLOSE_WAIT) {
        if (!visit->censored)
            distribution_add(&host->row.times, visit->to.ns - visit->from.ns);
        host->open_close_waits += visit->open;
    } else if (visit->state == STATE_TIME_WAIT) {
        host->first_ns =
            host->time_waits == 0 ? visit->from.ns : MIN(host->first_ns, visit->from.ns);
        host->last_ns = host->time_waits == 0 ? visit->from.ns : MAX(host->last_ns, visit->from.ns);
        host->time_waits++;
        peak_add(&host->peak, visit);
    }
}

/* The client cannot use a port for another connection to the service as long as that lasts. */
static void
add_held_port(struct stream_hosts *hosts, const struct visit *visit)
{
    const struct stream_entry *entry = hosts->entry;

    if (!hosts->ports) {
        char *name = g_strdup_printf("%s %s %u", entry->address[ROLE_CLIENT],
                                     entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
        char *shown =
            g_strdup_printf("%s>%s", entry->host[ROLE_CLIENT], entry->endpoint[ROLE_SERVER]);

        hosts->ports = host_row(hosts->aggregate, KIND_PORTS, name, shown);
        hosts->ports->row.count++;
        g_free(shown);
        g_free(name);
    }
    add_visit_to(hosts->ports, visit);
}

static void
add_visit(void *context, const struct visit *visit)
{
    struct stream_hosts *hosts = (struct stream_hosts *)context;

    add_visit_to(hosts->address[visit->role], visit);
    if (visit->role == ROLE_SERVER)
        add_visit_to(hosts->service, visit);
    else if (visit->state == STATE_TIME_WAIT)
        add_held_port(hosts, visit);
}

static bool
closed_first(const struct outcome *outcome, enum role role)
{
    return outcome->closed_by == CLOSER_BOTH ||
           outcome->closed_by == (role == ROLE_CLIENT ? CLOSER_CLIENT : CLOSER_SERVER);
}

/* A stream counts once for a host, also where the host has both of its roles. */
static void
add_close(struct host_row *host, const struct outcome *outcome, bool has_client, bool has_server)
{
    host->row.count++;
    host->closed_first += (has_client && closed_first(outcome, ROLE_CLIENT)) ||
                          (has_server && closed_first(outcome, ROLE_SERVER));
    host->resets += (has_client && outcome->reset_by == RESETTER_CLIENT) ||
                    (has_server && outcome->reset_by == RESETTER_SERVER);
}

static void
add_reuse(struct host_row *host, const struct reuse *reuse)
{
    host->youngest_ns = host->reuses == 0 ? reuse->age_ns : MIN(host->youngest_ns, reuse->age_ns);
    host->reuses++;
    host->accepted_reuses += reuse->outcome == REUSE_accepted;
}

/* A host that has both roles is named by all suspect RSTs, and has one reuse. */
static void
add_rsts_and_reuse(struct stream_hosts *hosts)
{
    const struct stream *stream = hosts->entry->stream;
    const struct reuse reuse = reuse_of(stream);

    for (unsigned role = 0; role < ROLE_COUNT; role++)
        hosts->address[role]->suspect_rsts += rst_count_suspect(stream, (enum role)role);
    hosts->service->suspect_rsts += rst_count_suspect(stream, ROLE_SERVER);
    if (!reuse.is_reuse)
        return;
    add_reuse(hosts->service, &reuse);
    add_reuse(hosts->address[ROLE_CLIENT], &reuse);
    if (hosts->address[ROLE_SERVER] != hosts->address[ROLE_CLIENT])
        add_reuse(hosts->address[ROLE_SERVER], &reuse);
}

static void
add_idle(struct host_row *service, const struct stream *stream, int64_t end_ns)
{
    struct cause cause = cause_of(stream, end_ns);
    struct idle idle = idle_of(stream, &cause, end_ns);

    for (unsigned role = 0; role < ROLE_COUNT; role++)
        idle_service_add(&service->idle[role], &idle, (enum role)role);
}

static void
add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns)
{
    struct outcome outcome = outcome_of(entry->stream, end_ns);
    struct stream_hosts hosts = hosts_of(aggregate, entry);

    if (hosts.address[ROLE_CLIENT] == hosts.address[ROLE_SERVER]) {
        add_close(hosts.address[ROLE_CLIENT], &outcome, true, true);
    } else {
        add_close(hosts.address[ROLE_CLIENT], &outcome, true, false);
        add_close(hosts.address[ROLE_SERVER], &outcome, false, true);
    }
    add_close(hosts.service, &outcome, false, true);
    add_rsts_and_reuse(&hosts);
    add_idle(hosts.service, entry->stream, end_ns);
    visits_walk(entry->stream, end_ns, add_visit, &hosts);
}

/* ---- columns ---- */

static const struct host_row *
of_column(const void *row)
{
    return (const struct host_row *)row;
}

static struct value
get_kind(const void *row, const struct column *column G_GNUC_UNUSED)
{
    static const char *const names[] = {
        [KIND_ADDRESS] = "address", [KIND_SERVICE] = "service", [KIND_PORTS] = "ports"};

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
    value.absent |= of_column(row)->kind == KIND_PORTS;
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

    if (host->kind != KIND_PORTS)
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

    if (host->kind != KIND_PORTS || host->time_waits < TIME_WAITS_MIN || span_ns < NS_PER_S)
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
            .clear_row = clear_row,
            .compare = compare,
            .add = add,
        },
};
