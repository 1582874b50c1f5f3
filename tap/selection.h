/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The streams that a tap has met: those with a segment that its filter lets through. What is
 * reported of them is asked of their records when it is drawn.
 */
#ifndef TCPCLOSE_SELECTION_H
#define TCPCLOSE_SELECTION_H

#include <epan/packet_info.h>

#include "columns.h"
#include "tap.h"

struct selected_stream {
    const struct stream *stream; /* lives as long as the open file */
    char *endpoint[ROLE_COUNT];  /* "host:port", as Wireshark shows them; owned */
    char *host[ROLE_COUNT];      /* the address as in endpoint; interned GRefString, owned */
    char *address[ROLE_COUNT];   /* the same, numeric */
    int64_t noted_ns;            /* the first segment that was let through */
    uint16_t port[ROLE_COUNT];
    uint32_t id;       /* tcp.stream */
    unsigned position; /* in the order in which the streams were met, from 0 */
};

/* Begins as zeros. */
struct selection {
    GPtrArray *by_id; /* struct selected_stream, owned; NULL where the stream is not selected */
    unsigned count;
    int64_t newest_ns; /* the last segment that was let through */
};

/* Back to none, and nothing owned. */
void selection_clear(struct selection *selection);

/* Takes in a segment: the stream that it belongs to, now selected. O(1). */
const struct selected_stream *selection_note(struct selection *selection, packet_info *pinfo,
                                             const struct tcpclose_tap *tap);

/* The streams by number; the caller frees the array with g_ptr_array_unref. */
GPtrArray *selection_sorted(const struct selection *selection);

/* What the reports say of a stream in a capture whose newest segment is of end_ns. */
struct stream_row stream_row_of(const struct selected_stream *selected, int64_t end_ns);

#endif
