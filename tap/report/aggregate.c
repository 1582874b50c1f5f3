/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "aggregate.h"

#include <string.h>

struct aggregate {
    struct rows base; /* first */
    const struct aggregate_rule *rule;
    uint32_t stream_count;
    GPtrArray *rows;    /* struct aggregate_row, owned, in order */
    GHashTable *by_key; /* the same: rank and name -> row */
    GPtrArray *changed; /* by the newest stream; new ones in order */
    bool moved;         /* the newest stream put a row before others */
    uint32_t newest_id; /* the number of the newest stream */
};

/* ---- rows ---- */

static unsigned
row_hash(const void *key)
{
    const struct aggregate_row *row = (const struct aggregate_row *)key;

    return row->rank + g_str_hash(row->name);
}

static gboolean
row_equal(const void *a, const void *b)
{
    const struct aggregate_row *row = (const struct aggregate_row *)a;
    const struct aggregate_row *other = (const struct aggregate_row *)b;

    return row->rank == other->rank && strcmp(row->name, other->name) == 0;
}

static void
row_free(void *data)
{
    struct aggregate_row *row = (struct aggregate_row *)data;
    const struct aggregate_rule *rule = row->whole->rule;

    if (rule->clear_row)
        rule->clear_row(row);
    distribution_clear(&row->times);
    g_free(row->name);
    g_free(row);
}

static struct aggregate_row *
row_at(const GPtrArray *rows, unsigned index)
{
    return (struct aggregate_row *)g_ptr_array_index(rows, index);
}

static struct aggregate_row *
row_new(struct aggregate *aggregate, unsigned rank, const char *name)
{
    struct aggregate_row *row = (struct aggregate_row *)g_malloc0(aggregate->rule->row_size);
    unsigned position = aggregate->rows->len;

    while (position > 0 && row_at(aggregate->rows, position - 1)->rank > rank)
        position--;
    aggregate->moved |= position < aggregate->rows->len;
    row->whole = aggregate;
    row->rank = rank;
    row->name = g_strdup(name);
    g_ptr_array_insert(aggregate->rows, (int)position, row);
    for (; position < aggregate->rows->len; position++)
        row_at(aggregate->rows, position)->position = position;
    g_hash_table_add(aggregate->by_key, row);
    return row;
}

struct aggregate_row *
aggregate_row(struct aggregate *aggregate, unsigned rank, const char *name)
{
    struct aggregate_row key = {.rank = rank, .name = (char *)name};
    struct aggregate_row *row =
        (struct aggregate_row *)g_hash_table_lookup(aggregate->by_key, &key);

    if (!row)
        row = row_new(aggregate, rank, name);
    if (row->changed_by != aggregate->stream_count) {
        if (row->changed_by == 0 || aggregate->newest_id < row->first_stream) {
            row->first_stream = aggregate->newest_id;
            row->first_turn = aggregate->changed->len;
        }
        row->changed_by = aggregate->stream_count;
        g_ptr_array_add(aggregate->changed, row);
    }
    return row;
}

const struct report_input *
aggregate_input(const struct aggregate *aggregate)
{
    return &aggregate->base.input;
}

/* ---- columns ---- */

static const struct aggregate_row *
of_column(const void *row)
{
    return (const struct aggregate_row *)row;
}

struct value
aggregate_get_name(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = ((const struct aggregate_row *)row)->name};
}

struct value
aggregate_get_count(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->count};
}

struct value
aggregate_get_count_with_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = distribution_count(&of_column(row)->times)};
}

struct value
aggregate_get_assumed(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->assumed};
}

struct value
aggregate_get_censored(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = of_column(row);

    return (struct value){.number = of->count - of->assumed - distribution_count(&of->times)};
}

struct value
aggregate_share(uint32_t part, uint32_t whole)
{
    if (whole == 0)
        return (struct value){.absent = true};
    return (struct value){.number = (UINT64_C(1000) * part + whole / 2) / whole};
}

struct value
aggregate_get_stream_share(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct aggregate_row *of = of_column(row);

    return aggregate_share(of->count, of->whole->stream_count);
}

struct value
aggregate_get_bytes(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = of_column(row)->bytes};
}

struct value
aggregate_get_percentile(const void *row, const struct column *column)
{
    const struct distribution *times = &of_column(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_percentile(times, column->percent)};
}

struct value
aggregate_get_mean(const void *row, const struct column *column G_GNUC_UNUSED)
{
    const struct distribution *times = &of_column(row)->times;

    if (distribution_count(times) == 0)
        return (struct value){.absent = true};
    return (struct value){.ns = distribution_mean(times)};
}

/* ---- the source ---- */

static void
begin(struct rows *rows)
{
    struct aggregate *aggregate = (struct aggregate *)rows;

    aggregate->rule = rows->report->aggregate;
    aggregate->rows = g_ptr_array_new_with_free_func(row_free);
    aggregate->by_key = g_hash_table_new(row_hash, row_equal);
    aggregate->changed = g_ptr_array_new();
}

static void
clear(struct rows *rows)
{
    struct aggregate *aggregate = (struct aggregate *)rows;

    g_hash_table_destroy(aggregate->by_key);
    g_ptr_array_unref(aggregate->changed);
    g_ptr_array_unref(aggregate->rows);
}

static void
collect(struct rows *rows, const struct stream_entry *entry)
{
    struct aggregate *aggregate = (struct aggregate *)rows;

    aggregate->stream_count++;
    aggregate->newest_id = entry->id;
    aggregate->moved = false;
    g_ptr_array_set_size(aggregate->changed, 0);
    aggregate->rule->add(aggregate, entry, rows->input.end_ns);
}

/* With many rows, no more than what the stream was given to. */
static void
changed(struct rows *rows, take_row *take, void *context)
{
    const struct aggregate *aggregate = (const struct aggregate *)rows;
    bool all = aggregate->moved || aggregate->rule->is_relative;
    const GPtrArray *shown = all ? aggregate->rows : aggregate->changed;

    for (unsigned i = 0; i < shown->len; i++)
        take(context, row_at(shown, i)->position, row_at(shown, i));
}

static int
compare_in_the_end(const void *a, const void *b)
{
    const struct aggregate_row *row = *(struct aggregate_row *const *)a;
    const struct aggregate_row *other = *(struct aggregate_row *const *)b;
    int order = row->whole->rule->compare(row, other);

    /* streams may come out of order: see row_source.needs_no_stream */
    if (order)
        return order;
    if (row->first_stream != other->first_stream)
        return row->first_stream < other->first_stream ? -1 : 1;
    return (int)row->first_turn - (int)other->first_turn;
}

static char *
finish(struct rows *rows)
{
    struct aggregate *aggregate = (struct aggregate *)rows;

    if (aggregate->rule->compare)
        g_ptr_array_sort(aggregate->rows, compare_in_the_end);
    return NULL;
}

static unsigned
count(const struct rows *rows)
{
    return ((const struct aggregate *)rows)->rows->len;
}

static const void *
row(struct rows *rows, unsigned index)
{
    return row_at(((struct aggregate *)rows)->rows, index);
}

const struct row_source aggregate_source = {
    .size = sizeof(struct aggregate),
    .begin = begin,
    .collect = collect,
    .changed = changed,
    .finish = finish,
    .count = count,
    .row = row,
    .clear = clear,
    .needs_no_stream = true,
};
