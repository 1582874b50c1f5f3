/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report of tshark: -z NAME[,filter]. It is drawn once, at the end, from the records of the
 * selected streams, so that one pass is enough for the final word on every stream.
 */
#ifndef TCPCLOSE_REPORT_H
#define TCPCLOSE_REPORT_H

#include "selection.h"

struct report {
    const char *name; /* "tcpclose,streams" */
    const char *title;
    /* end_ns: the newest time stamp of the capture; filter: NULL if there is none */
    void (*draw)(const struct report *report, const struct selection *selection, int64_t end_ns,
                 const char *filter);
};

/* report must stay alive. Does nothing in other programs than tshark. */
void report_register(const struct report *report);

#endif
