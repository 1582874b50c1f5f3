/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report of tshark: -z NAME[,filter], or -z NAME,SECONDS[,filter] where it takes an interval. It
 * is drawn once, at the end, from the records of the selected streams, so that one pass is enough
 * for the final word on every stream.
 */
#ifndef TCPCLOSE_TSHARK_H
#define TCPCLOSE_TSHARK_H

#include "selection.h"

struct tshark_report;

/* One -z of the command line: what its report is drawn from. */
struct tshark_run {
    const struct tshark_report *report;
    const char *filter; /* NULL: none */
    struct report_input input;
    struct selection selection;
};

struct tshark_report {
    const char *name;            /* "tcpclose,streams" */
    const char *title;           /* "TCP Close Streams" */
    const struct report *report; /* NULL: draw makes something else than rows */
    void (*draw)(const struct tshark_run *run);
};

/* It must stay alive. Does nothing in other programs than tshark. */
void tshark_register(const struct tshark_report *report);

/* The same, of a report with rows. */
void tshark_register_rows(const struct report *report);

#endif
