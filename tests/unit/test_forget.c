/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams that are forgotten: what stays of them, and what goes on as if they were there. */
#include <glib.h>
#include <string.h>

#include "capture.h"
#include "exchange.h"
#include "numbered.h"
#include "snapshot.h"
#include "units.h"
#include "usual_policy.h"

static const uint8_t addresses[2][4] = {{10, 0, 0, 1}, {10, 0, 0, 2}};
static const struct host hosts[2] = {
    {.address = addresses[0], .port = 40000, .type = 4, .length = 4},
    {.address = addresses[1], .port = 80, .type = 4, .length = 4},
};

/* A capture that keeps all streams, and one that forgets. */
struct pair {
    struct capture *keeps;
    struct capture *forgets;
    uint32_t frame;
    int64_t ns;
};

static struct pair
begin(void)
{
    struct pair pair = {
        .keeps = capture_new(&usual_policy),
        .forgets = capture_new(&usual_policy),
        .ns = NS_PER_S,
    };

    capture_take_no_census(pair.forgets);
    return pair;
}

static void
end(struct pair *pair)
{
    capture_free(pair->keeps);
    capture_free(pair->forgets);
}

/* Both are fed, and show the same. */
static void
feed(struct pair *pair, uint32_t number, const struct step_of_test *steps, uint32_t offset)
{
    for (; steps->flags; steps++) {
        struct segment seg;
        struct snapshot kept;
        struct snapshot other;

        pair->ns += steps->ms * NS_PER_MS;
        seg = exchange_segment(steps, 0, ++pair->frame, pair->ns);
        seg.seq += offset;
        seg.ack += (seg.flags & FLAG_ACK) ? offset : 0;
        kept =
            snapshot_at(capture_feed(pair->keeps, number, hosts, &seg), seg.frame, 0, seg.time_ns);
        other = snapshot_at(capture_feed(pair->forgets, number, hosts, &seg), seg.frame, 0,
                            seg.time_ns);
        g_assert_cmpuint(kept.events, ==, other.events);
        for (unsigned role = 0; role < ROLE_COUNT; role++) {
            g_assert_cmpint(kept.end[role].state, ==, other.end[role].state);
            g_assert_cmpint(kept.end[role].since_ns, ==, other.end[role].since_ns);
        }
    }
}

/* clang-format off */
#define CLOSE                                                                       \
    {1, C, "FA", 201, 201, 0}, {1, S, "A", 201, 202, 0}, {1, S, "FA", 201, 202, 0}, \
    {1, C, "A", 202, 202, 0}
/* clang-format on */

enum { OTHER = 0x20000000 }; /* from the numbers of one connection to those of the next */

/* What a segment of the former connection is, is known by its control blocks. */
static void
test_segment_of_a_forgotten_connection_is_stale(void)
{
    struct pair pair = begin();
    struct snapshot shown;

    feed(&pair, 0, STEPS(TALKED, CLOSE), 0);
    feed(&pair, 1, STEPS(TALKED), OTHER);
    g_assert_true(capture_rest(pair.forgets, 1).has_older);
    capture_forget(pair.forgets, 0);
    g_assert_false(capture_rest(pair.forgets, 1).has_older);
    feed(&pair, 1, STEPS({1, C, "FA", 201, 201, 0}), 0);
    shown = snapshot_at(capture_stream(pair.forgets, 1), pair.frame, 0, pair.ns);
    g_assert_true(shown.events & event_bit(EVENT_stale_incarnation));
    end(&pair);
}

/* The control blocks go on through streams that have none of their own, and are forgotten too. */
static void
test_former_connection_outlives_several(void)
{
    struct pair pair = begin();

    feed(&pair, 0, STEPS(TALKED, CLOSE), 0);
    feed(&pair, 1, STEPS({1000, C, "S", 0, 0, 0}), OTHER);
    feed(&pair, 2, STEPS({1000, C, "S", 0, 0, 0}), 2 * OTHER);
    capture_forget(pair.forgets, 0);
    feed(&pair, 3, STEPS({1000, C, "S", 0, 0, 0}), 3U * OTHER);
    capture_forget(pair.forgets, 1);
    capture_forget(pair.forgets, 2);
    feed(&pair, 3,
         STEPS({1, S, "A", 202, 202, 0}, {1, C, "A", 202, 202, 0}, {1, C, "R", 202, 0, 0}), 0);
    end(&pair);
}

static void
test_rest_of_a_stream(void)
{
    struct pair pair = begin();
    struct stream_rest rest;

    feed(&pair, 0, STEPS(TALKED), 0);
    rest = capture_rest(pair.forgets, 0);
    g_assert_true(rest.is_open);
    g_assert_cmpint(rest.last_ns, ==, pair.ns);
    feed(&pair, 0, STEPS(CLOSE), 0);
    rest = capture_rest(pair.forgets, 0);
    g_assert_false(rest.is_open);
    g_assert_cmpint(rest.time_wait_end_ns, ==,
                    pair.ns - NS_PER_MS + usual_policy.two_msl_ns); /* from the FIN on */
    feed(&pair, 1, STEPS({1, C, "S", 0, 0, 0}), OTHER);
    rest = capture_rest(pair.forgets, 0);
    g_assert_cmpint(rest.time_wait_end_ns, ==, INT64_MIN);
    g_assert_true(capture_rest(pair.forgets, 1).is_open);
    end(&pair);
}

/* The sockets of a stream that nobody knows any more are new. */
static void
test_forgotten_stream_leaves_nothing(void)
{
    struct pair pair = begin();
    struct segment seg =
        exchange_segment(&(struct step_of_test){1, C, "S", 0, 0, 0}, 0, 100, 100 * NS_PER_S);

    feed(&pair, 0, STEPS(TALKED), 0);
    capture_forget(pair.forgets, 0);
    g_assert_null(capture_stream(pair.forgets, 0));
    g_assert_cmpuint(capture_next(pair.forgets, 0), ==, UINT32_MAX);
    seg.seq += OTHER;
    capture_feed(pair.forgets, 7, hosts, &seg);
    g_assert_false(capture_rest(pair.forgets, 7).has_older);
    g_assert_cmpuint(capture_next(pair.forgets, 0), ==, 7);
    end(&pair);
}

/* ---- pointers by number ---- */

static void
test_numbered_is_as_a_table(void)
{
    enum { ROUNDS = 20000, NUMBERS = 3000 };
    struct numbered numbered = {0};
    GHashTable *wanted = g_hash_table_new(NULL, NULL);
    GRand *random = g_rand_new_with_seed(5);

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t number = (uint32_t)g_rand_int_range(random, 0, NUMBERS);
        void *item = g_hash_table_lookup(wanted, GUINT_TO_POINTER(number));

        g_assert_true(numbered_find(&numbered, number) == item);
        if (item) {
            numbered_take(&numbered, number);
            g_hash_table_remove(wanted, GUINT_TO_POINTER(number));
        } else {
            item = GUINT_TO_POINTER(number + 1);
            numbered_put(&numbered, number, item);
            g_hash_table_insert(wanted, GUINT_TO_POINTER(number), item);
        }
    }
    for (uint32_t number = 0, count = 0;; number++, count++) {
        number = numbered_next(&numbered, number);
        if (number == numbered.end) {
            g_assert_cmpuint(count, ==, g_hash_table_size(wanted));
            break;
        }
        g_assert_nonnull(g_hash_table_lookup(wanted, GUINT_TO_POINTER(number)));
    }
    g_assert_null(numbered_find(&numbered, UINT32_MAX));
    g_rand_free(random);
    g_hash_table_destroy(wanted);
    while (numbered_next(&numbered, 0) < numbered.end)
        numbered_take(&numbered, numbered_next(&numbered, 0));
    for (uint32_t page = 0; page < numbered.page_count; page++)
        g_assert_true(numbered.pages[page] == &numbered_empty);
    numbered_clear(&numbered, g_free);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/forget/former_connection/its_segment_is_stale",
                    test_segment_of_a_forgotten_connection_is_stale);
    g_test_add_func("/engine/forget/former_connection/outlives_several",
                    test_former_connection_outlives_several);
    g_test_add_func("/engine/forget/rest/open_time_wait_and_later", test_rest_of_a_stream);
    g_test_add_func("/engine/forget/alone/leaves_nothing", test_forgotten_stream_leaves_nothing);
    g_test_add_func("/engine/numbered/as_a_table", test_numbered_is_as_a_table);
    return g_test_run();
}
