/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The most stays at once, against counting them at every moment. */
#include <glib.h>

#include "peak.h"

enum { STAYS = 400, SEED = 11 };

static struct visit
stay(int64_t from_ns, uint32_t from_frame, int64_t to_ns, uint32_t to_frame)
{
    return (struct visit){.from = {from_ns, from_frame}, .to = {to_ns, to_frame}};
}

static bool
holds(const struct visit *visit, struct instant at)
{
    return instant_compare(visit->from, at) <= 0 &&
           (visit->open || instant_compare(at, visit->to) < 0);
}

/* The most is reached where a stay begins. */
static uint32_t
count_by_hand(const struct visit *stays, unsigned count)
{
    uint32_t most = 0;

    for (unsigned i = 0; i < count; i++) {
        uint32_t now = 0;

        for (unsigned j = 0; j < count; j++)
            now += holds(&stays[j], stays[i].from);
        most = MAX(most, now);
    }
    return most;
}

static void
assert_most(const struct visit *stays, unsigned count, uint32_t expected)
{
    struct peak peak = {0};

    for (unsigned i = 0; i < count; i++)
        peak_add(&peak, &stays[i]);
    g_assert_cmpuint(peak_most(&peak), ==, expected);
    peak_clear(&peak);
    g_assert_cmpuint(peak_most(&peak), ==, 0);
}

static void
test_none_is_zero(void)
{
    assert_most(NULL, 0, 0);
}

static void
test_one_after_the_other_in_a_frame_is_one(void)
{
    const struct visit stays[] = {stay(5, 3, 9, 7), stay(9, 7, 12, 9), stay(1, 1, 5, 3)};

    assert_most(stays, G_N_ELEMENTS(stays), 1);
}

static void
test_frames_order_what_happens_at_one_time(void)
{
    const struct visit meeting[] = {stay(5, 1, 5, 3), stay(5, 2, 5, 4)};
    const struct visit parting[] = {stay(5, 1, 5, 2), stay(5, 2, 5, 4)};

    assert_most(meeting, G_N_ELEMENTS(meeting), 2);
    assert_most(parting, G_N_ELEMENTS(parting), 1);
}

static void
test_clock_comes_before_the_frames_of_its_time(void)
{
    const struct visit stays[] = {stay(0, 1, 60, 0), stay(60, 2, 120, 0)};

    assert_most(stays, G_N_ELEMENTS(stays), 1);
}

static void
test_open_has_no_end(void)
{
    struct visit stays[] = {stay(5, 1, 5, 1), stay(9, 2, 10, 3)};

    assert_most(stays, G_N_ELEMENTS(stays), 1);
    stays[0].open = true;
    assert_most(stays, G_N_ELEMENTS(stays), 2);
}

static void
test_random_stays_in_any_order(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    struct visit stays[STAYS];
    struct peak peak = {0};

    for (unsigned i = 0; i < STAYS; i++) {
        int from = g_rand_int_range(random, 0, 100);
        int to = from + g_rand_int_range(random, 0, 30);

        stays[i] = stay(from, (uint32_t)g_rand_int_range(random, 1, 4), to,
                        (uint32_t)g_rand_int_range(random, 4, 8));
        stays[i].open = g_rand_int_range(random, 0, 20) == 0;
        peak_add(&peak, &stays[i]);
        g_assert_cmpuint(peak_most(&peak), ==, count_by_hand(stays, i + 1));
    }
    peak_clear(&peak);
    g_rand_free(random);
}

/* Else they take twice the memory, and asking after each twice the time. */
static void
test_stays_in_order_fill_the_blocks(void)
{
    enum { MANY = 20000, FULL = 512, LASTS = 3000 };
    struct peak peak = {0};

    for (unsigned i = 0; i < MANY; i++) {
        const struct visit visit = stay(i, i + 1, i + LASTS, 0);

        peak_add(&peak, &visit);
    }
    g_assert_cmpuint(peak_most(&peak), ==, LASTS);
    g_assert_cmpuint(peak.count, <=, 2 * MANY / FULL + 3);
    peak_clear(&peak);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/peak/none_is_zero", test_none_is_zero);
    g_test_add_func("/peak/one_after_the_other_in_a_frame_is_one",
                    test_one_after_the_other_in_a_frame_is_one);
    g_test_add_func("/peak/frames_order_what_happens_at_one_time",
                    test_frames_order_what_happens_at_one_time);
    g_test_add_func("/peak/clock_comes_before_the_frames_of_its_time",
                    test_clock_comes_before_the_frames_of_its_time);
    g_test_add_func("/peak/open_has_no_end", test_open_has_no_end);
    g_test_add_func("/peak/random_stays_in_any_order", test_random_stays_in_any_order);
    g_test_add_func("/peak/stays_in_order_fill_the_blocks", test_stays_in_order_fill_the_blocks);
    return g_test_run();
}
