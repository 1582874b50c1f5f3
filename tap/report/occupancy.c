/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report `occupancy`: a row an interval, with the endpoints in each closing state. These are
 * the counts of tcpclose.now.*, of the selected streams alone, and at any time instead of at
 * frames: every stay in a closing state is a step up and a step down, taken in order of time.
 * Intervals begin with the capture, as those of I/O Graphs do; the last one ends with its newest
 * segment. Pieces of a capture that are told its begin and its end have the same intervals, and
 * what they count at the ends of these adds up.
 */
#include "course.h"
#include "rows.h"
#include "stay_step.h"

enum { ROWS_MAX = 1000000 };

struct interval {
    int64_t begin_ns; /* of the capture, since the epoch */
    int64_t from_ns;  /* since then */
    int64_t to_ns;
    uint32_t at_end[STATE_COUNT];
    uint32_t peak[STATE_COUNT]; /* with what was there when it began */
};

/* ---- steps ---- */

static void
add_visit(void *context, const struct visit *visit)
{
    GArray **steps = &((GArray **)context)[visit->state];
    struct stay_step in = stay_step_at(visit->from, +1);
    struct stay_step out = stay_step_at(visit->to, -1);

    if (!state_is_closing(visit->state) || visit_is_empty(visit))
        return;
    if (!*steps)
        *steps = g_array_new(FALSE, FALSE, sizeof(struct stay_step));
    g_array_append_val(*steps, in);
    if (!visit->open)
        g_array_append_val(*steps, out);
}

static int
compare_steps(const void *a, const void *b)
{
    return stay_step_compare((const struct stay_step *)a, (const struct stay_step *)b);
}

/* ---- intervals ---- */

/* Takes the state's steps from *next on that come before end_ns, after those of the interval
 * before.
 */
static void
fill_state(struct interval *interval, unsigned state, const GArray *steps, unsigned *next,
           int64_t end_ns)
{
    uint32_t *count = &interval->at_end[state];

    interval->peak[state] = *count;
    for (; *next < steps->len; (*next)++) {
        const struct stay_step *step = &g_array_index(steps, struct stay_step, *next);

        if (step->ns >= end_ns)
            break;
        *count += (uint32_t)step->delta;
        interval->peak[state] = MAX(interval->peak[state], *count);
    }
}

/* ---- columns ---- */

static struct value
get_from(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = ((const struct interval *)row)->from_ns};
}

static struct value
get_to(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = ((const struct interval *)row)->to_ns};
}

static struct value
get_from_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct interval *interval = (const struct interval *)row;

    return (struct value){.ns = interval->begin_ns + interval->from_ns};
}

static struct value
get_to_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct interval *interval = (const struct interval *)row;

    return (struct value){.ns = interval->begin_ns + interval->to_ns};
}

static struct value
get_at_end(const void *row, const struct column *column)
{
    return (struct value){.number = ((const struct interval *)row)->at_end[column->state]};
}

static struct value
get_peak(const void *row, const struct column *column)
{
    return (struct value){.number = ((const struct interval *)row)->peak[column->state]};
}

/* clang-format off */
#define STATE_COLUMNS(STATE, word)                                                              \
    {.title = #STATE " end", .name = word "_end", .kind = COLUMN_COUNT, .get = get_at_end,      \
     .state = STATE_##STATE},                                                                   \
    {.title = #STATE " peak", .name = word "_peak", .kind = COLUMN_COUNT, .get = get_peak,      \
     .state = STATE_##STATE}
/* clang-format on */

static const struct column columns[] = {
    {.title = "From (s)", .kind = COLUMN_DURATION, .get = get_from},
    {.title = "To (s)", .kind = COLUMN_DURATION, .get = get_to},
    {.name = "from_s", .kind = COLUMN_TIME, .get = get_from_time},
    {.name = "to_s", .kind = COLUMN_TIME, .get = get_to_time},
    STATE_COLUMNS(FIN_WAIT_1, "fin_wait_1"),
    STATE_COLUMNS(FIN_WAIT_2, "fin_wait_2"),
    STATE_COLUMNS(CLOSE_WAIT, "close_wait"),
    STATE_COLUMNS(CLOSING, "closing"),
    STATE_COLUMNS(LAST_ACK, "last_ack"),
    STATE_COLUMNS(TIME_WAIT, "time_wait"),
};

/* ---- the source ---- */

struct occupancy {
    struct rows rows; /* first */
    unsigned stream_count;
    /* struct stay_step, by state, as each is sorted by itself; NULL: nobody was in it */
    GArray *steps[STATE_COUNT];
    struct interval *intervals; /* owned; made in the end */
    unsigned count;
};

static void
clear(struct rows *rows)
{
    struct occupancy *occupancy = (struct occupancy *)rows;

    for (unsigned state = 0; state < STATE_COUNT; state++) {
        if (occupancy->steps[state])
            g_array_unref(occupancy->steps[state]);
    }
    g_free(occupancy->intervals);
}

static void
collect(struct rows *rows, const struct stream_entry *entry)
{
    struct occupancy *occupancy = (struct occupancy *)rows;

    occupancy->stream_count++;
    visits_walk(entry->stream, rows->input.end_ns, add_visit, occupancy->steps);
}

/* Time stamps may go back: to before the first frame. */
static int64_t
span_ns(const struct report_input *input)
{
    return MAX(input->end_ns - input->begin_ns, 0);
}

static void
fill_intervals(struct occupancy *occupancy)
{
    const struct report_input *input = &occupancy->rows.input;
    unsigned next[STATE_COUNT] = {0};

    for (unsigned i = 0; i < occupancy->count; i++) {
        struct interval *interval = &occupancy->intervals[i];
        const bool last = i + 1 == occupancy->count;

        if (i > 0)
            *interval = interval[-1];
        interval->begin_ns = input->begin_ns;
        interval->from_ns = i * input->interval_ns;
        interval->to_ns = last ? span_ns(input) : (i + 1) * input->interval_ns;
        for (unsigned state = 0; state < STATE_COUNT; state++) {
            if (occupancy->steps[state])
                fill_state(interval, state, occupancy->steps[state], &next[state],
                           last ? INT64_MAX : input->begin_ns + interval->to_ns);
        }
    }
}

static char *
finish(struct rows *rows)
{
    struct occupancy *occupancy = (struct occupancy *)rows;
    int64_t count = span_ns(&rows->input) / rows->input.interval_ns + 1;

    if (occupancy->stream_count == 0)
        return NULL;
    if (count > ROWS_MAX)
        return g_strdup_printf("%" G_GINT64_FORMAT " intervals, at most %d are possible. Take "
                               "longer ones.",
                               count, ROWS_MAX);
    occupancy->count = (unsigned)count;
    occupancy->intervals = g_new0(struct interval, occupancy->count);
    for (unsigned state = 0; state < STATE_COUNT; state++) {
        if (occupancy->steps[state])
            g_array_sort(occupancy->steps[state], compare_steps);
    }
    fill_intervals(occupancy);
    return NULL;
}

static unsigned
count_rows(const struct rows *rows)
{
    return ((const struct occupancy *)rows)->count;
}

static const void *
row(struct rows *rows, unsigned index)
{
    return &((struct occupancy *)rows)->intervals[index];
}

static const struct row_source source = {
    .size = sizeof(struct occupancy),
    .collect = collect,
    .finish = finish,
    .count = count_rows,
    .row = row,
    .clear = clear,
    .needs_no_stream = true,
};

/* clang-format off */
#define OCCUPANCY                                                                               \
    .name = "occupancy", .takes_interval = true, .columns = columns,                            \
    .column_count = G_N_ELEMENTS(columns), .source = &source
/* clang-format on */

static const struct report as_csv = {
    OCCUPANCY,
    .title = "Occupancy (CSV)",
    .form = FORM_CSV,
    .suffix = REPORT_CSV,
};

const struct report occupancy_report = {
    OCCUPANCY,
    .title = "Occupancy",
    .form = FORM_TEXT,
    .longer = &as_csv,
};
