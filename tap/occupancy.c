/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counts of tcpclose.now.*, of the selected streams alone, and at any time instead of at
 * frames: every stay in a closing state is a step up and a step down, taken in order of time.
 * Intervals begin with the capture, as those of I/O Graphs do; the last one ends with its newest
 * segment.
 */
#include "occupancy.h"

#include <string.h>

#include "report.h"
#include "text.h"
#include "visits.h"

enum { ROWS_MAX = 1000000 };

/* One endpoint more in the state from then on, or one less. */
struct step {
    struct instant at;
    uint8_t state; /* enum tcp_state */
    int8_t delta;
};

struct interval {
    int64_t from_ns; /* since the capture's begin */
    int64_t to_ns;
    uint32_t at_end[STATE_COUNT];
    uint32_t peak[STATE_COUNT]; /* with what was there when it began */
};

/* ---- steps ---- */

static void
add_visit(void *context, const struct visit *visit)
{
    GArray *steps = (GArray *)context;
    struct step in = {.at = visit->from, .state = (uint8_t)visit->state, .delta = +1};
    struct step out = {.at = visit->to, .state = (uint8_t)visit->state, .delta = -1};

    if (!state_is_closing(visit->state) || visit_is_empty(visit))
        return;
    g_array_append_val(steps, in);
    if (!visit->open)
        g_array_append_val(steps, out);
}

/* Of two steps in the same frame, the one that leaves a state comes first. */
static int
compare_steps(const void *a, const void *b)
{
    const struct step *step = (const struct step *)a;
    const struct step *other = (const struct step *)b;
    int order = instant_compare(step->at, other->at);

    return order ? order : step->delta - other->delta;
}

static GArray *
steps_of(const struct report_run *run)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(struct step));
    GPtrArray *streams = selection_sorted(&run->selection);

    for (unsigned i = 0; i < streams->len; i++) {
        const struct selected_stream *selected =
            (const struct selected_stream *)g_ptr_array_index(streams, i);

        visits_walk(selected->stream, run->end_ns, add_visit, steps);
    }
    g_ptr_array_unref(streams);
    g_array_sort(steps, compare_steps);
    return steps;
}

/* ---- intervals ---- */

/* Time stamps may go back: to before the first frame. */
static int64_t
span_ns(const struct report_run *run)
{
    return MAX(run->end_ns - run->begin_ns, 0);
}

static unsigned
count_intervals(const struct report_run *run)
{
    int64_t last = span_ns(run) / run->interval_ns;

    if (run->selection.count == 0)
        return 0;
    if (last >= ROWS_MAX)
        report_refuse("Couldn't print \"-z %s\": %" G_GINT64_FORMAT " intervals, at most %d are "
                      "possible. Take longer ones.",
                      run->report->name, last + 1, ROWS_MAX);
    return (unsigned)last + 1;
}

/* Takes the steps from *next on that come before end_ns, after those of the interval before. */
static void
fill_interval(struct interval *interval, const GArray *steps, unsigned *next, int64_t end_ns)
{
    memcpy(interval->peak, interval->at_end, sizeof(interval->peak));
    for (; *next < steps->len; (*next)++) {
        const struct step *step = &g_array_index(steps, struct step, *next);
        uint32_t *count = &interval->at_end[step->state];

        if (step->at.ns >= end_ns)
            break;
        *count += (uint32_t)step->delta;
        interval->peak[step->state] = MAX(interval->peak[step->state], *count);
    }
}

static struct interval *
intervals_of(const struct report_run *run, unsigned count)
{
    struct interval *intervals = g_new0(struct interval, count);
    GArray *steps = steps_of(run);
    unsigned next = 0;

    for (unsigned i = 0; i < count; i++) {
        struct interval *interval = &intervals[i];
        bool last = i + 1 == count;

        if (i > 0)
            *interval = interval[-1];
        interval->from_ns = i * run->interval_ns;
        interval->to_ns = last ? span_ns(run) : (i + 1) * run->interval_ns;
        fill_interval(interval, steps, &next, last ? INT64_MAX : run->begin_ns + interval->to_ns);
    }
    g_array_unref(steps);
    return intervals;
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
#define STATE_COLUMNS(STATE)                                                                    \
    {.title = #STATE " end", .kind = COLUMN_COUNT, .get = get_at_end, .state = STATE_##STATE},  \
    {.title = #STATE " peak", .kind = COLUMN_COUNT, .get = get_peak, .state = STATE_##STATE}
/* clang-format on */

static const struct column columns[] = {
    {.title = "From (s)", .kind = COLUMN_DURATION, .get = get_from},
    {.title = "To (s)", .kind = COLUMN_DURATION, .get = get_to},
    STATE_COLUMNS(FIN_WAIT_1),
    STATE_COLUMNS(FIN_WAIT_2),
    STATE_COLUMNS(CLOSE_WAIT),
    STATE_COLUMNS(CLOSING),
    STATE_COLUMNS(LAST_ACK),
    STATE_COLUMNS(TIME_WAIT),
};

/* ---- the report ---- */

static const void *
row_of_text(void *context, unsigned index)
{
    return &((const struct interval *)context)[index];
}

static void
draw(const struct report_run *run)
{
    unsigned count = count_intervals(run);
    struct interval *intervals = intervals_of(run, count);
    struct text_rows rows = {.count = count, .row = row_of_text, .context = intervals};

    text_print(run->report->title, run->filter, columns, G_N_ELEMENTS(columns), &rows);
    g_free(intervals);
}

void
occupancy_register(void)
{
    static const struct report report = {
        .name = "tcpclose,occupancy",
        .title = "TCP Close Occupancy",
        .takes_interval = true,
        .draw = draw,
    };

    report_register(&report);
}
