/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a RST was made by the endpoint that it names. A stack resets by its own decision with its
 * next number and what its other segments have; or it answers a segment that it has no socket for,
 * with that segment's ACK number and nothing else (RFC 9293 section 3.5.2; Linux:
 * tcp_send_active_reset, tcp_v4_send_reset). Somebody else in between has to guess, or to copy, all
 * of it.
 */
#include "inference.h"
#include "seq.h"

#include <stddef.h>

enum {
    WINDOW_GROWTH_MAX = 4,    /* between two segments */
    ONE_SEGMENT_BYTES = 1460, /* on Ethernet */
    ANSWER_FACTOR = 4         /* of the quickest one */
};

#define ANSWER_MIN_NS (2 * NS_PER_MS)
#define ANSWER_UNKNOWN_NS (200 * NS_PER_MS)

/* Its number is beyond all that was captured of its sender: it may have followed what was lost. */
static bool
may_follow_unseen(const struct tcb *from, const struct segment *seg)
{
    return
        /* an answer has an ACK number of its peer's, and no ACK flag: it cannot be beyond */
        (seg->flags & FLAG_ACK) && seq_after(seg->seq, from->snd_nxt) &&
        /* the sender's clock is on it, if it puts it on its segments */
        (!tcb_has(from, TCB_TS_IN_USE) ||
         (seg->options.has_ts && !seq_before(seg->options.ts_val, from->ts_val)));
}

bool
follows_repeated(const struct tcb *from, const struct segment *seg)
{
    const struct tcb_extra *extra = tcb_extra(from);

    return extra->has_repeated && seg->seq == extra->repeated_end;
}

/*
 * A number that no stack takes: one of its own decision has the sender's next, an answer has an ACK
 * number of its peer's, and some stacks take the number of their FIN.
 */
static bool
has_odd_number(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return
        /* its numbers are known, and its peer's ACKs are seen, */
        tcb_has(from, TCB_SND_KNOWN) && tcb_has(in->to, TCB_ACK_KNOWN) &&
        /* this is not the next one, */
        seg->seq != from->snd_nxt && !may_follow_unseen(from, seg) &&
        !follows_repeated(from, seg) &&
        /* nor what the peer has acknowledged, */
        !seq_between(seg->seq, from->iss + 1, in->to->rcv_acked) &&
        /* nor its FIN's */
        !(tcb_has(from, TCB_FIN_SENT) && seg->seq == from->fin_end - 1);
}

/*
 * A number that its kind of RST does not have, unless segments were reordered: what a decision
 * carries has not been acknowledged by a segment before it, and an answer carries the newest ACK
 * number of its peer (RFC 9293 section 3.5.2; Linux: tcp_acceptable_seq, tcp_v4_send_reset).
 */
static bool
has_old_number(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (!tcb_has(from, TCB_SND_KNOWN) || !tcb_has(to, TCB_ACK_KNOWN) || seg->seq == from->snd_nxt ||
        follows_repeated(from, seg))
        return false;
    return (seg->flags & FLAG_ACK) ? seq_before(seg->seq, to->rcv_acked)
                                   : seg->seq != to->rcv_acked;
}

/* While it has a socket; a closed port answers whatever comes, with whatever ACK number that has.
 */
static bool
has_impossible_number(const struct inference *in)
{
    return in->from->state != STATE_CLOSED && has_odd_number(in);
}

/* A closed port acknowledges the SYN that it answers: RFC 9293 section 3.10.7.1. */
static bool
is_no_refusal(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    return from->state == STATE_SYN_RECEIVED && !tcb_has(from, TCB_SND_KNOWN) &&
           (!(seg->flags & FLAG_ACK) ||
            !seq_between(seg->ack, from->rcv_nxt, seq_max(from->rcv_nxt, in->to->snd_nxt)));
}

static bool
has_other_ttl(const struct inference *in)
{
    return in->from->ttl != 0 && in->seg->ttl != 0 && in->seg->ttl != in->from->ttl;
}

/*
 * Linux answers without an identification, and without a window, but decides with both. Where
 * stacks answer with a window (BSD: tcp_respond), they do with an identification.
 */
static bool
lacks_ip_id(const struct inference *in)
{
    const struct segment *seg = in->seg;

    return ((seg->flags & FLAG_ACK) || seg->window != 0) && seg->ip_id == 0 && in->from->ip_id != 0;
}

/* RFC 7323 section 5.2: a RST may lack it; a stack that decides to reset sends it as ever. */
static bool
has_other_timestamp(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;

    if (seg->options.has_ts)
        return tcb_has(from, TCB_TS) && seq_before(seg->options.ts_val, from->ts_val);
    return (seg->flags & FLAG_ACK) && tcb_has(from, TCB_TS_IN_USE);
}

/* An answer offers no window; a decision the last one, which may have grown, but not shrunk. */
static bool
has_other_window(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct segment *seg = in->seg;
    uint32_t unit = 1U << from->window_shift;
    uint32_t window = (uint32_t)seg->window << from->window_shift;
    uint32_t last = from->rcv_edge - from->rcv_acked;

    if (seg->window == 0)
        return false;
    if (!(seg->flags & FLAG_ACK))
        return true;
    if (!tcb_has(from, TCB_ACK_KNOWN) || last == 0)
        return false;
    return window / WINDOW_GROWTH_MAX > last ||
           seq_before(seg->ack + window + unit, from->rcv_edge);
}

/* What its peer has sent and it has not acknowledged fits one segment. */
static bool
is_one_segment_unanswered(const struct inference *in)
{
    const struct tcb *from = in->from;
    uint32_t acked = tcb_has(from, TCB_ACK_KNOWN) ? from->rcv_acked : in->to->iss;

    return in->to->snd_nxt - acked <= ONE_SEGMENT_BYTES;
}

/* Sooner after the segment that it answers or acknowledges than half of the quickest answer yet. */
static bool
is_too_soon(const struct inference *in)
{
    const struct tcb *from = in->from;
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;

    if (from->response_us == 0 || !tcb_has(from, TCB_ACK_KNOWN) || !tcb_has(to, TCB_SND_KNOWN) ||
        to->snd_nxt == from->rcv_acked ||
        seg->time_ns - to->sent_ns >= (int64_t)from->response_us * NS_PER_US / 2)
        return false;
    if (seg->flags & FLAG_ACK)
        return seg->ack == to->snd_nxt;
    /* Of several, it may answer the first. */
    return seg->seq == to->rcv_acked && is_one_segment_unanswered(in);
}

/* Nobody answers a RST (RFC 9293 section 3.10.7.1), and it has acknowledged all that came before.
 */
static bool
answers_rst(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct tcb_extra *extra = tcb_extra(to);

    return extra->own_rst != RST_NONE && extra->own_rst_ns == in->newest.ns &&
           tcb_has(to, TCB_SND_KNOWN) && tcb_has(in->from, TCB_ACK_KNOWN) &&
           in->from->rcv_acked == to->snd_nxt;
}

/* An answer comes as soon as others that no application has a part in. */
static bool
is_unprovoked(const struct inference *in)
{
    int64_t latest_ns = ANSWER_UNKNOWN_NS;

    if (in->from->response_us > 0) {
        latest_ns = ANSWER_FACTOR * (int64_t)in->from->response_us * NS_PER_US;
        latest_ns = latest_ns > ANSWER_MIN_NS ? latest_ns : ANSWER_MIN_NS;
    }
    return !(in->seg->flags & FLAG_ACK) && in->newest.frame != 0 &&
           (in->seg->time_ns - in->newest.ns > latest_ns || answers_rst(in));
}

struct test {
    enum forgery_piece piece;
    bool (*is_there)(const struct inference *in);
};

static piece_set
find_pieces(const struct inference *in, const struct test *tests, size_t count)
{
    piece_set found = 0;

    for (size_t i = 0; i < count; i++) {
        if (tests[i].is_there(in))
            found |= piece_bit(tests[i].piece);
    }
    return found;
}

piece_set
signature_pieces(const struct inference *in)
{
    static const struct test tests[] = {
        {PIECE_TTL, has_other_ttl},
        {PIECE_IP_ID, lacks_ip_id},
        {PIECE_TIMESTAMP, has_other_timestamp},
        {PIECE_WINDOW, has_other_window},
    };

    return find_pieces(in, tests, sizeof(tests) / sizeof(tests[0]));
}

bool
fin_shows_forgery(const struct inference *in)
{
    const struct tcp_options *options = &in->seg->options;
    piece_set found = signature_pieces(in);

    /* RFC 7323 section 3.2: both SYNs had it, so each segment has it but a RST. */
    if (tcb_has(in->from, TCB_TS) && tcb_has(in->to, TCB_TS) && !options->has_ts &&
        !options->is_cut)
        found |= piece_bit(PIECE_TIMESTAMP);
    return pieces_show_forgery(found);
}

piece_set
forgery_pieces(const struct inference *in)
{
    static const struct test tests[] = {
        {PIECE_NUMBER, has_impossible_number},
        {PIECE_NUMBER, is_no_refusal},
        {PIECE_SPEED, is_too_soon},
        {PIECE_UNPROVOKED, is_unprovoked},
    };
    piece_set found =
        signature_pieces(in) | find_pieces(in, tests, sizeof(tests) / sizeof(tests[0]));

    if ((found != 0 && has_odd_number(in)) ||
        ((found & piece_bit(PIECE_WINDOW)) && has_old_number(in)))
        found |= piece_bit(PIECE_NUMBER);
    return found;
}

/* The newest segment of both is the peer's, as far as times tell. */
static bool
is_peers_newest(const struct inference *in)
{
    const struct tcb *to = in->to;

    return (tcb_has(to, TCB_SND_KNOWN) && to->sent_ns == in->newest.ns) ||
           (tcb_has(to, TCB_TS) && to->newest_ns == in->newest.ns);
}

uint32_t
answered_frame(const struct inference *in)
{
    const struct tcb *to = in->to;
    const struct segment *seg = in->seg;
    bool refuses = (seg->flags & FLAG_ACK) && to->state == STATE_SYN_SENT;
    bool answers = !(seg->flags & FLAG_ACK) && tcb_has(to, TCB_ACK_KNOWN) &&
                   seg->seq == to->rcv_acked && is_one_segment_unanswered(in);

    return is_peers_newest(in) && (refuses || answers) ? in->newest.frame : 0;
}
