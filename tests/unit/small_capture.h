/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture of three streams, as a reader of captures hands it to the reports. Stream 0: the client
 * closes first. Stream 1 is refused. Stream 2 hangs in CLOSE_WAIT.
 */
#ifndef TCPCLOSE_TESTS_SMALL_CAPTURE_H
#define TCPCLOSE_TESTS_SMALL_CAPTURE_H

#include "capture.h"
#include "rows.h"

enum { SMALL_CAPTURE_STREAMS = 3 };

struct small_capture {
    struct capture *streams;
    struct stream_entries entries;
    struct report_input input; /* intervals of a second */
};

void small_capture_make(struct small_capture *capture);

/* Frees what the capture owns. */
void small_capture_clear(struct small_capture *capture);

#endif
