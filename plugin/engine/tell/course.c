/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the transition log are replayed. Each change of a state is a visit more, unless
 * its reason takes back what was assumed: then the visits that it refutes are taken out.
 */
#include "course.h"

#include <string.h>

#include "append.h"
#include "role.h"
#include "stream.h"

/* The beginning of a visit; it ends where the next one of its side begins. */
struct stay {
    struct instant from;
    enum tcp_state state;
    bool proved;
    bool by_clock; /* it began by time, without a segment */
};

enum { STAYS_INLINE = 8 }; /* most sides have fewer */

/* Of a side, in their order. */
struct stays {
    struct stay *item; /* few, or owned */
    unsigned count;
    unsigned capacity;
    struct stay few[STAYS_INLINE];
};

struct course {
    const struct stream *stream;
    uint32_t next; /* the entry of the log that comes next */
    struct stays stays[2];
    GString *paths;  /* the same in one word: side 0's, and behind its end side 1's */
    gsize path[2];   /* where each begins */
    unsigned spoken; /* a bit a side: it has sent something */
};

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
    /* Its ACK number does not cover the peer's FIN. */
    [REASON_FIN_NOT_RECEIVED] = IN(CLOSE_WAIT) | IN(CLOSING) | IN(TIME_WAIT),
    [REASON_SENT_FIN_UNCOVERED] = IN(CLOSE_WAIT),
    [REASON_SENT_FIN_BEFORE] = IN(CLOSE_WAIT),
    /* Its RST does not cover the FIN either. */
    [REASON_SENT_RST_WITHOUT_FIN] = IN(CLOSE_WAIT) | IN(CLOSING) | IN(TIME_WAIT),
    /* The FIN was not its own, and nothing that followed from it. */
    [REASON_SENT_WITHOUT_FIN] =
        IN(FIN_WAIT_1) | IN(FIN_WAIT_2) | IN(CLOSING) | IN(LAST_ACK) | IN(TIME_WAIT) | IN(CLOSED),
    /* The RST was not its own, or was not taken. */
    [REASON_RST_NOT_TAKEN] = IN(CLOSED),
    /* The SYN was not its own, and nothing that followed from it. */
    [REASON_FORMER_SOCKET_TALKS] = UINT32_MAX,
};

enum { PATHS_USUAL = 160 }; /* bytes: of a connection that opens and closes, and both endpoints */

struct course *
course_new(const struct stream *stream)
{
    struct course *course = g_new0(struct course, 1);

    course->stream = stream;
    for (unsigned side = 0; side < 2; side++) {
        course->stays[side].item = course->stays[side].few;
        course->stays[side].capacity = STAYS_INLINE;
    }
    course->paths = g_string_sized_new(PATHS_USUAL);
    course_advance(course);
    return course;
}

void
course_restart(struct course *course, const struct stream *stream)
{
    course->stream = stream;
    course->next = 0;
    course->stays[0].count = 0;
    course->stays[1].count = 0;
    course->path[0] = course->path[1] = 0;
    g_string_truncate(course->paths, 0);
    course_advance(course);
}

void
course_free(struct course *course)
{
    if (!course)
        return;
    for (unsigned side = 0; side < 2; side++) {
        if (course->stays[side].item != course->stays[side].few)
            g_free(course->stays[side].item);
    }
    g_string_free(course->paths, TRUE);
    g_free(course);
}

/* ---- making it ---- */

static struct stay *
newest(struct stays *stays)
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
    struct stay *stay = newest(stays);
    struct instant since = refuted & (1U << stay->state) ? stay->from : now;

    for (; refuted & (1U << stay->state) && stays->count > 1; stay = newest(stays))
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

static void
begin_stay(struct stays *stays, enum tcp_state state, struct instant from, bool proved)
{
    if (stays->count == stays->capacity)
        make_room(stays);
    stays->item[stays->count++] = (struct stay){.from = from, .state = state, .proved = proved};
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
    return refuted_by[reason];
}

/* Where a side was that has not received the FIN. */
static const enum tcp_state without[STATE_COUNT] = {
    [STATE_CLOSE_WAIT] = STATE_ESTABLISHED,
    [STATE_CLOSING] = STATE_FIN_WAIT_1,
    [STATE_TIME_WAIT] = STATE_FIN_WAIT_2,
};

/* What it sends then begins the next state, whatever was refuted. */
static bool
begins_state(enum reason reason)
{
    return reason == REASON_SENT_RST || reason == REASON_SENT_RST_WITHOUT_FIN ||
           reason == REASON_SENT_FIN;
}

/*
 * What its own segment proves of the states before: who sends a FIN in LAST_ACK was in CLOSE_WAIT,
 * and who is in CLOSE_WAIT was ESTABLISHED.
 */
static void
prove_before(struct stays *stays)
{
    static const enum tcp_state chain[] = {STATE_LAST_ACK, STATE_CLOSE_WAIT, STATE_ESTABLISHED};
    unsigned at = newest(stays)->state == STATE_CLOSE_WAIT;

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

    if (!newest(stays)->proved)
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
 * that the ACK crossed, or in TIME_WAIT, which follows CLOSING.
 */
static void
prove_crossed(struct stays *stays)
{
    const struct stay *now = newest(stays);
    const uint32_t had_fin = now->state == STATE_CLOSED      ? IN(CLOSE_WAIT) | IN(CLOSING)
                             : now->state == STATE_TIME_WAIT ? IN(CLOSING)
                                                             : 0;
    struct stay *before = stays->count > 1 ? newest(stays) - 1 : NULL;

    if (before && had_fin & (1U << before->state))
        before->proved = true;
}

/*
 * Its FIN, sent before it had the peer's, is captured when a RST has closed it: a dead socket sends
 * no FIN, so the FINs had crossed before the RST came.
 */
static void
cross_before_end(struct stays *stays)
{
    struct stay *before = stays->count > 1 ? newest(stays) - 1 : NULL;
    const struct stay closed = *newest(stays);

    if (!before || closed.state != STATE_CLOSED || before->state != STATE_CLOSE_WAIT)
        return;
    before->state = STATE_FIN_WAIT_1;
    before->proved = true;
    *newest(stays) = (struct stay){.from = before->from, .state = STATE_CLOSING};
    begin_stay(stays, STATE_CLOSED, closed.from, closed.proved);
}

static void
change_state(struct stays *stays, const struct log_side *side, struct instant now, bool has_spoken)
{
    const enum reason reason = (enum reason)side->reason;
    const enum tcp_state state = (enum tcp_state)side->state;
    const uint32_t states = refuted(reason, state, newest(stays), has_spoken);
    struct instant since = now;

    if (begins_state(reason)) {
        take_out(stays, states, without[newest(stays)->state], now);
    } else if (reason == REASON_SENT_FIN_UNCOVERED || reason == REASON_SENT_FIN_BEFORE) {
        /* The FINs crossed: its own came first, and then, in no time that shows, the peer's. */
        take_out(stays, states, STATE_ESTABLISHED, now);
        begin_stay(stays, STATE_FIN_WAIT_1, now, true);
    } else {
        since = take_out(stays, states, state, now);
    }
    if (newest(stays)->state != state)
        begin_stay(stays, state, since, side->confirmed);
    newest(stays)->by_clock = reason == REASON_TWO_MSL;
}

/* What was before the stream is the stream before's. */
static struct instant
instant_of(const struct log_entry *entry, const struct log_entry *first, bool by_clock)
{
    return (struct instant){
        .ns = entry->time_ns > first->time_ns ? entry->time_ns : first->time_ns,
        .frame = by_clock ? 0 : entry->frame,
    };
}

/* A state that ended with the stream's first segment is no visit of it. */
static void
begin_course(struct course *course)
{
    const struct transition_log *log = &course->stream->memory.log;
    const struct log_entry *first = log_first_segment(log);

    for (unsigned side = 0; side < 2; side++)
        begin_stay(&course->stays[side], (enum tcp_state)first->side[side].state,
                   instant_of(first, first, false), first->side[side].confirmed);
    course->spoken = 1U << first->sender;
    course->next = (uint32_t)(first - log->entries) + 1;
}

static void
append_state(GString *path, enum tcp_state state, bool proved)
{
    append_text(path, state_name(state));
    if (!proved)
        append_bytes(path, "?", 1);
}

static void
append_path(struct course *course, unsigned side)
{
    const struct stays *stays = &course->stays[side];
    const struct log_start start = stream_start(course->stream);
    GString *paths = course->paths;

    course->path[side] = paths->len;
    if (start.state[side] == STATE_TIME_WAIT && stays->item[0].state == STATE_SYN_RECEIVED) {
        append_state(paths, start.state[side], start.confirmed[side]);
        append_bytes(paths, ">", 1);
    }
    for (unsigned i = 0; i < stays->count; i++) {
        if (i > 0)
            append_bytes(paths, ">", 1);
        append_state(paths, stays->item[i].state, stays->item[i].proved);
    }
}

static void
make_paths(struct course *course)
{
    g_string_truncate(course->paths, 0);
    append_path(course, 0);
    append_bytes(course->paths, "", 1);
    append_path(course, 1);
}

static void
take_entry(struct course *course, const struct log_entry *entry, const struct log_entry *first)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct log_side *side = &entry->side[i];
        bool by_clock = side->reason == REASON_TWO_MSL;

        if (side->changed)
            change_state(&course->stays[i], side, instant_of(entry, first, by_clock),
                         (course->spoken & (1U << i)) != 0);
        newest(&course->stays[i])->proved |= side->confirmed;
        if (entry->sender == i && entry->events & event_bit(EVENT_simultaneous_close))
            cross_before_end(&course->stays[i]);
        if (entry->sender == i && entry->events & event_bit(EVENT_fin_ack))
            prove_crossed(&course->stays[i]);
        prove_before(&course->stays[i]);
        prove_fin_wait_1(&course->stays[i]);
    }
    course->spoken |= 1U << entry->sender;
}

void
course_advance(struct course *course)
{
    const struct transition_log *log = &course->stream->memory.log;
    const struct log_entry *first;

    if (course->next == log->count)
        return;
    if (course->next == 0)
        begin_course(course);
    first = log_first_segment(log);
    for (; course->next < log->count; course->next++)
        take_entry(course, &log->entries[course->next], first);
    make_paths(course);
}

/* ---- reading it ---- */

/* A walk through one side's visits. */
struct walk {
    struct visit visit; /* under way */
    take_visit *take;
    void *context;
};

/* Time stamps may go back; time spent does not. */
static void
end_visit(struct walk *walk, struct instant to, bool censored)
{
    walk->visit.to = instant_compare(to, walk->visit.from) < 0 ? walk->visit.from : to;
    walk->visit.censored = censored;
    walk->take(walk->context, &walk->visit);
}

static void
begin_visit(struct walk *walk, const struct stay *stay)
{
    walk->visit.state = stay->state;
    walk->visit.from = stay->from;
    walk->visit.proved = stay->proved;
}

static void
walk_side(const struct course *course, enum role role, struct instant end, take_visit *take,
          void *context)
{
    const struct stream *stream = course->stream;
    const unsigned side = role_side(stream, role);
    const struct stays *stays = &course->stays[side];
    const struct instant expiry = {.ns = stream->end[side].time_wait_end_ns};
    struct walk walk = {.take = take, .context = context, .visit.role = role};

    begin_visit(&walk, &stays->item[0]);
    for (unsigned i = 1; i < stays->count; i++) {
        const struct stay *stay = &stays->item[i];

        end_visit(&walk, stay->from, stay->by_clock);
        begin_visit(&walk, stay);
    }
    if (walk.visit.state == STATE_TIME_WAIT && end.ns >= expiry.ns) {
        const struct stay closed = {.from = expiry, .state = STATE_CLOSED};

        end_visit(&walk, expiry, true);
        begin_visit(&walk, &closed);
    }
    walk.visit.open = !stream_newer(stream);
    end_visit(&walk, end, true);
}

void
course_walk(const struct course *course, int64_t end_ns, take_visit *take, void *context)
{
    const struct stream *newer = stream_newer(course->stream);
    struct instant end = {.ns = end_ns};

    if (course->next == 0)
        return;
    if (newer && !stream_is_empty(newer)) {
        const struct log_entry *next = log_first_segment(&newer->memory.log);

        end.ns = next->time_ns < end_ns ? next->time_ns : end_ns;
        end.frame = next->frame;
    }
    walk_side(course, ROLE_CLIENT, end, take, context);
    walk_side(course, ROLE_SERVER, end, take, context);
}

void
visits_walk(const struct stream *stream, int64_t end_ns, take_visit *take, void *context)
{
    struct course *course = course_new(stream);

    course_walk(course, end_ns, take, context);
    course_free(course);
}

const char *
course_path(const struct course *course, enum role role)
{
    return course->paths->str + course->path[role_side(course->stream, role)];
}
