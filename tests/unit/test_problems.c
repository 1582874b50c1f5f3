/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which streams have a problem that the summary tells. */
#include <glib.h>
#include <string.h>

#include "events.h"
#include "problems.h"
#include "rst.h"
#include "small_capture.h"

/* How many rules a stream has, and the filter of the last of them. */
static unsigned
rules_of(const struct stream_told *told, const char **filter)
{
    unsigned count = 0;

    for (unsigned i = 0; i < problem_count; i++) {
        if (!problem_holds(&problems[i], told))
            continue;
        *filter = problems[i].filter;
        count++;
    }
    return count;
}

static void
test_a_cause_has_one_rule_at_most(void)
{
    static const enum cause_kind harmless[] = {CAUSE_normal_close, CAUSE_open_at_end,
                                               CAUSE_stray_after_close, CAUSE_unknown};

    for (unsigned kind = 0; kind < CAUSE_COUNT; kind++) {
        struct stream_told told = {.cause.kind = (enum cause_kind)kind};
        const char *filter = NULL;
        bool is_harmless = false;

        for (unsigned i = 0; i < G_N_ELEMENTS(harmless); i++)
            is_harmless |= harmless[i] == (enum cause_kind)kind;
        g_assert_cmpuint(rules_of(&told, &filter), ==, is_harmless ? 0 : 1);
        g_assert_true(is_harmless || strstr(filter, cause_slug((enum cause_kind)kind)));
    }
}

static void
test_an_alarm_counts_unless_the_cause_tells_it(void)
{
    struct stream_told told = {.cause.kind = CAUSE_normal_close,
                               .events = event_bit(EVENT_close_wait_alarm)};
    const char *filter = NULL;

    g_assert_cmpuint(rules_of(&told, &filter), ==, 1);
    g_assert_nonnull(strstr(filter, "close_wait_alarm"));
    told.cause.kind = CAUSE_application_did_not_close;
    g_assert_cmpuint(rules_of(&told, &filter), ==, 1);
    g_assert_null(strstr(filter, "close_wait_alarm"));
}

static void
test_a_forged_rst_counts_unless_the_cause_tells_it(void)
{
    struct stream_told told = {.cause.kind = CAUSE_normal_close, .has_forged_rst = true};
    const char *filter = NULL;

    g_assert_cmpuint(rules_of(&told, &filter), ==, 1);
    g_assert_nonnull(strstr(filter, "tcpclose.rst.forged == 1"));
    told.cause.kind = CAUSE_middlebox_reset;
    g_assert_cmpuint(rules_of(&told, &filter), ==, 1);
    g_assert_null(strstr(filter, "tcpclose.rst.forged == 1"));
}

static void
test_a_fin_without_an_answer_counts_where_the_cause_is_unknown(void)
{
    struct stream_told told = {.cause.kind = CAUSE_unknown,
                               .summary.outcome.pattern = PATTERN_fin_unanswered};
    const char *filter = NULL;

    g_assert_cmpuint(rules_of(&told, &filter), ==, 1);
    told.cause.kind = CAUSE_open_at_end;
    g_assert_cmpuint(rules_of(&told, &filter), ==, 0);
}

static void
test_events_are_those_of_all_segments(void)
{
    struct small_capture capture;
    event_set wanted = event_bit(EVENT_fin) | event_bit(EVENT_close_complete);

    small_capture_make(&capture);
    g_assert_true((events_of(stream_entries_find(&capture.entries, 0)->stream) & wanted) == wanted);
    g_assert_true(
        (events_of(stream_entries_find(&capture.entries, 1)->stream) & event_bit(EVENT_fin)) == 0);
    for (unsigned id = 0; id < SMALL_CAPTURE_STREAMS; id++)
        g_assert_false(rst_is_any_forged(stream_entries_find(&capture.entries, id)->stream));
    small_capture_clear(&capture);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/problems/cause/one_rule_at_most", test_a_cause_has_one_rule_at_most);
    g_test_add_func("/problems/alarm/unless_the_cause_tells_it",
                    test_an_alarm_counts_unless_the_cause_tells_it);
    g_test_add_func("/problems/forged_rst/unless_the_cause_tells_it",
                    test_a_forged_rst_counts_unless_the_cause_tells_it);
    g_test_add_func("/problems/fin_without_answer/where_the_cause_is_unknown",
                    test_a_fin_without_an_answer_counts_where_the_cause_is_unknown);
    g_test_add_func("/problems/events/of_all_segments", test_events_are_those_of_all_segments);
    return g_test_run();
}
