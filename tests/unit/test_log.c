/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The transition log against a plain array: what is kept comes back, wherever it is asked for. */
#include <glib.h>

#include "log.h"
#include "segment.h"

enum { SEED = 9293 };

/* A log, and for each entry since which one each side has its state. */
struct record {
    struct transition_log log;
    struct log_start start;
    GArray *changed[2]; /* uint32_t */
};

static const struct log_start some_start = {
    .entered_ns = {1600000000000000001, -5},
    .state = {STATE_TIME_WAIT, STATE_LAST_ACK},
    .confirmed = {false, false},
};

static struct record
record_new(void)
{
    return (struct record){
        .start = some_start,
        .changed = {g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                    g_array_new(FALSE, FALSE, sizeof(uint32_t))},
    };
}

static void
record_free(struct record *record)
{
    log_clear(&record->log);
    g_array_unref(record->changed[0]);
    g_array_unref(record->changed[1]);
}

static uint32_t
changed_at(const struct record *record, uint32_t index, unsigned side)
{
    return index == LOG_NONE ? LOG_NONE : g_array_index(record->changed[side], uint32_t, index);
}

static void
record_add(struct record *record, struct log_entry entry)
{
    uint32_t index = record->log.count;

    for (unsigned side = 0; side < 2; side++) {
        enum tcp_state before = log_state(&record->log, &record->start, index - 1, side);
        bool changes = entry.side[side].state != (unsigned)before;
        uint32_t changed = changes ? index : changed_at(record, index - 1, side);

        g_array_append_val(record->changed[side], changed);
    }
    log_add(&record->log, record->start.state, &entry);
}

/* ---- comparing ---- */

/* The last that is not after the segment. */
static uint32_t
index_of(const struct record *record, uint32_t frame, uint8_t layer)
{
    uint32_t index = record->log.count;

    while (index > 0 && (record->log.entries[index - 1].frame > frame ||
                         (record->log.entries[index - 1].frame == frame &&
                          record->log.entries[index - 1].layer > layer)))
        index--;
    return index - 1;
}

static void
assert_entrances(const struct record *record, uint32_t index)
{
    for (unsigned side = 0; side < 2; side++) {
        struct log_entrance entered = log_entered(&record->log, &record->start, index, side);
        uint32_t changed = changed_at(record, index, side);

        g_assert_cmpuint(entered.index, ==, changed);
        g_assert_cmpint(entered.time_ns, ==,
                        changed == LOG_NONE ? record->start.entered_ns[side]
                                            : record->log.entries[changed].time_ns);
    }
}

static struct log_entry
random_entry(GRand *random, const struct log_entry *before)
{
    struct log_entry entry = {
        .time_ns = g_rand_int(random),
        .frame = before ? before->frame : 1,
        .layer = before ? before->layer : 0,
        .sender = (unsigned)g_rand_boolean(random) & 1U,
    };

    for (unsigned side = 0; side < 2; side++) {
        bool stays = before && g_rand_int_range(random, 0, 3) > 0;

        entry.side[side].state = stays ? before->side[side].state
                                       : (unsigned)g_rand_int_range(random, 0, STATE_COUNT) & 0xfU;
        entry.side[side].reason = REASON_SENT_FIN;
    }
    if (g_rand_int_range(random, 0, 8) > 0) {
        entry.frame += 1U << g_rand_int_range(random, 0, 8);
        entry.layer = 0;
    } else if (g_rand_boolean(random)) {
        entry.layer++;
    }
    return entry;
}

/* ---- tests ---- */

static void
test_empty_log_has_none(void)
{
    struct record record = record_new();

    g_assert_cmpuint(log_find(&record.log, UINT32_MAX, UINT8_MAX), ==, LOG_NONE);
    g_assert_cmpint(log_state(&record.log, &record.start, LOG_NONE, 1), ==, STATE_LAST_ACK);
    assert_entrances(&record, LOG_NONE);
    record_free(&record);
}

/* Every state with every reason, every verdict and every event alone, and the extremes. */
static void
test_every_value_comes_back(void)
{
    struct transition_log log = {0};

    for (uint32_t i = 0; i < STATE_COUNT * REASON_COUNT; i++) {
        struct log_entry entry = {
            .time_ns = i % 2 ? SEGMENT_TIME_MIN_NS : SEGMENT_TIME_MAX_NS,
            .events = (uint32_t)event_bit((enum tcp_event)(i % EVENT_COUNT)),
            .frame = UINT32_MAX,
            .side = {{.state = (i / REASON_COUNT) & 0xfU,
                      .confirmed = i & 1U,
                      .reason = (i % REASON_COUNT) & 0x3ffU},
                     {.state = STATE_COUNT - 1, .confirmed = 1, .reason = REASON_COUNT - 1}},
            .layer = UINT8_MAX,
            .sender = i & 1U,
            .has_fin = ~i & 1U,
            .has_about = i & 1U,
            .rst = (i % RST_VERDICT_COUNT) & 0x1fU,
        };
        const struct log_entry *kept;

        log_add(&log, some_start.state, &entry);
        kept = &log.entries[i];
        g_assert_cmpint(kept->time_ns, ==, entry.time_ns);
        g_assert_cmphex(kept->events, ==, entry.events);
        g_assert_cmpuint(kept->has_about, ==, i & 1U);
        g_assert_cmpuint(kept->rst, ==, i % RST_VERDICT_COUNT);
        g_assert_cmpuint(kept->sender, ==, i & 1U);
        g_assert_cmpuint(kept->has_fin, ==, ~i & 1U);
        g_assert_cmpuint(kept->side[0].state, ==, i / REASON_COUNT);
        g_assert_cmpuint(kept->side[0].reason, ==, i % REASON_COUNT);
        g_assert_cmpuint(kept->side[0].confirmed, ==, i & 1U);
        g_assert_cmpuint(kept->side[1].state, ==, STATE_COUNT - 1);
    }
    log_clear(&log);
}

static void
test_each_of_many_is_found(void)
{
    enum { COUNT = 3000 };
    struct record record = record_new();
    GRand *random = g_rand_new_with_seed(SEED);

    for (uint32_t i = 0; i < COUNT; i++)
        record_add(&record, random_entry(random, i > 0 ? &record.log.entries[i - 1] : NULL));
    g_assert_cmpuint(log_find(&record.log, 0, 0), ==, LOG_NONE);
    for (uint32_t i = 0; i < COUNT && !g_test_failed(); i++) {
        const struct log_entry *entry = &record.log.entries[i];

        g_assert_cmpuint(log_find(&record.log, entry->frame, entry->layer), ==,
                         index_of(&record, entry->frame, entry->layer));
        g_assert_cmpuint(log_find(&record.log, entry->frame + 1, 0), ==,
                         index_of(&record, entry->frame + 1, 0));
        g_assert_cmpuint(log_find(&record.log, entry->frame - 1, UINT8_MAX), ==,
                         index_of(&record, entry->frame - 1, UINT8_MAX));
        assert_entrances(&record, i);
    }
    g_rand_free(random);
    record_free(&record);
}

/* Longer ago than one entry can say: around each multiple of that distance. */
static void
test_entrance_far_back_is_found(void)
{
    enum { COUNT = 4 * LOG_FAR };
    static const struct log_entry first = {.frame = 1, .side = {{.state = STATE_FIN_WAIT_1}, {0}}};
    struct record record = record_new();

    record_add(&record, first);
    for (uint32_t i = 1; i < COUNT; i++) {
        struct log_entry entry = first;

        entry.frame = i + 1;
        entry.time_ns = i;
        entry.side[1].state = i < LOG_FAR ? STATE_CLOSED : STATE_LAST_ACK;
        record_add(&record, entry);
        assert_entrances(&record, i);
    }
    g_assert_cmpuint(changed_at(&record, COUNT - 1, 0), ==, 0);
    g_assert_cmpuint(changed_at(&record, COUNT - 1, 1), ==, LOG_FAR);
    record_free(&record);
}

/* A side that never changes has its state from before the log, however long that is. */
static void
test_state_of_the_start_is_kept(void)
{
    enum { COUNT = 3 * LOG_FAR };
    struct record record = record_new();

    for (uint32_t i = 0; i < COUNT; i++) {
        struct log_entry entry = {
            .frame = i + 1,
            .side = {{.state = STATE_TIME_WAIT}, {.state = STATE_LAST_ACK}},
        };

        record_add(&record, entry);
        g_assert_false(record.log.entries[i].side[0].changed);
        assert_entrances(&record, i);
    }
    record_free(&record);
}

/* As many as there are, from the entry of each until that of the next. */
static void
test_note_goes_with_the_entries_from_its_own_on(void)
{
    enum { COUNT = 100, EACH = 3 };
    GArray *notes = NULL;

    g_assert_cmpuint(log_notes_at(notes, COUNT), ==, 0);
    for (uint32_t i = 1; i <= COUNT; i++)
        log_notes_add(&notes, EACH * i, 1000 + i);
    for (uint32_t index = 0; index < EACH * (COUNT + 2); index++) {
        uint32_t newest = MIN(index / EACH, COUNT);

        g_assert_cmpuint(log_notes_at(notes, index), ==, newest == 0 ? 0 : 1000 + newest);
    }
    g_array_unref(notes);
}

static const struct {
    const char *path;
    void (*run)(void);
} tests[] = {
    {"/engine/log/empty_log_has_none", test_empty_log_has_none},
    {"/engine/log/every_value_comes_back", test_every_value_comes_back},
    {"/engine/log/each_of_many_is_found", test_each_of_many_is_found},
    {"/engine/log/entrance_far_back_is_found", test_entrance_far_back_is_found},
    {"/engine/log/note_goes_with_the_entries_from_its_own_on",
     test_note_goes_with_the_entries_from_its_own_on},
    {"/engine/log/state_of_the_start_is_kept", test_state_of_the_start_is_kept},
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
