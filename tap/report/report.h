/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reports: what each is called, what it takes, its columns and where its rows come from. Who
 * reads captures (a plugin of Wireshark, a program of its own) finds all of them here.
 */
#ifndef TCPCLOSE_REPORT_H
#define TCPCLOSE_REPORT_H

#include "columns.h"

/* People see it before the title of each report. */
#define REPORT_FAMILY "TCP Close"

/* Behind the name of a report that has a longer one, and its arguments. */
#define REPORT_WIDE ",wide"
#define REPORT_WITH_FILE ",with_file"
#define REPORT_CSV ",csv"

enum report_form {
    FORM_TEXT, /* a table for people */
    FORM_CSV,
    FORM_JSON,
    FORM_PAGE, /* a page for people, see overview.h; without columns */
};

struct aggregate_rule;
struct row_source;

struct report {
    const char *name;  /* "streams": people ask for it by this */
    const char *title; /* "Streams" */
    enum report_form form;
    bool takes_interval; /* it cannot be without one; see interval.h */
    const struct column *columns;
    unsigned column_count;
    const char *nothing;             /* what a table without rows says; NULL: "No TCP stream." */
    const struct row_source *source; /* see rows.h */
    const struct aggregate_rule *aggregate; /* with aggregate_source: what it adds up */
    const char *legend;                     /* lines below the table; NULL: none */
    const struct report *longer; /* the same with more columns, or for programs; NULL: none */
    const char *suffix;          /* of a longer one: REPORT_WIDE or the like */
    bool tells_file;             /* it needs all of report_input.file */
};

/* Every report, as people see them listed: X(NAME) is NAME_report, in a file of this folder. */
#define REPORT_LIST(X) \
    X(summary)         \
    X(streams)         \
    X(patterns)        \
    X(states)          \
    X(hosts)           \
    X(causes)          \
    X(resets)          \
    X(occupancy)       \
    X(csv)             \
    X(json)            \
    X(rsts_csv)        \
    X(rsts_json)

#define X(name) extern const struct report name##_report;
REPORT_LIST(X)
#undef X

/* The same, in this order; NULL ends them. */
extern const struct report *const reports[];

#endif
