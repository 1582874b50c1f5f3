/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rest.h"

#include <glib.h>

#include "stream.h"

struct stream_rest
stream_rest(const struct stream *stream)
{
    struct stream_rest rest = {
        .last_ns = stream->memory.last_ns,
        .time_wait_end_ns = INT64_MIN,
    };

    if (stream_newer(stream))
        return rest;
    for (unsigned side = 0; side < 2; side++) {
        const struct tcb *tcb = &stream->end[side];

        if (tcb->state == STATE_TIME_WAIT)
            rest.time_wait_end_ns = MAX(rest.time_wait_end_ns, tcb->time_wait_end_ns);
        else if (tcb->state != STATE_CLOSED)
            rest.is_open = true;
    }
    return rest;
}
