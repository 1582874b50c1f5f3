/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Causes of streams that no RST ended. */
#include "cause_rules.h"
#include "course.h"
#include "pattern.h"
#include "role.h"
#include "units.h"

static const struct finding nothing = {.holds = false};

static struct finding
by_side(const struct inquiry *in, unsigned side, bool sure)
{
    return (struct finding){
        .holds = true,
        .sure = sure,
        .actor = side,
        .side = cause_side_of(in, side),
    };
}

static bool
has_both_fins(const struct inquiry *in)
{
    return in->memory->close.fin_frame[0] != 0 && in->memory->close.fin_frame[1] != 0;
}

/* ---- what the capture has ---- */

struct finding
find_no_connection_seen(const struct inquiry *in)
{
    if (in->memory->close.has_more_than_rsts || in->memory->close.has_syn)
        return nothing;
    return (struct finding){
        .holds = true,
        .side = CAUSE_BY_NONE,
        .frames = {in->outcome.first_frame, in->outcome.last_frame},
    };
}

/* A RST of that side's own decision is its end, whatever the other one did. */
struct finding
find_one_direction(const struct inquiry *in)
{
    if (in->outcome.directions == DIRECTIONS_BOTH || in->outcome.pattern == PATTERN_no_answer ||
        (in->rst && in->rst->origin == RST_DECISION))
        return nothing;
    return (struct finding){
        .holds = true,
        .actor = in->outcome.directions == DIRECTIONS_CLIENT ? role_side(in->stream, ROLE_CLIENT)
                                                             : role_side(in->stream, ROLE_SERVER),
        .side = CAUSE_BY_NONE,
        .frames = {in->outcome.first_frame, in->outcome.last_frame},
    };
}

struct finding
find_syn_unanswered(const struct inquiry *in)
{
    struct finding found;

    if (in->outcome.pattern != PATTERN_no_answer)
        return nothing;
    found = by_side(in, role_side(in->stream, ROLE_SERVER), true);
    found.frames[0] = in->outcome.first_frame;
    found.frames[1] = in->outcome.last_frame;
    return found;
}

/* ---- no answer ---- */

/* What the side has sent three times or more, and still waits for; NULL: nothing. */
static const struct unanswered *
waits_for(const struct inquiry *in, unsigned side)
{
    enum { SENT_MIN = 3 };
    const struct unanswered *known = memory_ending(in->memory)->unanswered[side];

    return known && known->count >= SENT_MIN && known->peer_frame == in->memory->last_frame[!side]
               ? known
               : NULL;
}

static struct finding
by_silence(const struct inquiry *in, unsigned silent, const struct unanswered *again)
{
    struct finding found = by_side(in, silent, true);

    found.frames[0] = again->first_frame;
    found.frames[1] = again->last_frame;
    return found;
}

struct finding
find_peer_vanished(const struct inquiry *in)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct unanswered *again = waits_for(in, side);

        /* The FIN of the other side is its last word. */
        if (again && !in->rst && in->memory->close.fin_frame[!side] == 0)
            return by_silence(in, !side, again);
    }
    return nothing;
}

/* Whether nothing came, or nothing was sent, nobody can see. */
struct finding
find_last_ack_lost(const struct inquiry *in)
{
    unsigned second = !in->memory->close.first_fin_side;
    const struct unanswered *again = waits_for(in, second);
    struct finding found;

    if (!again || !has_both_fins(in) || in->rst || again->repeat != REPEAT_FIN)
        return nothing;
    found = by_silence(in, !second, again);
    found.sure = false;
    found.side = CAUSE_BY_NETWORK;
    return found;
}

/* ---- who has not closed ---- */

static int64_t
alarm_ns(const struct inquiry *in)
{
    return in->stream->close_wait_alarm_s * NS_PER_S;
}

/* The longest visits to a state, by role. */
struct longest {
    enum tcp_state state;
    struct visit visit[ROLE_COUNT];
    bool was_in[ROLE_COUNT];
    bool proved[ROLE_COUNT];
};

static int64_t
length_ns(const struct visit *visit)
{
    return visit->to.ns - visit->from.ns;
}

static void
keep_longest(void *context, const struct visit *visit)
{
    struct longest *longest = (struct longest *)context;
    struct visit *known = &longest->visit[visit->role];

    if (visit->state != longest->state)
        return;
    longest->proved[visit->role] |= visit->proved;
    if (!longest->was_in[visit->role] || length_ns(visit) > length_ns(known))
        *known = *visit;
    longest->was_in[visit->role] = true;
}

static struct longest
longest_in(const struct inquiry *in, enum tcp_state state)
{
    struct longest longest = {.state = state};

    course_walk(in->course, in->end_ns, keep_longest, &longest);
    return longest;
}

/* One that sends now and then is at work: what counts is how long it did nothing. */
static bool
is_at_work(const struct inquiry *in, unsigned side, const struct visit *visit)
{
    int64_t pause_ns = memory_ending(in->memory)->pause_ns;

    if (memory_extra(in->memory)->half_close_bytes == 0)
        return false;
    if (visit->open)
        pause_ns = MAX(pause_ns, in->end_ns - in->stream->end[side].sent_ns);
    return pause_ns < alarm_ns(in);
}

/* There was time enough since the first FIN. */
static bool
is_alarm_possible(const struct inquiry *in)
{
    return in->memory->close.first_fin_frame != 0 &&
           in->end_ns - in->memory->close.begin_ns >= alarm_ns(in);
}

struct finding
find_application_did_not_close(const struct inquiry *in)
{
    struct longest longest;

    if (!is_alarm_possible(in))
        return nothing;
    longest = longest_in(in, STATE_CLOSE_WAIT);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        const struct visit *visit = &longest.visit[role];
        unsigned side = role_side(in->stream, (enum role)role);
        struct finding found = by_side(in, side, true);

        if (!longest.was_in[role] || !visit->proved || length_ns(visit) < alarm_ns(in) ||
            is_at_work(in, side, visit))
            continue;
        found.frames[0] = in->memory->close.fin_frame[!side];
        found.frames[1] = in->memory->close.fin_acked_frame[!side];
        found.frames[2] = in->memory->close.fin_frame[side];
        found.look_frame = visit->from.frame;
        return found;
    }
    return nothing;
}

struct finding
find_peer_never_closed(const struct inquiry *in)
{
    struct longest closer;
    struct longest peer;

    if (!is_alarm_possible(in))
        return nothing;
    closer = longest_in(in, STATE_FIN_WAIT_2);
    peer = longest_in(in, STATE_CLOSE_WAIT);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        const struct visit *visit = &closer.visit[role];
        enum role other = role_peer((enum role)role);
        struct finding found = by_side(in, role_side(in->stream, other), false);

        if (!closer.was_in[role] || !visit->open || peer.proved[other] ||
            length_ns(visit) < alarm_ns(in))
            continue;
        found.frames[0] = in->memory->close.first_fin_frame;
        return found;
    }
    return nothing;
}

/* ---- closes ---- */

static struct finding
by_closer(const struct inquiry *in, bool sure)
{
    const struct close_facts *close = &in->memory->close;
    struct finding found = by_side(in, close->first_fin_side, sure);

    if (close->fins_crossed)
        found.side = CAUSE_BY_BOTH;
    found.frames[0] = close->first_fin_frame;
    return found;
}

struct finding
find_closed_without_reply(const struct inquiry *in)
{
    const struct close_facts *close = &in->memory->close;
    struct finding found;

    if (close->first_fin_frame == 0 || !close->peer_waits || close->was_aborted ||
        close->first_fin_side != role_side(in->stream, ROLE_SERVER))
        return nothing;
    found = by_closer(in, !in->stream->role_guessed);
    found.side = CAUSE_BY_SERVER;
    return found;
}

struct finding
find_idle_close(const struct inquiry *in)
{
    const struct close_facts *close = &in->memory->close;

    if (close->first_fin_frame == 0 || close->fin_has_payload || !close->all_acked ||
        close->idle_ns < SILENCE_NS || in->rst)
        return nothing;
    return by_closer(in, true);
}

struct finding
find_normal_close(const struct inquiry *in)
{
    const struct close_facts *close = &in->memory->close;
    struct finding found;

    if (close->first_fin_frame == 0 || !close->is_complete || in->rst)
        return nothing;
    found = by_closer(in, true);
    found.frames[1] = close->fin_frame[!close->first_fin_side];
    found.frames[2] = MAX(close->fin_acked_frame[0], close->fin_acked_frame[1]);
    return found;
}

/* The capture ended before the connection could. */
struct finding
find_open_at_end(const struct inquiry *in)
{
    bool is_under_way = in->end_ns - in->outcome.last_ns < NS_PER_S; /* RFC 6298: the first RTO */

    if (in->rst || in->fake || stream_newer(in->stream) || in->memory->close.is_complete)
        return nothing;
    if (in->outcome.pattern != PATTERN_open && in->outcome.pattern != PATTERN_half_closed &&
        !is_under_way)
        return nothing;
    return (struct finding){
        .holds = true,
        .sure = true,
        .side = CAUSE_BY_NONE,
        .frames = {in->outcome.last_frame},
    };
}
