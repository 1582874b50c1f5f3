/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's small parts: sequence numbers, segments, the out-of-order queue, options, names. */
#include <glib.h>
#include <string.h>

#include "causes.h"
#include "queue.h"
#include "segment.h"
#include "said.h"
#include "seq.h"
#include "state.h"
#include "tcb.h"

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

/* ---- segments ---- */

static const uint8_t plain_header[] = {0x30, 0x39, 0,    80,   1, 2, 3, 4, 5, 6,
                                       7,    8,    0x50, 0x11, 2, 0, 0, 0, 0, 0};

static struct captured_layer
whole_layer(void)
{
    return (struct captured_layer){
        .bytes = plain_header,
        .length = sizeof(plain_header),
        .reported_length = sizeof(plain_header) + 100,
        .time_s = 1700000000,
        .time_ns = 5,
        .frame = 7,
        .layer = 3,
    };
}

static void
test_segment_is_read_whole(void)
{
    struct captured_layer layer = whole_layer();
    struct segment seg;

    g_assert_true(segment_read(&seg, &layer));
    g_assert_cmpint(seg.time_ns, ==, 1700000000000000005);
    g_assert_cmphex(seg.seq, ==, 0x01020304);
    g_assert_cmphex(seg.ack, ==, 0x05060708);
    g_assert_cmpuint(seg.len, ==, 100);
    g_assert_cmpuint(seg.window, ==, 0x200);
    g_assert_cmpuint(seg.flags, ==, FLAG_FIN | FLAG_ACK);
    g_assert_cmpuint(seg.frame, ==, 7);
    g_assert_cmpuint(seg.layer, ==, 3);
}

/* RFC 9293 section 3.1: at least 20 bytes. */
static void
test_what_is_no_segment(void)
{
    struct captured_layer layer = whole_layer();
    uint8_t header[sizeof(plain_header)];
    struct segment seg;

    layer.length = TCP_HEADER_MIN - 1;
    g_assert_false(segment_read(&seg, &layer));
    layer = whole_layer();
    layer.is_fragment = true;
    g_assert_false(segment_read(&seg, &layer));
    layer = whole_layer();
    layer.is_quoted = true;
    g_assert_false(segment_read(&seg, &layer));
    for (unsigned words = 0; words < 16; words++) {
        memcpy(header, plain_header, sizeof(header));
        header[12] = (uint8_t)(words << 4);
        layer = whole_layer();
        layer.bytes = header;
        g_assert_cmpint(segment_read(&seg, &layer), ==, words >= 5);
    }
}

/* A snapshot length of 64: what is read counts, and the rest is unknown. */
static void
test_cut_options_are_unknown(void)
{
    uint8_t header[30];
    struct captured_layer layer = whole_layer();
    struct segment seg;

    memcpy(header, plain_header, TCP_HEADER_MIN);
    memset(header + TCP_HEADER_MIN, 1, sizeof(header) - TCP_HEADER_MIN);
    header[12] = 8 << 4;
    layer.bytes = header;
    layer.length = sizeof(header);
    g_assert_true(segment_read(&seg, &layer));
    g_assert_true(seg.options.is_cut);
    g_assert_cmpuint(seg.len, ==, 88);
    layer.reported_length = 31;
    g_assert_false(segment_read(&seg, &layer));
}

static void
test_segment_times_are_clamped(void)
{
    static const struct {
        int64_t s;
        int32_t ns;
        int64_t expected;
    } times[] = {
        {INT64_MIN, 0, SEGMENT_TIME_MIN_NS},
        {-4000000001, 999999999, SEGMENT_TIME_MIN_NS},
        {-4000000000, 0, SEGMENT_TIME_MIN_NS},
        {-4000000000, 5, SEGMENT_TIME_MIN_NS + 5},
        {-1, 999999999, -1},
        {3999999999, 999999999, SEGMENT_TIME_MAX_NS - 1},
        {4000000000, 0, SEGMENT_TIME_MAX_NS},
        {4000000000, 5, SEGMENT_TIME_MAX_NS},
        {INT64_MAX, 999999999, SEGMENT_TIME_MAX_NS},
    };
    struct segment seg;

    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
        struct captured_layer layer = whole_layer();

        layer.time_s = times[i].s;
        layer.time_ns = times[i].ns;
        g_assert_true(segment_read(&seg, &layer));
        g_assert_cmpint(seg.time_ns, ==, times[i].expected);
    }
}

/* ---- the out-of-order queue ---- */

static void
assert_range(const struct ooo_queue *queue, uint32_t index, uint32_t left, uint32_t right)
{
    g_assert_cmpuint(index, <, queue->count);
    g_assert_cmphex(queue->item[index].left, ==, left);
    g_assert_cmphex(queue->item[index].right, ==, right);
}

static void
test_queue_sort_across_the_wrap(void)
{
    struct ooo_queue queue = {0};

    ooo_queue_add(&queue, 0x20, 0x30);
    ooo_queue_add(&queue, 0xffffffe0, 0xfffffff0);
    ooo_queue_add(&queue, 0xfffffff8, 0x8);
    g_assert_cmpuint(queue.count, ==, 3);
    assert_range(&queue, 0, 0xffffffe0, 0xfffffff0);
    assert_range(&queue, 1, 0xfffffff8, 0x8);
    assert_range(&queue, 2, 0x20, 0x30);
}

static void
test_queue_merge_what_touches(void)
{
    struct ooo_queue queue = {0};

    ooo_queue_add(&queue, 10, 20);
    ooo_queue_add(&queue, 30, 40);
    ooo_queue_add(&queue, 50, 60);
    ooo_queue_add(&queue, 20, 30);
    g_assert_cmpuint(queue.count, ==, 2);
    assert_range(&queue, 0, 10, 40);
    ooo_queue_add(&queue, 5, 70);
    g_assert_cmpuint(queue.count, ==, 1);
    assert_range(&queue, 0, 5, 70);
    ooo_queue_add(&queue, 6, 7);
    g_assert_cmpuint(queue.count, ==, 1);
    assert_range(&queue, 0, 5, 70);
}

static void
test_queue_advance_over_what_is_reached(void)
{
    struct ooo_queue queue = {0};

    ooo_queue_add(&queue, 0xfffffff0, 0xfffffff8);
    ooo_queue_add(&queue, 4, 8);
    ooo_queue_add(&queue, 10, 20);
    g_assert_cmphex(ooo_queue_advance(&queue, 0xffffffe0), ==, 0xffffffe0);
    g_assert_cmpuint(queue.count, ==, 3);
    g_assert_cmphex(ooo_queue_advance(&queue, 0xfffffff0), ==, 0xfffffff8);
    g_assert_cmphex(ooo_queue_advance(&queue, 12), ==, 20);
    g_assert_cmpuint(queue.count, ==, 0);
    g_assert_cmphex(ooo_queue_advance(&queue, 33), ==, 33);
}

static void
test_queue_forget_the_farthest(void)
{
    struct ooo_queue queue = {0};

    for (uint32_t i = 1; i <= OOO_QUEUE_MAX + 4; i++)
        ooo_queue_add(&queue, 100 * i, 100 * i + 10);
    g_assert_cmpuint(queue.count, ==, OOO_QUEUE_MAX);
    assert_range(&queue, OOO_QUEUE_MAX - 1, 100 * OOO_QUEUE_MAX, 100 * OOO_QUEUE_MAX + 10);
    ooo_queue_add(&queue, 50, 60);
    g_assert_cmpuint(queue.count, ==, OOO_QUEUE_MAX);
    assert_range(&queue, 0, 50, 60);
    assert_range(&queue, OOO_QUEUE_MAX - 1, 100 * (OOO_QUEUE_MAX - 1),
                 100 * (OOO_QUEUE_MAX - 1) + 10);
}

/* Against a map of 64 numbers, around the wrap. */
static void
test_queue_are_a_set(void)
{
    const uint32_t base = 0xffffffe0;
    GRand *random = g_rand_new_with_seed(2018);

    for (unsigned round = 0; round < 2000; round++) {
        struct ooo_queue queue = {0};
        bool in[65] = {false};

        for (unsigned i = 0; i < 6; i++) {
            uint32_t left = (uint32_t)g_rand_int_range(random, 0, 63);
            uint32_t right = left + (uint32_t)g_rand_int_range(random, 1, (gint32)(65 - left));

            ooo_queue_add(&queue, base + left, base + right);
            memset(in + left, true, right - left);
        }
        for (uint32_t i = 0, r = 0; i < 64; i++) {
            bool starts = in[i] && (i == 0 || !in[i - 1]);

            if (!starts)
                continue;
            g_assert_cmpuint(r, <, queue.count);
            g_assert_cmphex(queue.item[r].left, ==, base + i);
            while (in[i])
                i++;
            g_assert_cmphex(queue.item[r].right, ==, base + i);
            r++;
        }
    }
    g_rand_free(random);
}

/* What has come behind the place of a FIN is not received with it: tcp_fin. */
static void
test_queue_ends_at_a_fin(void)
{
    struct tcb tcb = {.rcv_nxt = 100, .flags = TCB_RCV_KNOWN};
    struct segment behind = {.seq = 101, .len = 100, .flags = FLAG_ACK};
    struct segment fin = {.seq = 100, .flags = FLAG_ACK | FLAG_FIN};

    tcb_take(&tcb, &behind, segment_end(&behind));
    g_assert_true(tcb_has(&tcb, TCB_OUT_OF_ORDER));
    tcb_take(&tcb, &fin, segment_end(&fin));
    g_assert_cmpuint(tcb.rcv_nxt, ==, 101);
    g_assert_true(tcb_has_peer_fin(&tcb));
    g_assert_false(tcb_has(&tcb, TCB_OUT_OF_ORDER));
    tcb_clear_extra(&tcb);
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
    g_assert_cmphex(options.ts_ecr, ==, 1);
    g_assert_true(options.has_window_shift);
    g_assert_cmpuint(options.window_shift, ==, 7);
    g_assert_true(options.sack_permitted);
    g_assert_cmpuint(options.sack_count, ==, 0);
    g_assert_false(options.fast_open);
}

static void
test_options_of_a_linux_segment(void)
{
    struct tcp_options options = PARSE(1, 1, 8, 10, 0, 0, 0, 7, 0, 0, 0, 9);

    g_assert_true(options.has_ts);
    g_assert_cmphex(options.ts_val, ==, 7);
    g_assert_cmphex(options.ts_ecr, ==, 9);
}

static void
test_options_of_mptcp_are_a_bit_each(void)
{
    struct tcp_options options =
        PARSE(30, 4, 0x20, 0x15, 1, 30, 12, 0x70, 0, 1, 2, 3, 4, 5, 6, 7, 8);

    g_assert_cmphex(options.mptcp_ends, ==, 1U << MPTCP_DATA_FIN | 1U << MPTCP_FASTCLOSE);
    options = PARSE(30, 4, 0x20, 0x05, 30, 2, 30, 3, 0x80, 30, 4, 0x80);
    g_assert_cmphex(options.mptcp_ends, ==, 0);
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
    g_hash_table_remove_all(names);
    for (unsigned i = 0; i < CAUSE_COUNT; i++) {
        assert_name(names, cause_slug((enum cause_kind)i));
        assert_name(names, cause_text((enum cause_kind)i));
    }
    g_assert_cmpstr(cause_slug(CAUSE_idle_close_race), ==, "idle_close_race");
    g_assert_cmpstr(cause_side_name(CAUSE_BY_NETWORK), ==, "network");
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
    {"/engine/segment/is_read_whole", test_segment_is_read_whole},
    {"/engine/segment/what_is_none", test_what_is_no_segment},
    {"/engine/segment/cut_options_are_unknown", test_cut_options_are_unknown},
    {"/engine/segment/times_are_clamped", test_segment_times_are_clamped},
    {"/engine/queue/sort_across_the_wrap", test_queue_sort_across_the_wrap},
    {"/engine/queue/merge_what_touches", test_queue_merge_what_touches},
    {"/engine/queue/advance_over_what_is_reached", test_queue_advance_over_what_is_reached},
    {"/engine/queue/forget_the_farthest", test_queue_forget_the_farthest},
    {"/engine/queue/are_a_set", test_queue_are_a_set},
    {"/engine/queue/ends_at_a_fin", test_queue_ends_at_a_fin},
    {"/engine/options/of_a_linux_syn", test_options_of_a_linux_syn},
    {"/engine/options/of_a_linux_segment", test_options_of_a_linux_segment},
    {"/engine/options/mptcp_is_a_bit_each", test_options_of_mptcp_are_a_bit_each},
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
