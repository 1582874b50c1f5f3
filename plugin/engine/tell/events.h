/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What any of a stream's segments has shown. */
#ifndef TCPCLOSE_EVENTS_H
#define TCPCLOSE_EVENTS_H

#include "state.h"

struct stream;

/* The events of all its segments fed so far. Costs a walk over the transition log. */
event_set events_of(const struct stream *stream);

/*
 * Somebody else than the endpoint that it names has sent one of its RSTs, whatever became of it: as
 * rst_told_at() says of each. Costs a walk over the transition log, and a search for each RST.
 */
bool has_forged_rst(const struct stream *stream);

#endif
