/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the transition log are replayed. Each change of a state is a visit more, unless
 * its reason takes back what was assumed: then the visits that it refutes are taken out.
 */
#include "course.h"

#include "append.h"
#include "role.h"
#include "stays.h"
#include "stream.h"

struct course {
    const struct stream *stream;
    uint32_t next; /* the entry of the log that comes next */
    struct stays stays[2];
    GString *paths;  /* the same in one word: side 0's, and behind its end side 1's */
    gsize path[2];   /* where each begins */
    unsigned spoken; /* a bit a side: it has sent something */
};

enum { PATHS_USUAL = 160 }; /* bytes: of a connection that opens and closes, and both endpoints */

struct course *
course_new(const struct stream *stream)
{
    struct course *course = g_new0(struct course, 1);

    course->stream = stream;
    stays_init(&course->stays[0]);
    stays_init(&course->stays[1]);
    course->paths = g_string_sized_new(PATHS_USUAL);
    course_advance(course);
    return course;
}

void
course_restart(struct course *course, const struct stream *stream)
{
    course->stream = stream;
    course->next = 0;
    stays_restart(&course->stays[0]);
    stays_restart(&course->stays[1]);
    course->path[0] = course->path[1] = 0;
    g_string_truncate(course->paths, 0);
    course_advance(course);
}

void
course_free(struct course *course)
{
    if (!course)
        return;
    stays_clear(&course->stays[0]);
    stays_clear(&course->stays[1]);
    g_string_free(course->paths, TRUE);
    g_free(course);
}

/* ---- making it ---- */

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
    const struct log_start start = stream_start(course->stream);

    for (unsigned side = 0; side < 2; side++) {
        struct stays *stays = &course->stays[side];

        stays->former = start.state[side];
        stays->former_proved = start.confirmed[side];
        stays_begin(stays, (enum tcp_state)first->side[side].state, instant_of(first, first, false),
                    first->side[side].confirmed);
    }
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
        bool by_clock = side->changed && side->reason == REASON_TWO_MSL;

        stays_take_entry(&course->stays[i], entry, i, instant_of(entry, first, by_clock),
                         (course->spoken & (1U << i)) != 0);
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

        end_visit(&walk, stay->from, stay->unseen);
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
