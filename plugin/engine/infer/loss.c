/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an ACK says of what its sender lacks: what was captured may have been lost behind the
 * capture. */
#include "freshness.h"
#include "inference.h"
#include "seq.h"
#include "timing.h"
#include "units.h"

/* Old data has just reached it: it answers with an ACK that says nothing new. */
static bool
owes_duplicate_ack(const struct inference *in)
{
    return tcb_has(in->from, TCB_DUP_ACK_DUE) &&
           may_have_crossed(in, tcb_extra(in->from)->repeated_ns);
}

/*
 * It says nothing new, and has no SACK blocks to say more, as one of both refuses SACK: something
 * came out of order, unless it answers old data, or a RST or SYN that it did not take.
 */
static bool
is_duplicate_without_sack(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    /* What a forged or an old SYN says is nothing that both have agreed on. */
    bool same = tcb_has(from, TCB_RENEWED) == tcb_has(to, TCB_RENEWED);
    bool refused = tcb_has(from, TCB_SACK_REFUSED) || (same && tcb_has(to, TCB_SACK_REFUSED));

    return refused && is_duplicate_ack(in) && !owes_duplicate_ack(in) &&
           !tcb_has(from, TCB_CHALLENGED);
}

/* Perhaps a copy of an ACK that was seen before; an ACK that is due is none. */
static bool
may_be_ack_copy(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return is_duplicate_ack(in) && !tcb_has(from, TCB_CHALLENGED) &&
           (!seg->options.has_ts || seg->options.ts_val == from->ts_val);
}

/*
 * From before what its sender has sent since, as the network has held it: a bare ACK has the next
 * number (tcp_acceptable_seq), or as a probe the one before (RFC 9293 section 3.8.4).
 */
static bool
is_earlier_ack(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return in->seg_end == seg->seq && tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) &&
           seq_before(seg->seq + 1, from->snd_nxt) && seg->ack == from->rcv_acked &&
           !has_newer_timestamp(in);
}

/*
 * It lacks the FIN alone, which was sent again since the hole was filled, and so lately that the
 * ACK had left before: that FIN is there, whatever became of the one before.
 */
static bool
crosses_repeated_fin(const struct inference *in)
{
    const struct tcb *to = in->to;

    return tcb_has(to, TCB_FIN_SENT) && in->seg->ack == to->fin_end - 1 &&
           to->fin_sent_ns > tcb_rare(in->from)->refilled_ns &&
           may_have_crossed(in, to->fin_sent_ns);
}

/*
 * It acknowledges what filled the hole, and not all that had been captured behind it before: with
 * that delivered, the ACK of it would have covered it all (RFC 5681 section 4.2). What filled it
 * was sent again, not captured late: it came after the rest could have been answered.
 */
static bool
lacks_beyond_refill(const struct inference *in)
{
    const struct tcb_rare *rare = tcb_rare(in->from);
    int64_t response_ns = in->from->response_us * NS_PER_US;

    return rare->refilled_ns != 0 && seq_after(in->seg->ack, rare->refilled_at) &&
           seq_before(in->seg->ack, rare->refilled_end) && response_ns > 0 &&
           rare->refilled_ns - in->to->sent_ns > 2 * response_ns && !crosses_repeated_fin(in);
}

/*
 * It has what filled a hole last, or the FIN that followed that: what it lacks was not on its way.
 */
static bool
has_last_refill(const struct inference *in)
{
    const struct tcb_rare *rare = tcb_rare(in->from);
    const struct tcp_options *options = &in->seg->options;
    bool is_fin_younger = tcb_has(in->to, TCB_FIN_SENT) && in->to->fin_sent_ns == in->to->sent_ns &&
                          in->to->fin_sent_ns > rare->refilled_ns;

    if (rare->refilled_ns == 0)
        return false;
    if (!seq_before(in->seg->ack, rare->refilled_end))
        return true;
    for (uint32_t i = 0; i < options->sack_count; i++) {
        if (options->sack_right[i] == in->to->fin_end && is_fin_younger)
            return true;
        if (!seq_after(options->sack_left[i], rare->refilled_at) &&
            seq_after(options->sack_right[i], rare->refilled_at))
            return true;
    }
    return false;
}

/* When the byte that it asks for was last delivered to it. */
static int64_t
lacked_since_ns(const struct inference *in)
{
    const struct tcb_rare *rare = tcb_rare(in->from);

    return rare->before_fin_ns != 0 && seq_before(in->seg->ack, rare->before_fin_end)
               ? rare->before_fin_ns
               : in->from->delivered_ns;
}

bool
shows_loss(const struct inference *in)
{
    const struct tcb *from = in->from;
    int64_t since_ns = lacked_since_ns(in);

    if (lacks_beyond_refill(in))
        return true;
    if (shows_sack_hole(in) || (is_duplicate_without_sack(in) &&
                                /* and not sent before what it does not acknowledge */
                                undelayed_ns(in) >= since_ns))
        return has_last_refill(in) || !may_have_crossed(in, tcb_rare(from)->refilled_ns);
    return !may_be_ack_copy(in) && !may_lack_when_sending(in, since_ns) && !is_earlier_ack(in);
}
