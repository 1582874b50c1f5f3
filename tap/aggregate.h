/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports that add streams up: a row for each of a few things (patterns, states), of which those
 * are shown that occur. A report says what a stream gives to which rows, and has columns; text and
 * dialog come from here.
 */
#ifndef TCPCLOSE_AGGREGATE_H
#define TCPCLOSE_AGGREGATE_H

#include "columns.h"
#include "distribution.h"
#include "report.h"

enum { AGGREGATE_ROWS_MAX = 32 };

/* Something that a stream gives to a row. */
struct contribution {
    unsigned row;  /* below aggregate_report.row_count */
    bool has_time; /* ns was measured from begin to end */
    int64_t ns;
    uint64_t bytes;
};

struct aggregate_report {
    struct report report; /* first: name and title; the rest is filled in */
    const struct column *columns; /* of a struct aggregate_row */
    unsigned column_count;
    unsigned row_count;
    bool is_relative; /* a stream changes what every row shows */
    /* Appends what the stream gives, struct contribution; end_ns as of summary_of(). */
    void (*contribute)(GArray *contributions, const struct stream *stream, int64_t end_ns);
};

struct aggregate;

struct aggregate_row {
    unsigned index;                /* contribution.row */
    const struct aggregate *whole; /* what the row is a part of */
    uint32_t count;                /* contributions */
    uint64_t bytes;
    struct distribution times;     /* of the contributions that have one */
};

/* Report and dialog; report must stay alive. */
void aggregate_register(struct aggregate_report *report);

/* Getters for columns. The times are absent where none was measured. */
struct value aggregate_get_count(const void *row, const struct column *column);
struct value aggregate_get_count_with_time(const void *row, const struct column *column);
struct value aggregate_get_count_without_time(const void *row, const struct column *column);
struct value aggregate_get_stream_share(const void *row, const struct column *column);
struct value aggregate_get_bytes(const void *row, const struct column *column);
struct value aggregate_get_percentile(const void *row, const struct column *column);
struct value aggregate_get_mean(const void *row, const struct column *column);

#endif
