/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Percentiles by nearest rank, against a plain sorted array. */
#include <glib.h>

#include "distribution.h"
#include "units.h"

static void
test_one_time_is_every_percentile(void)
{
    struct distribution one = {0};

    g_assert_cmpuint(distribution_count(&one), ==, 0);
    distribution_add(&one, 7);
    g_assert_cmpuint(distribution_count(&one), ==, 1);
    g_assert_cmpint(distribution_percentile(&one, 0), ==, 7);
    g_assert_cmpint(distribution_percentile(&one, 50), ==, 7);
    g_assert_cmpint(distribution_percentile(&one, 100), ==, 7);
    g_assert_cmpint(distribution_mean(&one), ==, 7);
    distribution_clear(&one);
    g_assert_cmpuint(distribution_count(&one), ==, 0);
}

/* The usual example: of five times the 30th percentile is the second, the 40th too. */
static void
test_rank_is_rounded_up(void)
{
    static const int64_t times[] = {50, 15, 40, 20, 35};
    struct distribution five = {0};

    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++)
        distribution_add(&five, times[i]);
    g_assert_cmpint(distribution_percentile(&five, 5), ==, 15);
    g_assert_cmpint(distribution_percentile(&five, 30), ==, 20);
    g_assert_cmpint(distribution_percentile(&five, 40), ==, 20);
    g_assert_cmpint(distribution_percentile(&five, 50), ==, 35);
    g_assert_cmpint(distribution_percentile(&five, 100), ==, 50);
    g_assert_cmpint(distribution_mean(&five), ==, 32);
    distribution_clear(&five);
}

static void
test_mean_of_a_sum_beyond_64_bits(void)
{
    const int64_t century_ns = INT64_C(100) * 366 * 86400 * NS_PER_S;
    struct distribution ages = {0};

    for (unsigned i = 0; i < 1000; i++)
        distribution_add(&ages, century_ns + i % 2);
    g_assert_cmpint(distribution_mean(&ages), ==, century_ns + 1);
    distribution_clear(&ages);
}

static int
compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;

    return left < right ? -1 : left > right;
}

static void
check_against(struct distribution *distribution, GArray *plain)
{
    int64_t sum = 0;

    g_array_sort(plain, compare);
    g_assert_cmpuint(distribution_count(distribution), ==, plain->len);
    for (unsigned i = 0; i < plain->len; i++)
        sum += g_array_index(plain, int64_t, i);
    for (unsigned percent = 0; plain->len > 0 && percent <= 100; percent++) {
        unsigned rank = 1;

        while (100 * rank < percent * plain->len)
            rank++;
        g_assert_cmpint(distribution_percentile(distribution, percent), ==,
                        g_array_index(plain, int64_t, rank - 1));
    }
    if (plain->len > 0)
        g_assert_cmpint(distribution_mean(distribution), ==, (sum + plain->len / 2) / plain->len);
}

/* Many equal times, and few. */
static void
test_any_order_of_adding(void)
{
    for (unsigned range = 3; range < 2000000000; range = range * 7 + 1) {
        struct distribution distribution = {0};
        GArray *plain = g_array_new(FALSE, FALSE, sizeof(int64_t));

        for (unsigned i = 0; i < 3000; i++) {
            int64_t ns = (int64_t)g_test_rand_int_range(0, (gint32)range) * 3;

            distribution_add(&distribution, ns);
            g_array_append_val(plain, ns);
            if (i < 20 || i % 97 == 0)
                check_against(&distribution, plain);
        }
        g_array_unref(plain);
        distribution_clear(&distribution);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/distribution/one_time_is_every_percentile",
                    test_one_time_is_every_percentile);
    g_test_add_func("/distribution/rank_is_rounded_up", test_rank_is_rounded_up);
    g_test_add_func("/distribution/mean_of_a_sum_beyond_64_bits",
                    test_mean_of_a_sum_beyond_64_bits);
    g_test_add_func("/distribution/any_order_of_adding", test_any_order_of_adding);
    return g_test_run();
}
