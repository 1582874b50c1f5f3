/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments as users write them. */
#include <glib.h>

#include "epoch.h"
#include "units.h"

static void
test_digits_are_not_rounded(void)
{
    g_assert_cmpint(epoch_read("1700000000"), ==, 1700000000 * NS_PER_S);
    g_assert_cmpint(epoch_read("1700000000.25"), ==, 1700000000 * NS_PER_S + 250 * NS_PER_MS);
    g_assert_cmpint(epoch_read("1700000000.123456789"), ==, 1700000000 * NS_PER_S + 123456789);
    g_assert_cmpint(epoch_read(".5"), ==, 500 * NS_PER_MS);
    g_assert_cmpint(epoch_read("5."), ==, 5 * NS_PER_S);
    g_assert_cmpint(epoch_read("9223372035.999999999"), ==, 9223372035999999999);
}

static void
test_nothing_and_zero_are_none(void)
{
    g_assert_cmpint(epoch_read(""), ==, 0);
    g_assert_cmpint(epoch_read("0"), ==, 0);
    g_assert_cmpint(epoch_read("0.0"), ==, 0);
}

static void
test_all_else_is_unreadable(void)
{
    static const char *const texts[] = {
        ".",   " 1", "1 ",         "-1",  "+1",
        "1e9", "0x", "1.2.3",      "1,5", "1.0000000001",
        "x",   "1x", "9223372036", "nan", "99999999999999999999999999",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_cmpint(epoch_read(texts[i]), ==, EPOCH_UNREADABLE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/epoch/digits/not_rounded", test_digits_are_not_rounded);
    g_test_add_func("/epoch/nothing_and_zero/none", test_nothing_and_zero_are_none);
    g_test_add_func("/epoch/all_else/unreadable", test_all_else_is_unreadable);
    return g_test_run();
}
