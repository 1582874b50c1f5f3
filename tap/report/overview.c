/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "overview.h"

#include "events.h"
#include "findings.h"
#include "rst.h"
#include "time_waits.h"
#include "units.h"

/* What people count as one end. */
enum ending {
    ENDED_BY_FIN,
    ENDED_BY_RST,
    ENDED_REFUSED,
    ENDED_UNANSWERED,
    ENDED_OPEN,
    ENDED_UNSEEN,
    ENDING_COUNT,
};

static const enum ending endings[PATTERN_COUNT] = {
    [PATTERN_no_answer] = ENDED_UNANSWERED,
    [PATTERN_refused] = ENDED_REFUSED,
    [PATTERN_handshake_aborted] = ENDED_BY_RST,
    [PATTERN_gave_up] = ENDED_BY_RST,
    [PATTERN_open] = ENDED_OPEN,
    [PATTERN_reset] = ENDED_BY_RST,
    [PATTERN_fin_then_reset] = ENDED_BY_RST,
    [PATTERN_fin_answered_by_reset] = ENDED_BY_RST,
    [PATTERN_fin_unanswered] = ENDED_OPEN,
    [PATTERN_one_direction] = ENDED_UNSEEN,
    [PATTERN_half_closed] = ENDED_OPEN,
    [PATTERN_last_ack_missing] = ENDED_OPEN,
    [PATTERN_simultaneous] = ENDED_BY_FIN,
    [PATTERN_half_close] = ENDED_BY_FIN,
    [PATTERN_three_way] = ENDED_BY_FIN,
    [PATTERN_four_way] = ENDED_BY_FIN,
};

static const char *const ending_texts[ENDING_COUNT] = {
    [ENDED_BY_FIN] = "FIN",
    [ENDED_BY_RST] = "RST",
    [ENDED_REFUSED] = "refused",
    [ENDED_UNANSWERED] = "never answered",
    [ENDED_OPEN] = "not closed at the end",
    [ENDED_UNSEEN] = "one direction only",
};

enum { CLOSER_COUNT = CLOSER_UNKNOWN + 1 };

/* Of those that FINs ended. */
static const char *const closer_texts[CLOSER_COUNT] = {
    [CLOSER_CLIENT] = "client first",
    [CLOSER_SERVER] = "server first",
    [CLOSER_BOTH] = "both at once",
    [CLOSER_UNKNOWN] = "first unknown",
};

struct overview {
    struct rows rows; /* first */
    uint32_t streams;
    uint32_t with_both_directions;
    uint32_t ended[ENDING_COUNT];
    uint32_t closed_by[CLOSER_COUNT];
    uint32_t visits;
    uint32_t assumed;
    GArray *records; /* struct problem_record */
    struct time_waits *time_waits;
    struct overview_page page;
};

/* ---- streams ---- */

static void
begin(struct rows *rows)
{
    struct overview *overview = (struct overview *)rows;

    overview->records = g_array_new(FALSE, FALSE, sizeof(struct problem_record));
    overview->time_waits = time_waits_new();
}

struct visiting {
    struct overview *overview;
    const struct stream_entry *entry;
};

static void
add_visit(void *context, const struct visit *visit)
{
    const struct visiting *visiting = (const struct visiting *)context;

    visiting->overview->visits++;
    visiting->overview->assumed += !visit->proved;
    if (visit->state == STATE_TIME_WAIT)
        time_waits_add(visiting->overview->time_waits, visiting->entry, visit);
}

static void
add_problems(struct overview *overview, const struct stream_told *told)
{
    for (unsigned i = 0; i < problem_count; i++) {
        const struct problem *problem = &problems[i];
        struct problem_record record = {
            .problem = problem,
            .entry = told->entry,
            .actor = problem_actor(problem, told),
            .side = told->cause.side,
        };

        if (!problem_holds(problem, told))
            continue;
        stream_entry_ref(told->entry);
        if (problem->time)
            record.time = problem->time(told);
        g_array_append_val(overview->records, record);
    }
}

static void
collect(struct rows *rows, const struct stream_entry *entry)
{
    struct overview *overview = (struct overview *)rows;
    struct course *course = course_new(entry->stream);
    int64_t end_ns = rows->input.end_ns;
    struct stream_told told = {
        .entry = entry,
        .summary = summary_of_course(entry->stream, course, end_ns),
        .events = events_of(entry->stream),
        .has_forged_rst = rst_is_any_forged(entry->stream),
    };
    const struct outcome *outcome = &told.summary.outcome;
    struct visiting visiting = {.overview = overview, .entry = entry};

    told.cause = cause_of_course(entry->stream, course, outcome, end_ns);
    overview->streams++;
    overview->with_both_directions += outcome->directions == DIRECTIONS_BOTH;
    overview->ended[endings[outcome->pattern]]++;
    overview->closed_by[outcome->closed_by] += endings[outcome->pattern] == ENDED_BY_FIN;
    course_walk(course, end_ns, add_visit, &visiting);
    add_problems(overview, &told);
    course_free(course);
}

/* ---- the page ---- */

static void
free_line(void *data)
{
    struct overview_line *line = (struct overview_line *)data;

    g_free(line->text);
    g_free(line);
}

/* Takes the text. */
static void
add_line(GPtrArray *lines, const char *title, char *text)
{
    struct overview_line *line = g_new(struct overview_line, 1);

    *line = (struct overview_line){.title = title, .text = text};
    g_ptr_array_add(lines, line);
}

static char *
streams_text(const struct overview *overview)
{
    int64_t ms = (overview->rows.input.end_ns - overview->rows.input.begin_ns) / NS_PER_MS;
    GString *out;

    if (overview->streams == 0)
        return g_strdup("none");
    out = g_string_new(NULL);
    g_string_append_printf(out, "%u, in %" G_GINT64_FORMAT ".%03d s; both directions seen in ",
                           overview->streams, ms / 1000, (int)(ms % 1000));
    if (overview->with_both_directions == overview->streams)
        g_string_append(out, "all");
    else
        g_string_append_printf(out, "%u", overview->with_both_directions);
    return g_string_free(out, FALSE);
}

/* "FIN 3 (client first 2, server first 1), RST 1": what did not occur is left out. */
static char *
ended_text(const struct overview *overview)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < ENDING_COUNT; i++) {
        const char *before = " (";

        if (overview->ended[i] == 0)
            continue;
        g_string_append_printf(out, "%s%s %u", out->len > 0 ? ", " : "", ending_texts[i],
                               overview->ended[i]);
        if (i != ENDED_BY_FIN)
            continue;
        for (unsigned j = 0; j < CLOSER_COUNT; j++) {
            if (!closer_texts[j] || overview->closed_by[j] == 0)
                continue;
            g_string_append_printf(out, "%s%s %u", before, closer_texts[j], overview->closed_by[j]);
            before = ", ";
        }
        g_string_append_c(out, ')');
    }
    return g_string_free(out, FALSE);
}

static void
add_notes(const struct overview *overview, GPtrArray *notes)
{
    char *time_waits =
        time_waits_text(overview->time_waits, overview->rows.input.policy.port_range);

    if (time_waits)
        add_line(notes, "TIME_WAIT", time_waits);
    if (overview->assumed > 0)
        add_line(notes, "Assumed",
                 g_strdup_printf("%u of %u stays in a state are assumed, not proved: loss behind "
                                 "the capture point, or one direction",
                                 overview->assumed, overview->visits));
}

static int
compare_records(const void *a, const void *b)
{
    uint32_t id = ((const struct problem_record *)a)->entry->id;
    uint32_t other = ((const struct problem_record *)b)->entry->id;

    return id < other ? -1 : id > other;
}

static char *
finish(struct rows *rows)
{
    enum { FINDINGS_MAX = 9 }; /* of up to three lines each */
    struct overview *overview = (struct overview *)rows;
    struct overview_page *page = &overview->page;

    page->head = g_ptr_array_new_with_free_func(free_line);
    page->notes = g_ptr_array_new_with_free_func(free_line);
    g_array_sort(overview->records, compare_records);
    page->findings = findings_of(overview->records, rows->input.selected);
    if (page->findings->len > FINDINGS_MAX) {
        page->left_off = page->findings->len - FINDINGS_MAX;
        g_ptr_array_set_size(page->findings, FINDINGS_MAX);
    }
    if (rows->input.selected)
        add_line(page->head, "Filter", g_strdup(rows->input.selected));
    if (rows->input.bpf)
        add_line(page->head, "Packets",
                 g_strdup_printf("--bpf \"%s\": streams are numbered without the others",
                                 rows->input.bpf));
    add_line(page->head, "TCP streams", streams_text(overview));
    if (overview->streams > 0)
        add_line(page->head, "Ended by", ended_text(overview));
    add_notes(overview, page->notes);
    return NULL;
}

const struct overview_page *
overview_page(const struct rows *rows)
{
    return &((const struct overview *)rows)->page;
}

/* ---- the source ---- */

static unsigned
count(const struct rows *rows)
{
    return overview_page(rows)->findings->len;
}

static const void *
row(struct rows *rows, unsigned index)
{
    return g_ptr_array_index(overview_page(rows)->findings, index);
}

static void
clear(struct rows *rows)
{
    struct overview *overview = (struct overview *)rows;

    for (unsigned i = 0; i < overview->records->len; i++)
        stream_entry_unref(
            (struct stream_entry *)g_array_index(overview->records, struct problem_record, i)
                .entry);
    g_array_unref(overview->records);
    time_waits_free(overview->time_waits);
    if (!overview->page.head)
        return;
    g_ptr_array_unref(overview->page.head);
    g_ptr_array_unref(overview->page.findings);
    g_ptr_array_unref(overview->page.notes);
}

static const struct row_source source = {
    .size = sizeof(struct overview),
    .begin = begin,
    .collect = collect,
    .finish = finish,
    .count = count,
    .row = row,
    .clear = clear,
    .needs_no_stream = true,
};

const struct report summary_report = {
    .name = "summary",
    .title = "Summary",
    .form = FORM_PAGE,
    .source = &source,
};
