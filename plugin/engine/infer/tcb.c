/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modelled socket's numbers: its sequence space, its receive queue and its window. */
#include "tcb.h"

#include <glib.h>

#include "seq.h"

enum { WINDOW_MAX = 1 << 30 }; /* RFC 7323 section 2.3 */

const struct tcb_extra *
tcb_extra(const struct tcb *tcb)
{
    static const struct tcb_extra nothing;

    return tcb->extra ? tcb->extra : &nothing;
}

struct tcb_extra *
tcb_make_extra(struct tcb *tcb)
{
    if (!tcb->extra)
        tcb->extra = g_new0(struct tcb_extra, 1);
    return tcb->extra;
}

const struct tcb_rare *
tcb_rare(const struct tcb *tcb)
{
    static const struct tcb_rare nothing;

    return tcb->extra && tcb->extra->rare ? tcb->extra->rare : &nothing;
}

struct tcb_rare *
tcb_make_rare(struct tcb *tcb)
{
    struct tcb_extra *extra = tcb_make_extra(tcb);

    if (!extra->rare)
        extra->rare = g_new0(struct tcb_rare, 1);
    return extra->rare;
}

void
tcb_keep_state(struct tcb *tcb)
{
    if (tcb->state == STATE_CLOSED)
        return;
    tcb_make_extra(tcb)->was_confirmed = tcb_has(tcb, TCB_CONFIRMED);
    if (tcb->state == STATE_TIME_WAIT)
        tcb_make_rare(tcb)->rst_time_wait_end_ns = tcb->time_wait_end_ns;
}

static void
clear_queue(struct tcb *tcb)
{
    struct tcb_rare *rare = tcb->extra->rare;

    g_free(rare->queue);
    rare->queue = NULL;
    rare->hole_assumed = false;
    tcb_clear(tcb, TCB_OUT_OF_ORDER);
}

void
tcb_clear_extra(struct tcb *tcb)
{
    if (!tcb->extra)
        return;
    if (tcb->extra->rare)
        clear_queue(tcb);
    g_free(tcb->extra->rare);
    g_free(tcb->extra);
    tcb->extra = NULL;
}

void
tcb_renew(struct tcb *tcb)
{
    const int64_t entered_ns = tcb->entered_ns;

    tcb_clear_extra(tcb);
    *tcb = (struct tcb){
        .entered_ns = entered_ns,
        .flags = TCB_RENEWED | TCB_CONFIRMED,
        .state = STATE_CLOSED,
    };
}

void
tcb_copy(struct tcb *tcb, const struct tcb *source)
{
    const struct tcb_rare *rare = tcb_rare(source);

    tcb_clear_extra(tcb);
    *tcb = *source;
    if (!source->extra)
        return;
    tcb->extra = g_memdup2(source->extra, sizeof(*source->extra));
    if (!source->extra->rare)
        return;
    tcb->extra->rare = g_memdup2(rare, sizeof(*rare));
    if (rare->queue)
        tcb->extra->rare->queue = g_memdup2(rare->queue, sizeof(*rare->queue));
}

void
tcb_begin_sequence(struct tcb *tcb, uint32_t iss)
{
    tcb->iss = iss;
    tcb->snd_nxt = iss;
    tcb_set(tcb, TCB_SND_KNOWN);
}

static void
queue_up(struct tcb *tcb, uint32_t left, uint32_t right)
{
    struct tcb_rare *rare = tcb_make_rare(tcb);

    if (!rare->queue)
        rare->queue = g_new0(struct ooo_queue, 1);
    ooo_queue_add(rare->queue, left, right);
    tcb_set(tcb, TCB_OUT_OF_ORDER);
}

/* Moves rcv_nxt over what is contiguous now. */
static void
advance(struct tcb *tcb, uint32_t next, int64_t now_ns)
{
    struct tcb_rare *rare;
    uint32_t before = tcb->rcv_nxt;

    tcb->rcv_nxt = seq_max(tcb->rcv_nxt, next);
    tcb->delivered_ns = now_ns;
    if (!tcb_has(tcb, TCB_OUT_OF_ORDER))
        return;
    rare = tcb->extra->rare;
    rare->refilled_at = before;
    tcb->rcv_nxt = ooo_queue_advance(rare->queue, tcb->rcv_nxt);
    rare->refilled_end = tcb->rcv_nxt;
    rare->refilled_ns = now_ns;
    if (rare->queue->count == 0)
        clear_queue(tcb);
}

/* It has received a FIN: what waits behind that is nobody's, and is dropped (Linux: tcp_fin). */
static void
end_at_fin(struct tcb *tcb, uint32_t end)
{
    if (seq_after(tcb->rcv_nxt, end)) {
        tcb->rcv_nxt = end;
        tcb->extra->rare->refilled_end = end;
    }
    if (tcb_has(tcb, TCB_OUT_OF_ORDER))
        clear_queue(tcb);
}

void
tcb_repeat(struct tcb *tcb, const struct segment *seg)
{
    tcb_set(tcb, TCB_DUP_ACK_DUE);
    tcb_make_extra(tcb)->repeated_ns = seg->time_ns;
}

/*
 * What came before a FIN and is not acknowledged may have been lost when the FIN was not, and
 * earlier. What came with it, in one burst and sooner than anything is answered, crosses what the
 * FIN crosses.
 */
static void
note_before_fin(struct tcb *tcb, const struct segment *seg)
{
    const int64_t together_ns = MIN((int64_t)tcb->response_us * NS_PER_US, BURST_NS);
    struct tcb_rare *rare;

    if (!tcb_has(tcb, TCB_ACK_KNOWN) || seg->seq != tcb->rcv_nxt ||
        !seq_before(tcb->rcv_acked, tcb->rcv_nxt) || tcb->delivered_ns == 0 ||
        seg->time_ns - tcb->delivered_ns < together_ns)
        return;
    rare = tcb_make_rare(tcb);
    rare->before_fin_ns = tcb->delivered_ns;
    rare->before_fin_end = tcb->rcv_nxt;
}

void
tcb_take(struct tcb *tcb, const struct segment *seg, uint32_t end)
{
    bool has_fin = (seg->flags & FLAG_FIN) != 0;

    if (!seq_after(end, tcb->rcv_nxt)) {
        tcb_repeat(tcb, seg);
        if (end == tcb->rcv_nxt)
            tcb->delivered_ns = seg->time_ns;
        return;
    }
    /* Data over the place of a FIN that waits beyond a hole: Linux drops that FIN (tcp_ofo_queue).
     */
    if (!has_fin && tcb_has(tcb, TCB_FIN_DELIVERED) && !tcb_has_peer_fin(tcb) &&
        seq_before(seg->seq, tcb->peer_fin_end) && !seq_before(end, tcb->peer_fin_end))
        tcb_clear(tcb, TCB_FIN_DELIVERED);
    if (has_fin && !tcb_has_peer_fin(tcb)) {
        note_before_fin(tcb, seg);
        tcb->peer_fin_end = end;
        tcb_set(tcb, TCB_FIN_DELIVERED);
    }
    if (seq_after(seg->seq, tcb->rcv_nxt)) {
        queue_up(tcb, seg->seq, end);
        return;
    }
    advance(tcb, end, seg->time_ns);
    if (has_fin)
        end_at_fin(tcb, end);
}

/* The right edge of the last block; the ACK number, if there is none above what is expected. */
static uint32_t
sack_edge(const struct tcb *tcb, const struct segment *seg)
{
    uint32_t edge = seg->ack;

    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (seq_after(seg->options.sack_left[i], tcb->rcv_nxt))
            edge = seq_max(edge, seg->options.sack_right[i]);
    }
    return edge;
}

/*
 * There was room for one more block (RFC 2018 section 3: three with timestamps, else four): what
 * the blocks leave out before the last one's end was lost on the way, though it was captured.
 */
static void
forget_unsacked(struct tcb *tcb, const struct segment *seg, uint32_t edge)
{
    uint32_t room = seg->options.has_ts ? SACK_BLOCKS_MAX - 1 : SACK_BLOCKS_MAX;

    if (seg->options.sack_count >= room || edge == seg->ack)
        return;
    if (tcb_has(tcb, TCB_OUT_OF_ORDER))
        ooo_queue_forget(tcb->extra->rare->queue, edge);
}

uint32_t
tcb_add_sack(struct tcb *tcb, const struct segment *seg)
{
    forget_unsacked(tcb, seg, sack_edge(tcb, seg));
    uint32_t received = seg->ack;

    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (!seq_after(seg->options.sack_left[i], tcb->rcv_nxt))
            continue; /* a D-SACK, RFC 2883, or news of what has come since */
        queue_up(tcb, seg->options.sack_left[i], seg->options.sack_right[i]);
        tcb->extra->rare->hole_assumed = false;
        received = seq_max(received, seg->options.sack_right[i]);
    }
    return received;
}

void
tcb_show_hole(struct tcb *tcb, const struct segment *seg)
{
    uint32_t assumed = tcb->rcv_nxt;
    uint32_t received;
    bool shown;

    tcb->rcv_nxt = seg->ack;
    received = tcb_add_sack(tcb, seg);
    shown = received != seg->ack;
    if (!shown)
        received++;
    /* What lies beyond the blocks may be on its way still, and is taken as delivered as before. */
    if (seq_before(received, assumed)) {
        queue_up(tcb, received, assumed);
        tcb->extra->rare->hole_assumed = !shown;
    }
    if (tcb_has(tcb, TCB_FIN_DELIVERED) &&
        seq_before(seq_max(received, assumed), tcb->peer_fin_end))
        tcb_clear(tcb, TCB_FIN_DELIVERED);
}

bool
tcb_refute_hole(struct tcb *tcb)
{
    const struct tcb_rare *rare = tcb_rare(tcb);

    if (!rare->queue || !rare->hole_assumed)
        return false;
    /* What was missing behind that still is. */
    tcb->rcv_nxt = ooo_queue_advance(rare->queue, rare->queue->item[0].left);
    tcb_make_rare(tcb)->hole_assumed = false;
    if (rare->queue->count == 0)
        clear_queue(tcb);
    return true;
}

void
tcb_fill_hole(struct tcb *tcb, uint32_t ack, int64_t sent_ns)
{
    struct ooo_queue *queue = tcb->extra->rare->queue;
    uint32_t next = seq_max(tcb->rcv_nxt, ack);

    tcb->rcv_nxt = ooo_queue_advance(queue, next);
    if (tcb->rcv_nxt != next && tcb->delivered_ns < sent_ns)
        tcb->delivered_ns = sent_ns;
    if (queue->count == 0)
        clear_queue(tcb);
}

bool
tcb_may_have_closed_before(const struct tcb *tcb)
{
    return tcb->is_older && !tcb_has(tcb, TCB_FIN_SENT) &&
           (!tcb_has(tcb, TCB_SND_KNOWN) || tcb->snd_nxt - tcb->iss <= 1);
}

bool
tcb_has_peer_fin(const struct tcb *tcb)
{
    return tcb_has(tcb, TCB_FIN_DELIVERED) && !seq_before(tcb->rcv_nxt, tcb->peer_fin_end);
}

uint32_t
tcb_right_edge(const struct tcb *tcb)
{
    if (tcb_has(tcb, TCB_ACK_KNOWN | TCB_SHIFT_KNOWN))
        return seq_max(tcb->rcv_edge, tcb->rcv_nxt);
    return tcb->rcv_nxt + WINDOW_MAX;
}

bool
tcb_in_window(const struct tcb *tcb, uint32_t seq)
{
    return seq_between(seq, tcb->rcv_nxt, tcb_right_edge(tcb));
}

static bool
lacks(const struct tcb *tcb, uint32_t flag, uint32_t needed)
{
    return tcb_has(tcb, flag) && !tcb_has(tcb, needed);
}

const char *
tcb_broken(const struct tcb *tcb)
{
    const struct ooo_queue *queue = tcb_rare(tcb)->queue;

    if (lacks(tcb, TCB_FIN_SENT, TCB_SND_KNOWN) || lacks(tcb, TCB_FIN_ACKED, TCB_FIN_SENT) ||
        lacks(tcb, TCB_FIN_ASSUMED, TCB_FIN_SENT) || lacks(tcb, TCB_ACK_KNOWN, TCB_SEEN) ||
        lacks(tcb, TCB_SHIFT_KNOWN, TCB_SND_KNOWN) || lacks(tcb, TCB_TS_IN_USE, TCB_TS) ||
        (tcb->ip_id_counts && !tcb->ip_id_varies))
        return "a flag is set without the one that it needs";
    if (tcb_has(tcb, TCB_OUT_OF_ORDER) ? !queue || queue->count == 0 : queue != NULL)
        return "the out-of-order queue is not what its flag says";
    if (((tcb->flags & (TCB_CHALLENGED | TCB_DUP_ACK_DUE)) && !tcb->extra) ||
        (tcb_has(tcb, TCB_STRAYED) && !(tcb->extra && tcb->extra->rare)))
        return "an ACK is due or a segment strayed, and nothing says since when or where";
    if (tcb_has(tcb, TCB_PROVABLE | TCB_CONFIRMED))
        return "a state is confirmed, and still to be proved";
    if (tcb_has(tcb, TCB_ALARMED) && tcb->state != STATE_CLOSE_WAIT)
        return "CLOSE_WAIT has been called long outside CLOSE_WAIT";
    if (state_is_synchronized((enum tcp_state)tcb->state) && !tcb_has(tcb, TCB_SYNCHRONIZED))
        return "a synchronized state of a socket that was never synchronized";
    return NULL;
}
