/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and texts at the end of a GString, against printf(). */
#include <inttypes.h>
#include <stdio.h>

#include "append.h"

static void
assert_eight_digits(uint32_t number)
{
    const uint64_t digits = GUINT64_TO_LE(eight_digits(number));
    char wanted[16];

    snprintf(wanted, sizeof(wanted), "%08" PRIu32, number);
    g_assert_cmpint(memcmp(&digits, wanted, sizeof(digits)), ==, 0);
}

/* The halves are divided apart from each other. */
static void
test_all_halves_of_eight_digits(void)
{
    for (uint32_t half = 0; half < 10000; half++) {
        assert_eight_digits(half);
        assert_eight_digits(99990000 + half);
        assert_eight_digits(half * 10000);
        assert_eight_digits(half * 10000 + 9999);
        assert_eight_digits(half * 10000 + half);
    }
}

static void
assert_number(uint64_t number)
{
    GString *text = g_string_new(NULL);
    char wanted[32];

    snprintf(wanted, sizeof(wanted), "%" PRIu64, number);
    append_number(text, number);
    g_assert_cmpstr(text->str, ==, wanted);
    g_assert_cmpuint(text->len, ==, strlen(wanted));
    g_string_free(text, TRUE);
}

static void
test_numbers_have_all_their_digits(void)
{
    assert_number(0);
    assert_number(UINT64_MAX);
    for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
        assert_number(power - 1);
        assert_number(power);
        assert_number(power * 7 + 3);
    }
}

/* Until append_end() the text has not grown, but what was written must not be lost. */
static void
test_room_keeps_what_was_written(void)
{
    enum { COUNT = 1000 };
    GString *text = g_string_sized_new(1);
    GString *wanted = g_string_new("begin");
    char *at;

    append_text(text, "begin");
    at = append_begin(text);
    for (unsigned i = 0; i < COUNT; i++) {
        at = append_room(text, at, NUMBER_MAX);
        at = write_number(at, i);
        g_string_append_printf(wanted, "%u", i);
    }
    append_end(text, at);
    g_assert_cmpstr(text->str, ==, wanted->str);
    g_assert_cmpuint(text->len, ==, wanted->len);
    g_string_free(text, TRUE);
    g_string_free(wanted, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/append/all_halves_of_eight_digits", test_all_halves_of_eight_digits);
    g_test_add_func("/append/numbers_have_all_their_digits", test_numbers_have_all_their_digits);
    g_test_add_func("/append/room_keeps_what_was_written", test_room_keeps_what_was_written);
    return g_test_run();
}
