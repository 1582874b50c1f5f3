/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports with a row a stream: a table for people, CSV and JSON for programs. */
#include "course_text.h"
#include "stream_numbers.h"
#include "stream_rows.h"
#include "stream_states.h"

/* ---- columns ---- */

static const struct outcome *
outcome(const void *row)
{
    return &stream_row(row)->summary.outcome;
}

static struct value
get_id(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->entry->id};
}

static struct value
get_endpoint(const void *row, const struct column *column)
{
    return (struct value){.text = stream_row(row)->endpoint[column->role]->str};
}

static struct value
get_address(const void *row, const struct column *column)
{
    return text_or_absent(stream_row(row)->entry->address[column->role]);
}

static struct value
get_port(const void *row, const struct column *column)
{
    return (struct value){.number = stream_row(row)->entry->port[column->role]};
}

static struct value
get_role_guessed(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->role_guessed};
}

static struct value
get_first_seen(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = outcome(row)->first_ns};
}

static struct value
get_last_seen(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = outcome(row)->last_ns};
}

static struct value
get_pattern(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = pattern_name(outcome(row)->pattern)};
}

static struct value
get_closed_by(const void *row, const struct column *column G_GNUC_UNUSED)
{
    enum closer closer = outcome(row)->closed_by;

    return (struct value){.text = closer_name(closer), .is_none = closer == CLOSER_NONE};
}

static struct value
get_reset_by(const void *row, const struct column *column G_GNUC_UNUSED)
{
    enum resetter resetter = outcome(row)->reset_by;

    return (struct value){.text = resetter_name(resetter), .is_none = resetter == RESETTER_NONE};
}

static struct value
get_directions(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = directions_name(outcome(row)->directions)};
}

static struct value
get_first_frame(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->first_frame};
}

static struct value
get_last_frame(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->last_frame};
}

static struct value
get_first_fin_frame(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(outcome(row)->first_fin_frame);
}

static struct value
get_first_rst_frame(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(outcome(row)->first_rst_frame);
}

static struct value
get_complete(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->complete};
}

static struct value
get_teardown(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){
        .absent = !outcome(row)->has_teardown,
        .at_least = outcome(row)->teardown_censored,
        .ns = outcome(row)->teardown_ns,
    };
}

static struct value
get_teardown_censored(const void *row, const struct column *column)
{
    struct value teardown = get_teardown(row, column);

    return (struct value){.absent = teardown.absent, .number = teardown.at_least};
}

static struct value
get_half_close_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->half_close_bytes};
}

static struct value
get_fin_retransmissions(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->fin_retransmissions};
}

static struct value
get_rsts(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = outcome(row)->rsts};
}

static struct value
get_cause(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = cause_slug(stream_row(row)->cause.kind)};
}

static struct value
get_cause_side(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = cause_side_name(stream_row(row)->cause.side)};
}

static struct value
get_cause_sure(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->cause.sure};
}

static struct value
get_cause_hint(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(hint_slug(stream_row(row)->cause.hint));
}

static struct value
get_cause_frames(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(stream_row(row)->cause_frames->str);
}

static struct value
get_idle(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct cause *cause = &stream_row(row)->cause;

    return (struct value){.absent = !cause->has_idle, .ns = cause->idle_ns};
}

static struct value
get_conn_state(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = stream_row(row)->foreign.zeek.conn_state};
}

static struct value
get_history(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(stream_row(row)->foreign.zeek.history);
}

static struct value
get_flow_end_reason(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = stream_row(row)->foreign.flow_end_reason};
}

static struct value
get_stage(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = stage_name(stream_row(row)->foreign.stage)};
}

static struct value
get_reuse_of_stream(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct reuse *reuse = &stream_row(row)->reuse;

    return (struct value){.absent = !reuse->is_reuse, .number = reuse->of_stream};
}

static struct value
get_reuse_age(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct reuse *reuse = &stream_row(row)->reuse;

    return (struct value){.absent = !reuse->is_reuse, .ns = reuse->age_ns};
}

static struct value
get_reuse_outcome(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct reuse *reuse = &stream_row(row)->reuse;

    return (struct value){
        .absent = !reuse->is_reuse,
        .text = reuse_outcome_name(reuse->outcome),
    };
}

static struct value
get_mptcp(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(stream_row(row)->mptcp->str);
}

static struct value
get_file(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const char *names = stream_row(row)->input->file.names;

    return text_or_absent(names ? names : "");
}

static struct value
get_file_first(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = stream_row(row)->input->file.first_ns};
}

static struct value
get_file_last(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = stream_row(row)->input->file.last_ns};
}

static struct value
get_heard_again(const void *row, const struct column *column G_GNUC_UNUSED)
{
    enum heard heard = stream_row(row)->entry->heard;

    return (struct value){.absent = heard == HEARD_UNKNOWN, .number = heard == HEARD_AGAIN};
}

/* Of more than one report. */
/* clang-format off */
#define ID_COLUMN {.title = "Stream", .name = "stream", .kind = COLUMN_COUNT, .get = get_id}
#define ENDPOINT_COLUMN(ROLE, PERSON) \
    {.title = PERSON, .kind = COLUMN_TEXT, .get = get_endpoint, .role = ROLE}
#define PATTERN_COLUMN \
    {.title = "Pattern", .name = "pattern", .kind = COLUMN_TEXT, .get = get_pattern, .is_plain = true}
#define CLOSED_BY_COLUMN \
    {.title = "Closed by", .name = "closed_by", .kind = COLUMN_TEXT, .get = get_closed_by, .is_plain = true}
#define RESET_BY_COLUMN \
    {.title = "Reset by", .name = "reset_by", .kind = COLUMN_TEXT, .get = get_reset_by, .is_plain = true}
#define CAUSE_COLUMN(FOLDS) \
    {.title = "Cause", .name = "cause", .kind = COLUMN_TEXT, .get = get_cause, .is_plain = true, .folds = FOLDS}
/* clang-format on */

/* What fits a terminal. */
static const struct column brief_columns[] = {
    ID_COLUMN,
    ENDPOINT_COLUMN(ROLE_CLIENT, "Client"),
    ENDPOINT_COLUMN(ROLE_SERVER, "Server"),
    PATTERN_COLUMN,
    CLOSED_BY_COLUMN,
    RESET_BY_COLUMN,
    {.title = "Teardown", .kind = COLUMN_SPAN, .get = get_teardown},
    COURSE_COLUMN(ROLE_CLIENT, "Client", true),
    COURSE_COLUMN(ROLE_SERVER, "Server", true),
    CAUSE_COLUMN(true),
};

/* FILE_COLUMNS of them are of the longer reports for programs alone. All others: the wide table has
 * those with a title, the forms for programs those with a name. */
static const struct column columns[] = {
    ID_COLUMN,
    ENDPOINT_COLUMN(ROLE_CLIENT, "Client"),
    ENDPOINT_COLUMN(ROLE_SERVER, "Server"),
    {.name = "client_address", .kind = COLUMN_TEXT, .get = get_address, .role = ROLE_CLIENT},
    {.name = "client_port", .kind = COLUMN_COUNT, .get = get_port, .role = ROLE_CLIENT},
    {.name = "server_address", .kind = COLUMN_TEXT, .get = get_address, .role = ROLE_SERVER},
    {.name = "server_port", .kind = COLUMN_COUNT, .get = get_port, .role = ROLE_SERVER},
    {.name = "role_guessed", .kind = COLUMN_BOOL, .get = get_role_guessed},
    {.name = "directions", .kind = COLUMN_TEXT, .get = get_directions, .is_plain = true},
    {.name = "first_frame", .kind = COLUMN_COUNT, .get = get_first_frame},
    {.name = "last_frame", .kind = COLUMN_COUNT, .get = get_last_frame},
    {.name = "first_seen_s", .kind = COLUMN_TIME, .get = get_first_seen},
    {.name = "last_seen_s", .kind = COLUMN_TIME, .get = get_last_seen},
    PATTERN_COLUMN,
    CLOSED_BY_COLUMN,
    RESET_BY_COLUMN,
    {.name = "complete", .kind = COLUMN_BOOL, .get = get_complete},
    {.name = "first_fin_frame", .kind = COLUMN_COUNT, .get = get_first_fin_frame},
    {.name = "first_rst_frame", .kind = COLUMN_COUNT, .get = get_first_rst_frame},
    {.title = "Teardown (s)", .name = "teardown_s", .kind = COLUMN_DURATION, .get = get_teardown},
    {.name = "teardown_censored", .kind = COLUMN_BOOL, .get = get_teardown_censored},
    COURSE_COLUMN(ROLE_CLIENT, "Client", false),
    COURSE_COLUMN(ROLE_SERVER, "Server", false),
    PATH_COLUMN(ROLE_CLIENT, "client"),
    PATH_COLUMN(ROLE_SERVER, "server"),
    FINAL_STATE_COLUMN(ROLE_CLIENT, "Client", "client"),
    FINAL_STATE_COLUMN(ROLE_SERVER, "Server", "server"),
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
    CAUSE_COLUMN(false),
    {.name = "cause_side", .kind = COLUMN_TEXT, .get = get_cause_side, .is_plain = true},
    {.name = "cause_sure", .kind = COLUMN_BOOL, .get = get_cause_sure},
    {.name = "cause_hint", .kind = COLUMN_TEXT, .get = get_cause_hint, .is_plain = true},
    {.name = "cause_frames", .kind = COLUMN_TEXT, .get = get_cause_frames, .is_plain = true},
    {.name = "idle_s", .kind = COLUMN_DURATION, .get = get_idle},
    {.name = "conn_state", .kind = COLUMN_TEXT, .get = get_conn_state, .is_plain = true},
    {.name = "history", .kind = COLUMN_TEXT, .get = get_history, .is_plain = true},
    {.name = "flow_end_reason", .kind = COLUMN_COUNT, .get = get_flow_end_reason},
    {.name = "stage", .kind = COLUMN_TEXT, .get = get_stage, .is_plain = true},
    {.name = "reuse_of_stream", .kind = COLUMN_COUNT, .get = get_reuse_of_stream},
    {.name = "reuse_age_s", .kind = COLUMN_DURATION, .get = get_reuse_age},
    {.name = "reuse_outcome", .kind = COLUMN_TEXT, .get = get_reuse_outcome, .is_plain = true},
    {.name = "mptcp", .kind = COLUMN_TEXT, .get = get_mptcp, .is_plain = true},
    NUMBER_COLUMNS(ROLE_CLIENT, "client"),
    NUMBER_COLUMNS(ROLE_SERVER, "server"),
    {.name = "heard_again", .kind = COLUMN_BOOL, .get = get_heard_again},
    /* the FILE_COLUMNS */
    {.name = "file", .kind = COLUMN_TEXT, .get = get_file},
    {.name = "file_first_s", .kind = COLUMN_TIME, .get = get_file_first},
    {.name = "file_last_s", .kind = COLUMN_TIME, .get = get_file_last},
};

enum { FILE_COLUMNS = 3 };

/* ---- reports ---- */

#define STREAM_REPORT(name_, title_, form_)                            \
    .name = name_, .title = title_, .form = form_, .columns = columns, \
    .column_count = G_N_ELEMENTS(columns) - FILE_COLUMNS, .source = &stream_row_source

#define WITH_FILE_REPORT(name_, title_, form_)                           \
    .name = name_, .title = title_, .form = form_, .columns = columns,   \
    .column_count = G_N_ELEMENTS(columns), .source = &stream_row_source, \
    .suffix = REPORT_WITH_FILE, .tells_file = true

static const struct report csv_with_file = {WITH_FILE_REPORT("csv", "Streams (CSV)", FORM_CSV)};
static const struct report json_with_file = {WITH_FILE_REPORT("json", "Streams (JSON)", FORM_JSON)};

const struct report csv_report = {
    STREAM_REPORT("csv", "Streams (CSV)", FORM_CSV),
    .longer = &csv_with_file,
};

const struct report json_report = {
    STREAM_REPORT("json", "Streams (JSON)", FORM_JSON),
    .longer = &json_with_file,
};

static const struct report wide_report = {
    STREAM_REPORT("streams", "Streams", FORM_TEXT),
    .suffix = REPORT_WIDE,
    .legend = COURSE_LEGEND "\n",
};

const struct report streams_report = {
    .name = "streams",
    .title = "Streams",
    .form = FORM_TEXT,
    .columns = brief_columns,
    .column_count = G_N_ELEMENTS(brief_columns),
    .source = &stream_row_source,
    .legend = COURSE_LEGEND "; all columns: -z tcpclose,streams,wide\n",
    .longer = &wide_report,
};
