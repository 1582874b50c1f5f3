/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * X = sender of the first FIN, Y = the other; F1, F2 = their FINs; A1, A2 = the first ACKs that
 * cover them; R = the first accepted RST. The rules are asked in the order of the list; the first
 * that fits names the pattern.
 */
#include "pattern.h"

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
is_fin_unanswered(const struct memory *memory)
{
    return !fin_was_acked(memory, memory->close.first_fin_side) &&
           !has_fin(memory, !memory->close.first_fin_side);
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

static const struct {
    enum tcp_pattern pattern;
    bool (*fits)(const struct memory *memory);
} rules[] = {
    {PATTERN_no_answer, is_no_answer},
    {PATTERN_refused, is_refused},
    {PATTERN_handshake_aborted, is_handshake_aborted},
    {PATTERN_open, is_open},
    {PATTERN_reset, pattern_is_reset},
    {PATTERN_fin_then_reset, is_fin_then_reset},
    {PATTERN_fin_answered_by_reset, is_fin_answered_by_reset},
    {PATTERN_fin_unanswered, is_fin_unanswered},
    {PATTERN_half_closed, is_half_closed},
    {PATTERN_last_ack_missing, is_last_ack_missing},
    {PATTERN_simultaneous, is_simultaneous},
    {PATTERN_half_close, is_half_close},
    {PATTERN_three_way, is_three_way},
};

enum tcp_pattern
pattern_of(const struct memory *memory)
{
    for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].fits(memory))
            return rules[i].pattern;
    }
    return PATTERN_four_way;
}
