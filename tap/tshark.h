/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report of tshark: -z NAME[,filter], -z NAME,wide[,filter] or such where there is a longer one,
 * -z NAME,SECONDS[,filter] where it takes an interval, or -z NAME,STREAM[,filter] where it is of
 * one stream. It is drawn at the end, from the records of the selected streams, so that one pass is
 * enough for the final word on every stream.
 *
 * The records end with the session. Where that is not the end of all (tshark -M, or a live capture
 * into several files), a report with a row a stream is drawn for each session; any other one ends
 * the run in an error.
 */
#ifndef TCPCLOSE_TSHARK_H
#define TCPCLOSE_TSHARK_H

#include "selection.h"

struct tshark_report;

/* One -z of the command line: what its report is drawn from. */
struct tshark_run {
    const struct tshark_report *report;
    const struct report *rows; /* the report, or the longer one where that was asked for */
    const char *filter;        /* NULL: none */
    uint32_t stream_id;        /* with report.takes_stream */
    struct report_input input;
    struct selection selection;
    bool is_drawn;     /* the session's streams are printed */
    unsigned sessions; /* that were printed before this one */
    unsigned lost;     /* streams of sessions that have ended, and are in no report */
};

struct tshark_report {
    const char *name;            /* "tcpclose,streams" */
    const char *title;           /* "TCP Close Streams" */
    bool is_family;              /* nothing may follow the name: it begins the others' names */
    const struct report *report; /* NULL: draw makes something else than rows */
    bool takes_stream;           /* it cannot be without the number of one */
    void (*draw)(const struct tshark_run *run);
};

/* One line on standard error, as tshark writes it of its own reports, and exit status 1. */
G_GNUC_NORETURN void tshark_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* It must stay alive. Does nothing in other programs than tshark. */
void tshark_register(const struct tshark_report *report);

/* The same, of a report with rows. */
void tshark_register_rows(const struct report *report);

/* The report with rows that a plain -z tcpclose prints. */
void tshark_register_family(const struct report *report);

#endif
