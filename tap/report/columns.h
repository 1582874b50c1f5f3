/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A column of a report: what it is called, what it holds and where that comes from, said once.
 * Every form of a report (dialog, text, files) prints from the same columns; a form decides only on
 * the look.
 */
#ifndef TCPCLOSE_COLUMNS_H
#define TCPCLOSE_COLUMNS_H

#include <glib.h>

#include "state.h"

enum column_kind {
    COLUMN_TEXT,
    COLUMN_COUNT, /* fits 32 bits */
    COLUMN_BYTES,
    COLUMN_PERCENT,
    COLUMN_DURATION,
    COLUMN_SPAN, /* a duration at a glance, see span.h: for people only */
    COLUMN_TIME,
    COLUMN_BOOL,
};

/* What a row has in a column; so small that it is returned in registers. */
struct value {
    bool absent;          /* there is nothing to say; the rest does not hold */
    bool at_least;        /* DURATION, SPAN: its end was not seen, this is a lower bound */
    bool is_none;         /* COLUMN_TEXT: a word for nobody, which people are not shown */
    union {               /* by the column's kind */
        const char *text; /* COLUMN_TEXT; lives as long as the row */
        uint64_t number;  /* COLUMN_COUNT, COLUMN_BYTES; BOOL: 0 or 1; PERCENT: in tenths */
        int64_t ns;       /* DURATION, SPAN: never negative; COLUMN_TIME: since 1970-01-01 UTC */
    };
};

struct column {
    const char *title; /* for people, with the unit; NULL: people are not shown the column */
    const char *name;  /* for programs, with the unit; NULL: programs are not given the column */
    enum column_kind kind;
    struct value (*get)(const void *row, const struct column *column);
    enum role role; /* for getters that serve several columns */
    enum tcp_state state;
    unsigned percent; /* which percentile */
    bool is_plain;    /* COLUMN_TEXT: words of ours, in which no form has anything to quote */
    bool folds;       /* where a table would be too wide, it stands below its row; see text.h */
};

static inline bool
column_is_numeric(const struct column *column)
{
    return column->kind != COLUMN_TEXT && column->kind != COLUMN_BOOL;
}

/* Of numbers that say nothing where they are 0, and of texts that are empty. */
static inline struct value
count_or_absent(uint64_t number)
{
    return (struct value){.absent = number == 0, .number = number};
}

static inline struct value
duration_or_absent(int64_t ns)
{
    return (struct value){.absent = ns == 0, .ns = ns};
}

static inline struct value
text_or_absent(const char *text)
{
    return (struct value){.absent = text[0] == '\0', .text = text};
}

/* Appends a value for people: seconds, lower bounds with ">="; nothing if it is absent or none. */
void value_append(GString *out, const struct column *column, const struct value *value);

/*
 * Writes a value for programs, without loss: numbers bare, times in seconds with nine decimals.
 * Needs room for VALUE_MAX bytes; returns the place behind the value. It must not be absent; a text
 * is the form's own affair.
 */
char *value_write(char *at, enum column_kind kind, struct value value);

enum { VALUE_MAX = 32 };

#endif
