/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether anything is still to be expected of a stream: what somebody asks who would forget it. */
#ifndef TCPCLOSE_REST_H
#define TCPCLOSE_REST_H

#include <stdbool.h>
#include <stdint.h>

struct stream;

struct stream_rest {
    bool has_older;  /* the stream before on the same endpoints is still there */
    bool is_open;    /* an endpoint is neither CLOSED nor in TIME_WAIT, and no later stream has it:
                        what is told of the stream depends on when the capture ends */
    int64_t last_ns; /* its newest segment */
    int64_t time_wait_end_ns; /* when the last TIME_WAIT of its endpoints ends; INT64_MIN: none */
};

/* All but has_older, which the capture knows. O(1). */
struct stream_rest stream_rest(const struct stream *stream);

#endif
