/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_invariants.h"

void
tally_add(struct tally *tally, const struct segment *seg, event_set events)
{
    tally->rsts += (seg->flags & FLAG_RST) != 0;
    tally->fin_retransmissions += (events & event_bit(EVENT_fin_retransmission)) != 0;
    tally->half_close_segments += (events & event_bit(EVENT_half_close_data)) != 0;
    tally->completions += (events & event_bit(EVENT_close_complete)) != 0;
    tally->answers += (seg->flags & (FLAG_SYN | FLAG_ACK | FLAG_RST)) != FLAG_SYN &&
                      !(events & event_bit(EVENT_stale_incarnation));
    tally->accepted[seg->side] += (events & event_bit(EVENT_rst_accepted)) != 0;
    tally->fins[seg->side] += (seg->flags & (FLAG_FIN | FLAG_SYN | FLAG_RST)) == FLAG_FIN;
    tally->fin_acks[seg->side] += (events & event_bit(EVENT_fin_ack)) != 0;
}

static const char *
broken_in_change(const struct moments_side *before, const struct moment_side *side)
{
    if (side->state >= STATE_COUNT || side->changed != (side->state != before->state))
        return "a moment's state changed without saying so, or the other way round";
    if (side->changed && (side->reason <= REASON_NONE || side->reason >= REASON_COUNT))
        return "a moment's change has no reason";
    return NULL;
}

static bool
is_same_side(const struct moments_side *a, const struct moments_side *b)
{
    return a->entered_ns == b->entered_ns && a->previous_ns == b->previous_ns &&
           a->entered_frame == b->entered_frame && a->entered_layer == b->entered_layer &&
           a->reason_frame == b->reason_frame && a->fin == b->fin && a->state == b->state &&
           a->previous == b->previous && a->reason == b->reason && a->confirmed == b->confirmed;
}

bool
moments_same_facts(const struct moments_facts *a, const struct moments_facts *b)
{
    return a->change_ns == b->change_ns && a->frame == b->frame && a->layer == b->layer &&
           is_same_side(&a->side[0], &b->side[0]) && is_same_side(&a->side[1], &b->side[1]);
}

/* Found by its segment, the moment is the same as met on a walk. */
static bool
is_found_again(const struct stream *stream, const struct moments_walk *walk)
{
    struct moments_start start = stream_start(stream);
    struct moments_walk found =
        moments_find(&stream->moments, &start, walk->facts.frame, walk->facts.layer);

    return moments_same_facts(&found.facts, &walk->facts) &&
           found.moment.events == walk->moment.events && found.moment.rst == walk->moment.rst &&
           found.moment.time_ns == walk->moment.time_ns;
}

/* The walk's end is what the endpoints are in. */
static const char *
broken_in_end(const struct stream *stream, const struct moments_facts *facts)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct endpoint *endpoint = &stream->end[side];

        if (facts->side[side].state != endpoint->state ||
            facts->side[side].confirmed != endpoint_has(endpoint, EP_CONFIRMED) ||
            facts->side[side].fin != endpoint->fin_frame)
            return "the last moment is not what the endpoint is in";
    }
    return NULL;
}

const char *
stream_broken_in_moments(const struct stream *stream)
{
    struct moments_start start = stream_start(stream);
    struct moments_walk walk = moments_begin(&stream->moments, &start);
    struct moments_facts before = walk.facts;

    while (moments_next(&walk)) {
        bool is_last_of_segment;
        struct moments_walk next = walk;

        for (unsigned side = 0; side < 2; side++) {
            const char *broken = broken_in_change(&before.side[side], &walk.moment.side[side]);

            if (broken)
                return broken;
        }
        if (walk.facts.frame < before.frame)
            return "moments are not in the order of frames";
        is_last_of_segment = !moments_next(&next) || next.facts.frame != walk.facts.frame ||
                             next.facts.layer != walk.facts.layer;
        if (is_last_of_segment && !is_found_again(stream, &walk))
            return "a moment is found by its segment as another one";
        before = walk.facts;
    }
    return broken_in_end(stream, &before);
}

static bool
fits_pattern(enum tcp_pattern pattern, const struct stream *stream, const struct tally *tally)
{
    unsigned first = stream_first_fin_side(stream);
    bool reset = tally->accepted[0] + tally->accepted[1] > 0;
    bool both_fins = tally->fins[0] > 0 && tally->fins[1] > 0;
    bool both_acked = both_fins && tally->fin_acks[0] > 0 && tally->fin_acks[1] > 0;

    switch (pattern) {
    case PATTERN_no_answer:
        return tally->answers == 0;
    case PATTERN_refused:
    case PATTERN_reset:
        return reset;
    case PATTERN_handshake_aborted:
        return reset || tally->fins[0] + tally->fins[1] > 0;
    case PATTERN_open:
        return tally->completions == 0 || reset; /* a RST that was taken back */
    case PATTERN_fin_then_reset:
        return tally->fins[first] > 0 && tally->accepted[first] > 0;
    case PATTERN_fin_answered_by_reset:
        return tally->fins[first] > 0 && tally->accepted[!first] > 0;
    case PATTERN_fin_unanswered:
        return tally->fins[first] > 0;
    case PATTERN_half_closed:
        return tally->fins[first] > 0 && tally->fin_acks[!first] > 0;
    case PATTERN_last_ack_missing:
        return both_fins;
    case PATTERN_half_close:
        return both_acked && tally->half_close_segments > 0;
    case PATTERN_simultaneous:
    case PATTERN_three_way:
    case PATTERN_four_way:
        return both_acked;
    case PATTERN_COUNT:
        break;
    }
    return false;
}

static bool
fits_closer(const struct stream *stream, const struct outcome *outcome, const struct tally *tally)
{
    switch (outcome->closed_by) {
    case CLOSER_CLIENT:
    case CLOSER_SERVER: {
        enum role role = outcome->closed_by == CLOSER_CLIENT ? ROLE_CLIENT : ROLE_SERVER;
        unsigned side = role_of_side(stream, 0) == role ? 0 : 1;

        return outcome->has_teardown && tally->fins[side] + tally->accepted[side] > 0;
    }
    case CLOSER_BOTH:
        return outcome->has_teardown && tally->fins[0] > 0 && tally->fins[1] > 0;
    case CLOSER_NONE:
        return !outcome->has_teardown;
    }
    return false;
}

/* Moment by moment. */
static int64_t
teardown_of(const struct stream *stream)
{
    struct moments_start start = stream_start(stream);
    struct moments_walk walk = moments_begin(&stream->moments, &start);
    int64_t last_ns = stream->close_begin_ns;

    if (!(stream->flags & (STREAM_FIN | STREAM_RST)))
        return 0;
    while (moments_next(&walk)) {
        for (unsigned side = 0; side < 2; side++) {
            if (walk.moment.side[side].changed && walk.moment.side[side].reason != REASON_TWO_MSL)
                last_ns = walk.moment.time_ns;
        }
    }
    return last_ns > stream->close_begin_ns ? last_ns - stream->close_begin_ns : 0;
}

const char *
stream_broken_in_summary(const struct stream *stream, const struct summary *summary,
                         const struct tally *tally)
{
    const struct outcome *outcome = &summary->outcome;

    if (outcome->pattern >= PATTERN_COUNT)
        return "a pattern that there is not";
    if (!fits_pattern(outcome->pattern, stream, tally))
        return "the pattern does not fit the segments";
    if (!fits_closer(stream, outcome, tally))
        return "the closer does not fit the segments";
    if (outcome->teardown_ns != teardown_of(stream))
        return "the teardown time is not up to the last change";
    if (outcome->rsts != tally->rsts)
        return "the count of RSTs is wrong";
    if (outcome->fin_retransmissions != tally->fin_retransmissions)
        return "the count of repeated FINs is wrong";
    if ((outcome->half_close_bytes > 0) != (tally->half_close_segments > 0))
        return "half-close bytes without such segments, or the other way round";
    if (outcome->complete && tally->completions == 0)
        return "complete, and no segment said so";
    return NULL;
}

const char *
stream_broken_in_times(const struct summary *summary, int64_t life_ns)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        const struct role_summary *of = &summary->role[role];
        int64_t sum_ns = 0;

        for (unsigned state = 0; state < STATE_COUNT; state++) {
            if (of->dwell_ns[state] < 0)
                return "negative time in a state";
            if (of->visits[state] == 0 && of->dwell_ns[state] > 0)
                return "time in a state that was not visited";
            if (life_ns >= 0)
                sum_ns += of->dwell_ns[state];
        }
        if (life_ns >= 0 && sum_ns != life_ns)
            return "the times in all states do not add up to the life of the stream";
        if (!(of->censored & (1U << of->final_state)))
            return "the final state is said to have ended";
    }
    return NULL;
}
