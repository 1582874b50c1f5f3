/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Causes that a RST shows which its sender decided to send, of its own accord or because nothing
 * answered it any more; and the RST that its sender did not send. Linux: tcp_send_active_reset().
 */
#include "cause_rules.h"
#include "rst.h"
#include "units.h"

/* A retransmission timeout need not grow beyond that: RFC 6298 section 2.5. */
#define RTO_BOUND_NS (60 * NS_PER_S)

/* The shortest interval between two probes: net.ipv4.tcp_keepalive_intvl, with some room. */
#define PROBE_INTERVAL_NS (9 * NS_PER_S / 10)

static const struct finding nothing = {.holds = false};

/* ---- not its sender's ---- */

struct finding
find_middlebox_reset(const struct inquiry *in)
{
    const struct rst_record *rst = in->fake;

    if (!rst)
        return nothing;
    return (struct finding){
        .holds = true,
        .sure = true,
        .actor = rst->side,
        .side = CAUSE_BY_NETWORK,
        .frames = {rst->frame, rst->refuted_frame},
        .look_frame = rst->frame,
    };
}

/* ---- no answer ---- */

/* What its sender waited for in vain: the first and the last repeat, and the RST. */
static struct finding
by_silence(const struct inquiry *in, bool sure)
{
    const struct unanswered *unanswered = rst_unanswered(in->rst);
    unsigned silent = !in->rst->side;

    return (struct finding){
        .holds = true,
        .sure = sure,
        .actor = silent,
        .side = cause_side_of(in, silent),
        .frames = {unanswered->first_frame, unanswered->last_frame, in->rst->frame},
    };
}

static bool
is_about(int64_t ns, int64_t wanted_ns)
{
    return ns >= wanted_ns - wanted_ns / 10 && ns <= wanted_ns + wanted_ns / 10;
}

/*
 * It has probed before, and had an answer, which may have been lost. Intervals are whole seconds
 * (TCP_KEEPINTVL), and the longer a timer runs, the later it may fire (kernel/time/timer.c); of
 * one that runs for many seconds nothing can be said.
 */
static bool
is_due_after_probe(const struct rst_record *rst)
{
    int64_t gap_ns = rst->time_ns - rst_probed_ns(rst);
    int64_t late_ns = 50 * NS_PER_MS + gap_ns / 16;

    return rst_probed_ns(rst) != 0 && gap_ns >= NS_PER_S && late_ns < NS_PER_S / 2 &&
           gap_ns % NS_PER_S < late_ns;
}

/* tcp_keepalive_timer: the RST comes when the next probe would have been due. */
struct finding
find_keepalive_timeout(const struct inquiry *in)
{
    const struct unanswered *probes;
    int64_t gap_ns;

    if (!cause_is_decision(in))
        return nothing;
    if (rst_unanswered(in->rst)->repeat != REPEAT_PROBE)
        return is_due_after_probe(in->rst) ? by_silence(in, false) : nothing;
    probes = rst_unanswered(in->rst);
    gap_ns = in->rst->time_ns - probes->last_ns;
    if (probes->count == 1)
        return gap_ns >= PROBE_INTERVAL_NS ? by_silence(in, false) : nothing;
    return probes->is_even && is_about(gap_ns, probes->last_gap_ns) ? by_silence(in, true)
                                                                    : nothing;
}

/* Each gap is twice the one before: RFC 6298 section 5.5, up to a bound of 60 seconds or more. */
struct finding
find_retransmission_timeout(const struct inquiry *in)
{
    enum { SENT_MIN = 4 };
    const struct unanswered *again;
    int64_t gap_ns;

    if (!cause_is_decision(in) || rst_unanswered(in->rst)->count < SENT_MIN ||
        rst_unanswered(in->rst)->repeat == REPEAT_PROBE)
        return nothing;
    again = rst_unanswered(in->rst);
    gap_ns = in->rst->time_ns - again->last_ns;
    if (!again->is_growing || again->last_gap_ns < 2 * again->first_gap_ns ||
        (gap_ns < again->last_gap_ns * 3 / 2 && again->last_gap_ns < RTO_BOUND_NS))
        return nothing;
    /* When the next one was due, the stack gives up; else it may be the application. */
    return by_silence(
        in, is_about(gap_ns, 2 * again->last_gap_ns) ||
                (again->last_gap_ns >= RTO_BOUND_NS && is_about(gap_ns, again->last_gap_ns)));
}

/* ---- aborted ---- */

/* It has probed before, and nothing else since: the last probe may not have been captured. */
static bool
may_have_probed(const struct rst_record *rst)
{
    return rst_probed_ns(rst) != 0 && rst->time_ns - rst_probed_ns(rst) >= PROBE_INTERVAL_NS;
}

/* RFC 9293 section 3.10.5, or close() with unread data, RFC 2525 section 2.17. */
struct finding
find_abort(const struct inquiry *in)
{
    struct finding found;

    if (cause_is_decision(in)) {
        found = cause_by_sender(in, in->rst->is_exact && !may_have_probed(in->rst));
        found.frames[0] = 0; /* it answers nothing */
        return found;
    }
    /* It had aborted before, in a RST that was not taken: this one answers for the same end. */
    if (!cause_is_answer(in) || in->rst->decided_frame == 0 || !in->course)
        return nothing;
    found = cause_by_sender(in, true);
    found.frames[2] = in->rst->decided_frame;
    return found;
}
