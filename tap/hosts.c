/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hosts.h"

#include "aggregate.h"
#include "dissector/wscompat.h"
#include "peak.h"

/* An address, in whatever role; or a service, an address and the port that it serves. */
enum kind { KIND_ADDRESS, KIND_SERVICE };

struct host_row {
    struct aggregate_row row; /* first; count: streams; times: CLOSE_WAITs that were left */
    enum kind kind;
    char *shown; /* interned GRefString: as Wireshark shows it */
    uint32_t closed_first;
    uint32_t resets;
    uint32_t open_close_waits;
    uint32_t time_waits;
    struct peak peak; /* of the TIME_WAITs */
};

static void
clear_row(struct aggregate_row *row)
{
    struct host_row *host = (struct host_row *)row;

    peak_clear(&host->peak);
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
hosts_of(struct aggregate *aggregate, const struct selected_stream *selected)
{
    unsigned client = selected->stream->client;
    unsigned server = !client;
    char *service = g_strdup_printf("%s %u", selected->address[server], selected->port[server]);
    struct stream_hosts hosts = {
        .address = {[ROLE_CLIENT] = host_row(aggregate, KIND_ADDRESS, selected->address[client],
                                             selected->host[client]),
                    [ROLE_SERVER] = host_row(aggregate, KIND_ADDRESS, selected->address[server],
                                             selected->host[server])},
        .service = host_row(aggregate, KIND_SERVICE, service, selected->endpoint[server]),
    };

    g_free(service);
    return hosts;
}

static void
add_visit_to(struct host_row *host, const struct visit *visit)
{
    if (visit->state == STATE_CLOSE_WAIT) {
        if (!visit->censored)
            distribution_add(&host->row.times, visit->to.ns - visit->from.ns);
        host->open_close_waits += visit->open;
    } else if (visit->state == STATE_TIME_WAIT) {
        host->time_waits++;
        peak_add(&host->peak, visit);
    }
}

static void
take_visit(void *context, const struct visit *visit)
{
    const struct stream_hosts *hosts = (const struct stream_hosts *)context;

    add_visit_to(hosts->address[visit->role], visit);
    if (visit->role == ROLE_SERVER)
        add_visit_to(hosts->service, visit);
}

/* Of these sides, one closed first, or both at once. */
static void
add_close(struct host_row *host, const struct stream *stream, bool has_side_0, bool has_side_1)
{
    enum closer closer = closer_of(stream);

    host->row.count++;
    host->closed_first += closer == CLOSER_BOTH || (closer == CLOSER_SIDE_0 && has_side_0) ||
                          (closer == CLOSER_SIDE_1 && has_side_1);
    host->resets += (reset_by(stream, 0) && has_side_0) || (reset_by(stream, 1) && has_side_1);
}

static void
add(struct aggregate *aggregate, const struct selected_stream *selected, int64_t end_ns)
{
    const struct stream *stream = selected->stream;
    struct stream_hosts hosts = hosts_of(aggregate, selected);
    bool client_is_0 = stream->client == 0;

    if (hosts.address[ROLE_CLIENT] == hosts.address[ROLE_SERVER]) {
        add_close(hosts.address[ROLE_CLIENT], stream, true, true);
    } else {
        add_close(hosts.address[ROLE_CLIENT], stream, client_is_0, !client_is_0);
        add_close(hosts.address[ROLE_SERVER], stream, !client_is_0, client_is_0);
    }
    add_close(hosts.service, stream, !client_is_0, client_is_0);
    summary_visit(stream, end_ns, take_visit, &hosts);
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
    return (struct value){.text = of_column(row)->kind == KIND_ADDRESS ? "address" : "service"};
}

static struct value
get_shown(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = of_column(row)->shown};
}

static struct value
get_closed_first(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return aggregate_share(of_column(row)->closed_first, of_column(row)->row.count);
}

static struct value
get_resets(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return aggregate_share(of_column(row)->resets, of_column(row)->row.count);
}

static struct value
get_open_close_waits(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->open_close_waits};
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
    {.title = "TIME_WAIT held", .kind = COLUMN_COUNT, .get = get_time_waits},
    {.title = "TIME_WAIT peak", .kind = COLUMN_COUNT, .get = get_peak},
};

void
hosts_register(void)
{
    static struct aggregate_report report = {
        .report = {.name = "tcpclose,hosts", .title = "TCP Close Hosts"},
        .menu_title = COMPAT_SUBMENU("TCP Close", "Hosts"),
        .columns = columns,
        .column_count = G_N_ELEMENTS(columns),
        .row_size = sizeof(struct host_row),
        .clear_row = clear_row,
        .compare = compare,
        .add = add,
    };

    aggregate_register(&report);
}
