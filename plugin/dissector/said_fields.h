/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment says of the end in words of its own (said.h), as fields: read from its bytes when
 * it is drawn, so that nobody else pays for it.
 */
#ifndef TCPCLOSE_SAID_FIELDS_H
#define TCPCLOSE_SAID_FIELDS_H

#include <epan/packet.h>

void said_fields_register(int proto);

/* segment: the bytes from the TCP header on. */
void said_fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, tvbuff_t *segment);

#endif
