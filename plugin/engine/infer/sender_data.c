/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What payload proves about its sender: of its FIN, which comes last, and of the peer's. */
#include "inference.h"
#include "seq.h"
#include "timing.h"

/*
 * What lies before its FIN, sent again: no ACK of the FIN has reached it, as what is acknowledged
 * leaves the queue (tcp_clean_rtx_queue).
 */
static bool
repeats_acked_data(const struct inference *in)
{
    const struct tcb *from = in->from;

    return (from->state == STATE_FIN_WAIT_2 || from->state == STATE_TIME_WAIT) &&
           seq_before(in->seg->seq + in->seg->len, from->fin_end) &&
           !may_have_crossed(in, from->fin_acked_ns);
}

/* It comes right before its FIN, which was captured behind a gap: the FIN is its own. */
static bool
leads_to_fin(const struct inference *in)
{
    const struct tcb *from = in->from;

    return from->state == STATE_FIN_WAIT_1 && !tcb_has(from, TCB_FIN_ASSUMED) &&
           in->seg->seq + in->seg->len == from->fin_end - 1 && !tcb_may_have_closed_before(in->to);
}

static void
sender_data_before_fin(struct inference *in)
{
    if (repeats_acked_data(in))
        sender_lacks_ack_of_fin(in, 0);
    else if (leads_to_fin(in))
        tcb_confirm(in->from);
}

void
sender_data(struct inference *in)
{
    struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    uint32_t end = seg->seq + seg->len;
    bool keep_alive = seg->len == 1 && end == from->snd_nxt; /* RFC 9293 section 3.8.4 */

    if (tcb_has(from, TCB_FIN_SENT))
        sender_data_before_fin(in);

    if (tcb_has(from, TCB_FIN_SENT) && seq_after(end, from->fin_end - 1) && !keep_alive) {
        infer_event(in, EVENT_data_after_fin);
        sender_forgets_fin(in);
    }
    if (tcb_has_peer_fin(from) && !tcb_has(from, TCB_FIN_SENT) &&
        !seq_before(seg->ack, from->peer_fin_end) && seq_after(end, from->snd_nxt)) {
        uint32_t begin = seq_max(seg->seq, from->snd_nxt);

        infer_event(in, EVENT_half_close_data);
        in->step.half_close_bytes = end - begin;
        from->unpushed_end = (seg->flags & FLAG_PSH) ? 0 : end;
    }
}
