/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports on one stream: a text of its history instead of rows. */
#ifndef TCPCLOSE_STREAM_REPORT_H
#define TCPCLOSE_STREAM_REPORT_H

#include "history.h"

struct stream_report {
    const char *name;  /* "story": people ask for it by this */
    const char *title; /* "Story" */
    void (*append)(GString *out, const struct history *history);
};

/* Every one, as people see them listed; one without a name ends them. */
extern const struct stream_report stream_reports[];

/*
 * The whole text of a report on the stream, NULL: the stream is not among the entries. Freed by the
 * caller. Linear in the history.
 */
GString *stream_report_text(const struct stream_report *report,
                            const struct stream_entries *entries, uint32_t number,
                            const struct report_input *input);

#endif
