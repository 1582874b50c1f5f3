/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of "tcpclose". */
#ifndef TCPCLOSE_OPTIONS_H
#define TCPCLOSE_OPTIONS_H

#include "collect.h"
#include "policy.h"
#include "stream_report.h"

struct bpf;

struct options {
    const struct report *report;               /* NULL: stream_report instead */
    const struct stream_report *stream_report; /* of filter.stream, which is there then */
    char **files;                              /* at least one, NULL ends them */
    struct policy policy;
    struct stream_filter filter;
    struct bpf *bpf; /* NULL: all packets */
    struct bound bound;
    char *filter_text;   /* the same as a display filter of Wireshark; NULL: all streams */
    int64_t interval_ns; /* greater than 0 if the report takes one */
};

/* Ends the process with a line on standard error where the command line is wrong, and after --help
 * and --version. */
struct options options_read(int argc, char **argv);

/* Ends the process with this sentence on standard error, as options_read() does. */
G_GNUC_NORETURN void options_refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
