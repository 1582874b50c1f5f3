/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The expert infos: one for each event, and for the causes that somebody has to act on. */
#ifndef TCPCLOSE_EXPERT_INFOS_H
#define TCPCLOSE_EXPERT_INFOS_H

#include "cause.h"
#include "drawn_layer.h"

void expert_infos_register(int proto);

/* Raises at the item those of a layer that is drawn; cause: of its stream. */
void expert_infos_raise_drawn(packet_info *pinfo, proto_item *item, const struct drawn_layer *layer,
                              const struct cause *cause);

/* Raises those of a layer that is not drawn, where anybody can see them; tree may be NULL. end_ns:
 * the newest time stamp of the capture so far. */
void expert_infos_raise(packet_info *pinfo, proto_tree *tree, const struct stream *stream,
                        const struct segment *segment, int64_t end_ns);

#endif
