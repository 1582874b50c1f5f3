/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the problems of streams to findings: those of one problem at one service are one, at many
 * services of a host one of the host, and at many hosts one for all.
 */
#ifndef TCPCLOSE_FINDINGS_H
#define TCPCLOSE_FINDINGS_H

#include "overview.h"
#include "problems.h"

/* A stream that has a problem. */
struct problem_record {
    const struct problem *problem;
    const struct stream_entry *entry;
    enum role actor;
    enum cause_side side; /* of the stream's cause */
    struct problem_time time;
};

/* One of an array of struct problem_record *. */
static inline const struct problem_record *
problem_record_at(const GPtrArray *records, unsigned index)
{
    return (const struct problem_record *)g_ptr_array_index(records, index);
}

/*
 * The findings, the most important first: an array of struct overview_finding that the caller frees
 * with g_ptr_array_unref(). records: struct problem_record, by the number of the stream. selected:
 * the filter that selected the streams; NULL: none.
 */
GPtrArray *findings_of(const GArray *records, const char *selected);

#endif
