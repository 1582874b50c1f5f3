/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "numbers.h"

#include "role.h"
#include "stream.h"

struct numbers
numbers_of(const struct stream *stream, enum role role)
{
    const struct tcb *own = &stream->end[role_side(stream, role)];
    const struct tcb *peer = &stream->end[role_side(stream, role_peer(role))];

    return (struct numbers){
        .has_isn = tcb_has(own, TCB_SHIFT_KNOWN),
        .has_sent = tcb_has(own, TCB_SND_KNOWN),
        .has_acked = tcb_has(peer, TCB_ACK_KNOWN),
        .has_fin = tcb_has(own, TCB_FIN_SENT),
        .isn = own->iss,
        .first = own->iss + 1,
        .next = own->snd_nxt,
        .acked = peer->rcv_acked,
    };
}
