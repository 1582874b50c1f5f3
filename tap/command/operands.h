/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on the command line beside the options: a report, and files. */
#ifndef TCPCLOSE_OPERANDS_H
#define TCPCLOSE_OPERANDS_H

#include "report.h"
#include "stream_report.h"

struct operands {
    const struct report *report;               /* NULL: stream_report instead */
    const struct stream_report *stream_report; /* NULL: report instead */
    char **files;                              /* a part of rest; at least one, NULL ends them */
};

/*
 * The report, if the first one is one, else the summary; the rest are files. rest: NULL ends it; it
 * may be NULL. Ends the process with options_refuse() where there is no file, or what is named is
 * neither.
 */
struct operands operands_of(char **rest);

/* The names of all reports, for people; the caller frees it. */
char *operands_reports(void);

#endif
