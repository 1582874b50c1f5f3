/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history.h"

bool
moment_has_fin(const struct moment *moment)
{
    return moment->mark.rst.verdict == RST_NONE &&
           (moment_has(moment, EVENT_fin) || moment_has(moment, EVENT_fin_retransmission) ||
            moment_has(moment, EVENT_fin_out_of_order) || moment_has(moment, EVENT_fin_moved));
}

bool
moment_fin_stands(const struct history *history, const struct moment *moment)
{
    const uint32_t stands = history->fins.fin[moment->mark.sender];
    const uint32_t repeats = moment->mark.shown.fin_retransmission_of;

    if (moment->at.frame < history->disowned_frame[moment->mark.sender])
        return false;
    return stands != 0 && (stands == moment->at.frame || stands == repeats ||
                           moment_has(moment, EVENT_fin_out_of_order));
}

/* ---- moments ---- */

static bool
changes_nothing(const struct mark *mark)
{
    return !mark->shown.end[ROLE_CLIENT].changed && !mark->shown.end[ROLE_SERVER].changed;
}

static bool
are_alike(const struct rst_told *a, const struct rst_told *b)
{
    return a->verdict == b->verdict && a->forged == b->forged &&
           a->trigger_frame == b->trigger_frame && a->challenge_frame == b->challenge_frame &&
           a->refuted_frame == b->refuted_frame;
}

/* One word for both: neither is the beginning of anything, and they are alike. */
static bool
is_more_of(const struct moment *moment, const struct mark *mark)
{
    return changes_nothing(&moment->mark) && changes_nothing(mark) &&
           moment->mark.sender == mark->sender && moment->mark.shown.events == mark->shown.events &&
           moment->mark.shown.fin_retransmission_of == mark->shown.fin_retransmission_of &&
           moment->mark.shown.about_frame == mark->shown.about_frame &&
           are_alike(&moment->mark.rst, &mark->rst);
}

static void
take_mark_in(void *context, const struct mark *mark)
{
    GArray *moments = (GArray *)context;
    struct moment *newest =
        moments->len > 0 ? &g_array_index(moments, struct moment, moments->len - 1) : NULL;
    struct moment moment = {
        .at = {.ns = mark->time_ns, .frame = mark->frame},
        .mark = *mark,
        .last_frame = mark->frame,
        .segments = 1,
    };

    if (newest && is_more_of(newest, mark)) {
        newest->last_frame = mark->frame;
        newest->segments++;
        return;
    }
    /* Time stamps may go back; the order of frames is the one that counts. */
    if (newest && moment.at.ns < newest->at.ns)
        moment.at.ns = newest->at.ns;
    g_array_append_val(moments, moment);
}

static int
compare_moments(const void *a, const void *b)
{
    const struct moment *moment = (const struct moment *)a;
    const struct moment *other = (const struct moment *)b;

    return instant_compare(moment->at, other->at);
}

/* ---- visits ---- */

static void
take_visit_in(void *context, const struct visit *visit)
{
    const struct stay stay = {.visit = *visit};

    g_array_append_val((GArray *)context, stay);
}

/* What the clock did has no segment. */
static void
add_moments_of_clock(struct history *history)
{
    for (unsigned i = 0; i < history->stays->len; i++) {
        const struct visit *visit = &history_stay(history, i)->visit;
        const struct moment moment = {.at = visit->from};

        if (visit->from.frame == 0)
            g_array_append_val(history->moments, moment);
    }
    g_array_sort(history->moments, compare_moments);
}

static void
find_disowned_fins(struct history *history)
{
    for (unsigned i = 0; i < history->moments->len; i++) {
        const struct mark *mark = &history_moment(history, i)->mark;
        const struct endpoint_snapshot *end = &mark->shown.end[mark->sender];

        if (end->changed && end->reason == REASON_SENT_WITHOUT_FIN)
            history->disowned_frame[mark->sender] = mark->frame;
    }
}

/* Each frame's first moment, counted from 1. The caller frees the table. */
static GHashTable *
moments_by_frame(const struct history *history)
{
    GHashTable *numbers = g_hash_table_new(NULL, NULL);

    for (unsigned i = history->moments->len; i > 0; i--)
        g_hash_table_insert(numbers, GUINT_TO_POINTER(history_moment(history, i - 1)->at.frame),
                            GUINT_TO_POINTER(i));
    return numbers;
}

static unsigned
moment_of(const struct history *history, GHashTable *by_frame, struct instant at)
{
    const struct moment sought = {.at = at};
    guint index = 0;

    if (at.frame == 0)
        g_array_binary_search(history->moments, &sought, compare_moments, &index);
    else
        index = GPOINTER_TO_UINT(g_hash_table_lookup(by_frame, GUINT_TO_POINTER(at.frame))) - 1;
    g_assert(index < history->moments->len);
    return index;
}

static int
compare_stays(const void *a, const void *b)
{
    const struct stay *stay = (const struct stay *)a;
    const struct stay *other = (const struct stay *)b;

    if (stay->moment != other->moment)
        return stay->moment < other->moment ? -1 : 1;
    if (stay->visit.role != other->visit.role)
        return stay->visit.role < other->visit.role ? -1 : 1;
    return stay->place < other->place ? -1 : stay->place > other->place;
}

static void
find_moments_of_stays(struct history *history)
{
    GHashTable *by_frame = moments_by_frame(history);

    for (unsigned i = 0; i < history->stays->len; i++) {
        struct stay *stay = &g_array_index(history->stays, struct stay, i);

        stay->place = i;
        stay->moment = moment_of(history, by_frame, stay->visit.from);
    }
    g_hash_table_destroy(by_frame);
    g_array_sort(history->stays, compare_stays);
}

struct history *
history_new(const struct stream_entry *entry, const struct report_input *input)
{
    struct history *history = g_new0(struct history, 1);
    struct course *course = course_new(entry->stream);

    history->entry = entry;
    history->begin_ns = input->begin_ns;
    history->outcome = outcome_of(entry->stream, input->end_ns);
    history->cause = cause_of_course(entry->stream, course, &history->outcome, input->end_ns);
    history->fins = fin_frames_of(entry->stream);
    history->moments = g_array_new(FALSE, TRUE, sizeof(struct moment));
    history->stays = g_array_new(FALSE, TRUE, sizeof(struct stay));
    marks_walk(entry->stream, take_mark_in, history->moments);
    course_walk(course, input->end_ns, take_visit_in, history->stays);
    find_disowned_fins(history);
    add_moments_of_clock(history);
    find_moments_of_stays(history);
    course_free(course);
    return history;
}

void
history_free(struct history *history)
{
    g_array_unref(history->moments);
    g_array_unref(history->stays);
    g_free(history);
}
