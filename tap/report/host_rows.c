/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host_rows.h"

#include "course.h"
#include "outcome.h"
#include "reuse.h"
#include "rst.h"

void
host_row_clear(struct aggregate_row *row)
{
    struct host_row *host = (struct host_row *)row;

    peak_clear(&host->peak);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        idle_service_clear(&host->idle[role]);
    g_ref_string_release(host->shown);
}

int
host_row_compare(const struct aggregate_row *row, const struct aggregate_row *other)
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

/* Rows are told apart by the numeric address: several may be shown by the same name. A new one is
 * shown by nothing yet. */
static struct host_row *
host_row(struct aggregate *aggregate, enum host_kind kind, const char *name)
{
    struct host_row *host = (struct host_row *)aggregate_row(aggregate, 0, name);

    host->kind = kind;
    return host;
}

/* "client>host:port"; client: NULL: the service alone. */
static char *
service_shown(const struct stream_entry *entry, const char *client)
{
    GString *text = g_string_new(client);
    char *shown;

    if (client)
        g_string_append_c(text, '>');
    stream_entry_append_endpoint(text, entry, ROLE_SERVER);
    shown = g_ref_string_new_intern(text->str);
    g_string_free(text, TRUE);
    return shown;
}

static struct host_row *
address_row(struct aggregate *aggregate, const struct stream_entry *entry, enum role role)
{
    struct host_row *host = host_row(aggregate, HOST_ADDRESS, entry->address[role]);

    if (!host->shown)
        host->shown = g_ref_string_acquire(stream_entry_host(entry, role));
    return host;
}

static struct host_row *
service_row(struct aggregate *aggregate, const struct stream_entry *entry)
{
    char *name = g_strdup_printf("%s %u", entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    struct host_row *host = host_row(aggregate, HOST_SERVICE, name);

    if (!host->shown)
        host->shown = service_shown(entry, NULL);
    g_free(name);
    return host;
}

static struct host_row *
ports_row(struct aggregate *aggregate, const struct stream_entry *entry)
{
    char *name = g_strdup_printf("%s %s %u", entry->address[ROLE_CLIENT],
                                 entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    struct host_row *host = host_row(aggregate, HOST_PORTS, name);

    if (!host->shown)
        host->shown = service_shown(entry, stream_entry_host(entry, ROLE_CLIENT));
    g_free(name);
    return host;
}

static struct stream_hosts
hosts_of(struct aggregate *aggregate, const struct stream_entry *entry)
{
    struct stream_hosts hosts = {.aggregate = aggregate, .entry = entry};

    for (unsigned role = 0; role < ROLE_COUNT; role++)
        hosts.address[role] = address_row(aggregate, entry, (enum role)role);
    hosts.service = service_row(aggregate, entry);
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
    if (!hosts->ports) {
        hosts->ports = ports_row(hosts->aggregate, hosts->entry);
        hosts->ports->row.count++;
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

void
host_rows_add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns)
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
