/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times at a glance. */
#include <glib.h>

#include "span.h"
#include "units.h"

static void
assert_span(int64_t ns, bool at_least, const char *wanted)
{
    GString *text = g_string_new(NULL);

    span_append(text, ns, at_least);
    g_assert_cmpstr(text->str, ==, wanted);
    g_string_free(text, TRUE);
}

static void
test_unit_leaves_few_digits(void)
{
    assert_span(0, false, "0s");
    assert_span(1, false, "1ns");
    assert_span(167 * NS_PER_US, false, "167us");
    assert_span(4 * NS_PER_MS, false, "4.0ms");
    assert_span(100400 * NS_PER_US, false, "100.4ms");
    assert_span(1150 * NS_PER_MS, false, "1.15s");
    assert_span(299 * NS_PER_S, false, "299.0s");
    assert_span(86400 * NS_PER_S, false, "86400s");
    assert_span(INT64_MAX, false, "9223372037s");
}

/* What is rounded up may need the next unit. */
static void
test_measured_time_is_rounded(void)
{
    assert_span(999, false, "999ns");
    assert_span(999499, false, "999us");
    assert_span(999500, false, "1.0ms");
    assert_span(999950 * NS_PER_US, false, "1.00s");
    assert_span(99995 * NS_PER_MS, false, "100.0s");
    assert_span(12249999, false, "12.2ms");
    assert_span(12250000, false, "12.3ms");
}

static void
test_lower_bound_is_cut(void)
{
    assert_span(0, true, ">=0s");
    assert_span(999999, true, ">=999us");
    assert_span(12299999, true, ">=12.2ms");
    assert_span(999999999, true, ">=999.9ms");
    assert_span(INT64_MAX, true, ">=9223372036s");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/span/unit_leaves_few_digits", test_unit_leaves_few_digits);
    g_test_add_func("/span/measured_time_is_rounded", test_measured_time_is_rounded);
    g_test_add_func("/span/lower_bound_is_cut", test_lower_bound_is_cut);
    return g_test_run();
}
