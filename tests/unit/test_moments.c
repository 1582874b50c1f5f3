/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of moments against a plain array: what is kept comes back, wherever it is asked for. */
#include <glib.h>

#include "moments.h"
#include "segment.h"
#include "stream_invariants.h"

enum { SEED = 9293, NS_PER_US = 1000 };

/* A moment, and what holds from it on, as an array can say it. */
struct kept {
    struct moment moment;
    struct moments_facts facts;
};

struct record {
    struct moments log;
    struct moments_start start;
    GArray *kept; /* struct kept */
};

static struct record
record_new(struct moments_start start)
{
    return (struct record){.start = start, .kept = g_array_new(FALSE, FALSE, sizeof(struct kept))};
}

static void
record_free(struct record *record)
{
    moments_clear(&record->log);
    g_array_unref(record->kept);
}

static struct moments_start
some_start(void)
{
    return (struct moments_start){
        .begin_ns = 1700000000123456789,
        .entered_ns = {1600000000000000001, -5},
        .state = {STATE_TIME_WAIT, STATE_LAST_ACK},
    };
}

static const struct kept *
kept_at(const struct record *record, guint index)
{
    return &g_array_index(record->kept, struct kept, index);
}

static struct moments_facts
newest_facts(const struct record *record)
{
    struct moments_facts facts = {.change_ns = record->start.begin_ns};

    if (record->kept->len > 0)
        return kept_at(record, record->kept->len - 1)->facts;
    for (unsigned side = 0; side < 2; side++) {
        facts.side[side].state = record->start.state[side];
        facts.side[side].entered_ns = record->start.entered_ns[side];
    }
    return facts;
}

static void
note_fin(struct moments_side *facts, const struct moment *moment, unsigned side)
{
    if (moment->side[side].fin == MOMENT_FIN_HERE)
        facts->fin = moment->frame;
    else if (moment->side[side].fin == MOMENT_FIN_NONE)
        facts->fin = 0;
}

static void
note_change(struct moments_facts *facts, const struct moment *moment, unsigned side)
{
    bool own_fin = moment->side[side].reason == REASON_GOT_ACK_OF_FIN;
    struct moments_side before = facts->side[side];

    facts->side[side] = (struct moments_side){
        .entered_ns = moment->time_ns,
        .previous_ns = before.entered_ns,
        .entered_frame = moment->frame,
        .entered_layer = moment->layer,
        .reason_frame = facts->side[own_fin ? side : !side].fin,
        .fin = before.fin,
        .state = moment->side[side].state,
        .previous = before.state,
        .reason = moment->side[side].reason,
        .confirmed = before.confirmed,
    };
    if (moment->side[side].reason != REASON_TWO_MSL)
        facts->change_ns = moment->time_ns;
}

static void
record_add(struct record *record, const struct moment *moment)
{
    struct kept kept = {.moment = *moment, .facts = newest_facts(record)};

    kept.facts.frame = moment->frame;
    kept.facts.layer = moment->layer;
    for (unsigned side = 0; side < 2; side++) {
        note_fin(&kept.facts.side[side], moment, side);
        kept.facts.side[side].confirmed = moment->side[side].confirmed;
    }
    for (unsigned side = 0; side < 2; side++) {
        if (moment->side[side].changed)
            note_change(&kept.facts, moment, side);
    }
    g_array_append_val(record->kept, kept);
    moments_add(&record->log, &record->start, moment);
}

/* ---- comparing ---- */

static bool
is_same_moment(const struct moment *a, const struct moment *b)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct moment_side *x = &a->side[side];
        const struct moment_side *y = &b->side[side];

        if (x->state != y->state || x->changed != y->changed || x->confirmed != y->confirmed ||
            x->fin != y->fin || (x->changed && x->reason != y->reason))
            return false;
    }
    return a->time_ns == b->time_ns && a->frame == b->frame && a->layer == b->layer &&
           a->events == b->events && a->rst == b->rst;
}

static void
assert_walk(const struct record *record)
{
    struct moments_walk walk = moments_begin(&record->log, &record->start);

    for (guint index = 0; index < record->kept->len && !g_test_failed(); index++) {
        const struct kept *kept = kept_at(record, index);

        g_assert_true(moments_next(&walk));
        g_assert_true(is_same_moment(&walk.moment, &kept->moment));
        g_assert_true(moments_same_facts(&walk.facts, &kept->facts));
    }
    g_assert_false(moments_next(&walk));
}

static bool
is_after(const struct moment *moment, uint32_t frame, uint8_t layer)
{
    return moment->frame > frame || (moment->frame == frame && moment->layer > layer);
}

/* The last that is not after the segment, or the first. */
static const struct kept *
kept_of(const struct record *record, uint32_t frame, uint8_t layer)
{
    guint low = 0;
    guint high = record->kept->len;

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;

        if (is_after(&kept_at(record, middle)->moment, frame, layer))
            high = middle;
        else
            low = middle;
    }
    return kept_at(record, low);
}

static void
assert_found(const struct record *record, uint32_t frame, uint8_t layer)
{
    const struct kept *kept = kept_of(record, frame, layer);
    struct moments_walk walk = moments_find(&record->log, &record->start, frame, layer);

    g_assert_true(moments_same_facts(&walk.facts, &kept->facts));
    if (kept->moment.frame == frame && kept->moment.layer == layer)
        g_assert_true(is_same_moment(&walk.moment, &kept->moment));
}

/* ---- moments ---- */

static struct moment_side
random_side(GRand *random, uint8_t state)
{
    struct moment_side side = {
        .state = state,
        .changed = g_rand_int_range(random, 0, 3) == 0,
        .confirmed = g_rand_boolean(random),
    };

    if (g_rand_int_range(random, 0, 8) == 0)
        side.fin = (uint8_t)g_rand_int_range(random, 0, MOMENT_FIN_HERE + 1);
    if (side.changed) {
        side.state = (uint8_t)g_rand_int_range(random, 0, STATE_COUNT);
        side.reason = (uint8_t)g_rand_int_range(random, 0, REASON_COUNT);
    }
    return side;
}

/* The next one in order; now and then of the same frame, or of the same segment. */
static struct moment
random_moment(GRand *random, const struct moments_facts *before)
{
    static const int64_t steps[] = {0, 1, NS_PER_US, 1000 * NS_PER_US, 999999999, -7, -NS_PER_US};
    struct moment moment = {
        .time_ns = before->change_ns + steps[g_rand_int_range(random, 0, G_N_ELEMENTS(steps))],
        .frame = before->frame,
        .layer = before->layer,
        .side = {random_side(random, before->side[0].state),
                 random_side(random, before->side[1].state)},
    };

    if (before->frame == 0 || g_rand_int_range(random, 0, 8) > 0) {
        moment.frame += 1U << g_rand_int_range(random, 0, 12);
        moment.layer = 0;
    } else if (before->layer < UINT8_MAX && g_rand_boolean(random)) {
        moment.layer++;
    }
    if (g_rand_boolean(random))
        moment.events = g_rand_int(random) >> (32 - EVENT_COUNT);
    if (g_rand_int_range(random, 0, 4) == 0)
        moment.rst = (uint8_t)g_rand_int_range(random, 0, RST_VERDICT_COUNT);
    return moment;
}

static void
add_random(struct record *record, GRand *random, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct moments_facts facts = newest_facts(record);
        struct moment moment = random_moment(random, &facts);

        record_add(record, &moment);
    }
}

/* ---- tests ---- */

static void
test_empty_log_has_none(void)
{
    struct record record = record_new(some_start());

    g_assert_true(moments_is_empty(&record.log));
    assert_walk(&record);
    record_free(&record);
}

static void
test_extreme_values_come_back(void)
{
    static const int64_t times[] = {SEGMENT_TIME_MIN_NS,
                                    SEGMENT_TIME_MAX_NS,
                                    SEGMENT_TIME_MIN_NS,
                                    0,
                                    -1,
                                    1,
                                    SEGMENT_TIME_MAX_NS - 1,
                                    SEGMENT_TIME_MIN_NS + 1,
                                    999,
                                    -999,
                                    1000,
                                    -1000};
    static const uint32_t frames[] = {
        1, 1, 2, 127, 128, 129, 16383, 16384, 1U << 31, UINT32_MAX - 1, UINT32_MAX, UINT32_MAX};
    struct record record = record_new((struct moments_start){.begin_ns = SEGMENT_TIME_MAX_NS});

    for (unsigned i = 0; i < G_N_ELEMENTS(times); i++) {
        struct moment_side side = {STATE_COUNT - 1, REASON_COUNT - 1, MOMENT_FIN_HERE, true, true};
        struct moment moment = {
            .time_ns = times[i],
            .frame = frames[i],
            .events = ((event_set)1 << EVENT_COUNT) - 1,
            .side = {side, side},
            .layer = (uint8_t)(frames[i] == UINT32_MAX || i == 1 ? UINT8_MAX : 0),
            .rst = RST_VERDICT_COUNT - 1,
        };

        record_add(&record, &moment);
    }
    assert_walk(&record);
    for (unsigned i = 0; i < G_N_ELEMENTS(frames); i++) {
        assert_found(&record, frames[i], 0);
        assert_found(&record, frames[i], UINT8_MAX);
    }
    record_free(&record);
}

/* Every state with every reason, every verdict and every event alone. */
static void
test_every_value_comes_back(void)
{
    struct record record = record_new(some_start());

    for (uint32_t i = 0; i < STATE_COUNT * REASON_COUNT; i++) {
        struct moment moment = {
            .time_ns = i,
            .frame = i + 1,
            .events = (event_set)1 << i % EVENT_COUNT,
            .side = {{.state = (uint8_t)(i / REASON_COUNT),
                      .reason = (uint8_t)(i % REASON_COUNT),
                      .changed = true},
                     {.state = STATE_LAST_ACK, .fin = (uint8_t)(i % 3)}},
            .rst = (uint8_t)(i % RST_VERDICT_COUNT),
        };

        record_add(&record, &moment);
    }
    assert_walk(&record);
    record_free(&record);
}

static void
test_each_of_many_is_found(void)
{
    enum { COUNT = 100000 };
    struct record record = record_new(some_start());
    GRand *random = g_rand_new_with_seed(SEED);

    add_random(&record, random, COUNT);
    assert_walk(&record);
    assert_found(&record, 0, 0);
    for (guint index = 0; index < COUNT && !g_test_failed(); index++) {
        const struct moment *moment = &kept_at(&record, index)->moment;

        assert_found(&record, moment->frame, moment->layer);
        assert_found(&record, moment->frame + 1, 0);
        assert_found(&record, moment->frame - 1, UINT8_MAX);
    }
    assert_found(&record, UINT32_MAX, UINT8_MAX);
    g_rand_free(random);
    record_free(&record);
}

/* The log is asked while it grows: each moment is the last of a page, or the first, in some run. */
static void
test_newest_is_found_as_pages_fill(void)
{
    enum { RUNS = 100, COUNT = 400 };
    GRand *random = g_rand_new_with_seed(SEED);

    for (unsigned run = 0; run < RUNS && !g_test_failed(); run++) {
        struct record record = record_new(some_start());

        for (unsigned i = 0; i < COUNT; i++) {
            const struct moment *newest;

            add_random(&record, random, 1);
            newest = &kept_at(&record, record.kept->len - 1)->moment;
            assert_found(&record, newest->frame, newest->layer);
            assert_found(&record, newest->frame + 1, 0);
            assert_found(&record, kept_at(&record, 0)->moment.frame, 0);
            g_assert_cmpuint(record.log.events, ==, newest->events);
        }
        assert_walk(&record);
        record_free(&record);
    }
    g_rand_free(random);
}

/* One segment, more moments than a page holds: the last of them is what it shows. */
static void
test_last_of_a_segment_is_found_beyond_its_page(void)
{
    enum { COUNT = 300 };
    struct record record = record_new(some_start());

    for (unsigned i = 0; i < COUNT; i++) {
        struct moment moment = {
            .time_ns = i,
            .frame = i < 3 ? i + 1 : 3,
            .side = {{.state = STATE_TIME_WAIT}, {.state = STATE_LAST_ACK}},
            .events = i,
        };

        record_add(&record, &moment);
        assert_found(&record, moment.frame, 0);
    }
    assert_found(&record, 2, 0);
    assert_found(&record, 4, 0);
    record_free(&record);
}

static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    {"/engine/moments/empty_log_has_none", test_empty_log_has_none},
    {"/engine/moments/extreme_values_come_back", test_extreme_values_come_back},
    {"/engine/moments/every_value_comes_back", test_every_value_comes_back},
    {"/engine/moments/each_of_many_is_found", test_each_of_many_is_found},
    {"/engine/moments/newest_is_found_as_pages_fill", test_newest_is_found_as_pages_fill},
    {"/engine/moments/last_of_a_segment_is_found_beyond_its_page",
     test_last_of_a_segment_is_found_beyond_its_page},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].run);
    return g_test_run();
}
