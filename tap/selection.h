/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The streams that a tap has met: those with a segment that its filter lets through, and their
 * endpoints by the names that Wireshark shows.
 */
#ifndef TCPCLOSE_SELECTION_H
#define TCPCLOSE_SELECTION_H

#include <epan/packet_info.h>

#include "rows.h"
#include "tap.h"

/* Begins as zeros. */
struct selection {
    struct stream_entries entries; /* their streams live as long as the open file */
    int64_t newest_ns;             /* the last segment that was let through */
};

/* Back to none, and nothing owned. */
void selection_clear(struct selection *selection);

/* Takes in a segment: the stream that it belongs to, now selected. O(1). */
const struct stream_entry *selection_note(struct selection *selection, packet_info *pinfo,
                                          const struct tcpclose_tap *tap);

/* What a report takes, as far as a segment tells: all but the interval. */
struct report_input selection_input(const packet_info *pinfo, const struct tcpclose_tap *tap);

#endif
