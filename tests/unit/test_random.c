/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Robustness: any segments have a defined answer, the record stays coherent, and a segment that
 * changes nothing costs no memory. Seeds are fixed.
 */
#include <glib.h>
#include <string.h>

#include "engine/seq.h"
#include "engine/stream.h"
#include "engine/summary.h"

enum {
    NS_PER_MS = 1000000,
    STREAMS = 2000,
    SEGMENTS_MAX = 200,
    IN_ORDER_SEGMENTS = 1000000,
};

static const struct policy policies[] = {
    {60000LL * NS_PER_MS, 30000LL * NS_PER_MS, RST_POLICY_RFC5961},
    {2000LL * NS_PER_MS, 100LL * NS_PER_MS, RST_POLICY_RFC793},
};

/* How wild the segments are. */
enum wildness {
    PLAUSIBLE, /* small numbers near the start numbers, usual flags, time forwards */
    BACKWARDS, /* the same with time going back now and then */
    ANY_BITS,  /* every field from the whole of its range */
    DIALOGUE,  /* connections that open, talk, close, repeat themselves and are reused */
};

static uint8_t
random_flags(GRand *random, enum wildness wildness)
{
    static const uint8_t usual[] = {
        FLAG_ACK,
        FLAG_ACK,
        FLAG_ACK,
        FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_RST,
        FLAG_RST | FLAG_ACK,
        FLAG_SYN,
        FLAG_SYN | FLAG_ACK,
        FLAG_FIN,
        0,
        FLAG_SYN | FLAG_FIN,
        FLAG_FIN | FLAG_RST,
    };

    if (wildness == ANY_BITS)
        return (uint8_t)g_rand_int_range(random, 0, 256);
    return usual[g_rand_int_range(random, 0, G_N_ELEMENTS(usual))];
}

static struct segment
random_segment(GRand *random, enum wildness wildness, int64_t time_ns, uint32_t frame)
{
    static const uint32_t iss[2] = {0xfffffff8, 0xfffffffc};
    uint8_t side = (uint8_t)g_rand_int_range(random, 0, 2);
    bool wild = wildness == ANY_BITS;
    struct segment seg = {
        .time_ns = wild ? (int64_t)g_rand_int(random) * 1000000 - 1000000000 : time_ns,
        .frame = frame,
        .seq = wild ? g_rand_int(random) : iss[side] + (uint32_t)g_rand_int_range(random, 0, 12),
        .ack = wild ? g_rand_int(random) : iss[!side] + (uint32_t)g_rand_int_range(random, 0, 12),
        .len = wild ? g_rand_int(random) >> 8 : (uint32_t)g_rand_int_range(random, 0, 4),
        .window = (uint16_t)g_rand_int_range(random, 0, 65536),
        .flags = random_flags(random, wildness),
        .side = side,
    };

    if (!(seg.flags & FLAG_ACK))
        seg.ack = 0;
    if (g_rand_int_range(random, 0, 3) == 0) {
        seg.options.has_ts = true;
        seg.options.ts_val = wild ? g_rand_int(random) : frame / 2;
    }
    seg.options.has_window_shift = g_rand_boolean(random);
    seg.options.window_shift = (uint8_t)g_rand_int_range(random, 0, 15);
    seg.options.sack_permitted = g_rand_boolean(random);
    seg.options.fast_open = g_rand_int_range(random, 0, 8) == 0;
    seg.options.sack_count = (uint8_t)g_rand_int_range(random, 0, 2 + 3 * wild);
    for (unsigned i = 0; i < seg.options.sack_count; i++) {
        seg.options.sack_left[i] = seg.ack + (uint32_t)g_rand_int_range(random, 0, 6);
        seg.options.sack_right[i] = wild ? g_rand_int(random) : seg.options.sack_left[i] + 2;
    }
    return seg;
}

/* What two sockets would say next. */
struct talk {
    uint32_t next[2];
    struct segment last[2];
    bool stamps;
};

static void
vary_segment(GRand *random, const struct talk *talk, struct segment *seg)
{
    switch (g_rand_int_range(random, 0, 16)) {
    case 0:
    case 1:
    case 2:
        seg->len = (uint32_t)g_rand_int_range(random, 1, 4);
        break;
    case 3:
    case 4:
    case 5:
        seg->flags |= FLAG_FIN;
        break;
    case 6:
        seg->flags |= FLAG_RST;
        break;
    case 7:
        seg->flags = FLAG_SYN;
        seg->seq += 65537;
        seg->ack = 0;
        break;
    case 8:
        seg->flags |= FLAG_SYN;
        break;
    case 9:
        seg->ack--;
        break;
    case 10:
    case 11:
    case 12:
        *seg = talk->last[seg->side];
        break;
    default:
        break;
    }
}

static struct segment
dialogue_segment(GRand *random, struct talk *talk, int64_t time_ns, uint32_t frame)
{
    static const uint8_t handshake[] = {FLAG_SYN, FLAG_SYN | FLAG_ACK, FLAG_ACK};
    bool opening = frame <= G_N_ELEMENTS(handshake);
    uint8_t side = opening ? frame == 2 : (uint8_t)g_rand_int_range(random, 0, 2);
    struct segment seg = {
        .seq = talk->next[side],
        .ack = frame == 1 ? 0 : talk->next[!side],
        .window = 100,
        .flags = opening ? handshake[frame - 1] : FLAG_ACK,
        .side = side,
    };

    if (!opening)
        vary_segment(random, talk, &seg);
    seg.time_ns = time_ns;
    seg.frame = frame;
    seg.side = side;
    seg.options.has_ts = talk->stamps;
    if (seg.options.ts_val == 0 || g_rand_boolean(random))
        seg.options.ts_val = frame;
    talk->last[side] = seg;
    if (!seq_before(segment_end(&seg), talk->next[side]))
        talk->next[side] = segment_end(&seg);
    return seg;
}

/* Where 2MSL have passed before the segment, the state before it is CLOSED. */
static void
assert_endpoint(const struct endpoint_view *view, enum tcp_state before, bool expired)
{
    g_assert_cmpuint(view->state, <, STATE_COUNT);
    g_assert_cmpint(view->since_ns, >=, 0);
    g_assert_cmpint(view->changed, ==, view->state != before);
    if (!view->changed)
        return;
    if (!(expired && before == STATE_TIME_WAIT && view->previous == STATE_CLOSED))
        g_assert_cmpint(view->previous, ==, before);
    g_assert_cmpint(view->dwell_ns, >=, 0);
    g_assert_cmpint(view->reason, >, REASON_NONE);
    g_assert_cmpint(view->reason, <, REASON_COUNT);
}

static void
assert_view(const struct view *view, const struct segment *seg, const enum tcp_state before[2])
{
    bool expired = (view->events & event_bit(EVENT_time_wait_expired)) != 0;

    for (unsigned side = 0; side < 2; side++)
        assert_endpoint(&view->side[side], before[side], expired);
    g_assert_cmpuint(view->events >> EVENT_COUNT, ==, 0);
    g_assert_cmpint(view->rst, <, RST_VERDICT_COUNT);
    g_assert_cmpint(view->rst != RST_NONE, ==, (seg->flags & FLAG_RST) != 0);
}

/* Each moment's state was entered in a moment not later than itself, in which that state began. */
static void
assert_moments(const struct stream *stream)
{
    for (uint32_t index = 0; index < stream->moment_count; index++) {
        const struct moment *moment = &stream->moments[index];

        for (unsigned side = 0; side < 2; side++) {
            uint32_t entered = moment->entered[side];

            if (entered == MOMENT_BEFORE) {
                g_assert_cmpint(moment->side[side].state, ==, stream->before_state[side]);
                continue;
            }
            g_assert_cmpuint(entered, <=, index);
            g_assert_cmpint(stream->moments[entered].side[side].state, ==,
                            moment->side[side].state);
        }
        if (index > 0)
            g_assert_cmpuint(moment->frame, >=, stream->moments[index - 1].frame);
    }
}

/* What both endpoints did adds up to what was observed, if time went forwards. */
static void
assert_times_add_up(const struct stream *stream, int64_t first_ns, int64_t end_ns)
{
    struct summary summary = summary_of(stream, end_ns);

    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        int64_t sum_ns = 0;

        for (unsigned state = 0; state < STATE_COUNT; state++) {
            g_assert_cmpint(summary.role[role].dwell_ns[state], >=, 0);
            sum_ns += summary.role[role].dwell_ns[state];
        }
        g_assert_cmpint(sum_ns, ==, end_ns - first_ns);
        g_assert_true(summary.role[role].censored & (1U << summary.role[role].final_state));
    }
}

/* What differs, or NULL; the frame numbers of FINs apart. */
static const char *
difference(const struct view *a, const struct view *b)
{
    for (unsigned side = 0; side < 2; side++) {
        if (a->side[side].state != b->side[side].state)
            return "state";
        if (a->side[side].confirmed != b->side[side].confirmed)
            return "confirmed";
        if (a->side[side].since_ns != b->side[side].since_ns)
            return "since";
        if (a->side[side].changed != b->side[side].changed)
            return "changed";
        if (a->side[side].changed && (a->side[side].previous != b->side[side].previous ||
                                      a->side[side].dwell_ns != b->side[side].dwell_ns ||
                                      a->side[side].reason != b->side[side].reason))
            return "change";
    }
    if (a->events != b->events)
        return "events";
    if (a->rst != b->rst)
        return "rst";
    return NULL;
}

static bool
same_fin_frames(const struct view *a, const struct view *b)
{
    return a->fin_acks == b->fin_acks && a->fin_retransmission_of == b->fin_retransmission_of;
}

struct fed {
    struct segment seg[SEGMENTS_MAX];
    struct view view[SEGMENTS_MAX];
    unsigned count;
};

static struct view
view_now(const struct stream *stream, const struct segment *seg)
{
    return stream_at(stream, seg->frame, seg->layer, seg->time_ns, seg->side);
}

static void
assert_lookups(const struct stream *stream, const struct fed *fed, GRand *random, bool fin_frames)
{
    for (unsigned i = 0; i < fed->count; i++) {
        unsigned at = (unsigned)g_rand_int_range(random, 0, (gint32)fed->count);
        const struct segment *seg = &fed->seg[at];
        struct view view = view_now(stream, seg);

        if (fin_frames)
            g_assert_true(same_fin_frames(&fed->view[at], &view));
        else
            g_assert_cmpstr(difference(&fed->view[at], &view), ==, NULL);
        if (g_test_failed())
            return;
    }
}

static int64_t
feed_random(struct stream *stream, struct fed *fed, GRand *random, enum wildness wildness,
            int64_t time_ns)
{
    const struct policy *policy = &policies[g_rand_int_range(random, 0, G_N_ELEMENTS(policies))];
    bool slow = g_rand_int_range(random, 0, 4) == 0;
    struct talk talk = {{0xfffffff0, 0xfffffff8}, {{0}}, g_rand_boolean(random)};

    fed->count = (unsigned)g_rand_int_range(random, 1, SEGMENTS_MAX + 1);
    for (uint32_t i = 0; i < fed->count; i++) {
        enum tcp_state before[2] = {(enum tcp_state)stream->end[0].state,
                                    (enum tcp_state)stream->end[1].state};

        if (i > 0)
            time_ns += (int64_t)g_rand_int_range(random, wildness == BACKWARDS ? -50 : 0, 100) *
                       NS_PER_MS * (slow ? 100 : 1);
        fed->seg[i] = wildness == DIALOGUE ? dialogue_segment(random, &talk, time_ns, 1 + i)
                                           : random_segment(random, wildness, time_ns, 1 + i);
        stream_feed(stream, &fed->seg[i], policy);
        fed->view[i] = view_now(stream, &fed->seg[i]);
        assert_view(&fed->view[i], &fed->seg[i], before);
    }
    return time_ns;
}

enum { CHAIN = 3 };

static void
clear_all(struct stream streams[CHAIN])
{
    for (unsigned i = 0; i < CHAIN; i++)
        stream_clear(&streams[i]);
}

/* STREAMS streams, in chains on the same endpoints. */
static void
run_random(enum wildness wildness, bool fin_frames)
{
    GRand *random = g_rand_new_with_seed(9293 + wildness);
    struct fed *fed = g_new0(struct fed, 1);
    struct stream streams[CHAIN] = {0};

    for (unsigned i = 0; i < STREAMS && !g_test_failed(); i++) {
        struct stream *stream = &streams[i % CHAIN];
        struct stream *previous = i % CHAIN ? stream - 1 : NULL;
        int64_t first_ns = (int64_t)i * 1000000 * NS_PER_MS;
        int64_t end_ns;

        memset(stream, 0, sizeof(*stream));
        stream_init(stream, previous);
        end_ns = feed_random(stream, fed, random, wildness, first_ns);
        assert_moments(stream);
        assert_lookups(stream, fed, random, fin_frames);
        g_assert_cmpint(pattern_of(stream), <, PATTERN_COUNT);
        g_assert_cmpint(summary_teardown_ns(stream), >=, 0);
        if ((wildness == PLAUSIBLE || wildness == DIALOGUE) && !previous && !fin_frames)
            assert_times_add_up(stream, first_ns, end_ns + 7 * NS_PER_MS);
        if (i % CHAIN == CHAIN - 1)
            clear_all(streams);
    }
    clear_all(streams);
    g_free(fed);
    g_rand_free(random);
}

static void
test_plausible_segments(void)
{
    run_random(PLAUSIBLE, false);
}

static void
test_time_going_backwards(void)
{
    run_random(BACKWARDS, false);
}

static void
test_any_bits(void)
{
    run_random(ANY_BITS, false);
}

static void
test_dialogues(void)
{
    run_random(DIALOGUE, false);
}

static void
test_fin_frames_are_looked_up_alike(void)
{
    run_random(DIALOGUE, true);
}

/* Data and ACKs in order, around the number circle and further. */
static void
test_in_order_data_adds_no_moment(void)
{
    struct stream stream = {0};
    struct segment seg = {
        .time_ns = 0, .frame = 1, .seq = 0xfffffff0, .flags = FLAG_SYN, .window = 60000};
    uint32_t next[2] = {0xfffffff1, 0xffffff81};
    uint32_t settled = 0;

    stream_init(&stream, NULL);
    stream_feed(&stream, &seg, &policies[0]);
    seg = (struct segment){.time_ns = NS_PER_MS,
                           .frame = 2,
                           .side = 1,
                           .seq = 0xffffff80,
                           .ack = next[0],
                           .flags = FLAG_SYN | FLAG_ACK,
                           .window = 60000};
    stream_feed(&stream, &seg, &policies[0]);
    for (uint32_t i = 0; i < IN_ORDER_SEGMENTS; i++) {
        uint8_t side = i % 4 == 3;
        uint32_t len = i == 0 ? 0 : i % 7 * 1448;

        seg = (struct segment){.time_ns = (2 + (int64_t)i) * NS_PER_MS,
                               .frame = 3 + i,
                               .side = side,
                               .seq = next[side],
                               .ack = next[!side],
                               .len = len,
                               .flags = FLAG_ACK,
                               .window = 60000};
        stream_feed(&stream, &seg, &policies[0]);
        next[side] += len;
        if (i == 10)
            settled = stream.moment_count;
    }
    g_assert_cmpuint(stream.moment_count, ==, settled);
    g_assert_cmpuint(settled, <=, 5);
    g_assert_cmpint(stream.end[0].state, ==, STATE_ESTABLISHED);
    g_assert_cmpint(stream.end[1].state, ==, STATE_ESTABLISHED);
    g_assert_null(stream.end[0].early);
    g_assert_null(stream.end[1].early);
    stream_clear(&stream);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/engine/random/plausible_segments", test_plausible_segments);
    g_test_add_func("/engine/random/time_going_backwards", test_time_going_backwards);
    g_test_add_func("/engine/random/any_bits", test_any_bits);
    g_test_add_func("/engine/random/dialogues", test_dialogues);
    g_test_add_func("/engine/random/fin_frames_are_looked_up_alike",
                    test_fin_frames_are_looked_up_alike);
    g_test_add_func("/engine/random/in_order_data_adds_no_moment",
                    test_in_order_data_adds_no_moment);
    return g_test_run();
}
