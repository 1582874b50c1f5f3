/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_invariants.h"

#include <string.h>

#include "foreign.h"
#include "role.h"

/* A RST before has closed an endpoint, as its own segment or what it receives only now shows. */
static void
tally_late_closes(struct tally *tally, const struct stream *stream, const struct snapshot *shown)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct endpoint_snapshot *end = &shown->end[role_of_side(stream, side)];

        tally->accepted[!side] +=
            end->changed && end->state == STATE_CLOSED && end->reason == REASON_GOT_RST;
    }
}

void
tally_add(struct tally *tally, const struct stream *stream, const struct segment *seg,
          const struct snapshot *shown)
{
    const event_set rst_events = event_bit(EVENT_rst_accepted) | event_bit(EVENT_rst_challenge) |
                                 event_bit(EVENT_rst_ignored) | event_bit(EVENT_rst_after_close) |
                                 event_bit(EVENT_rst_suspect);
    event_set events = shown->events;

    /* Copies raise nothing. */
    tally->rsts += (seg->flags & FLAG_RST) && (events & rst_events) != 0;
    tally->fin_retransmissions += (events & event_bit(EVENT_fin_retransmission)) != 0;
    tally->half_close_segments += (events & event_bit(EVENT_half_close_data)) != 0;
    tally->completions += (events & event_bit(EVENT_close_complete)) != 0;
    if (!(events & event_bit(EVENT_stale_incarnation))) {
        bool is_syn = (seg->flags & (FLAG_SYN | FLAG_ACK | FLAG_RST)) == FLAG_SYN;

        tally->seen |= 1U << seg->side;
        tally->answers += !is_syn && (!(seg->flags & FLAG_RST) || tally->seen == 3);
    }
    if (!(seg->flags & FLAG_RST))
        tally_late_closes(tally, stream, shown);
    tally->accepted[seg->side] += (events & event_bit(EVENT_rst_accepted)) != 0;
    tally->fins[seg->side] += (seg->flags & (FLAG_FIN | FLAG_SYN | FLAG_RST)) == FLAG_FIN;
    tally->fin_acks[seg->side] += (events & event_bit(EVENT_fin_ack)) != 0;
}

static const char *
broken_in_change(const struct log_side *side, enum tcp_state before)
{
    if (side->state >= STATE_COUNT || side->changed != (side->state != (unsigned)before))
        return "an entry's state changed without saying so, or the other way round";
    if (side->changed && (side->reason <= REASON_NONE || side->reason >= REASON_COUNT))
        return "an entry's change has no reason";
    return NULL;
}

static bool
is_last_of_segment(const struct transition_log *log, uint32_t index)
{
    const struct log_entry *entry = &log->entries[index];

    return index + 1 == log->count || entry[1].frame != entry->frame ||
           entry[1].layer != entry->layer;
}

static const char *
broken_in_order(const struct transition_log *log, uint32_t index)
{
    const struct log_entry *entry = &log->entries[index];

    if (index > 0 && (entry->frame < entry[-1].frame ||
                      (entry->frame == entry[-1].frame && entry->layer < entry[-1].layer)))
        return "entries are not in the order of frames";
    if (is_last_of_segment(log, index) && log_find(log, entry->frame, entry->layer) != index)
        return "an entry is found by its segment as another one";
    return NULL;
}

/* The last entry is what the endpoints are in. */
static const char *
broken_in_end(const struct stream *stream)
{
    const struct transition_log *log = &stream->memory.log;

    for (unsigned i = 0; i < 2 && log->count > 0; i++) {
        const struct log_side *side = &log->entries[log->count - 1].side[i];

        if (side->state != stream->end[i].state ||
            side->confirmed != tcb_has(&stream->end[i], TCB_CONFIRMED))
            return "the last entry is not what the endpoint is in";
        if (tcb_broken(&stream->end[i]))
            return tcb_broken(&stream->end[i]);
    }
    return NULL;
}

const char *
stream_broken_in_log(const struct stream *stream)
{
    const struct transition_log *log = &stream->memory.log;
    struct log_start start = stream_start(stream);
    uint32_t changed[2] = {LOG_NONE, LOG_NONE};

    for (uint32_t index = 0; index < log->count; index++) {
        const char *broken = broken_in_order(log, index);

        for (unsigned side = 0; side < 2 && !broken; side++) {
            broken = broken_in_change(&log->entries[index].side[side],
                                      log_state(log, &start, index - 1, side));
            if (log->entries[index].side[side].changed)
                changed[side] = index;
            if (log_entered(log, &start, index, side).index != changed[side])
                return "an entry does not know where its state was entered";
        }
        if (broken)
            return broken;
    }
    return broken_in_end(stream);
}

/* ---- two of them ---- */

static bool
is_same_memory_of(const void *a, const void *b, size_t size)
{
    return (!a && !b) || (a && b && memcmp(a, b, size) == 0);
}

static bool
is_same_tcb(const struct tcb *a, const struct tcb *b)
{
    struct tcb x = *a;
    struct tcb y = *b;
    struct tcb_extra extra_of_x = *tcb_extra(a);
    struct tcb_extra extra_of_y = *tcb_extra(b);
    struct tcb_rare rare_of_x = *tcb_rare(a);
    struct tcb_rare rare_of_y = *tcb_rare(b);

    if (!is_same_memory_of(rare_of_x.queue, rare_of_y.queue, sizeof(*rare_of_x.queue)))
        return false;
    x.extra = y.extra = NULL;
    extra_of_x.rare = extra_of_y.rare = NULL;
    rare_of_x.queue = rare_of_y.queue = NULL;
    return memcmp(&x, &y, sizeof(x)) == 0 &&
           memcmp(&extra_of_x, &extra_of_y, sizeof(extra_of_x)) == 0 &&
           memcmp(&rare_of_x, &rare_of_y, sizeof(rare_of_x)) == 0;
}

static bool
is_same_array(const GArray *a, const GArray *b)
{
    return (!a && !b) ||
           (a && b && a->len == b->len &&
            memcmp(a->data, b->data, a->len * g_array_get_element_size((GArray *)a)) == 0);
}

static bool
is_same_unanswered(const struct unanswered *a, const struct unanswered *b)
{
    return a->last_ns == b->last_ns && a->first_gap_ns == b->first_gap_ns &&
           a->last_gap_ns == b->last_gap_ns && a->peer_frame == b->peer_frame &&
           a->first_frame == b->first_frame && a->last_frame == b->last_frame && a->end == b->end &&
           a->count == b->count && a->repeat == b->repeat && a->is_growing == b->is_growing &&
           a->is_even == b->is_even;
}

static bool
is_same_late(const struct late_payload *a, const struct late_payload *b)
{
    return a->silence_ns == b->silence_ns && a->first_ns == b->first_ns &&
           a->last_ns == b->last_ns && a->heard_ns == b->heard_ns && a->frame == b->frame &&
           a->end == b->end && a->ack == b->ack && a->covers_fin == b->covers_fin &&
           a->may_cross_fin == b->may_cross_fin && a->is_new == b->is_new &&
           a->is_before_fin == b->is_before_fin;
}

static bool
is_same_rst(const struct rst_record *a, const struct rst_record *b)
{
    return a->time_ns == b->time_ns && a->frame == b->frame && a->layer == b->layer &&
           a->side == b->side && a->origin == b->origin && a->is_exact == b->is_exact &&
           rst_probed_ns(a) == rst_probed_ns(b) && a->answered_frame == b->answered_frame &&
           a->decided_frame == b->decided_frame && a->verdict == b->verdict &&
           a->sender_frame == b->sender_frame && a->trigger_frame == b->trigger_frame &&
           a->follows_frame == b->follows_frame && a->challenge_frame == b->challenge_frame &&
           a->refuted_frame == b->refuted_frame && a->pieces == b->pieces &&
           a->not_taken == b->not_taken && is_same_late(a->late, b->late) &&
           is_same_unanswered(a->repeated, b->repeated);
}

static bool
are_same_rsts(const struct resets *a, const struct resets *b)
{
    if (resets_count(a) != resets_count(b))
        return false;
    for (unsigned i = 0; i < resets_count(a); i++) {
        if (!is_same_rst(resets_record(a, i), resets_record(b, i)))
            return false;
    }
    return true;
}

/* Field by field: padding is of no account. */
static bool
is_same_alert(const struct alert *a, const struct alert *b)
{
    return a->ns == b->ns && a->since_ns == b->since_ns && a->frame == b->frame &&
           a->side == b->side && a->after_side == b->after_side;
}

static bool
is_same_ending(const struct ending_facts *a, const struct ending_facts *b)
{
    static const struct unanswered answered;
    static const struct late_payload none;

    for (unsigned side = 0; side < 2; side++) {
        if (!is_same_unanswered(a->unanswered[side] ? a->unanswered[side] : &answered,
                                b->unanswered[side] ? b->unanswered[side] : &answered) ||
            !is_same_late(a->late[side] ? a->late[side] : &none,
                          b->late[side] ? b->late[side] : &none) ||
            a->silence_ns[side] != b->silence_ns[side])
            return false;
    }
    return is_same_alert(&a->alert, &b->alert) && a->pause_ns == b->pause_ns;
}

/* The letters beyond the first ones; what is the same is taken out of the two. */
static bool
is_same_history(struct history_extra *x, struct history_extra *y)
{
    bool is_same = (!x->letters && !y->letters) ||
                   (x->letters && y->letters && x->letters->len == y->letters->len &&
                    memcmp(x->letters->data, y->letters->data, x->letters->len) == 0);

    x->letters = y->letters = NULL;
    return is_same;
}

static bool
is_same_rare(const struct memory *a, const struct memory *b)
{
    struct memory_rare x = *memory_rare(a);
    struct memory_rare y = *memory_rare(b);

    for (unsigned side = 0; side < 2; side++) {
        if (!is_same_array(x.fin_history[side], y.fin_history[side]))
            return false;
        x.fin_history[side] = y.fin_history[side] = NULL;
    }
    if (!is_same_array(x.abouts, y.abouts))
        return false;
    x.abouts = y.abouts = NULL;
    return is_same_history(&x.history, &y.history) && memcmp(&x, &y, sizeof(x)) == 0;
}

static bool
is_same_extra(const struct memory *a, const struct memory *b)
{
    struct memory_extra x = *memory_extra(a);
    struct memory_extra y = *memory_extra(b);

    if (!are_same_rsts(&x.resets, &y.resets))
        return false;
    for (unsigned side = 0; side < 2; side++) {
        if (!is_same_array(x.resets.awaiting[side], y.resets.awaiting[side]))
            return false;
        x.resets.awaiting[side] = y.resets.awaiting[side] = NULL;
    }
    x.resets.records = y.resets.records = NULL;
    x.ending = y.ending = NULL;
    x.rare = y.rare = NULL;
    return memcmp(&x, &y, sizeof(x)) == 0;
}

static bool
is_same_memory(const struct memory *a, const struct memory *b)
{
    return is_same_extra(a, b) && is_same_ending(memory_ending(a), memory_ending(b)) &&
           is_same_rare(a, b) && memcmp(&a->history, &b->history, sizeof(a->history)) == 0 &&
           a->log.count == b->log.count && a->last_ns == b->last_ns &&
           memcmp(a->last_frame, b->last_frame, sizeof(a->last_frame)) == 0 &&
           is_same_memory_of(a->log.entries, b->log.entries,
                             a->log.count * sizeof(struct log_entry)) &&
           memcmp(&a->close, &b->close, sizeof(a->close)) == 0;
}

bool
stream_is_same(const struct stream *a, const struct stream *b)
{
    return is_same_tcb(&a->end[0], &b->end[0]) && is_same_tcb(&a->end[1], &b->end[1]) &&
           is_same_memory(&a->memory, &b->memory) && a->client == b->client &&
           a->role_guessed == b->role_guessed;
}

/* ---- the summary ---- */

static bool
fits_pattern(enum tcp_pattern pattern, const struct stream *stream, const struct tally *tally)
{
    unsigned first = stream->memory.close.first_fin_side;
    bool reset = tally->accepted[0] + tally->accepted[1] > 0;
    bool both_fins = tally->fins[0] > 0 && tally->fins[1] > 0;
    /* A FIN may be captured after its ACK, which was none of a FIN until then. */
    bool is_over = stream->memory.close.is_over && tally->completions > 0;
    bool first_acked =
        tally->fin_acks[!first] > 0 || stream->memory.close.second_fin_acks || is_over;
    bool both_acked = both_fins && first_acked && (tally->fin_acks[first] > 0 || is_over);

    switch (pattern) {
    case PATTERN_no_answer:
        return tally->answers == 0;
    case PATTERN_refused:
    case PATTERN_reset:
        return reset;
    case PATTERN_handshake_aborted:
        return reset || tally->fins[0] + tally->fins[1] > 0;
    case PATTERN_open:
    case PATTERN_gave_up:
        return tally->completions == 0 || reset; /* a RST that was taken back */
    case PATTERN_fin_then_reset:
        return tally->fins[first] > 0 && tally->accepted[first] > 0;
    case PATTERN_fin_answered_by_reset:
        return tally->fins[first] > 0 && tally->accepted[!first] > 0;
    case PATTERN_fin_unanswered:
    case PATTERN_one_direction:
        return tally->fins[first] > 0;
    case PATTERN_half_closed:
        return tally->fins[first] > 0 && first_acked;
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
        unsigned side = role_side(stream, role);

        return outcome->has_teardown && tally->fins[side] > 0;
    }
    case CLOSER_BOTH:
        return outcome->has_teardown && tally->fins[0] > 0 && tally->fins[1] > 0;
    case CLOSER_NONE:
        return outcome->first_fin_frame == 0 || outcome->first_rst_frame != 0;
    case CLOSER_UNKNOWN:
        break;
    }
    return false;
}

/* Entry by entry. */
static int64_t
teardown_of(const struct stream *stream, const struct outcome *outcome, int64_t end_ns)
{
    const struct transition_log *log = &stream->memory.log;
    int64_t begin_ns = stream->memory.close.begin_ns;
    int64_t last_ns = begin_ns;

    if (!outcome->has_teardown)
        return 0;
    if (outcome->teardown_censored)
        return end_ns > begin_ns ? end_ns - begin_ns : 0;
    for (uint32_t index = 0; index < log->count; index++) {
        for (unsigned i = 0; i < 2; i++) {
            const struct log_side *side = &log->entries[index].side[i];

            if (side->changed && side->reason != REASON_TWO_MSL)
                last_ns = log->entries[index].time_ns;
        }
    }
    return last_ns > begin_ns ? last_ns - begin_ns : 0;
}

const char *
stream_broken_in_summary(const struct stream *stream, const struct summary *summary,
                         const struct tally *tally, int64_t end_ns)
{
    const struct outcome *outcome = &summary->outcome;

    if (outcome->pattern >= PATTERN_COUNT)
        return "a pattern that there is not";
    if (!fits_pattern(outcome->pattern, stream, tally))
        return "the pattern does not fit the segments";
    if (!fits_closer(stream, outcome, tally))
        return "the closer does not fit the segments";
    if (outcome->teardown_ns != teardown_of(stream, outcome, end_ns))
        return "the teardown time is not up to the last change";
    if (outcome->rsts != tally->rsts)
        return "the count of RSTs is wrong";
    if (outcome->fin_retransmissions != tally->fin_retransmissions)
        return "the count of repeated FINs is wrong";
    if (outcome->half_close_bytes > 0 && tally->half_close_segments == 0)
        return "half-close bytes without such segments";
    if (outcome->complete && tally->completions == 0)
        return "complete, and no segment said so";
    return NULL;
}

/* The conn_states that a pattern allows, apart by blanks; NULL: any. */
static const char *const conn_states[PATTERN_COUNT] = {
    [PATTERN_no_answer] = " S0 S1 RSTOS0 ", /* S1: both SYNs, and no ACK of one */
    [PATTERN_refused] = " REJ ",
    [PATTERN_open] = " S0 S1 OTH ",
    [PATTERN_half_closed] = " S2 S3 SH SHR SF ", /* SF: a FIN that its receiver has not taken */
    [PATTERN_last_ack_missing] = " SF ",
    [PATTERN_simultaneous] = " SF ",
    [PATTERN_half_close] = " SF ",
    [PATTERN_three_way] = " SF ",
    [PATTERN_four_way] = " SF ",
};

/* IPFIX's end of a flow was seen if the pattern says that FINs or a RST ended the stream. */
static bool
fits_flow_end(enum flow_end_reason reason, enum tcp_pattern pattern)
{
    const char *states = conn_states[pattern];
    bool is_closed = states && strcmp(states, " SF ") == 0 && pattern != PATTERN_last_ack_missing;

    if (is_closed || pattern == PATTERN_reset || pattern == PATTERN_refused)
        return reason == FLOW_END_DETECTED;
    if (pattern == PATTERN_open)
        return reason == FLOW_FORCED_END;
    return reason == FLOW_IDLE_TIMEOUT || reason == FLOW_END_DETECTED || reason == FLOW_FORCED_END;
}

/* Segments whose flags contradict each other say nothing that a conn_state was made for. */
static bool
is_sane(const struct zeek_words *zeek)
{
    return !strpbrk(zeek->history, "IiQq");
}

const char *
stream_broken_in_words(const struct stream *stream, const struct outcome *outcome, int64_t end_ns)
{
    static const uint16_t port[ROLE_COUNT] = {40000, 80};
    struct cause cause = cause_of(stream, end_ns);
    struct foreign foreign = foreign_of(stream, outcome, &cause, port, end_ns);
    const char *allowed = conn_states[outcome->pattern];
    char word[16];

    g_snprintf(word, sizeof(word), " %s ", foreign.zeek.conn_state);
    if (allowed && is_sane(&foreign.zeek) && !strstr(allowed, word))
        return "conn_state does not fit the pattern";
    if (!fits_flow_end(foreign.flow_end_reason, outcome->pattern))
        return "flow_end_reason does not fit the pattern";
    if (foreign.stage != STAGE_no_match && (outcome->first_fin_frame != 0 || outcome->role_guessed))
        return "a stage of a stream that began to close, or whose begin was not seen";
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
