/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timing.h"

#include "seq.h"

/*
 * What crosses on the way is seen within a round trip; twice that is taken, and never less than
 * BURST_NS. This much where no round trip was seen.
 */
#define CROSSING_UNKNOWN_NS (200 * NS_PER_MS)
/*
 * What an application sends leaves with the RCV.NXT of that moment (tcp_select_window), and is no
 * part of a burst of ACKs: only a send that is being copied keeps a FIN waiting in the backlog, for
 * 16 segments at most (tcp_sendmsg_locked, sk_flush_backlog).
 */
#define CROSSING_BACKLOG_NS (NS_PER_MS / 5)

/*
 * A timestamp ticks once a millisecond: Linux, FreeBSD, macOS, Windows; RFC 7323 section 5.4 allows
 * no faster clock.
 */
int64_t
undelayed_ns(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    int64_t ns;

    if (!tcb_has(from, TCB_TS) || !seg->options.has_ts)
        return seg->time_ns;
    ns = from->newest_ns + (int64_t)(seg->options.ts_val - from->ts_val + 1) * NS_PER_MS;
    return ns < seg->time_ns ? ns : seg->time_ns;
}

bool
has_newer_timestamp(const struct inference *in)
{
    return tcb_has(in->from, TCB_TS) && in->seg->options.has_ts &&
           seq_after(in->seg->options.ts_val, in->from->ts_val);
}

int64_t
ticked_ns(const struct tcb *tcb, uint32_t ts_val)
{
    return tcb->newest_ns + (int64_t)(ts_val - tcb->ts_val - 1) * NS_PER_MS;
}

int64_t
earliest_ns(const struct inference *in)
{
    return has_newer_timestamp(in) ? ticked_ns(in->from, in->seg->options.ts_val) : INT64_MIN;
}

bool
is_sent_since(const struct inference *in, int64_t since_ns)
{
    int64_t sent_ns = earliest_ns(in);

    return in->from->newest_ns <= since_ns && sent_ns > since_ns && sent_ns <= in->seg->time_ns;
}

int64_t
due_ns(const struct inference *in)
{
    const int64_t ns = in->seg->time_ns;
    const int64_t sent_ns = earliest_ns(in);

    /* What is far off is another clock's. */
    return sent_ns > ns && sent_ns - ns < NS_PER_S ? sent_ns : ns;
}

enum clock
clock_of(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    int64_t passed_ns = seg->time_ns - from->newest_ns;

    if (!tcb_has(from, TCB_TS) || !seg->options.has_ts || passed_ns < REORDER_NS)
        return CLOCK_UNKNOWN;
    if (seq_before(seg->options.ts_val, from->ts_val) ||
        undelayed_ns(in) - from->newest_ns < passed_ns / 2)
        return CLOCK_STANDS;
    return CLOCK_RUNS;
}

static int64_t
crossing_window_ns(const struct inference *in, int64_t min_ns)
{
    int64_t window_ns = 2 * (int64_t)in->from->response_us * NS_PER_US;

    if (in->from->response_us == 0)
        return CROSSING_UNKNOWN_NS;
    return window_ns < min_ns ? min_ns : window_ns;
}

static bool
is_sent_within(const struct inference *in, int64_t since_ns, int64_t min_ns)
{
    return undelayed_ns(in) - since_ns < crossing_window_ns(in, min_ns);
}

bool
may_have_crossed(const struct inference *in, int64_t since_ns)
{
    return is_sent_within(in, since_ns, REORDER_NS);
}

bool
is_sent_beyond_crossing(const struct inference *in, int64_t since_ns)
{
    return has_newer_timestamp(in) &&
           earliest_ns(in) - since_ns >= crossing_window_ns(in, BURST_NS);
}

bool
is_captured_within_crossing(const struct inference *in, int64_t since_ns)
{
    return in->seg->time_ns - since_ns < crossing_window_ns(in, REORDER_NS);
}

bool
may_lack(const struct inference *in, int64_t since_ns)
{
    const struct tcb *from = in->from;
    bool is_news = tcb_has(from, TCB_ACK_KNOWN) && seq_after(in->seg->ack, from->rcv_acked);

    return is_sent_within(in, since_ns, is_news ? REORDER_NS : BURST_NS);
}

bool
may_lack_when_sending(const struct inference *in, int64_t since_ns)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    bool is_unasked =
        seg->len > 0 && !(seg->flags & FLAG_FIN) && tcb_has(from, TCB_SND_KNOWN | TCB_ACK_KNOWN) &&
        seq_after(seg->seq + seg->len, from->snd_nxt) && !seq_after(seg->ack, from->rcv_acked);

    return is_unasked ? is_sent_within(in, since_ns, CROSSING_BACKLOG_NS) : may_lack(in, since_ns);
}
