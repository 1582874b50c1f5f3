/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Causes that a RST shows which answers a segment: its sender had no use for that. Linux:
 * tcp_v4_send_reset().
 */
#include "cause_rules.h"
#include "role.h"
#include "rst.h"
#include "units.h"

/*
 * So long an orphan stays in FIN_WAIT_2 at least: net.ipv4.tcp_fin_timeout and TCP_LINGER2 are
 * whole seconds, 60 unless they are set.
 */
#define ORPHAN_NS (60 * NS_PER_S)

static const struct finding nothing = {.holds = false};

/* It may still be in the middle of its connection. */
static bool
is_talking(enum tcp_state state)
{
    return state == STATE_ESTABLISHED || state == STATE_CLOSE_WAIT || state == STATE_FIN_WAIT_1 ||
           state == STATE_FIN_WAIT_2;
}

/* ---- when an answer is due ---- */

/* How much sooner or later than the quickest one seen an answer may come. */
#define ANSWER_NS NS_PER_MS

/* It came no later than an answer to what was captured at ns does. */
static bool
is_in_time(const struct rst_record *rst, int64_t ns)
{
    int64_t response_ns = rst->sender.response_us * NS_PER_US;

    if (response_ns > 0)
        return rst->time_ns - ns <= 2 * response_ns + ANSWER_NS;
    /* Had it been an answer to that, it would have come before the newest segment did. */
    return rst->late->heard_ns - ns <= MAX(rst->time_ns - rst->late->heard_ns, ANSWER_NS);
}

/* ---- the handshake ---- */

/* RFC 9293 section 3.10.7.1: nobody listens there. */
struct finding
find_refused(const struct inquiry *in)
{
    if (!in->rst || in->rst->origin != RST_SYN_ANSWER)
        return nothing;
    return cause_by_sender(in, true);
}

/* A connection has come of its sender's SYN, which the other side's new socket has answered. */
static bool
is_syn_taken_since(const struct inquiry *in)
{
    const struct transition_log *log = &in->memory->log;
    unsigned side = in->rst->side;
    bool answered = false;

    for (uint32_t i = log_find(log, in->rst->frame, UINT8_MAX) + 1; i < log->count; i++) {
        answered |= log->entries[i].side[!side].state == STATE_SYN_RECEIVED;
        if (answered && log->entries[i].side[side].state == STATE_ESTABLISHED)
            return true;
    }
    return false;
}

/*
 * RFC 5961 section 4.2: the socket of a connection that was captured got the SYN. Who was CLOSED
 * before would answer the challenge ACK in the same way, if the SYN were not its own.
 */
static bool
answers_challenge(const struct inquiry *in)
{
    const struct transition_log *log = &in->memory->log;
    const struct log_start start = stream_start(in->stream);
    const uint32_t frame = in->rst->answered_frame;
    const uint32_t index = log_find(log, frame, UINT8_MAX);

    return in->rst->is_stale && state_is_synchronized(start.state[in->rst->side]) &&
           index != LOG_NONE && log->entries[index].frame == frame &&
           (log->entries[index].events & event_bit(EVENT_challenge_ack));
}

/* RFC 9293 section 3.10.7.3, first: the other side's socket is of an old connection. */
struct finding
find_handshake_mismatch(const struct inquiry *in)
{
    struct finding found;

    if (!cause_is_answer(in) || in->rst->covers_syn || in->rst->sender_state != STATE_SYN_SENT)
        return nothing;
    /*
     * The SYN may be an old or a forged one, unless a connection comes of it, or an old socket that
     * was seen challenges it, and nobody forges RSTs; and what answers it, the last words of a
     * connection that has ended.
     */
    found = cause_by_sender(in, (is_syn_taken_since(in) || answers_challenge(in)) &&
                                    in->rst->receiver_state != STATE_CLOSED &&
                                    !rst_is_any_forged(in->stream));
    found.actor = !in->rst->side;
    found.side = cause_side_of(in, found.actor);
    return found;
}

/* It has sent nothing but its SYN-ACK, or nothing but its SYN. */
static bool
is_opening(const struct rst_record *rst)
{
    return !rst->sender.has_payload && !rst->sender.has_fin &&
           (rst->sender_state == STATE_SYN_RECEIVED ||
            (rst->sender_state == STATE_ESTABLISHED && !rst->sender.confirmed));
}

/*
 * Payload came behind the ACK that ended the handshake. The client has acknowledged nothing but the
 * SYN-ACK: it took that as long as its quickest ACK did.
 */
static bool
is_in_time_for_handshake(const struct rst_record *rst)
{
    return is_in_time(rst, rst->sender.sent_ns + rst->receiver.response_us * NS_PER_US);
}

/* It resets a connection that has just begun. */
static bool
is_soon_after_handshake(const struct rst_record *rst)
{
    return is_opening(rst) && rst->receiver.sent_ns - rst->sender.sent_ns < SILENCE_NS;
}

/*
 * tcp_check_req with tcp_abort_on_overflow; a listener that has gone away looks the same. What had
 * an ACK in peace, and payload only later, was accepted.
 */
struct finding
find_accept_overflow(const struct inquiry *in)
{
    /* To a socket of the connection before, it says that this one is gone. */
    if (!cause_is_answer(in) || in->rst->is_stale || !in->memory->close.has_syn ||
        !is_opening(in->rst) || in->rst->side == role_side(in->stream, ROLE_CLIENT))
        return nothing;
    if (in->rst->receiver.has_payload &&
        (in->course ? !is_soon_after_handshake(in->rst) : !is_in_time_for_handshake(in->rst)))
        return nothing;
    return cause_by_sender(in, false);
}

/* A client whose kernel knows nothing of its SYN, as of a scanner's, or that has gone away. */
static bool
is_reset_of_syn_ack(const struct inquiry *in)
{
    return cause_is_answer(in) && !in->rst->sender.has_answered &&
           in->rst->side == role_side(in->stream, ROLE_CLIENT);
}

/* A probe, a scan, a health check: nothing was said. */
struct finding
find_handshake_reset(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;

    if (!rst || !in->memory->close.has_syn || rst->side != role_side(in->stream, ROLE_CLIENT))
        return nothing;
    if (/* nothing was said, */
        rst->sender.has_payload || rst->receiver.has_payload || rst->sender.has_fin ||
        rst->receiver.has_fin ||
        /* but the server had answered */
        !rst->receiver.has_answered || (!cause_is_decision(in) && !is_reset_of_syn_ack(in)))
        return nothing;
    return cause_by_sender(in, !in->stream->role_guessed);
}

/* ---- a connection under two names ---- */

/*
 * A NAT has given a connection another address or port, or lets an answer through without
 * translating it back: whoever gets it has no such connection (RFC 5382 section 5 on mappings that
 * are gone).
 */
struct finding
find_nat_mismatch(const struct inquiry *in)
{
    uint32_t twin_frame = memory_rare(in->memory)->twin_frame;

    if (!cause_is_answer(in) || twin_frame == 0)
        return nothing;
    return (struct finding){
        .holds = true,
        .actor = !in->rst->side,
        .side = CAUSE_BY_NETWORK,
        .frames = {twin_frame, in->rst->answered_frame, in->rst->frame},
    };
}

/* A RST of that side's own came before this one: its socket was gone, or what the RST closed. */
static bool
has_reset_before(const struct inquiry *in, unsigned side)
{
    const struct resets *resets = &memory_extra(in->memory)->resets;

    for (unsigned i = 0; resets_record(resets, i) != in->rst; i++) {
        const struct rst_record *before = resets_record(resets, i);

        if (before->side == side && !pieces_show_forgery(before->pieces))
            return true;
    }
    return false;
}

/* ---- payload to one that has closed ---- */

/* Or rather to what came before: its way there and back was not over. */
static bool
is_too_soon(const struct rst_record *rst, int64_t ns)
{
    return rst->time_ns - ns + ANSWER_NS < rst->sender.response_us * NS_PER_US * 3 / 4;
}

/* Nothing else came that it may be the answer to, however long that took on a busy host. */
static bool
can_answer_payload_only(const struct rst_record *rst)
{
    return rst->late->heard_ns == rst->late->last_ns &&
           rst->time_ns - rst->late->last_ns < SILENCE_NS;
}

/*
 * Its sender had closed, and answers payload: tcp_rcv_state_process() with TCP_ABORT_ON_DATA,
 * tcp_timewait_state_process() of an orphan in FIN_WAIT_2.
 */
static bool
answers_late_payload(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;

    return cause_is_answer(in) && rst->sender.has_fin && rst->late->frame != 0 &&
           rst->decided_frame == 0 && rst->sender_state != STATE_CLOSED &&
           (is_in_time(rst, rst->late->last_ns) || can_answer_payload_only(rst));
}

/*
 * It has the number of that payload's ACK, and the payload came for the first time: an answer to it
 * that was lost would have been the end of the socket.
 */
static bool
is_first_answer(const struct rst_record *rst)
{
    return rst->seq == rst->late->ack && is_in_time(rst, rst->late->first_ns) &&
           !is_too_soon(rst, rst->late->first_ns);
}

/*
 * Nothing but that payload can have drawn it: no RST had closed the socket, what was not captured
 * of the payload's sender would be its FIN, and nothing came later. If something did, the answer to
 * the payload may be another RST; the payload ended the stream all the same.
 */
static bool
excludes_others(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;

    return is_first_answer(rst) && rst->receiver.is_known && !has_reset_before(in, !rst->side) &&
           (in->course || rst->late->heard_ns == rst->late->last_ns);
}

static struct finding
by_late_payload(const struct inquiry *in, bool sure)
{
    const struct rst_record *rst = in->rst;

    return (struct finding){
        .holds = true,
        .sure = sure && excludes_others(in),
        .actor = rst->side,
        .side = CAUSE_BY_BOTH,
        .frames = {in->memory->close.fin_frame[rst->side], rst->late->frame, rst->frame},
    };
}

/*
 * The other side was silent, and its payload crosses the FIN or comes after it: a connection of a
 * pool was used while it was being closed.
 */
struct finding
find_idle_close_race(const struct inquiry *in)
{
    const struct late_payload *late;
    struct finding found;

    if (!answers_late_payload(in) || in->rst->side != in->memory->close.first_fin_side)
        return nothing;
    late = in->rst->late;
    if (!late->is_new || late->is_alert)
        return nothing;
    if (late->silence_ns < SILENCE_NS &&
        /* or it is the next request, that had not seen the FIN when it was sent */
        (!late->covers_rest || late->is_before_fin || !in->memory->close.closer_spoke_last))
        return nothing;
    found = by_late_payload(in, late->may_cross_fin && !late->is_before_fin);
    found.look_frame = in->rst->frame;
    return found;
}

/*
 * It does not wait for the other side's FIN: the first ACK of its own, sent once, draws the RST
 * (tcp_rcv_state_process() with TCP_LINGER2 below 0). One that has just forgotten the connection
 * answers alike.
 */
static bool
answers_ack_of_fin(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;

    return cause_is_answer(in) && rst->sender.has_fin && rst->late->frame == 0 &&
           rst->decided_frame == 0 && rst->is_exact && rst->sender_state != STATE_CLOSED &&
           rst->answered_frame != 0 &&
           rst->answered_frame == in->memory->close.fin_acked_frame[rst->side] &&
           memory_extra(in->memory)->fin_retransmissions == 0;
}

/*
 * An orphan that has timed out answers in the same way, but later; and one whose application took
 * payload after the FIN may have gone in another way.
 */
struct finding
find_data_after_full_close(const struct inquiry *in)
{
    struct finding found;

    if (answers_late_payload(in))
        return by_late_payload(in, !in->rst->sender.reads_on &&
                                       in->rst->time_ns - in->memory->close.begin_ns < ORPHAN_NS);
    if (!answers_ack_of_fin(in))
        return nothing;
    found = cause_by_sender(in, false);
    found.frames[2] = in->memory->close.fin_frame[in->rst->side];
    return found;
}

/* ---- lost and ended connections ---- */

/* RFC 9293 section 3.10.7.1: in a connection by all accounts, it answers as a closed port does. */
struct finding
find_connection_lost(const struct inquiry *in)
{
    struct finding found;

    if (!cause_is_answer(in) || in->rst->decided_frame != 0 || !is_talking(in->rst->sender_state) ||
        !is_talking(in->rst->receiver_state) || is_reset_of_syn_ack(in))
        return nothing;
    /*
     * After its own FIN it may have ended by time: an orphan in FIN_WAIT_2; and one that has just
     * begun may never have been accepted.
     */
    found = cause_by_sender(in, in->rst->is_exact && !in->rst->sender.has_fin &&
                                    !is_soon_after_handshake(in->rst));
    found.look_frame = in->rst->frame;
    return found;
}

/*
 * Its socket may have been there still, closed by its application, and answer payload that it has
 * not acknowledged: its FIN need not have come, as it waits behind data. Of a stream before nobody
 * knows what was acknowledged.
 */
static bool
may_answer_payload(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;

    return rst->late->frame != 0 ||
           ((rst->is_stale || rst->receiver.lacks_ack) && !has_reset_before(in, rst->side));
}

/* Either end is gone as it should: by its FINs, or by a RST before. */
struct finding
find_stray_after_close(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;
    struct finding found;

    if (!cause_is_answer(in))
        return nothing;
    if (is_talking(rst->sender_state) && is_talking(rst->receiver_state) &&
        !is_reset_of_syn_ack(in))
        return nothing;
    /* Nor is it known how a socket ended in whose place another one is assumed. */
    found = cause_by_sender(in, !may_answer_payload(in) &&
                                    !(rst->is_stale && rst->sender_state == STATE_SYN_RECEIVED));
    found.side = CAUSE_BY_NONE;
    return found;
}
