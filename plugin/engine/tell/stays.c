/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stays.h"

#include <string.h>

#define IN(state) (1U << STATE_##state)

#define OF_OLD_SOCKET                                                                   \
    (IN(ESTABLISHED) | IN(FIN_WAIT_1) | IN(FIN_WAIT_2) | IN(CLOSE_WAIT) | IN(CLOSING) | \
     IN(LAST_ACK) | IN(TIME_WAIT))

/* By reason: the states that did not happen, if they are the newest of the side. */
static const uint32_t refuted_by[REASON_COUNT] = {
    /* The SYN again: no answer has reached it. The SYN-ACK again: no ACK of it has. */
    [REASON_SENT_SYN_AGAIN] = IN(SYN_RECEIVED) | IN(ESTABLISHED) | IN(CLOSE_WAIT),
    [REASON_SENT_SYN_ACK_AGAIN] = IN(ESTABLISHED) | IN(CLOSE_WAIT),
    /* The FIN again: the ACK of it has not reached it. */
    [REASON_SENT_FIN_AGAIN] = IN(FIN_WAIT_2) | IN(TIME_WAIT) | IN(CLOSED),
    /* Its ACK number does not cover the peer's FIN; and who says that is alive. */
    [REASON_FIN_NOT_RECEIVED] = IN(CLOSE_WAIT) | IN(CLOSING) | IN(TIME_WAIT) | IN(CLOSED),
    [REASON_SENT_ACK_OF_FIN] = IN(CLOSED),
    [REASON_SENT_FIN_UNCOVERED] = IN(CLOSE_WAIT),
    [REASON_SENT_FIN_BEFORE] = IN(CLOSE_WAIT),
    /* Its RST does not cover the FIN either. */
    [REASON_SENT_RST_WITHOUT_FIN] = IN(CLOSE_WAIT) | IN(CLOSING) | IN(TIME_WAIT),
    /* Neither the ACK of its FIN had reached it, nor the FIN of a peer that it resets. */
    [REASON_SENT_RST_BEFORE_ACK] = IN(FIN_WAIT_2) | IN(CLOSING) | IN(TIME_WAIT),
    /* The FIN was not its own, and nothing that followed from it. */
    [REASON_SENT_WITHOUT_FIN] =
        IN(FIN_WAIT_1) | IN(FIN_WAIT_2) | IN(CLOSING) | IN(LAST_ACK) | IN(TIME_WAIT) | IN(CLOSED),
    /* The RST was not its own, or was not taken. */
    [REASON_RST_NOT_TAKEN] = IN(CLOSED),
};

void
stays_init(struct stays *stays)
{
    stays->item = stays->few;
    stays->capacity = STAYS_INLINE;
    stays_restart(stays);
}

void
stays_restart(struct stays *stays)
{
    stays->count = 0;
    stays->quickest_ns = INT64_MAX;
    stays->peer_fin_again = 0;
    stays->peer_has_fin = (struct instant){0};
}

void
stays_clear(struct stays *stays)
{
    if (stays->item != stays->few)
        g_free(stays->item);
}

struct stay *
stays_newest(struct stays *stays)
{
    return &stays->item[stays->count - 1];
}

/*
 * Takes out what the reason refutes; returns since when the newest of it was thought to be. The
 * first stay was something else instead.
 */
static struct instant
take_out(struct stays *stays, uint32_t refuted, enum tcp_state instead, struct instant now)
{
    struct stay *stay = stays_newest(stays);
    struct instant since = refuted & (1U << stay->state) ? stay->from : now;

    for (; refuted & (1U << stay->state) && stays->count > 1; stay = stays_newest(stays))
        stays->count--;
    if (refuted & (1U << stay->state)) {
        stay->state = instead;
        stay->proved = false;
    }
    return since;
}

static void
make_room(struct stays *stays)
{
    const struct stay *few = stays->item == stays->few ? stays->few : NULL;

    stays->capacity *= 2;
    stays->item = g_renew(struct stay, few ? NULL : stays->item, stays->capacity);
    if (few)
        memcpy(stays->item, few, sizeof(stays->few));
}

void
stays_begin(struct stays *stays, enum tcp_state state, struct instant from, bool proved)
{
    if (stays->count == stays->capacity)
        make_room(stays);
    stays->item[stays->count++] = (struct stay){.from = from, .state = state, .proved = proved};
}

/* Who has sent no FIN was in none of these. */
static uint32_t
follow_fin(enum tcp_state state)
{
    const uint32_t without_fin = IN(ESTABLISHED) | IN(CLOSE_WAIT);

    return without_fin & (1U << state) ? IN(FIN_WAIT_1) | IN(FIN_WAIT_2) | IN(CLOSING) : 0;
}

/*
 * TIME_WAIT sends no RST. A socket that answers with one what came with the peer's FIN was an
 * orphan in FIN_WAIT_2 all the time (tcp_timewait_state_process).
 */
static uint32_t
refuted(enum reason reason, enum tcp_state state, const struct stay *stay, bool has_spoken)
{
    /* It begins with a SYN-ACK: the socket that was known before had died without a word. */
    if (reason == REASON_SENT_SYN_ACK && !has_spoken)
        return OF_OLD_SOCKET;
    if (reason == REASON_SENT_RST && !stay->proved)
        return IN(TIME_WAIT);
    /* Its FIN would have led from CLOSE_WAIT to LAST_ACK. */
    if (reason == REASON_SENT_FIN && state == STATE_FIN_WAIT_1)
        return IN(CLOSE_WAIT);
    /* Its FIN again, without an ACK of the peer's: it has received neither. */
    if (reason == REASON_SENT_FIN_AGAIN && state == STATE_FIN_WAIT_1)
        return refuted_by[reason] | IN(CLOSING);
    return refuted_by[reason] | follow_fin(state);
}

/* Where a side was that has not received the FIN. */
static const enum tcp_state without[STATE_COUNT] = {
    [STATE_CLOSE_WAIT] = STATE_ESTABLISHED,
    [STATE_CLOSING] = STATE_FIN_WAIT_1,
    [STATE_TIME_WAIT] = STATE_FIN_WAIT_2,
    [STATE_FIN_WAIT_2] = STATE_FIN_WAIT_1, /* nor the ACK of its own */
};

/* What it sends then begins the next state, whatever was refuted. */
static bool
begins_state(enum reason reason)
{
    return reason == REASON_SENT_RST || reason == REASON_SENT_RST_WITHOUT_FIN ||
           reason == REASON_SENT_RST_BEFORE_ACK || reason == REASON_SENT_FIN;
}

/*
 * What its own segment proves of the states before: who sends a FIN in LAST_ACK was in CLOSE_WAIT,
 * and who is in CLOSE_WAIT was ESTABLISHED.
 */
static void
prove_before(struct stays *stays)
{
    static const enum tcp_state chain[] = {STATE_LAST_ACK, STATE_CLOSE_WAIT, STATE_ESTABLISHED};
    unsigned at = stays_newest(stays)->state == STATE_CLOSE_WAIT;

    for (unsigned i = stays->count - 1; i > 0 && at + 1 < G_N_ELEMENTS(chain); i--, at++) {
        struct stay *stay = &stays->item[i];

        if (stay->state != chain[at] || !stay->proved || stay[-1].state != chain[at + 1])
            return;
        stay[-1].proved = true;
    }
}

/* Who is in a state that follows FIN_WAIT_1 was there. */
static void
prove_fin_wait_1(struct stays *stays)
{
    const uint32_t follows = IN(FIN_WAIT_2) | IN(CLOSING) | IN(TIME_WAIT);

    if (!stays_newest(stays)->proved)
        return;
    for (unsigned i = stays->count - 1; i > 0; i--) {
        struct stay *stay = &stays->item[i];

        if (!(follows & (1U << stay->state)))
            return;
        if (stay[-1].state == STATE_FIN_WAIT_1)
            stay[-1].proved = true;
    }
}

/*
 * Its first ACK of the peer's FIN, captured when it was thought to be further: in CLOSED by a RST
 * that the ACK crossed, or in TIME_WAIT, which follows CLOSING. It does if the ACK was sent before
 * that of its own FIN can have arrived. Else the peer's FIN may have come behind that, or only when
 * it was sent again, and FIN_WAIT_2 been before TIME_WAIT.
 */
static void
prove_crossed(struct stays *stays, int64_t time_ns)
{
    const struct stay *now = stays_newest(stays);
    const uint32_t had_fin = now->state == STATE_CLOSED      ? IN(CLOSE_WAIT) | IN(CLOSING)
                             : now->state == STATE_TIME_WAIT ? IN(CLOSING)
                                                             : 0;
    struct stay *before = stays->count > 1 ? stays_newest(stays) - 1 : NULL;

    if (before && had_fin & (1U << before->state) &&
        (now->state == STATE_CLOSED ||
         (stays->peer_fin_again <= now->from.frame && time_ns - now->from.ns < stays->quickest_ns)))
        before->proved = true;
}

/* Here it shows the state that it came to by a segment of the peer: so soon it has responded. */
static void
note_response(struct stays *stays, struct instant now)
{
    const struct stay *newest = stays_newest(stays);

    if (newest->from.frame != now.frame)
        stays->quickest_ns = MIN(stays->quickest_ns, now.ns - newest->from.ns);
}

/*
 * Its FIN, sent before it had the peer's, is captured when a RST has closed it: a dead socket sends
 * no FIN, so the FINs had crossed before the RST came.
 */
static void
cross_before_end(struct stays *stays)
{
    struct stay *before = stays->count > 1 ? stays_newest(stays) - 1 : NULL;
    const struct stay closed = *stays_newest(stays);

    if (!before || closed.state != STATE_CLOSED || before->state != STATE_CLOSE_WAIT)
        return;
    before->state = STATE_FIN_WAIT_1;
    before->proved = true;
    *stays_newest(stays) = (struct stay){.from = before->from, .state = STATE_CLOSING};
    stays_begin(stays, STATE_CLOSED, closed.from, closed.proved);
}

/*
 * Its FIN is captured behind the RST that closed it: a dead socket sends none, so it had closed
 * before the RST reached it. How long before does not show. If this is what covers the peer's FIN,
 * it was in CLOSE_WAIT, unless it has sent the FIN before that came, too.
 */
static void
close_before_end(struct stays *stays, bool covers_fin)
{
    struct stay *before = stays->count > 1 ? stays_newest(stays) - 1 : NULL;
    const struct stay closed = *stays_newest(stays);
    enum tcp_state state = STATE_FIN_WAIT_1;

    if (!before || closed.state != STATE_CLOSED)
        return;
    if (before->state == STATE_CLOSE_WAIT)
        state = STATE_LAST_ACK;
    else if (before->state != STATE_ESTABLISHED && before->state != STATE_SYN_RECEIVED)
        return;
    before->proved = true;
    stays->count--;
    if (covers_fin && state == STATE_FIN_WAIT_1) {
        stays_begin(stays, STATE_CLOSE_WAIT, closed.from, false);
        stays_begin(stays, STATE_LAST_ACK, closed.from, false);
    } else {
        stays_begin(stays, state, closed.from, true);
    }
    stays_begin(stays, STATE_CLOSED, closed.from, closed.proved);
    stays_newest(stays)->unseen = true;
}

/*
 * It sends its FIN where it was thought to have sent one, or to be dead: that FIN was not its own,
 * and nothing that followed from it; no RST has closed it. The peer's FIN has reached it.
 */
static void
take_fin_back(struct stays *stays, enum tcp_state state, struct instant now)
{
    const uint32_t followed = refuted_by[REASON_SENT_WITHOUT_FIN];
    struct instant since;

    if (stays->count == 1 || !(followed & (1U << stays_newest(stays)->state)))
        return;
    since = take_out(stays, followed, STATE_ESTABLISHED, now);
    if (state == STATE_LAST_ACK && stays_newest(stays)->state == STATE_ESTABLISHED)
        stays_begin(stays, STATE_CLOSE_WAIT, since, false);
}

/* Where a side was whose FIN has led to the state; STATE_CLOSED: none has. */
static const enum tcp_state before_fin[STATE_COUNT] = {
    [STATE_FIN_WAIT_1] = STATE_ESTABLISHED,
    [STATE_CLOSING] = STATE_ESTABLISHED, /* by way of FIN_WAIT_1 */
    [STATE_LAST_ACK] = STATE_CLOSE_WAIT,
};

/* What leads from the one to the other took place behind the SYN. */
static bool
has_gone_on(enum tcp_state former, enum tcp_state state)
{
    static const uint32_t next[STATE_COUNT] = {
        [STATE_ESTABLISHED] = IN(CLOSE_WAIT),
        [STATE_FIN_WAIT_1] = IN(FIN_WAIT_2) | IN(CLOSING) | IN(TIME_WAIT),
        [STATE_FIN_WAIT_2] = IN(TIME_WAIT),
        [STATE_CLOSING] = IN(TIME_WAIT),
    };

    return (next[former] & (1U << state)) != 0;
}

/* From there to the state, by way of FIN_WAIT_2 if its FIN was acknowledged first. */
static struct instant
go_on(struct stays *stays, enum tcp_state state, struct instant now)
{
    const bool is_acked = stays->former == STATE_FIN_WAIT_1 && stays->peer_has_fin.frame != 0;

    take_out(stays, UINT32_MAX, stays->former, now);
    stays_newest(stays)->proved = stays->former_proved;
    if (is_acked && state == STATE_TIME_WAIT)
        stays_begin(stays, STATE_FIN_WAIT_2, stays->peer_has_fin, false);
    return is_acked && state == STATE_FIN_WAIT_2 ? stays->peer_has_fin : now;
}

/*
 * The SYN was not its own: it has been in the state all the time, or come to it from the one before
 * the SYN, which shows now. If the state is of the FIN which it sends now, it was in the one before
 * that, and this one begins.
 */
static struct instant
take_syn_back(struct stays *stays, enum tcp_state state, bool sends_fin, struct instant now)
{
    const enum tcp_state before = sends_fin ? before_fin[state] : STATE_CLOSED;

    if (before == STATE_CLOSED && has_gone_on(stays->former, state))
        return go_on(stays, state, now);
    if (before == STATE_CLOSED)
        return take_out(stays, UINT32_MAX, state, now);
    take_out(stays, UINT32_MAX, before, now);
    if (state == STATE_CLOSING)
        stays_begin(stays, STATE_FIN_WAIT_1, now, true);
    return now;
}

static void
change_state(struct stays *stays, const struct log_side *side, struct instant now, bool has_spoken,
             bool sends_fin)
{
    const enum reason reason = (enum reason)side->reason;
    const enum tcp_state state = (enum tcp_state)side->state;
    const uint32_t states = refuted(reason, state, stays_newest(stays), has_spoken);
    struct instant since = now;

    if (reason == REASON_SENT_FIN)
        take_fin_back(stays, state, now);
    if (begins_state(reason)) {
        take_out(stays, states, without[stays_newest(stays)->state], now);
    } else if (reason == REASON_SENT_FIN_UNCOVERED || reason == REASON_SENT_FIN_BEFORE) {
        /* The FINs crossed: its own came first, and then, in no time that shows, the peer's. */
        take_out(stays, states, STATE_ESTABLISHED, now);
        stays_begin(stays, STATE_FIN_WAIT_1, now, sends_fin);
    } else if (reason == REASON_FORMER_SOCKET_TALKS) {
        since = take_syn_back(stays, state, sends_fin, now);
    } else {
        since = take_out(stays, states, state, now);
    }
    if (stays_newest(stays)->state != state)
        stays_begin(stays, state, since, side->confirmed);
    stays_newest(stays)->unseen = reason == REASON_TWO_MSL;
}

/* The SYN that began the stream had not replaced it: the first it says is its FIN, or the SYN was
 * nobody's. */
static void
prove_former(struct stays *stays)
{
    struct stay *first = stays->item;

    if (stays->count == 1 && first->state == stays->former)
        first->proved |= stays->former_proved;
}

void
stays_take_entry(struct stays *stays, const struct log_entry *entry, unsigned side,
                 struct instant now, bool has_spoken)
{
    const struct log_side *told = &entry->side[side];
    const bool is_sender = entry->sender == side;
    const struct log_side *other = &entry->side[!side];
    bool is_shown;

    if (is_sender ? entry->has_fin : other->changed && other->reason == REASON_FORMER_SOCKET_TALKS)
        prove_former(stays);
    if (told->changed)
        change_state(stays, told, now, has_spoken, is_sender && entry->has_fin);
    is_shown = told->confirmed && !stays_newest(stays)->proved;
    stays_newest(stays)->proved |= told->confirmed;
    if (is_sender && entry->events & event_bit(EVENT_simultaneous_close))
        cross_before_end(stays);
    if (is_sender && entry->has_fin)
        close_before_end(stays, (entry->events & event_bit(EVENT_fin_ack)) != 0);
    if (is_sender && entry->events & event_bit(EVENT_fin_ack))
        prove_crossed(stays, now.ns);
    if (is_sender && is_shown)
        note_response(stays, now);
    prove_before(stays);
    prove_fin_wait_1(stays);
    if (stays->peer_has_fin.frame == 0 && other->state == STATE_CLOSE_WAIT && other->confirmed)
        stays->peer_has_fin = now;
    if (!is_sender && entry->events & event_bit(EVENT_fin_retransmission))
        stays->peer_fin_again = entry->frame;
}
