/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "invariants.h"

#include <glib.h>
#include <string.h>

#include "census.h"
#include "role.h"
#include "snapshot.h"
#include "stream_invariants.h"

enum { AFTER_THE_END_NS = 7000000 };

/* A stream, and what was shown of it. */
struct record {
    struct stream stream;
    struct stream at_length; /* the same, fed without the short way for ordinary segments */
    struct tally tally;
};

/* What a segment showed when it was fed. */
struct shown {
    struct record *record;
    struct snapshot snapshot;
    struct census_counts census;
};

struct play {
    const struct captured *segments;
    unsigned count;
    const struct policy *policy;
    bool swapped;
    GPtrArray *records; /* struct record, owned; in the order of their first segments */
    struct record *newest[PAIRS_MAX];
    bool time_wait_over[PAIRS_MAX][2]; /* by the clock, since the stream's last segment */
    struct census census;
    struct shown *shown; /* a segment each */
    int64_t end_ns;      /* later than all of them */
    bool goes_back;      /* some time stamp does */
    struct breach breach;
};

static void
note_breach(struct play *play, unsigned at, const char *what)
{
    if (what && !play->breach.what)
        play->breach = (struct breach){what, at};
}

/* ---- feeding ---- */

static void
record_free(gpointer data)
{
    stream_clear(&((struct record *)data)->stream);
    stream_clear(&((struct record *)data)->at_length);
    g_free(data);
}

static struct segment
segment_of(const struct play *play, unsigned at)
{
    struct segment seg = play->segments[at].seg;

    seg.side ^= (uint8_t)play->swapped;
    return seg;
}

static struct record *
record_for(struct play *play, const struct captured *captured)
{
    struct record **newest = &play->newest[captured->pair];
    struct record *record;

    if (*newest && !captured->new_stream)
        return *newest;
    record = g_new0(struct record, 1);
    stream_init(&record->stream, *newest ? &(*newest)->stream : NULL);
    stream_init(&record->at_length, *newest ? &(*newest)->at_length : NULL);
    g_ptr_array_add(play->records, record);
    *newest = record;
    return record;
}

/* What the frame of a segment that was fed shows now. */
static struct snapshot
look_up(const struct play *play, unsigned at)
{
    struct segment seg = segment_of(play, at);

    return snapshot_at(&play->shown[at].record->stream, seg.frame, seg.layer, seg.time_ns);
}

/* ---- one segment ---- */

/* Where 2MSL have passed before the segment, the state before it is CLOSED. */
static bool
chains(const struct snapshot *snapshot, const struct endpoint_snapshot *side, enum tcp_state before)
{
    if (side->previous == before)
        return true;
    return (snapshot->events & event_bit(EVENT_time_wait_expired)) && before == STATE_TIME_WAIT &&
           side->previous == STATE_CLOSED;
}

static const char *
broken_in_end(const struct snapshot *snapshot, enum role role, enum tcp_state before)
{
    const struct endpoint_snapshot *shown = &snapshot->end[role];

    if (shown->state >= STATE_COUNT)
        return "a state that there is not";
    if (shown->since_ns < 0)
        return "negative time in the state";
    /* Where 2MSL have passed, the segment may have led back to the state before it. */
    if (shown->changed ? shown->state == shown->previous : shown->state != before)
        return "a state that changed without saying so, or the other way round";
    if (!shown->changed)
        return NULL;
    if (!chains(snapshot, shown, before))
        return "the state before the change is not the one that was shown before";
    if (shown->dwell_ns < 0)
        return "negative time in the previous state";
    if (shown->reason <= REASON_NONE || shown->reason >= REASON_COUNT)
        return "a change without a reason";
    return NULL;
}

/* before: by role. */
static const char *
broken_in_snapshot(const struct snapshot *snapshot, const struct segment *seg,
                   const enum tcp_state before[ROLE_COUNT])
{
    const char *broken = broken_in_end(snapshot, ROLE_CLIENT, before[ROLE_CLIENT]);

    if (!broken)
        broken = broken_in_end(snapshot, ROLE_SERVER, before[ROLE_SERVER]);
    if (broken)
        return broken;
    if (snapshot->events >> EVENT_COUNT)
        return "an event that there is not";
    if (snapshot->rst >= RST_VERDICT_COUNT)
        return "a RST verdict that there is not";
    if ((snapshot->rst != RST_NONE) != ((seg->flags & FLAG_RST) != 0))
        return "a verdict on a segment without RST, or none on a RST";
    if (snapshot->about_frame > seg->frame)
        return "a segment about a later one";
    return NULL;
}

/* ---- the census, socket by socket ---- */

static void
pass_time(struct play *play, int64_t now_ns)
{
    for (unsigned pair = 0; pair < PAIRS_MAX; pair++) {
        const struct record *record = play->newest[pair];

        for (unsigned side = 0; record && side < 2; side++) {
            if (record->stream.end[side].time_wait_end_ns <= now_ns)
                play->time_wait_over[pair][side] = true;
        }
    }
}

static struct census_counts
count_sockets(const struct play *play)
{
    struct census_counts counts = {{0}};

    for (unsigned pair = 0; pair < PAIRS_MAX; pair++) {
        const struct record *record = play->newest[pair];

        for (unsigned side = 0; record && side < 2; side++) {
            uint8_t state = record->stream.end[side].state;
            bool over = state == STATE_TIME_WAIT && play->time_wait_over[pair][side];

            if (state > STATE_ESTABLISHED && !over)
                counts.in[state]++;
        }
    }
    return counts;
}

static bool
is_same_census(const struct census_counts *a, const struct census_counts *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

/* ---- playing ---- */

static void
play_segment(struct play *play, unsigned at)
{
    const struct captured *captured = &play->segments[at];
    struct record *record = record_for(play, captured);
    struct stream *stream = &record->stream;
    enum tcp_state before[2] = {(enum tcp_state)stream->end[0].state,
                                (enum tcp_state)stream->end[1].state};
    enum tcp_state before_role[ROLE_COUNT];
    struct segment seg = segment_of(play, at);
    struct shown *shown = &play->shown[at];
    struct census_counts counted;

    play->goes_back |= seg.time_ns < play->end_ns;
    play->end_ns = MAX(play->end_ns, seg.time_ns);
    pass_time(play, seg.time_ns);
    memset(play->time_wait_over[captured->pair], 0, sizeof(play->time_wait_over[0]));
    stream_feed(stream, &seg, play->policy);
    stream_feed_at_length(&record->at_length, &seg, play->policy);
    if (!stream_is_same(stream, &record->at_length))
        note_breach(play, at, "the short way for ordinary segments leaves something else");
    census_feed(&play->census, stream, &seg);
    *shown = (struct shown){.record = record, .census = play->census.now};
    shown->snapshot = look_up(play, at);
    tally_add(&record->tally, stream, &seg, &shown->snapshot);
    for (unsigned side = 0; side < 2; side++)
        before_role[role_of_side(stream, side)] = before[side];
    note_breach(play, at, broken_in_snapshot(&shown->snapshot, &seg, before_role));
    counted = count_sockets(play);
    if (!is_same_census(&counted, &shown->census))
        note_breach(play, at, "the census is not what counting the sockets says");
}

static void
play_all(struct play *play, const struct captured *segments, unsigned count,
         const struct policy *policy, bool swapped)
{
    *play = (struct play){
        .segments = segments,
        .count = count,
        .policy = policy,
        .swapped = swapped,
        .records = g_ptr_array_new_with_free_func(record_free),
        .shown = g_new0(struct shown, count),
        .end_ns = INT64_MIN,
    };
    census_init(&play->census);
    for (unsigned at = 0; at < count; at++)
        play_segment(play, at);
    play->end_ns += AFTER_THE_END_NS;
}

static void
play_clear(struct play *play)
{
    census_clear(&play->census);
    g_ptr_array_unref(play->records);
    g_free(play->shown);
}

/* ---- look-ups ---- */

/* What differs, or NULL; swapped: b's roles are a's the other way round. */
static const char *
difference(const struct snapshot *a, const struct snapshot *b, bool swapped)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        const struct endpoint_snapshot *x = &a->end[role];
        const struct endpoint_snapshot *y = &b->end[swapped ? !role : role];

        if (x->state != y->state)
            return "another state";
        if (x->confirmed != y->confirmed)
            return "confirmed differs";
        if (x->since_ns != y->since_ns)
            return "another time in the state";
        if (x->changed != y->changed)
            return "changed differs";
        if (x->changed && (x->previous != y->previous || x->dwell_ns != y->dwell_ns ||
                           x->reason != y->reason || x->reason_frame != y->reason_frame))
            return "another change";
    }
    if (a->events != b->events)
        return "other events";
    if (a->rst != b->rst)
        return "another RST verdict";
    if (a->fin_acks != b->fin_acks || a->fin_retransmission_of != b->fin_retransmission_of ||
        a->about_frame != b->about_frame)
        return "other frames";
    return NULL;
}

/* The frame that a FIN is said to be acknowledged in says so itself, and is one of the other
 * side's. */
static bool
is_ack_of_fin(const struct play *play, unsigned fin, uint32_t frame)
{
    const struct captured *of_fin = &play->segments[fin];

    for (unsigned at = 0; at < play->count && play->segments[at].seg.frame <= frame; at++) {
        const struct captured *captured = &play->segments[at];

        if (captured->seg.frame == frame && captured->seg.side != of_fin->seg.side &&
            captured->pair == of_fin->pair &&
            (play->shown[at].snapshot.events & event_bit(EVENT_fin_ack)))
            return true;
    }
    return false;
}

static void
check_look_ups(struct play *play)
{
    for (unsigned at = 0; at < play->count; at++) {
        uint32_t frame = play->segments[at].seg.frame;
        struct snapshot snapshot = look_up(play, at);
        struct census_counts census = census_at(&play->census, frame);
        bool frame_ends = at + 1 == play->count || play->segments[at + 1].seg.frame != frame;

        if (difference(&play->shown[at].snapshot, &snapshot, false))
            note_breach(play, at, "looked up, the frame shows something else than when it was fed");
        if (frame_ends && !is_same_census(&play->shown[at].census, &census))
            note_breach(play, at, "looked up, the census is another than when it was fed");
        if (snapshot.fin_acked_in && !is_ack_of_fin(play, at, snapshot.fin_acked_in))
            note_breach(play, at, "the FIN is said to be acknowledged in a frame that does not");
    }
}

/* ---- whole streams ---- */

static void
check_streams(struct play *play)
{
    for (unsigned i = 0; i < play->records->len; i++) {
        const struct record *record = (const struct record *)g_ptr_array_index(play->records, i);
        const struct stream *stream = &record->stream;
        struct summary summary = summary_of(stream, play->end_ns);
        const struct stream *newer = stream_newer(stream);
        int64_t end_ns =
            newer ? MIN(play->end_ns, outcome_of(newer, play->end_ns).first_ns) : play->end_ns;
        int64_t life_ns = end_ns - summary.outcome.first_ns;

        note_breach(play, play->count, stream_broken_in_log(stream));
        note_breach(play, play->count,
                    stream_broken_in_summary(stream, &summary, &record->tally, play->end_ns));
        note_breach(play, play->count,
                    stream_broken_in_words(stream, &summary.outcome, play->end_ns));
        note_breach(play, play->count,
                    stream_broken_in_times(&summary, play->goes_back ? -1 : life_ns));
    }
}

/* ---- the same once more ---- */

static enum closer
swap_closer(enum closer closer)
{
    switch (closer) {
    case CLOSER_CLIENT:
        return CLOSER_SERVER;
    case CLOSER_SERVER:
        return CLOSER_CLIENT;
    case CLOSER_BOTH:
    case CLOSER_NONE:
    case CLOSER_UNKNOWN:
        break;
    }
    return closer;
}

/* Roles that are guessed go by side: swapped sides swap them too. */
static bool
has_swapped_roles(const struct play *a, const struct play *b, const struct stream *stream)
{
    return a->swapped != b->swapped && outcome_of(stream, 0).role_guessed;
}

static bool
is_same_role(const struct role_summary *a, const struct role_summary *b)
{
    return a->final_state == b->final_state && a->censored == b->censored &&
           memcmp(a->dwell_ns, b->dwell_ns, sizeof(a->dwell_ns)) == 0 &&
           memcmp(a->visits, b->visits, sizeof(a->visits)) == 0;
}

static bool
is_same_summary(const struct play *a, const struct play *b, unsigned index)
{
    const struct record *record = (const struct record *)g_ptr_array_index(a->records, index);
    const struct record *other = (const struct record *)g_ptr_array_index(b->records, index);
    struct summary x = summary_of(&record->stream, a->end_ns);
    struct summary y = summary_of(&other->stream, b->end_ns);
    bool swapped = has_swapped_roles(a, b, &record->stream);

    if (swapped)
        y.outcome.closed_by = swap_closer(y.outcome.closed_by);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        unsigned same = swapped ? !role : role;

        if (!is_same_role(&x.role[role], &y.role[same]))
            return false;
    }
    return x.outcome.pattern == y.outcome.pattern && x.outcome.closed_by == y.outcome.closed_by &&
           x.outcome.complete == y.outcome.complete &&
           x.outcome.teardown_ns == y.outcome.teardown_ns &&
           x.outcome.half_close_bytes == y.outcome.half_close_bytes;
}

static void
check_same(struct play *play, const struct play *other, const char *snapshots,
           const char *summaries)
{
    for (unsigned at = 0; at < play->count; at++) {
        struct snapshot a = look_up(play, at);
        struct snapshot b = look_up(other, at);
        bool swapped = has_swapped_roles(play, other, &play->shown[at].record->stream);

        if (difference(&a, &b, swapped) || a.fin_acked_in != b.fin_acked_in ||
            !is_same_census(&play->shown[at].census, &other->shown[at].census))
            note_breach(play, at, snapshots);
    }
    for (unsigned i = 0; i < play->records->len; i++) {
        if (!is_same_summary(play, other, i))
            note_breach(play, play->count, summaries);
    }
}

struct breach
invariants_check(const struct captured *segments, unsigned count, const struct policy *policy)
{
    struct play play;
    struct play again;
    struct play swapped;

    play_all(&play, segments, count, policy, false);
    play_all(&again, segments, count, policy, false);
    play_all(&swapped, segments, count, policy, true);
    check_look_ups(&play);
    check_streams(&play);
    check_same(&play, &again, "fed again, a segment shows something else",
               "fed again, the stream has another summary");
    check_same(&play, &swapped, "with swapped sides, a segment shows something else",
               "with swapped sides, the stream has another summary");
    play_clear(&play);
    play_clear(&again);
    play_clear(&swapped);
    return play.breach;
}
