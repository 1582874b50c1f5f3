/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The display filter of a finding: what all streams with its problem are told apart by. */
#ifndef TCPCLOSE_GROUP_FILTER_H
#define TCPCLOSE_GROUP_FILTER_H

#include "findings.h"

/* Which services are one group. */
enum grouping { BY_SERVICE, BY_HOST, BY_NOTHING };

/*
 * The shortest filter that selects the streams of the group and no others that have its problem:
 * by the problem alone, with the side whose doing it was, with the server's address, or else by
 * the numbers of the streams. group, all: struct problem_record *, all of one problem. selected:
 * see findings_of(). Freed by the caller. Costs a walk over all.
 */
char *group_filter(const GPtrArray *group, const GPtrArray *all, enum grouping grouping,
                   const char *selected);

#endif
