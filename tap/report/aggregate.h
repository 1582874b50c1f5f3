/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports that add streams up: a row for each of the things (patterns, states, hosts) that occur. A
 * report is its columns, and what a stream gives to which rows.
 */
#ifndef TCPCLOSE_AGGREGATE_H
#define TCPCLOSE_AGGREGATE_H

#include "distribution.h"
#include "rows.h"

struct aggregate;

/* What a row is about. A report may put this at the begin of rows of its own. */
struct aggregate_row {
    const struct aggregate *whole; /* what the row is a part of */
    unsigned rank;                 /* rows are in this order; of one rank, the one met first */
    char *name;                    /* tells rows of one rank apart; owned */
    unsigned position;             /* among the rows */
    uint32_t first_stream;         /* the lowest number of a stream that gave it something, */
    unsigned first_turn;           /* and which of the rows it gave something to this was */
    unsigned changed_by;           /* the newest stream that gave it something, counted from 1 */
    uint32_t count;                /* the rest is up to the report */
    uint32_t assumed;
    uint64_t bytes;
    struct distribution times;
};

/* With aggregate_source: what a report adds up. */
struct aggregate_rule {
    size_t row_size; /* of a row, that begins with struct aggregate_row */
    void (*clear_row)(struct aggregate_row *row); /* NULL: owns nothing more */
    bool is_relative;                             /* a stream changes what every row shows */
    /* The order of the rows in the end; NULL: as they were met. */
    int (*compare)(const struct aggregate_row *row, const struct aggregate_row *other);
    /* Gives a stream to the rows that aggregate_row() returns; end_ns as of summary_of(). */
    void (*add)(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns);
};

extern const struct row_source aggregate_source;

/* For add: the row, made if need be, which then counts as changed. O(1), but for making rows. */
struct aggregate_row *aggregate_row(struct aggregate *aggregate, unsigned rank, const char *name);

/* What the report takes besides the streams. */
const struct report_input *aggregate_input(const struct aggregate *aggregate);

/* part of whole, to the nearest tenth of a percent; absent where whole is 0. */
struct value aggregate_share(uint32_t part, uint32_t whole);

/* Getters for columns. The times are absent where none was measured. */
struct value aggregate_get_name(const void *row, const struct column *column);
struct value aggregate_get_count(const void *row, const struct column *column);
struct value aggregate_get_count_with_time(const void *row, const struct column *column);
struct value aggregate_get_assumed(const void *row, const struct column *column);
struct value aggregate_get_censored(const void *row, const struct column *column);
struct value aggregate_get_stream_share(const void *row, const struct column *column);
struct value aggregate_get_bytes(const void *row, const struct column *column);
struct value aggregate_get_percentile(const void *row, const struct column *column);
struct value aggregate_get_mean(const void *row, const struct column *column);

/* PERCENT: which percentile of the times; 0 is the least, 100 the greatest of them. */
#define PERCENTILE_COLUMN(TITLE, PERCENT)                                                \
    {                                                                                    \
        .title = TITLE " (s)", .kind = COLUMN_DURATION, .get = aggregate_get_percentile, \
        .percent = PERCENT,                                                              \
    }

#endif
