/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report of tshark: -z NAME[,filter], or -z NAME,SECONDS[,filter] where it takes an interval. It
 * is drawn once, at the end, from the records of the selected streams, so that one pass is enough
 * for the final word on every stream.
 */
#ifndef TCPCLOSE_REPORT_H
#define TCPCLOSE_REPORT_H

#include "selection.h"

/* One -z of the command line: what its report is drawn from. */
struct report_run {
    const struct report *report;
    const char *filter;  /* NULL: none */
    int64_t interval_ns; /* with report.takes_interval: greater than 0 */
    int64_t begin_ns;    /* the first frame of the capture */
    int64_t end_ns;      /* its newest segment */
    struct selection selection;
};

struct report {
    const char *name; /* "tcpclose,streams" */
    const char *title;
    bool takes_interval;
    void (*draw)(const struct report_run *run);
};

/* report must stay alive. Does nothing in other programs than tshark. */
void report_register(const struct report *report);

/* One line on standard error, as tshark writes it of its own reports, and exit status 1. */
G_GNUC_NORETURN void report_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
