/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row a stream, for the reports that have one: all that is told of it, as columns read it. */
#ifndef TCPCLOSE_STREAM_ROWS_H
#define TCPCLOSE_STREAM_ROWS_H

#include "cause.h"
#include "foreign.h"
#include "numbers.h"
#include "reuse.h"
#include "rows.h"
#include "summary.h"

struct stream_row {
    const struct stream_entry *entry;
    const struct report_input *input;
    struct summary summary;
    struct cause cause;
    struct foreign foreign;
    struct numbers numbers[ROLE_COUNT];
    struct reuse reuse;
    GString *mptcp; /* what options of MPTCP say, apart by blanks */
    const char *path[ROLE_COUNT];
    GString *endpoint[ROLE_COUNT]; /* for people: "" in the forms for programs */
    GString *course[ROLE_COUNT];   /* the same */
    GString *cause_frames;         /* apart by blanks */
};

extern const struct row_source stream_row_source;

/* For getters of columns. */
static inline const struct stream_row *
stream_row(const void *row)
{
    return (const struct stream_row *)row;
}

#endif
