/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of a report: the streams go in, one by one, and the rows come out. Every form of a
 * report (text, CSV, JSON, a dialog) reads them from here.
 *
 *     rows_begin, rows_collect..., rows_finish, then rows_count and rows_row    at the end of a
 * capture rows_begin, then rows_collect and rows_changed in turn                    for a dialog
 */
#ifndef TCPCLOSE_ROWS_H
#define TCPCLOSE_ROWS_H

#include "policy.h"
#include "report.h"
#include "stream_entry.h"

/* The input that the streams come from. Begins as zeros. */
struct file_span {
    const char *names; /* apart by ";"; NULL: not known */
    int64_t first_ns;  /* the earliest of all its packets, since the epoch, and the latest */
    int64_t last_ns;
    bool has_packets;
};

/* Takes in the time of a packet, in any order. */
static inline void
file_span_take(struct file_span *span, int64_t time_ns)
{
    if (!span->has_packets || time_ns < span->first_ns)
        span->first_ns = time_ns;
    if (!span->has_packets || time_ns > span->last_ns)
        span->last_ns = time_ns;
    span->has_packets = true;
}

/* What a report takes besides the streams. */
struct report_input {
    int64_t begin_ns; /* the first frame of the capture, since the epoch */
    int64_t end_ns;   /* when it ends: see capture_end_ns() */
    struct file_span file;
    struct policy policy; /* what the user says of the network */
    const char *selected; /* the display filter that selected the streams; NULL: none */
    const char *bpf;      /* the one of tcpdump that selected the packets; NULL: none */
    int64_t interval_ns;  /* with report.takes_interval: greater than 0 */
};

/* What the rows of every source begin with. */
struct rows {
    const struct report *report;
    struct report_input input;
};

/* Gets a row: its place among the rows, counted from 0, and what the report's columns read. */
typedef void take_row(void *context, unsigned position, const void *row);

/* How rows are made; what each function does is said below. */
struct row_source {
    size_t size;                      /* of what begins with struct rows */
    void (*begin)(struct rows *rows); /* NULL: it begins as zeros */
    void (*collect)(struct rows *rows, const struct stream_entry *entry);
    void (*changed)(struct rows *rows, take_row *take, void *context); /* NULL: has no dialog */
    char *(*finish)(struct rows *rows); /* NULL: there is nothing to do */
    unsigned (*count)(const struct rows *rows);
    const void *(*row)(struct rows *rows, unsigned index);
    void (*clear)(struct rows *rows); /* frees what the rows own, not the rows */
    bool is_of_streams;               /* a row is of one stream alone: they can come in parts */
    bool needs_no_stream; /* what it has collected is all it needs: streams may come in any order,
                             and go before the rows are finished */
};

/* Freed with rows_free(). */
struct rows *rows_begin(const struct report *report, const struct report_input *input);
void rows_free(struct rows *rows);

/* Takes in a stream, once; it has to live as long as the rows, see needs_no_stream. */
void rows_collect(struct rows *rows, const struct stream_entry *entry);

/* The newest segment of the capture so far: for streams that are taken in before its end. */
void rows_advance(struct rows *rows, int64_t end_ns);

/* Takes in all streams, by number. */
void rows_collect_all(struct rows *rows, const struct stream_entries *entries);

/* The rows that the newest stream has made, changed or moved to another place. */
void rows_changed(struct rows *rows, take_row *take, void *context);

/*
 * No stream comes any more: puts the rows in their final order. NULL, or one sentence that says why
 * there cannot be any: freed by the caller.
 */
char *rows_finish(struct rows *rows);

/* How many there are, and one of them: it is made when it is asked for, and valid until the next.
 */
unsigned rows_count(const struct rows *rows);
const void *rows_row(struct rows *rows, unsigned index);

#endif
