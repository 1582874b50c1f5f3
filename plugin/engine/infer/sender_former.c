/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a RST of the connection before says of the socket that is there now. */
#include "freshness.h"
#include "inference.h"

/* A RST was thought to have closed it, which was not its own. */
static bool
may_have_survived_rst(const struct tcb *tcb)
{
    return tcb_is_reset(tcb) && !tcb_extra(tcb)->sent_rst;
}

/*
 * It resets by its own decision: then it was alive when the SYN came, and has drawn a challenge ACK
 * from it (RFC 5961 section 4.2), where another socket was assumed to have taken it. A RST that was
 * sent before the SYN came says nothing.
 */
void
sender_former_resets(struct inference *in)
{
    const struct segment *seg = in->seg;
    struct tcb former = *former_socket(in);
    struct inference of_former = *in;

    of_former.from = &former;
    if (/* its own decision has its next number; */
        (seg->flags & (FLAG_RST | FLAG_ACK)) != (FLAG_RST | FLAG_ACK) ||
        seg->seq != former.snd_nxt || !may_have_survived_rst(&former) ||
        /* of the new socket nothing was seen; */
        in->from->state != STATE_SYN_RECEIVED || tcb_has(in->from, TCB_SND_KNOWN) ||
        /* it is late enough, and nobody else's */
        may_have_crossed(&of_former, in->from->entered_ns) ||
        pieces_show_forgery(signature_pieces(&of_former)))
        return;
    infer_apply(in, in->from, SENT_RST);
}
