/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "foreign.h"

#include "role.h"
#include "stream.h"
#include "units.h"

/* ---- IPFIX ---- */

/* By pattern. An unfinished close waits for what may be lost, or for the end of the capture. */
enum { BY_CAUSE = 0 };
static const uint8_t flow_end_reasons[PATTERN_COUNT] = {
    [PATTERN_no_answer] = FLOW_IDLE_TIMEOUT,
    [PATTERN_refused] = FLOW_END_DETECTED,
    [PATTERN_handshake_aborted] = FLOW_END_DETECTED,
    [PATTERN_gave_up] = FLOW_END_DETECTED,
    [PATTERN_open] = FLOW_FORCED_END,
    [PATTERN_reset] = FLOW_END_DETECTED,
    [PATTERN_fin_then_reset] = FLOW_END_DETECTED,
    [PATTERN_fin_answered_by_reset] = FLOW_END_DETECTED,
    [PATTERN_fin_unanswered] = BY_CAUSE,
    [PATTERN_one_direction] = FLOW_END_DETECTED,
    [PATTERN_half_closed] = BY_CAUSE,
    [PATTERN_last_ack_missing] = BY_CAUSE,
    [PATTERN_simultaneous] = FLOW_END_DETECTED,
    [PATTERN_half_close] = FLOW_END_DETECTED,
    [PATTERN_three_way] = FLOW_END_DETECTED,
    [PATTERN_four_way] = FLOW_END_DETECTED,
};

static enum flow_end_reason
flow_end_reason_of(enum tcp_pattern pattern, enum cause_kind cause)
{
    uint8_t reason = flow_end_reasons[pattern];

    if (reason == BY_CAUSE)
        return cause == CAUSE_open_at_end ? FLOW_FORCED_END : FLOW_IDLE_TIMEOUT;
    return (enum flow_end_reason)reason;
}

/* ---- Radar ---- */

/* After so long a silence a connection that did not get far is taken to have timed out. */
static const int64_t TIMEOUT_NS = 3 * NS_PER_S;

static bool
has_timed_out(const struct outcome *outcome, const struct cause *cause, int64_t end_ns)
{
    return outcome->pattern == PATTERN_no_answer ||
           (outcome->pattern == PATTERN_open &&
            (cause->kind == CAUSE_peer_vanished || end_ns - outcome->last_ns >= TIMEOUT_NS));
}

/* By a RST that no FIN came before. */
static bool
is_reset(const struct outcome *outcome)
{
    return outcome->first_rst_frame != 0 && outcome->first_fin_frame == 0 &&
           (outcome->pattern == PATTERN_refused || outcome->pattern == PATTERN_reset ||
            outcome->pattern == PATTERN_handshake_aborted || outcome->pattern == PATTERN_gave_up);
}

static enum stage
stage_of(const struct stream *stream, const struct outcome *outcome, const struct cause *cause,
         int64_t end_ns)
{
    const struct history *history = &stream->memory.history;
    unsigned client = role_side(stream, ROLE_CLIENT);
    unsigned with_payload = history_payloads(history, client);

    if (!(is_reset(outcome) || has_timed_out(outcome, cause, end_ns)) || outcome->role_guessed ||
        history_packets(history, client) > HISTORY_EARLY)
        return STAGE_no_match;
    if (with_payload > 1)
        return STAGE_later_in_flow;
    if (with_payload == 1)
        return STAGE_post_psh;
    return history_has(history, client, LETTER_ACK) ? STAGE_post_ack : STAGE_post_syn;
}

const char *
stage_name(enum stage stage)
{
#define X(name) #name,
    static const char *const names[STAGE_COUNT] = {STAGE_LIST(X)};
#undef X

    return names[stage];
}

struct foreign
foreign_of(const struct stream *stream, const struct outcome *outcome, const struct cause *cause,
           const uint16_t port[ROLE_COUNT], int64_t end_ns)
{
    return (struct foreign){
        .zeek = zeek_words_of(stream, outcome->pattern, port),
        .flow_end_reason = flow_end_reason_of(outcome->pattern, cause->kind),
        .stage = stage_of(stream, outcome, cause, end_ns),
    };
}
