/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

#include "units.h"

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
get_address(const void *row, const struct column *column)
{
    const char *address = stream_row(row)->address[column->role];

    return (struct value){.absent = address[0] == '\0', .text = address};
}

static struct value
get_port(const void *row, const struct column *column)
{
    return (struct value){.number = stream_row(row)->port[column->role]};
}

static struct value
get_role_guessed(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.outcome.role_guessed};
}

static struct value
get_first_seen(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = stream_row(row)->summary.outcome.first_ns};
}

static struct value
get_last_seen(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = stream_row(row)->summary.outcome.last_ns};
}

static struct value
get_pattern(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = pattern_name(stream_row(row)->summary.outcome.pattern)};
}

static struct value
get_closed_by(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = closer_name(stream_row(row)->summary.outcome.closed_by)};
}

static struct value
get_complete(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.outcome.complete};
}

static struct value
get_teardown(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct outcome *outcome = &stream_row(row)->summary.outcome;

    return (struct value){.absent = !outcome->has_teardown, .ns = outcome->teardown_ns};
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
get_censored(const void *row, const struct column *column)
{
    struct value dwell = get_dwell(row, column);

    return (struct value){.absent = dwell.absent, .number = dwell.at_least};
}

static struct value
get_half_close_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.outcome.half_close_bytes};
}

static struct value
get_fin_retransmissions(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.outcome.fin_retransmissions};
}

static struct value
get_rsts(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->summary.outcome.rsts};
}

/* The time, and for programs whether it is a lower bound. PERSON and PROGRAM: who it is to them. */
/* clang-format off */
#define DWELL_COLUMN(ROLE, PERSON, PROGRAM, STATE, state_)                                \
    {.title = PERSON " " #STATE " (s)", .name = PROGRAM "_" state_ "_s",                  \
     .kind = COLUMN_DURATION, .get = get_dwell, .role = ROLE, .state = STATE_##STATE},    \
    {.name = PROGRAM "_" state_ "_censored", .kind = COLUMN_BOOL, .get = get_censored,    \
     .role = ROLE, .state = STATE_##STATE}
#define DWELL_COLUMNS(ROLE, PERSON, PROGRAM)                       \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, FIN_WAIT_1, "fin_wait_1"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, FIN_WAIT_2, "fin_wait_2"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, CLOSE_WAIT, "close_wait"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, CLOSING, "closing"),       \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, LAST_ACK, "last_ack"),     \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, TIME_WAIT, "time_wait")
/* clang-format on */

const struct column stream_columns[] = {
    {.title = "Stream", .name = "stream", .kind = COLUMN_COUNT, .get = get_id},
    {.title = "Client", .kind = COLUMN_TEXT, .get = get_endpoint, .role = ROLE_CLIENT},
    {.title = "Server", .kind = COLUMN_TEXT, .get = get_endpoint, .role = ROLE_SERVER},
    {.name = "client_address", .kind = COLUMN_TEXT, .get = get_address, .role = ROLE_CLIENT},
    {.name = "client_port", .kind = COLUMN_COUNT, .get = get_port, .role = ROLE_CLIENT},
    {.name = "server_address", .kind = COLUMN_TEXT, .get = get_address, .role = ROLE_SERVER},
    {.name = "server_port", .kind = COLUMN_COUNT, .get = get_port, .role = ROLE_SERVER},
    {.name = "role_guessed", .kind = COLUMN_BOOL, .get = get_role_guessed},
    {.name = "first_seen_s", .kind = COLUMN_TIME, .get = get_first_seen},
    {.name = "last_seen_s", .kind = COLUMN_TIME, .get = get_last_seen},
    {.title = "Pattern", .name = "pattern", .kind = COLUMN_TEXT, .get = get_pattern},
    {.title = "Closed by", .name = "closed_by", .kind = COLUMN_TEXT, .get = get_closed_by},
    {.name = "complete", .kind = COLUMN_BOOL, .get = get_complete},
    {.title = "Teardown (s)", .name = "teardown_s", .kind = COLUMN_DURATION, .get = get_teardown},
    {.title = "Client state",
     .name = "client_state",
     .kind = COLUMN_TEXT,
     .get = get_final_state,
     .role = ROLE_CLIENT},
    {.title = "Server state",
     .name = "server_state",
     .kind = COLUMN_TEXT,
     .get = get_final_state,
     .role = ROLE_SERVER},
    DWELL_COLUMNS(ROLE_CLIENT, "Client", "client"),
    DWELL_COLUMNS(ROLE_SERVER, "Server", "server"),
    {.title = "Half-close (bytes)",
     .name = "half_close_bytes",
     .kind = COLUMN_BYTES,
     .get = get_half_close_bytes},
    {.title = "FIN retransmissions",
     .name = "fin_retransmissions",
     .kind = COLUMN_COUNT,
     .get = get_fin_retransmissions},
    {.title = "RSTs", .name = "rsts", .kind = COLUMN_COUNT, .get = get_rsts},
};

const unsigned stream_column_count = G_N_ELEMENTS(stream_columns);

/* To the microsecond: a measured time is rounded, a lower bound is cut so that it stays one. */
static void
append_duration(GString *out, const struct value *value)
{
    enum { US_PER_S = NS_PER_S / NS_PER_US };
    bool up = !value->at_least && value->ns % NS_PER_US >= NS_PER_US / 2;
    int64_t us = value->ns / NS_PER_US + up;

    g_string_append_printf(out, "%s%" G_GINT64_FORMAT ".%06d", value->at_least ? ">=" : "",
                           us / US_PER_S, (int)(us % US_PER_S));
}

static void
append_seconds(GString *out, int64_t ns)
{
    uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;

    g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ".%09u", ns < 0 ? "-" : "", size / NS_PER_S,
                           (unsigned)(size % NS_PER_S));
}

void
value_append_exact(GString *out, const struct column *column, const struct value *value)
{
    switch (column->kind) {
    case COLUMN_TEXT:
        g_string_append(out, value->text);
        break;
    case COLUMN_COUNT:
    case COLUMN_BYTES:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, value->number);
        break;
    case COLUMN_PERCENT:
        g_string_append_printf(out, "%" G_GUINT64_FORMAT ".%u", value->number / 10,
                               (unsigned)(value->number % 10));
        break;
    case COLUMN_DURATION:
    case COLUMN_TIME:
        append_seconds(out, value->ns);
        break;
    case COLUMN_BOOL:
        g_string_append(out, value->number ? "true" : "false");
        break;
    }
}

void
value_append(GString *out, const struct column *column, const struct value *value)
{
    if (value->absent)
        return;
    if (column->kind == COLUMN_DURATION)
        append_duration(out, value);
    else
        value_append_exact(out, column, value);
}
