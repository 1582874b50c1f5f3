/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report `summary`, a page on a capture: how its streams ended, and what is worth a look, with
 * the display filter that shows it. Its rows are the findings.
 */
#ifndef TCPCLOSE_OVERVIEW_H
#define TCPCLOSE_OVERVIEW_H

#include <stdio.h>

#include "rows.h"

/* A line of the page with a title before it. */
struct overview_line {
    const char *title;
    char *text;
};

/* What is worth a look: a problem of a service, of a host, or of several hosts. */
struct overview_finding {
    bool breaks; /* an application is likely to have failed of it */
    char *sentence;
    uint32_t streams;
    uint32_t example; /* the stream with the lowest number */
    char *filter;     /* selects these streams and no others, with two passes */
};

/* What the page says once the rows are finished. */
struct overview_page {
    GPtrArray *head;     /* struct overview_line */
    GPtrArray *findings; /* struct overview_finding: those that break applications first */
    unsigned left_off;   /* so many more would not fit on a page */
    GPtrArray *notes;    /* struct overview_line */
};

/* Of rows of summary_report that are finished; lives as long as they do. */
const struct overview_page *overview_page(const struct rows *rows);

/* For a terminal: at most 40 lines. */
void overview_print(FILE *out, struct rows *rows);

/*
 * For a window: HTML, in which nothing from the capture is markup. Findings are numbered from 1.
 * Freed by the caller.
 */
char *overview_html(struct rows *rows);

#endif
