/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What any of a stream's segments has shown. */
#ifndef TCPCLOSE_EVENTS_H
#define TCPCLOSE_EVENTS_H

#include "state.h"

struct stream;

/* The events of all its segments fed so far. Costs a walk over the transition log. */
event_set events_of(const struct stream *stream);

#endif
