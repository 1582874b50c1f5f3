/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

static const struct stream_row *
stream_row(const void *row)
{
    return (const struct stream_row *)row;
}

static struct value
get_id(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->id};
}

static struct value
get_endpoint(const void *row, const struct column *column)
{
    return (struct value){.text = stream_row(row)->endpoint[column->role]};
}

static struct value
get_pattern(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = pattern_name(stream_row(row)->summary.pattern)};
}

static struct value
get_closed_by(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = stream_row(row)->closed_by};
}

static struct value
get_teardown(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct summary *summary = &stream_row(row)->summary;

    return (struct value){.absent = !summary->has_teardown, .ns = summary->teardown_ns};
}

static struct value
get_final_state(const void *row, const struct column *column)
{
    const struct summary *summary = &stream_row(row)->summary;

    return (struct value){.text = state_name(summary->role[column->role].final_state)};
}

static struct value
get_dwell(const void *row, const struct column *column)
{
    const struct role_summary *role = &stream_row(row)->summary.role[column->role];

    return (struct value){
        .absent = role->visits[column->state] == 0,
        .at_least = (role->censored & (1U << column->state)) != 0,
        .ns = role->dwell_ns[column->state],
    };
}

static struct value
get_half_close_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.half_close_bytes};
}

static struct value
get_fin_retransmissions(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.fin_retransmissions};
}

static struct value
get_rsts(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.rsts};
}

#define DWELL_COLUMN(ROLE, name, STATE) \
    {name " " #STATE " (s)", COLUMN_DURATION, get_dwell, ROLE, STATE_##STATE}
#define DWELL_COLUMNS(ROLE, name)         \
    DWELL_COLUMN(ROLE, name, FIN_WAIT_1), \
    DWELL_COLUMN(ROLE, name, FIN_WAIT_2), \
    DWELL_COLUMN(ROLE, name, CLOSE_WAIT), \
    DWELL_COLUMN(ROLE, name, CLOSING),    \
    DWELL_COLUMN(ROLE, name, LAST_ACK),   \
    DWELL_COLUMN(ROLE, name, TIME_WAIT)

const struct column stream_columns[] = {
    {.title = "Stream", .kind = COLUMN_COUNT, .get = get_id},
    {.title = "Client", .kind = COLUMN_TEXT, .get = get_endpoint, .role = ROLE_CLIENT},
    {.title = "Server", .kind = COLUMN_TEXT, .get = get_endpoint, .role = ROLE_SERVER},
    {.title = "Pattern", .kind = COLUMN_TEXT, .get = get_pattern},
    {.title = "Closed by", .kind = COLUMN_TEXT, .get = get_closed_by},
    {.title = "Teardown (s)", .kind = COLUMN_DURATION, .get = get_teardown},
    {.title = "Client state", .kind = COLUMN_TEXT, .get = get_final_state, .role = ROLE_CLIENT},
    {.title = "Server state", .kind = COLUMN_TEXT, .get = get_final_state, .role = ROLE_SERVER},
    DWELL_COLUMNS(ROLE_CLIENT, "Client"),
    DWELL_COLUMNS(ROLE_SERVER, "Server"),
    {.title = "Half-close (bytes)", .kind = COLUMN_BYTES, .get = get_half_close_bytes},
    {.title = "FIN retransmissions", .kind = COLUMN_COUNT, .get = get_fin_retransmissions},
    {.title = "RSTs", .kind = COLUMN_COUNT, .get = get_rsts},
};

const unsigned stream_column_count = G_N_ELEMENTS(stream_columns);

/* To the microsecond: a measured time is rounded, a lower bound is cut so that it stays one. */
static void
append_duration(GString *out, const struct value *value)
{
    enum { NS_PER_US = 1000, US_PER_S = 1000000 };
    int64_t us = (value->ns + (value->at_least ? 0 : NS_PER_US / 2)) / NS_PER_US;

    g_string_append_printf(out, "%s%" G_GINT64_FORMAT ".%06d", value->at_least ? ">=" : "",
                           us / US_PER_S, (int)(us % US_PER_S));
}

void
value_append(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent)
        return;
    switch (column->kind) {
    case COLUMN_TEXT:
        g_string_append(out, value->text);
        break;
    case COLUMN_COUNT:
    case COLUMN_BYTES:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, value->number);
        break;
    case COLUMN_DURATION:
        append_duration(out, value);
        break;
    }
}
