/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * X = sender of the first FIN, Y = the other; F1, F2 = their FINs; A1, A2 = the first ACKs that
 * cover them; R = the first accepted RST. The rules are asked in the order of the list; the first
 * that fits names the pattern.
 */
#include "pattern.h"

#include "units.h"

static bool
has_fin(const struct memory *memory, unsigned side)
{
    return memory->close.fin_frame[side] != 0;
}

static bool
fin_was_acked(const struct memory *memory, unsigned side)
{
    const struct close_facts *facts = &memory->close;

    return facts->fin_acked_frame[side] != 0 ||
           /* in a frame that was captured before the FIN */
           (facts->second_fin_acks && facts->first_fin_side == side);
}

static bool
has_rst(const struct memory *memory)
{
    return memory_extra(memory)->reset.frame != 0;
}

bool
pattern_is_reset_by(const struct memory *memory, unsigned side)
{
    const struct reset_facts *reset = &memory_extra(memory)->reset;

    return reset->frame != 0 && !reset->after_close && reset->side == side;
}

static bool
is_no_answer(const struct memory *memory)
{
    return memory->close.has_syn && !memory->close.has_answer;
}

static bool
is_refused(const struct memory *memory)
{
    return memory_extra(memory)->reset.answered_syn;
}

static bool
is_handshake_aborted(const struct memory *memory)
{
    return memory->close.was_aborted;
}

/* It is taken as accepted, but nobody was heard: not after the repeats before it, nor since. */
static bool
is_unheard(const struct memory *memory, const struct rst_record *rst)
{
    enum { SENT_MIN = 4 };
    const struct unanswered *unanswered = rst_unanswered(rst);
    const bool is_probe = unanswered->repeat == REPEAT_PROBE;

    return
        /* it gives up by itself: an answer shows that somebody speaks, */
        rst->origin == RST_DECISION &&
        /* after many repeats, or a probe that had time for an answer (TCP_KEEPINTVL), */
        (is_probe ? unanswered->count > 0 && rst->time_ns - unanswered->last_ns >= NS_PER_S
                  : unanswered->count >= SENT_MIN) &&
        /* of an endpoint that the capture sees, if there is one */
        memory->close.was_seen == 3 && memory->last_frame[!rst->side] < rst->frame;
}

/* Neither end need be there any more, though only one of them has said so. */
static bool
is_given_up(const struct memory *memory)
{
    const struct reset_facts *reset = &memory_extra(memory)->reset;

    if (memory->close.first_fin_frame != 0)
        return false;
    if (!has_rst(memory))
        return reset->gave_up_frame != 0;
    return !reset->is_forged &&
           is_unheard(memory, resets_at(&memory_extra(memory)->resets, reset->frame, UINT8_MAX));
}

static bool
is_open(const struct memory *memory)
{
    return memory->close.first_fin_frame == 0 && !has_rst(memory);
}

bool
pattern_is_reset(const struct memory *memory)
{
    return has_rst(memory) && !memory_extra(memory)->reset.after_fin;
}

static bool
is_fin_then_reset(const struct memory *memory)
{
    return pattern_is_reset_by(memory, memory->close.first_fin_side);
}

static bool
is_fin_answered_by_reset(const struct memory *memory)
{
    return pattern_is_reset_by(memory, !memory->close.first_fin_side);
}

static bool
is_fin_unacked(const struct memory *memory)
{
    return !fin_was_acked(memory, memory->close.first_fin_side) &&
           !has_fin(memory, !memory->close.first_fin_side);
}

/* No segment of the other side at all, and the sender of the FIN shows that it has seen none
 * either. */
static bool
is_fin_ignored(const struct memory *memory)
{
    return is_fin_unacked(memory) && !memory->close.is_answered &&
           memory_extra(memory)->fin_retransmissions > 0;
}

/* What the other side did the capture cannot tell. */
static bool
is_one_direction(const struct memory *memory)
{
    return is_fin_unacked(memory) && memory->close.was_seen != 3;
}

static bool
is_half_closed(const struct memory *memory)
{
    return !has_fin(memory, !memory->close.first_fin_side);
}

static bool
is_last_ack_missing(const struct memory *memory)
{
    return !fin_was_acked(memory, 0) || !fin_was_acked(memory, 1);
}

static bool
is_simultaneous(const struct memory *memory)
{
    return memory->close.fins_crossed;
}

static bool
is_half_close(const struct memory *memory)
{
    return memory_extra(memory)->half_close_bytes > 0;
}

static bool
is_three_way(const struct memory *memory)
{
    return memory->close.second_fin_acks;
}

struct rule {
    enum tcp_pattern pattern;
    bool (*fits)(const struct memory *memory);
};

/* While the close has not ended, */
static const struct rule unfinished[] = {
    {PATTERN_no_answer, is_no_answer},
    {PATTERN_refused, is_refused},
    {PATTERN_handshake_aborted, is_handshake_aborted},
    {PATTERN_gave_up, is_given_up},
    {PATTERN_open, is_open},
    {PATTERN_reset, pattern_is_reset},
    {PATTERN_fin_unanswered, is_fin_ignored},
    {PATTERN_fin_then_reset, is_fin_then_reset},
    {PATTERN_fin_answered_by_reset, is_fin_answered_by_reset},
    {PATTERN_one_direction, is_one_direction},
    {PATTERN_fin_unanswered, is_fin_unacked},
    {PATTERN_half_closed, is_half_closed},
    {PATTERN_last_ack_missing, is_last_ack_missing},
};

/* and when both FINs are there and acknowledged. */
static const struct rule finished[] = {
    {PATTERN_simultaneous, is_simultaneous},
    {PATTERN_half_close, is_half_close},
    {PATTERN_three_way, is_three_way},
};

/* The first rule that fits; PATTERN_COUNT: none does. */
static enum tcp_pattern
first_fit(const struct rule *rules, unsigned count, const struct memory *memory)
{
    for (unsigned i = 0; i < count; i++) {
        if (rules[i].fits(memory))
            return rules[i].pattern;
    }
    return PATTERN_COUNT;
}

enum tcp_pattern
pattern_of(const struct memory *memory)
{
    enum tcp_pattern pattern = PATTERN_COUNT;

    if (!memory->close.is_over)
        pattern = first_fit(unfinished, G_N_ELEMENTS(unfinished), memory);
    if (pattern == PATTERN_COUNT)
        pattern = first_fit(finished, G_N_ELEMENTS(finished), memory);
    return pattern == PATTERN_COUNT ? PATTERN_four_way : pattern;
}
