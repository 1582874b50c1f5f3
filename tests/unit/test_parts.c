/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's small parts: sequence numbers, ranges, options, names. */
#include <glib.h>
#include <string.h>

#include "coarse.h"
#include "ranges.h"
#include "segment.h"
#include "seq.h"
#include "state.h"
#include "varint.h"

/* ---- sequence numbers ---- */

static void
test_seq_order_is_modular(void)
{
    g_assert_true(seq_before(0xfffffff0, 0x10));
    g_assert_false(seq_before(0x10, 0xfffffff0));
    g_assert_true(seq_after(0x10, 0xfffffff0));
    g_assert_true(seq_before(0x7fffffff, 0x80000000));
    g_assert_false(seq_before(5, 5));
    g_assert_false(seq_after(5, 5));
    g_assert_true(seq_before(0, 0x7fffffff));
    g_assert_true(seq_after(0, 0x80000001));
}

static void
test_seq_max_is_the_later(void)
{
    g_assert_cmphex(seq_max(0xfffffff0, 0x10), ==, 0x10);
    g_assert_cmphex(seq_max(0x10, 0xfffffff0), ==, 0x10);
    g_assert_cmphex(seq_max(7, 7), ==, 7);
}

static void
test_seq_between_includes_both_ends(void)
{
    g_assert_true(seq_between(0xfffffff0, 0xfffffff0, 0x10));
    g_assert_true(seq_between(0x10, 0xfffffff0, 0x10));
    g_assert_true(seq_between(0, 0xfffffff0, 0x10));
    g_assert_false(seq_between(0x11, 0xfffffff0, 0x10));
    g_assert_false(seq_between(0xffffffef, 0xfffffff0, 0x10));
    g_assert_true(seq_between(3, 3, 3));
    g_assert_false(seq_between(4, 3, 3));
}

static void
test_segment_end_counts_syn_and_fin(void)
{
    struct segment seg = {.seq = 0xffffffff, .len = 10, .flags = FLAG_ACK};

    g_assert_cmphex(segment_end(&seg), ==, 9);
    seg.flags = FLAG_FIN | FLAG_ACK;
    g_assert_cmphex(segment_end(&seg), ==, 10);
    seg.flags = FLAG_SYN | FLAG_FIN;
    g_assert_cmphex(segment_end(&seg), ==, 11);
    seg.flags = FLAG_RST | FLAG_FIN | FLAG_ACK;
    g_assert_cmphex(segment_end(&seg), ==, 0xffffffff);
}

/* ---- numbers in few bytes ---- */

static void
test_varint_takes_what_it_needs(void)
{
    static const struct {
        uint64_t value;
        unsigned bytes;
    } cases[] = {{0, 1},
                 {0x7f, 1},
                 {0x80, 2},
                 {0x3fff, 2},
                 {0x4000, 3},
                 {UINT32_MAX, VARINT_MAX_32},
                 {(uint64_t)INT64_MAX, 9},
                 {UINT64_MAX, VARINT_MAX_64}};

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t bytes[VARINT_MAX_64];
        const uint8_t *end = varint_put(bytes, cases[i].value);
        const uint8_t *at = bytes;

        g_assert_cmpuint((unsigned)(end - bytes), ==, cases[i].bytes);
        g_assert_cmpuint(varint_take(&at), ==, cases[i].value);
        g_assert_true(at == end);
    }
}

static void
test_varint_signed_alternates(void)
{
    static const int64_t values[] = {0, -1, 1, -2, 2, INT64_MAX, INT64_MIN};

    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        uint64_t number = varint_from_signed(values[i]);

        g_assert_cmpint(varint_to_signed(number), ==, values[i]);
        if (i < 5)
            g_assert_cmpuint(number, ==, i);
    }
}

static void
test_coarse_time_is_rounded_down(void)
{
    static const int64_t times[] = {SEGMENT_TIME_MIN_NS, SEGMENT_TIME_MAX_NS, -1, 0, 1,
                                    1700000000123456789};
    struct coarse_time never = {{0}};

    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
        int64_t back_ns = coarse_time_ns(coarse_time(times[i]));

        g_assert_cmpint(back_ns, <=, times[i]);
        g_assert_cmpint(back_ns, >, times[i] - COARSE_NS);
        g_assert_cmpint(back_ns % COARSE_NS, ==, 0);
    }
    g_assert_cmpint(coarse_time_ns(never), ==, 0);
}

/* ---- ranges ---- */

static void
assert_range(const struct ranges *ranges, uint32_t index, uint32_t left, uint32_t right)
{
    g_assert_cmpuint(index, <, ranges->count);
    g_assert_cmphex(ranges->item[index].left, ==, left);
    g_assert_cmphex(ranges->item[index].right, ==, right);
}

static void
test_ranges_sort_across_the_wrap(void)
{
    struct ranges ranges = {0};

    ranges_add(&ranges, 0x20, 0x30);
    ranges_add(&ranges, 0xffffffe0, 0xfffffff0);
    ranges_add(&ranges, 0xfffffff8, 0x8);
    g_assert_cmpuint(ranges.count, ==, 3);
    assert_range(&ranges, 0, 0xffffffe0, 0xfffffff0);
    assert_range(&ranges, 1, 0xfffffff8, 0x8);
    assert_range(&ranges, 2, 0x20, 0x30);
}

static void
test_ranges_merge_what_touches(void)
{
    struct ranges ranges = {0};

    ranges_add(&ranges, 10, 20);
    ranges_add(&ranges, 30, 40);
    ranges_add(&ranges, 50, 60);
    ranges_add(&ranges, 20, 30);
    g_assert_cmpuint(ranges.count, ==, 2);
    assert_range(&ranges, 0, 10, 40);
    ranges_add(&ranges, 5, 70);
    g_assert_cmpuint(ranges.count, ==, 1);
    assert_range(&ranges, 0, 5, 70);
    ranges_add(&ranges, 6, 7);
    g_assert_cmpuint(ranges.count, ==, 1);
    assert_range(&ranges, 0, 5, 70);
}

static void
test_ranges_advance_over_what_is_reached(void)
{
    struct ranges ranges = {0};

    ranges_add(&ranges, 0xfffffff0, 0xfffffff8);
    ranges_add(&ranges, 4, 8);
    ranges_add(&ranges, 10, 20);
    g_assert_cmphex(ranges_advance(&ranges, 0xffffffe0), ==, 0xffffffe0);
    g_assert_cmpuint(ranges.count, ==, 3);
    g_assert_cmphex(ranges_advance(&ranges, 0xfffffff0), ==, 0xfffffff8);
    g_assert_cmphex(ranges_advance(&ranges, 12), ==, 20);
    g_assert_cmpuint(ranges.count, ==, 0);
    g_assert_cmphex(ranges_advance(&ranges, 33), ==, 33);
}

static void
test_ranges_forget_the_farthest(void)
{
    struct ranges ranges = {0};

    for (uint32_t i = 1; i <= RANGES_MAX + 4; i++)
        ranges_add(&ranges, 100 * i, 100 * i + 10);
    g_assert_cmpuint(ranges.count, ==, RANGES_MAX);
    assert_range(&ranges, RANGES_MAX - 1, 100 * RANGES_MAX, 100 * RANGES_MAX + 10);
    ranges_add(&ranges, 50, 60);
    g_assert_cmpuint(ranges.count, ==, RANGES_MAX);
    assert_range(&ranges, 0, 50, 60);
    assert_range(&ranges, RANGES_MAX - 1, 100 * (RANGES_MAX - 1), 100 * (RANGES_MAX - 1) + 10);
}

/* Against a map of 64 numbers, around the wrap. */
static void
test_ranges_are_a_set(void)
{
    const uint32_t base = 0xffffffe0;
    GRand *random = g_rand_new_with_seed(2018);

    for (unsigned round = 0; round < 2000; round++) {
        struct ranges ranges = {0};
        bool in[65] = {false};

        for (unsigned i = 0; i < 6; i++) {
            uint32_t left = (uint32_t)g_rand_int_range(random, 0, 63);
            uint32_t right = left + (uint32_t)g_rand_int_range(random, 1, (gint32)(65 - left));

            ranges_add(&ranges, base + left, base + right);
            memset(in + left, true, right - left);
        }
        for (uint32_t i = 0, r = 0; i < 64; i++) {
            bool starts = in[i] && (i == 0 || !in[i - 1]);

            if (!starts)
                continue;
            g_assert_cmpuint(r, <, ranges.count);
            g_assert_cmphex(ranges.item[r].left, ==, base + i);
            while (in[i])
                i++;
            g_assert_cmphex(ranges.item[r].right, ==, base + i);
            r++;
        }
    }
    g_rand_free(random);
}

/* ---- options ---- */

#define PARSE(...) \
    tcp_options_parse((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void
test_options_of_a_linux_syn(void)
{
    struct tcp_options options =
        PARSE(2, 4, 5, 0xb4, 4, 2, 8, 10, 0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 1, 1, 3, 3, 7);

    g_assert_true(options.has_ts);
    g_assert_cmphex(options.ts_val, ==, 0xfffffff0);
    g_assert_true(options.has_window_shift);
    g_assert_cmpuint(options.window_shift, ==, 7);
    g_assert_true(options.sack_permitted);
    g_assert_cmpuint(options.sack_count, ==, 0);
    g_assert_false(options.fast_open);
}

static void
test_options_nothing_in_nothing_out(void)
{
    struct tcp_options options = tcp_options_parse((const uint8_t *)"", 0);

    g_assert_false(options.has_ts || options.has_window_shift || options.sack_count);
    g_assert_false(options.sack_permitted || options.fast_open);
    options = PARSE(1, 1, 1, 1);
    g_assert_false(options.has_ts || options.has_window_shift || options.sack_count);
}

static void
test_options_sack_with_several_blocks(void)
{
    struct tcp_options options = PARSE(1, 1, 5, 26, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5, 0, 0, 0, 10,
                                       0, 0, 0, 20, 0, 0, 1, 0, 0, 0, 2, 0);

    g_assert_cmpuint(options.sack_count, ==, 3);
    g_assert_cmphex(options.sack_left[0], ==, 0xffffffff);
    g_assert_cmphex(options.sack_right[0], ==, 5);
    g_assert_cmphex(options.sack_left[1], ==, 10);
    g_assert_cmphex(options.sack_right[1], ==, 20);
    g_assert_cmphex(options.sack_left[2], ==, 0x100);
    g_assert_cmphex(options.sack_right[2], ==, 0x200);
}

static void
test_options_sack_takes_four_blocks_at_most(void)
{
    uint8_t bytes[84] = {5, 42};
    struct tcp_options options;

    bytes[42] = 5; /* a second SACK option; such a header cannot be, but the bytes can */
    bytes[43] = 42;
    options = tcp_options_parse(bytes, sizeof(bytes));
    g_assert_cmpuint(options.sack_count, ==, SACK_BLOCKS_MAX);
}

static void
test_options_end_stops(void)
{
    struct tcp_options options = PARSE(3, 3, 5, 0, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);

    g_assert_true(options.has_window_shift);
    g_assert_false(options.has_ts);
}

static void
test_options_malformed_length_stops(void)
{
    struct tcp_options options;

    options = PARSE(3, 3, 5, 8, 0, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);
    g_assert_true(options.has_window_shift && !options.has_ts);
    options = PARSE(3, 3, 5, 8, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);
    g_assert_true(options.has_window_shift && !options.has_ts);
    options = PARSE(3, 3, 5, 8, 10, 0, 0, 0, 1, 0, 0, 0);
    g_assert_true(options.has_window_shift && !options.has_ts);
    options = PARSE(3, 3, 5, 8);
    g_assert_true(options.has_window_shift && !options.has_ts);
    options = PARSE(5, 255, 0, 0, 0, 1, 0, 0, 0, 2);
    g_assert_cmpuint(options.sack_count, ==, 0);
}

static void
test_options_with_a_wrong_size_do_not_count(void)
{
    struct tcp_options options = PARSE(8, 6, 0, 0, 0, 1, 3, 4, 7, 7, 5, 6, 0, 0, 0, 9);

    g_assert_false(options.has_ts);
    g_assert_false(options.has_window_shift);
    g_assert_cmpuint(options.sack_count, ==, 0);
    options = PARSE(3, 3, 200);
    g_assert_cmpuint(options.window_shift, ==, 14);
}

static void
test_options_unknown_ones_are_skipped(void)
{
    struct tcp_options options = PARSE(253, 6, 1, 2, 3, 4, 34, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2);

    g_assert_true(options.fast_open);
    g_assert_true(options.has_ts);
    g_assert_cmphex(options.ts_val, ==, 1);
}

/* Any bytes in, a defined answer out; the sanitizers watch the bounds of the exact-size copy. */
static void
test_options_any_bytes(void)
{
    GRand *random = g_rand_new_with_seed(793);

    for (unsigned i = 0; i < 100000; i++) {
        size_t length = (size_t)g_rand_int_range(random, 0, 41);
        uint8_t *bytes = g_malloc(length + 1);
        struct tcp_options options;

        for (size_t at = 0; at < length; at++)
            bytes[at] = (uint8_t)(g_rand_boolean(random) ? g_rand_int_range(random, 0, 12)
                                                         : g_rand_int_range(random, 0, 256));
        bytes = g_realloc(bytes, MAX(length, 1));
        options = tcp_options_parse(bytes, length);
        g_assert_cmpuint(options.sack_count, <=, SACK_BLOCKS_MAX);
        g_assert_cmpuint(options.window_shift, <=, 14);
        g_free(bytes);
    }
    g_rand_free(random);
}

/* ---- names ---- */

static void
assert_name(GHashTable *names, const char *name)
{
    g_assert_nonnull(name);
    g_assert_true(g_hash_table_add(names, (gpointer)(uintptr_t)name));
}

static void
test_names_are_there_and_differ(void)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < STATE_COUNT; i++)
        assert_name(names, state_name((enum tcp_state)i));
    for (unsigned i = 0; i < EVENT_COUNT; i++) {
        assert_name(names, event_slug((enum tcp_event)i));
        assert_name(names, event_text((enum tcp_event)i));
        g_assert_cmpuint(event_severity((enum tcp_event)i), <=, SEVERITY_WARNING);
    }
    for (unsigned i = 0; i < PATTERN_COUNT; i++)
        assert_name(names, pattern_name((enum tcp_pattern)i));
    g_hash_table_remove_all(names);
    for (unsigned i = 0; i < RST_VERDICT_COUNT; i++)
        assert_name(names, rst_verdict_name((enum rst_verdict)i));
    g_hash_table_remove_all(names);
    for (unsigned i = 0; i < REASON_COUNT; i++)
        assert_name(names, reason_text((enum reason)i));
    g_assert_cmpstr(state_name(STATE_FIN_WAIT_1), ==, "FIN_WAIT_1");
    g_assert_cmpstr(event_slug(EVENT_time_wait_reack), ==, "time_wait_reack");
    g_assert_cmpstr(pattern_name(PATTERN_last_ack_missing), ==, "last_ack_missing");
    g_assert_cmpstr(rst_verdict_name(RST_AFTER_CLOSE), ==, "after_close");
    g_hash_table_destroy(names);
}

static void
test_states_from_established_on_are_synchronized(void)
{
    g_assert_false(state_is_synchronized(STATE_CLOSED));
    g_assert_false(state_is_synchronized(STATE_SYN_SENT));
    g_assert_false(state_is_synchronized(STATE_SYN_RECEIVED));
    for (unsigned i = STATE_ESTABLISHED; i < STATE_COUNT; i++)
        g_assert_true(state_is_synchronized((enum tcp_state)i));
}

static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    {"/engine/seq/order_is_modular", test_seq_order_is_modular},
    {"/engine/seq/max_is_the_later", test_seq_max_is_the_later},
    {"/engine/seq/between_includes_both_ends", test_seq_between_includes_both_ends},
    {"/engine/segment/end_counts_syn_and_fin", test_segment_end_counts_syn_and_fin},
    {"/engine/varint/takes_what_it_needs", test_varint_takes_what_it_needs},
    {"/engine/varint/signed_alternates", test_varint_signed_alternates},
    {"/engine/coarse_time/is_rounded_down", test_coarse_time_is_rounded_down},
    {"/engine/ranges/sort_across_the_wrap", test_ranges_sort_across_the_wrap},
    {"/engine/ranges/merge_what_touches", test_ranges_merge_what_touches},
    {"/engine/ranges/advance_over_what_is_reached", test_ranges_advance_over_what_is_reached},
    {"/engine/ranges/forget_the_farthest", test_ranges_forget_the_farthest},
    {"/engine/ranges/are_a_set", test_ranges_are_a_set},
    {"/engine/options/of_a_linux_syn", test_options_of_a_linux_syn},
    {"/engine/options/nothing_in_nothing_out", test_options_nothing_in_nothing_out},
    {"/engine/options/sack_with_several_blocks", test_options_sack_with_several_blocks},
    {"/engine/options/sack_takes_four_blocks_at_most", test_options_sack_takes_four_blocks_at_most},
    {"/engine/options/end_stops", test_options_end_stops},
    {"/engine/options/malformed_length_stops", test_options_malformed_length_stops},
    {"/engine/options/with_a_wrong_size_do_not_count", test_options_with_a_wrong_size_do_not_count},
    {"/engine/options/unknown_ones_are_skipped", test_options_unknown_ones_are_skipped},
    {"/engine/options/any_bytes", test_options_any_bytes},
    {"/engine/names/are_there_and_differ", test_names_are_there_and_differ},
    {"/engine/names/states_from_established_on_are_synchronized",
     test_states_from_established_on_are_synchronized},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].run);
    return g_test_run();
}
