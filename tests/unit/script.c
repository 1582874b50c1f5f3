/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The player of scenarios; see script.h. */
#include "script.h"

#include <glib.h>
#include <string.h>

#include "role.h"
#include "units.h"

enum { STREAMS_MAX = 8, LATE_LOOKUPS = 3 };

static const int64_t TIME_BASE_NS = 1700000000 * NS_PER_S;
static const uint32_t STAMP_BASE = 0xfffffff0; /* the timestamps wrap as well */

/* Just before the wrap; at it: the SYN takes the last number; around the sign bit. */
static const uint32_t start_numbers[][2] = {
    {0xfffffff0, 0xffffff80},
    {0xffffffff, 0xfffffffe},
    {0x7ffffff0, 0x7fffffff},
};

struct variant {
    unsigned side_of_c;
    bool stamps;
    const uint32_t *iss;
};

struct play {
    const struct scenario *scenario;
    struct variant variant;
    struct policy policy;
    struct stream streams[STREAMS_MAX];
    unsigned stream;
    int64_t time_ns;
    struct segment fed[STEPS_MAX];
    struct snapshot snapshots[STEPS_MAX];
    unsigned stream_of[STEPS_MAX];
    unsigned count;
    bool failed;
};

static void complain(struct play *play, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
complain(struct play *play, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    g_test_message("%s: frame %u (C is side %u, %s timestamps, start numbers %08x %08x): %s",
                   play->scenario->name, play->count, play->variant.side_of_c,
                   play->variant.stamps ? "with" : "no", play->variant.iss[C], play->variant.iss[S],
                   text);
    g_free(text);
    play->failed = true;
}

static const struct stream *
stream_of_play(const struct play *play)
{
    return &play->streams[play->stream];
}

static unsigned
side_of(const struct play *play, enum who who)
{
    return who == C ? play->variant.side_of_c : !play->variant.side_of_c;
}

/* ---- from a step to a segment ---- */

static uint8_t
flag_bits(const char *letters)
{
    static const char order[] = "FSRPAUEW";
    unsigned bits = 0;

    for (; *letters; letters++) {
        const char *at = strchr(order, *letters);

        g_assert_nonnull(at);
        bits |= 1U << (at - order);
    }
    return (uint8_t)bits;
}

static void
stamp_segment(const struct play *play, const struct script_step *step, struct segment *seg)
{
    int64_t age_ms = step->stamp == STAMP_AGED ? step->aged_ms : 0;

    if (!play->variant.stamps || step->stamp == STAMP_NONE)
        return;
    if ((seg->flags & FLAG_RST) && step->stamp == STAMP_CLOCK)
        return;
    seg->options.has_ts = true;
    seg->options.ts_val =
        STAMP_BASE + (uint32_t)((play->time_ns - TIME_BASE_NS) / NS_PER_MS - age_ms);
    if (step->stamp != STAMP_COPY)
        return;
    for (unsigned i = play->count; i-- > 0;) {
        if (play->fed[i].side == seg->side) {
            seg->options.ts_val = play->fed[i].options.ts_val;
            return;
        }
    }
}

static struct segment
make_segment(const struct play *play, const struct script_step *step)
{
    const uint32_t *iss = play->variant.iss;
    struct segment seg = {
        .time_ns = play->time_ns,
        .frame = play->count + 1,
        .seq = iss[step->from] + step->seq,
        .len = step->len,
        .flags = flag_bits(step->flags),
        .ip_id = step->ip_id,
        .side = (uint8_t)side_of(play, step->from),
    };

    /* An answer has none: tcp_v4_send_reset. */
    if (!step->zero_window && (seg.flags & (FLAG_RST | FLAG_ACK)) != FLAG_RST)
        seg.window = WINDOW_DEFAULT;
    if (step->window)
        seg.window = step->window;
    if (seg.flags & FLAG_ACK)
        seg.ack = iss[!step->from] + step->ack;
    if (seg.flags & FLAG_SYN) {
        seg.options.has_window_shift = !step->unscaled;
        seg.options.window_shift = step->window_shift & 0xfU;
        seg.options.sack_permitted = !play->scenario->no_sack && !step->sackless;
        seg.options.fast_open = step->fast_open;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(step->sack) && step->sack[i][1]; i++) {
        seg.options.sack_left[i] = iss[!step->from] + step->sack[i][0];
        seg.options.sack_right[i] = iss[!step->from] + step->sack[i][1];
        seg.options.sack_count++;
    }
    stamp_segment(play, step, &seg);
    return seg;
}

/* ---- checks of one segment ---- */

/* Where 2MSL have passed before the segment, the state before it is CLOSED. */
static bool
expired_before(const struct snapshot *view, enum tcp_state before, enum tcp_state previous)
{
    return (view->events & event_bit(EVENT_time_wait_expired)) && before == STATE_TIME_WAIT &&
           previous == STATE_CLOSED;
}

static void
check_endpoint(struct play *play, const struct script_step *step, const struct snapshot *view,
               enum who who, enum tcp_state before)
{
    const struct endpoint_snapshot *end =
        &view->end[role_of_side(stream_of_play(play), side_of(play, who))];
    char name = who == C ? 'C' : 'S';

    if (step->shows[who] != (enum tcp_state)ANY && end->state != step->shows[who])
        complain(play, "%c shows %s, not %s", name, state_name(end->state),
                 state_name(step->shows[who]));
    if (step->check_confirmed && end->confirmed != step->confirmed[who])
        complain(play, "%c's %s is %s", name, state_name(end->state),
                 end->confirmed ? "confirmed" : "not confirmed");
    if (end->changed != (end->state != before))
        complain(play, "%c: %s after %s, changed: %d", name, state_name(end->state),
                 state_name(before), end->changed);
    if (end->changed && end->previous != before && !expired_before(view, before, end->previous))
        complain(play, "%c: previous is %s, but it was %s", name, state_name(end->previous),
                 state_name(before));
    if (end->changed && end->reason == REASON_NONE)
        complain(play, "%c went to %s for no reason", name, state_name(end->state));
    if (step->why[who] != REASON_NONE && end->reason != step->why[who])
        complain(play, "%c's reason is \"%s\"", name, reason_text(end->reason));
    if (end->since_ns < 0 || (end->changed && end->dwell_ns < 0))
        complain(play, "%c: a time is negative", name);
}

static void
check_events(struct play *play, const struct script_step *step, const struct snapshot *view)
{
    for (unsigned i = 0; i < EVENT_COUNT; i++) {
        enum tcp_event event = (enum tcp_event)i;
        event_set bit = event_bit(event);
        bool shown = (view->events & bit) != 0;

        if (!shown && (step->events & bit))
            complain(play, "event %s is missing", event_slug(event));
        if (shown && (step->never & bit))
            complain(play, "event %s is wrong here", event_slug(event));
        if (shown && event_severity(event) != SEVERITY_CHAT && !((step->events | step->may) & bit))
            complain(play, "event %s is unexpected", event_slug(event));
    }
    if (step->any_verdict ? view->rst == RST_NONE : view->rst != step->rst)
        complain(play, "the RST verdict is '%s', not '%s'", rst_verdict_name(view->rst),
                 rst_verdict_name(step->rst));
    if (step->fin_acks && view->fin_acks != step->fin_acks)
        complain(play, "it acknowledges the FIN of frame %u", view->fin_acks);
    if (step->fin_retransmission_of && view->fin_retransmission_of != step->fin_retransmission_of)
        complain(play, "it repeats the FIN of frame %u", view->fin_retransmission_of);
}

static int64_t
delay_of_ns(const struct script_step *step)
{
    if (step->delay_us)
        return step->delay_us * NS_PER_US;
    return (step->delay_ms ? step->delay_ms : DELAY_DEFAULT_MS) * NS_PER_MS;
}

static void
play_step(struct play *play, const struct script_step *step)
{
    enum tcp_state before[2];
    struct stream *stream;
    struct segment seg;
    struct snapshot view;

    g_assert_cmpuint(play->count, <, STEPS_MAX);
    if (play->count > 0)
        play->time_ns += delay_of_ns(step);
    if (step->new_stream) {
        play->stream++;
        g_assert_cmpuint(play->stream, <, STREAMS_MAX);
        stream_init(&play->streams[play->stream], &play->streams[play->stream - 1]);
    }
    seg = make_segment(play, step);
    stream = &play->streams[play->stream];
    for (unsigned who = C; who <= S; who++)
        before[who] = (enum tcp_state)stream->end[side_of(play, (enum who)who)].state;
    stream_feed(stream, &seg, &play->policy);
    view = snapshot_at(stream, seg.frame, seg.layer, seg.time_ns);
    play->fed[play->count] = seg;
    play->snapshots[play->count] = view;
    play->stream_of[play->count] = play->stream;
    play->count++;
    for (unsigned who = C; who <= S; who++)
        check_endpoint(play, step, &view, (enum who)who, before[who]);
    check_events(play, step, &view);
}

/* ---- checks of the whole ---- */

static bool
same_end(const struct endpoint_snapshot *a, const struct endpoint_snapshot *b)
{
    if (a->state != b->state || a->confirmed != b->confirmed || a->since_ns != b->since_ns ||
        a->changed != b->changed)
        return false;
    if (!a->changed)
        return true;
    return a->previous == b->previous && a->dwell_ns == b->dwell_ns && a->reason == b->reason &&
           (a->reason_frame == b->reason_frame || !strstr(reason_text(a->reason), "%u"));
}

/* fin_acked_in may be known only later, but does not change once it is known. */
static bool
same_snapshot(const struct snapshot *fed, const struct snapshot *later)
{
    return same_end(&fed->end[ROLE_CLIENT], &later->end[ROLE_CLIENT]) &&
           same_end(&fed->end[ROLE_SERVER], &later->end[ROLE_SERVER]) &&
           fed->events == later->events && fed->rst == later->rst &&
           fed->fin_acks == later->fin_acks && fed->about_frame == later->about_frame &&
           fed->fin_retransmission_of == later->fin_retransmission_of &&
           (fed->fin_acked_in == 0 || fed->fin_acked_in == later->fin_acked_in);
}

static void
check_lookups(struct play *play)
{
    GRand *random = g_rand_new_with_seed(9293);

    for (unsigned i = 0; i < LATE_LOOKUPS * play->count && !play->failed; i++) {
        unsigned at = (unsigned)g_rand_int_range(random, 0, (gint32)play->count);
        const struct segment *seg = &play->fed[at];
        struct snapshot view =
            snapshot_at(&play->streams[play->stream_of[at]], seg->frame, seg->layer, seg->time_ns);

        if (!same_snapshot(&play->snapshots[at], &view))
            complain(play, "snapshot_at(frame %u) is not what it said when the frame was fed",
                     seg->frame);
    }
    g_rand_free(random);
}

static enum closer
expected_closer(const struct play *play, enum closed_by by)
{
    enum who client = play->scenario->client;

    switch (by) {
    case BY_C:
        return client == C ? CLOSER_CLIENT : CLOSER_SERVER;
    case BY_S:
        return client == S ? CLOSER_CLIENT : CLOSER_SERVER;
    case BY_BOTH:
        return CLOSER_BOTH;
    case BY_NONE:
    case BY_UNCHECKED:
        break;
    }
    return CLOSER_NONE;
}

static enum resetter
expected_resetter(const struct play *play, enum closed_by by)
{
    if (by == BY_NONE)
        return RESETTER_NONE;
    return expected_closer(play, by) == CLOSER_CLIENT ? RESETTER_CLIENT : RESETTER_SERVER;
}

static void
check_roles(struct play *play, const struct outcome *outcome)
{
    const struct ending *expected = &play->scenario->outcome;
    unsigned client = expected->guessed ? 0 : side_of(play, play->scenario->client);

    if (outcome->role_guessed != expected->guessed)
        complain(play, "role_guessed is %d", outcome->role_guessed);
    if (role_side(stream_of_play(play), ROLE_CLIENT) != client)
        complain(play, "the client is side %u", !client);
    if (expected->closed_by == BY_UNCHECKED || expected->guessed)
        return;
    if (outcome->closed_by != expected_closer(play, expected->closed_by))
        complain(play, "closed by %s", closer_name(outcome->closed_by));
    if (expected->reset_by != BY_UNCHECKED &&
        outcome->reset_by != expected_resetter(play, expected->reset_by))
        complain(play, "reset by %s", resetter_name(outcome->reset_by));
}

static bool
fits_teardown(const struct outcome *outcome, int64_t expected_ns)
{
    if (outcome->complete || !outcome->has_teardown)
        return !outcome->teardown_censored && outcome->teardown_ns == expected_ns;
    return outcome->teardown_censored && outcome->teardown_ns >= expected_ns;
}

static void
check_outcome(struct play *play)
{
    const struct ending *expected = &play->scenario->outcome;
    struct summary summary = summary_of(stream_of_play(play), play->time_ns);
    const struct outcome *outcome = &summary.outcome;

    check_roles(play, outcome);
    if (!expected->checked)
        return;
    if (outcome->pattern != expected->pattern)
        complain(play, "the pattern is %s, not %s", pattern_name(outcome->pattern),
                 pattern_name(expected->pattern));
    if (outcome->complete != expected->complete)
        complain(play, "complete is %d", outcome->complete);
    if (expected->teardown_ms >= 0 && !fits_teardown(outcome, expected->teardown_ms * NS_PER_MS))
        complain(play, "teardown is %" G_GINT64_FORMAT " ns", outcome->teardown_ns);
    if (outcome->half_close_bytes != expected->half_close_bytes)
        complain(play, "half-close bytes: %" G_GUINT64_FORMAT, outcome->half_close_bytes);
    if (outcome->fin_retransmissions != expected->fin_retransmissions)
        complain(play, "FIN retransmissions: %u", outcome->fin_retransmissions);
}

static bool
play_variant(const struct scenario *scenario, struct variant variant)
{
    struct play *play = g_new0(struct play, 1);
    bool passed;

    play->scenario = scenario;
    play->variant = variant;
    play->time_ns = TIME_BASE_NS;
    play->policy = (struct policy){
        .two_msl_ns = (scenario->two_msl_s ? scenario->two_msl_s : 60) * NS_PER_S,
        .close_wait_alarm_ns = (scenario->alarm_s ? scenario->alarm_s : 30) * NS_PER_S,
        .rst_policy = scenario->rst_policy,
        .stack = scenario->stack,
    };
    stream_init(&play->streams[0], NULL);
    for (const struct script_step *step = scenario->steps; step->flags && !play->failed; step++)
        play_step(play, step);
    if (!play->failed) {
        check_lookups(play);
        check_outcome(play);
    }
    for (unsigned i = 0; i <= play->stream; i++)
        stream_clear(&play->streams[i]);
    passed = !play->failed;
    g_free(play);
    return passed;
}

void
script_play(const struct scenario *scenario)
{
    for (unsigned i = 0; i < 4 * G_N_ELEMENTS(start_numbers); i++) {
        struct variant variant = {
            .side_of_c = i & 1,
            .stamps = (i & 2) != 0,
            .iss = start_numbers[i / 4],
        };

        if (scenario->only == (variant.stamps ? WITHOUT_TIMESTAMPS : WITH_TIMESTAMPS))
            continue;
        if (!play_variant(scenario, variant)) {
            g_test_fail();
            return;
        }
    }
}

static void
run_scenario(gconstpointer scenario)
{
    script_play(scenario);
}

void
script_add(const struct scenario *scenarios, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        g_test_add_data_func(scenarios[i].name, &scenarios[i], run_scenario);
}
