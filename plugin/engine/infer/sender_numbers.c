/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is kept of a fresh segment of the sender: its numbers, timestamp, identification, window. */
#include "inference.h"
#include "seq.h"
#include "timing.h"
#include "units.h"

enum { RESPONSE_MAX_US = (1 << 23) - 1 };

/*
 * It was sent when the peer's newest segment had come, and nothing of the same timestamp before
 * that is much older: it echoes that (RFC 7323 section 4.3), and a tick is a millisecond.
 */
static bool
echoes_newest(const struct tcb *to, const struct segment *seg)
{
    return seg->options.has_ts && tcb_has(to, TCB_TS) && seg->options.ts_ecr == to->ts_val;
}

/*
 * An ACK of something, just now for the first time: how quick was it? What it answers is known if
 * it is an ACK of all that the peer has sent, once; else, as of what was sent again, the echoed
 * timestamp may tell, which is not as exact.
 */
static void
note_response(struct tcb *from, const struct tcb *to, const struct segment *seg)
{
    int64_t sent_ns;
    int64_t us;

    if (tcb_has(from, TCB_ACK_KNOWN) && seg->ack == from->rcv_acked)
        return;
    if ((to->flags & (TCB_SND_KNOWN | TCB_SENT_AGAIN)) == TCB_SND_KNOWN && seg->ack == to->snd_nxt)
        sent_ns = to->sent_ns;
    else if (from->response_us == 0 && echoes_newest(to, seg))
        sent_ns = to->newest_ns;
    else
        return;
    us = (seg->time_ns - sent_ns) / NS_PER_US + 1;
    if (us > 0 && us <= RESPONSE_MAX_US && (from->response_us == 0 || us < from->response_us))
        from->response_us = (uint32_t)us & RESPONSE_MAX_US;
}

/*
 * Linux and Windows count their packets; others draw numbers, or use one and the same, mostly 0.
 * Linux has 0 on its SYN-ACK alone.
 */
static void
learn_ip_ids(struct tcb *from, uint16_t ip_id)
{
    if (ip_id == 0 || ip_id == from->ip_id)
        return;
    if (tcb_has(from, TCB_SEEN)) {
        from->ip_id_varies = true;
        from->ip_id_counts = from->ip_id != 0 && is_ip_id_step(from->ip_id, ip_id);
    }
    from->ip_id = ip_id;
}

/* Nearly always, it is the next one. */
static void
note_ip_id(struct tcb *from, uint16_t ip_id)
{
    if (from->ip_id_counts && is_ip_id_step(from->ip_id, ip_id))
        from->ip_id = ip_id;
    else
        learn_ip_ids(from, ip_id);
}

static void
note_scaling(struct tcb *from, const struct tcp_options *options)
{
    from->window_shift = 0;
    tcb_clear(from, TCB_SCALES);
    if (options->has_window_shift) {
        from->window_shift = options->window_shift & 0xfU;
        tcb_set(from, TCB_SHIFT_KNOWN | TCB_SCALES);
    } else if (!options->is_cut) {
        tcb_set(from, TCB_SHIFT_KNOWN);
    }
}

void
sender_numbers(struct tcb *from, const struct tcb *to, const struct segment *seg, uint32_t end)
{
    note_ip_id(from, seg->ip_id);
    tcb_set(from, TCB_SEEN);
    from->newest_ns = seg->time_ns;
    if (!tcb_has(from, TCB_SND_KNOWN)) {
        tcb_begin_sequence(from, seg->seq - 1);
        tcb_set(from, TCB_UNSEEN_TAIL);
    }
    if (seq_after(end, from->snd_nxt)) {
        tcb_clear(from, TCB_SENT_AGAIN | TCB_ONE_UNSEEN);
        if (seq_after(seg->seq, from->snd_nxt)) {
            if (end == from->snd_nxt + 1 && !tcb_has(from, TCB_UNSEEN_TAIL))
                tcb_set(from, TCB_ONE_UNSEEN);
            from->tail_from_ack = false;
            tcb_set(from, TCB_UNSEEN_TAIL);
        } else {
            tcb_clear(from, TCB_UNSEEN_TAIL);
        }
        from->snd_nxt = end;
        from->sent_ns = seg->time_ns;
    } else if (end == from->snd_nxt && end != seg->seq &&
               seg->time_ns - from->sent_ns >= RTO_MIN_NS) {
        tcb_set(from, TCB_SENT_AGAIN);
    }
    if (seg->options.has_ts) {
        from->ts_val = seg->options.ts_val;
        tcb_set(from, (seg->flags & FLAG_SYN) ? TCB_TS : TCB_TS | TCB_TS_IN_USE);
    }
    if (seg->flags & FLAG_SYN) {
        if (!seg->options.sack_permitted && !seg->options.is_cut)
            tcb_set(from, TCB_SACK_REFUSED);
        note_scaling(from, &seg->options);
    }
    if (seg->flags & FLAG_ACK) {
        uint32_t window = seg->window;

        note_response(from, to, seg);
        if (!(seg->flags & FLAG_SYN))
            window <<= from->window_shift;
        if (seg->flags & FLAG_FIN)
            tcb_set(from, TCB_FIN_COVERS);
        else if (seg->ack != from->rcv_acked)
            tcb_clear(from, TCB_FIN_COVERS);
        from->rcv_acked = seg->ack;
        from->rcv_edge = seg->ack + window;
        tcb_set(from, TCB_ACK_KNOWN);
    }
}
