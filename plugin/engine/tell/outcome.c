/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * X = sender of the first FIN, Y = the other; F1, F2 = their FINs; A1, A2 = the first ACKs that
 * cover them; R = the first accepted RST. The rules are asked in the order of the list; the first
 * that fits names the pattern.
 */
#include "outcome.h"

#include "role.h"
#include "stream.h"

static bool
has(const struct stream *stream, uint32_t flag)
{
    return (stream->flags & flag) != 0;
}

static const struct endpoint *
first_closer(const struct stream *stream)
{
    return &stream->end[stream_first_fin_side(stream)];
}

static const struct endpoint *
second_closer(const struct stream *stream)
{
    return &stream->end[!stream_first_fin_side(stream)];
}

static bool
has_fin(const struct endpoint *endpoint)
{
    return endpoint->fin_frame != 0;
}

static bool
fin_was_acked(const struct endpoint *endpoint)
{
    return endpoint->fin_acked_frame != 0;
}

/* R was before both FINs were acknowledged, and from that side. */
static bool
was_reset_by(const struct stream *stream, unsigned side)
{
    return has(stream, STREAM_RST) && !has(stream, STREAM_RST_AFTER_CLOSE) &&
           stream_first_rst_side(stream) == side;
}

static bool
is_no_answer(const struct stream *stream)
{
    return has(stream, STREAM_SYN) && !has(stream, STREAM_ANSWERED);
}

static bool
is_refused(const struct stream *stream)
{
    return has(stream, STREAM_REFUSED);
}

static bool
is_handshake_aborted(const struct stream *stream)
{
    return has(stream, STREAM_ABORTED);
}

static bool
is_open(const struct stream *stream)
{
    return !has(stream, STREAM_FIN) && !has(stream, STREAM_RST);
}

static bool
is_reset(const struct stream *stream)
{
    return has(stream, STREAM_RST) && !has(stream, STREAM_RST_AFTER_FIN);
}

static bool
is_fin_then_reset(const struct stream *stream)
{
    return was_reset_by(stream, stream_first_fin_side(stream));
}

static bool
is_fin_answered_by_reset(const struct stream *stream)
{
    return was_reset_by(stream, !stream_first_fin_side(stream));
}

static bool
is_fin_unanswered(const struct stream *stream)
{
    return !fin_was_acked(first_closer(stream)) && !has_fin(second_closer(stream));
}

static bool
is_half_closed(const struct stream *stream)
{
    return !has_fin(second_closer(stream));
}

static bool
is_last_ack_missing(const struct stream *stream)
{
    return !fin_was_acked(first_closer(stream)) || !fin_was_acked(second_closer(stream));
}

static bool
is_simultaneous(const struct stream *stream)
{
    return has(stream, STREAM_FINS_CROSSED);
}

static bool
is_half_close(const struct stream *stream)
{
    return stream->half_close_bytes > 0;
}

static bool
is_three_way(const struct stream *stream)
{
    return has(stream, STREAM_FIN_IS_ACK);
}

static const struct {
    enum tcp_pattern pattern;
    bool (*fits)(const struct stream *stream);
} rules[] = {
    {PATTERN_no_answer, is_no_answer},
    {PATTERN_refused, is_refused},
    {PATTERN_handshake_aborted, is_handshake_aborted},
    {PATTERN_open, is_open},
    {PATTERN_reset, is_reset},
    {PATTERN_fin_then_reset, is_fin_then_reset},
    {PATTERN_fin_answered_by_reset, is_fin_answered_by_reset},
    {PATTERN_fin_unanswered, is_fin_unanswered},
    {PATTERN_half_closed, is_half_closed},
    {PATTERN_last_ack_missing, is_last_ack_missing},
    {PATTERN_simultaneous, is_simultaneous},
    {PATTERN_half_close, is_half_close},
    {PATTERN_three_way, is_three_way},
};

static enum tcp_pattern
pattern_of(const struct stream *stream)
{
    for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].fits(stream))
            return rules[i].pattern;
    }
    return PATTERN_four_way;
}

static enum closer
closer_of_side(const struct stream *stream, unsigned side)
{
    return role_of_side(stream, side) == ROLE_CLIENT ? CLOSER_CLIENT : CLOSER_SERVER;
}

static enum closer
closer_of(const struct stream *stream)
{
    if (has(stream, STREAM_FIN) && !is_reset(stream)) {
        if (has(stream, STREAM_FINS_CROSSED))
            return CLOSER_BOTH;
        return closer_of_side(stream, stream_first_fin_side(stream));
    }
    if (has(stream, STREAM_RST))
        return closer_of_side(stream, stream_first_rst_side(stream));
    return CLOSER_NONE;
}

static int64_t
teardown_ns(const struct stream *stream)
{
    const struct moments *moments = &stream->moments;

    if (!(stream->flags & (STREAM_FIN | STREAM_RST)) || !moments->has_change ||
        moments->change_ns < stream->close_begin_ns)
        return 0;
    return moments->change_ns - stream->close_begin_ns;
}

struct outcome
outcome_of(const struct stream *stream)
{
    struct outcome outcome = {
        .pattern = pattern_of(stream),
        .closed_by = closer_of(stream),
        .role_guessed = has(stream, STREAM_ROLE_GUESSED),
        .complete = has(stream, STREAM_COMPLETE),
        .has_teardown = has(stream, STREAM_FIN | STREAM_RST),
        .teardown_ns = teardown_ns(stream),
        .first_ns = stream->first_ns,
        .last_ns = stream->last_ns,
        .half_close_bytes = stream->half_close_bytes,
        .fin_retransmissions = stream->fin_retransmissions,
        .rsts = stream->rst_count,
    };

    for (unsigned side = 0; side < 2; side++)
        outcome.reset_by[role_of_side(stream, side)] = was_reset_by(stream, side);
    return outcome;
}

const char *
closer_name(enum closer closer)
{
    switch (closer) {
    case CLOSER_CLIENT:
        return role_name(ROLE_CLIENT);
    case CLOSER_SERVER:
        return role_name(ROLE_SERVER);
    case CLOSER_BOTH:
        return "both";
    case CLOSER_NONE:
        break;
    }
    return "none";
}

enum role
role_of_side(const struct stream *stream, unsigned side)
{
    return side == stream->client ? ROLE_CLIENT : ROLE_SERVER;
}
