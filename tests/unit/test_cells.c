/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells of a dialog's table: what Wireshark shows and sorts by. Of Wireshark only the declarations.
 */
#include "cells.h"

#include <string.h>

static const struct column counts = {.title = "Count", .kind = COLUMN_COUNT};
static const struct column times = {.title = "Time (s)", .kind = COLUMN_DURATION};

static void
test_counts_are_numbers(void)
{
    const struct value value = {.number = UINT32_MAX};
    const stat_tap_table_item field = cells_field(&counts);
    stat_tap_table_item_type cell = {0};

    g_assert_cmpint(field.type, ==, TABLE_ITEM_UINT);
    g_assert_cmpstr(field.field_format, ==, "%u");
    g_assert_false(cells_need_text(&field, &value));
    cells_set(&cell, &field, &counts, &value, 10);
    g_assert_cmpint(cell.type, ==, TABLE_ITEM_UINT);
    g_assert_cmpuint(cell.value.uint_value, ==, UINT32_MAX);
    cells_clear(&cell);
}

/* The column turns to texts: the numbers that are there stay in their order, the empty one is
 * first. */
static void
test_absent_count_is_empty_and_sorts_first(void)
{
    static const struct value values[] = {
        {.number = 9}, {.number = 10}, {.number = UINT32_MAX}, {.absent = true}, {.number = 0}};
    static const unsigned ascending[] = {3, 4, 0, 1, 2};
    stat_tap_table_item field = cells_field(&counts);
    stat_tap_table_item_type cells[G_N_ELEMENTS(values)] = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        g_assert_true(cells_need_text(&field, &values[i]) == (i == 3));
        if (cells_need_text(&field, &values[i])) {
            cells_field_to_text(&field);
            for (unsigned other = 0; other < G_N_ELEMENTS(values); other++)
                cells_to_text(&cells[other], &counts, 10);
        }
        cells_set(&cells[i], &field, &counts, &values[i], 10);
    }
    g_assert_cmpstr(field.field_format, ==, "%s");
    g_assert_cmpint(field.align, ==, TAP_ALIGN_RIGHT);
    g_assert_cmpstr(cells[3].value.string_value, ==, "");
    g_assert_cmpstr(cells[0].value.string_value, ==, "         9");
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpint(cells[i].type, ==, TABLE_ITEM_STRING);
    for (unsigned i = 1; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpint(strcmp(cells[ascending[i - 1]].value.string_value,
                               cells[ascending[i]].value.string_value),
                        <, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        cells_clear(&cells[i]);
}

static void
test_times_sort_with_lower_bounds_last(void)
{
    static const struct value values[] = {{.absent = true},
                                          {.ns = 9000000000},
                                          {.ns = 10000000000},
                                          {.ns = 0, .at_least = true},
                                          {.ns = 9000000000, .at_least = true},
                                          {.ns = 10000000000, .at_least = true}};
    static const unsigned widths[] = {0, 8, 9, 8, 8, 9};
    const stat_tap_table_item field = cells_field(&times);
    stat_tap_table_item_type cells[G_N_ELEMENTS(values)] = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        g_assert_false(cells_need_text(&field, &values[i]));
        g_assert_cmpuint(cells_width(&times, &values[i]), ==, widths[i]);
        cells_set(&cells[i], &field, &times, &values[i], 9);
    }
    g_assert_cmpstr(cells[0].value.string_value, ==, "");
    for (unsigned i = 1; i < G_N_ELEMENTS(values); i++)
        g_assert_cmpint(strcmp(cells[i - 1].value.string_value, cells[i].value.string_value), <, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++)
        cells_clear(&cells[i]);
}

/* What Copy and Save as give: nothing but what the report prints, unless the order needs more. */
static void
test_numbers_are_filled_up_to_the_widest_only(void)
{
    static const struct {
        struct value value;
        const char *narrow;
        const char *wide;
    } cases[] = {
        {{.absent = true}, "", ""},
        {{.ns = 1500000000}, "1.500000", " 1.500000"},
        {{.ns = 1500000000, .at_least = true}, ">=1.500000", ">= 1.500000"},
    };
    const stat_tap_table_item field = cells_field(&times);

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        stat_tap_table_item_type cell = {0};

        cells_widen(&cell, 9); /* has nothing yet */
        cells_set(&cell, &field, &times, &cases[i].value, 8);
        g_assert_cmpstr(cell.value.string_value, ==, cases[i].narrow);
        cells_widen(&cell, 9);
        g_assert_cmpstr(cell.value.string_value, ==, cases[i].wide);
        cells_widen(&cell, 9);
        g_assert_cmpstr(cell.value.string_value, ==, cases[i].wide);
        cells_clear(&cell);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cells/counts/are_numbers", test_counts_are_numbers);
    g_test_add_func("/cells/counts/absent_one_is_empty_and_sorts_first",
                    test_absent_count_is_empty_and_sorts_first);
    g_test_add_func("/cells/times/sort_with_lower_bounds_last",
                    test_times_sort_with_lower_bounds_last);
    g_test_add_func("/cells/times/filled_up_to_the_widest_only",
                    test_numbers_are_filled_up_to_the_widest_only);
    return g_test_run();
}
