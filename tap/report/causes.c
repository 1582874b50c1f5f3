/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report `causes`: a row for each cause, side and service. */
#include "aggregate.h"
#include "cause.h"
#include "idle.h"

struct cause_row {
    struct aggregate_row row; /* first; its rank is the cause; times: idle times */
    enum cause_side side;
    char *service; /* interned GRefString: as Wireshark shows it; NULL: the row is new */
    uint32_t sure;
    struct idle_service idle; /* of closes and resets by that side's own decision */
    uint32_t example;         /* the stream with the lowest number */
};

static void
clear_row(struct aggregate_row *row)
{
    struct cause_row *of = (struct cause_row *)row;

    g_ref_string_release(of->service);
    idle_service_clear(&of->idle);
}

/* By cause; of one, those with the most streams first. */
static int
compare(const struct aggregate_row *row, const struct aggregate_row *other)
{
    if (row->rank != other->rank)
        return row->rank < other->rank ? -1 : 1;
    return row->count > other->count ? -1 : row->count < other->count;
}

/* Services are told apart by the numeric address: several may be shown by the same name. */
static struct cause_row *
cause_row(struct aggregate *aggregate, const struct cause *cause, const struct stream_entry *entry)
{
    char *name = g_strdup_printf("%s %s %u", cause_side_name(cause->side),
                                 entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    struct cause_row *row = (struct cause_row *)aggregate_row(aggregate, cause->kind, name);

    g_free(name);
    if (!row->service) {
        GString *service = g_string_new(NULL);

        stream_entry_append_endpoint(service, entry, ROLE_SERVER);
        row->side = cause->side;
        row->service = g_ref_string_new_intern(service->str);
        g_string_free(service, TRUE);
        row->example = entry->id;
    }
    return row;
}

/* Of these causes, an idle timeout is what may be behind them. */
static void
add_idle(struct cause_row *row, const struct stream *stream, const struct cause *cause,
         int64_t end_ns)
{
    struct idle idle;

    if (cause->kind != CAUSE_abort && cause->kind != CAUSE_idle_close)
        return;
    idle = idle_of(stream, cause, end_ns);
    idle_service_add(&row->idle, &idle, cause->actor);
}

static void
add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns)
{
    struct cause cause = cause_of(entry->stream, end_ns);
    struct cause_row *row = cause_row(aggregate, &cause, entry);

    row->row.count++;
    row->example = MIN(row->example, entry->id);
    row->sure += cause.sure;
    add_idle(row, entry->stream, &cause, end_ns);
    if (cause.has_idle)
        distribution_add(&row->row.times, cause.idle_ns);
}

/* ---- columns ---- */

static const struct cause_row *
of_column(const void *row)
{
    return (const struct cause_row *)row;
}

static struct value
get_cause(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = cause_slug((enum cause_kind)of_column(row)->row.rank)};
}

static struct value
get_side(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = cause_side_name(of_column(row)->side)};
}

static struct value
get_service(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = of_column(row)->service};
}

static struct value
get_sure(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->sure};
}

static struct value
get_example(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->example};
}

static struct value
get_idle_timeout(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return duration_or_absent(idle_service_bracket(&of_column(row)->idle).timeout_ns);
}

static const struct column columns[] = {
    {.title = "Cause", .kind = COLUMN_TEXT, .get = get_cause},
    {.title = "Side", .kind = COLUMN_TEXT, .get = get_side},
    {.title = "Service", .kind = COLUMN_TEXT, .get = get_service},
    {.title = "Streams", .kind = COLUMN_COUNT, .get = aggregate_get_count},
    {.title = "Share (%)", .kind = COLUMN_PERCENT, .get = aggregate_get_stream_share},
    PERCENTILE_COLUMN("Idle min", 0),
    PERCENTILE_COLUMN("Idle median", 50),
    PERCENTILE_COLUMN("Idle max", 100),
    {.title = "Idle timeout (s)", .kind = COLUMN_DURATION, .get = get_idle_timeout},
    {.title = "Sure", .kind = COLUMN_COUNT, .get = get_sure},
    {.title = "Example stream", .kind = COLUMN_COUNT, .get = get_example},
};

const struct report causes_report = {
    .name = "causes",
    .title = "Causes",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .source = &aggregate_source,
    .aggregate =
        &(const struct aggregate_rule){
            .row_size = sizeof(struct cause_row),
            .clear_row = clear_row,
            .is_relative = true,
            .compare = compare,
            .add = add,
        },
};
