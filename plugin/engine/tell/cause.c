/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules are asked in the order of the list; the first that holds names the cause. */
#include "cause.h"

#include "append.h"
#include "cause_rules.h"
#include "course.h"
#include "role.h"
#include "sentence.h"
#include "units.h"

/*
 * Who is asked, and with BY_RST only about a RST that its apparent sender has sent: there is none
 * in most streams.
 */
enum { OF_STREAMS = 1, OF_RSTS = 2, OF_BOTH = OF_STREAMS | OF_RSTS, BY_RST = 4 };

static const struct rule {
    enum cause_kind kind;
    find_cause *find;
    unsigned scope;
} rules[] = {
    {CAUSE_no_connection_seen, find_no_connection_seen, OF_STREAMS},
    {CAUSE_one_direction, find_one_direction, OF_STREAMS},
    {CAUSE_refused, find_refused, OF_BOTH | BY_RST},
    {CAUSE_syn_unanswered, find_syn_unanswered, OF_STREAMS},
    {CAUSE_handshake_mismatch, find_handshake_mismatch, OF_BOTH | BY_RST},
    {CAUSE_accept_overflow, find_accept_overflow, OF_BOTH | BY_RST},
    /* Of the RST alone: a decision, or the answer of one that has gone. */
    {CAUSE_handshake_reset, find_handshake_reset, OF_STREAMS | BY_RST},
    {CAUSE_middlebox_reset, find_middlebox_reset, OF_BOTH},
    {CAUSE_nat_mismatch, find_nat_mismatch, OF_BOTH | BY_RST},
    {CAUSE_idle_close_race, find_idle_close_race, OF_BOTH | BY_RST},
    {CAUSE_data_after_full_close, find_data_after_full_close, OF_BOTH | BY_RST},
    {CAUSE_keepalive_timeout, find_keepalive_timeout, OF_BOTH | BY_RST},
    {CAUSE_retransmission_timeout, find_retransmission_timeout, OF_BOTH | BY_RST},
    {CAUSE_connection_lost, find_connection_lost, OF_BOTH | BY_RST},
    {CAUSE_abort, find_abort, OF_BOTH | BY_RST},
    {CAUSE_stray_after_close, find_stray_after_close, OF_BOTH | BY_RST},
    {CAUSE_peer_vanished, find_peer_vanished, OF_STREAMS},
    {CAUSE_application_did_not_close, find_application_did_not_close, OF_STREAMS},
    {CAUSE_peer_never_closed, find_peer_never_closed, OF_STREAMS},
    {CAUSE_last_ack_lost, find_last_ack_lost, OF_STREAMS},
    {CAUSE_closed_without_reply, find_closed_without_reply, OF_STREAMS},
    {CAUSE_idle_close, find_idle_close, OF_STREAMS},
    {CAUSE_normal_close, find_normal_close, OF_STREAMS},
    {CAUSE_open_at_end, find_open_at_end, OF_STREAMS},
};

enum cause_side
cause_side_of(const struct inquiry *in, unsigned side)
{
    return role_of_side(in->stream, side) == ROLE_CLIENT ? CAUSE_BY_CLIENT : CAUSE_BY_SERVER;
}

struct finding
cause_by_sender(const struct inquiry *in, bool sure)
{
    const struct rst_record *rst = in->rst;

    return (struct finding){
        .holds = true,
        .sure = sure,
        .actor = rst->side,
        .side = cause_side_of(in, rst->side),
        .frames = {rst->answered_frame, rst->frame},
    };
}

/* ---- the RST that is meant ---- */

/*
 * A client that got an answer from an old connection reset that, and goes on: its SYN will be taken
 * the next time (RFC 9293 section 3.5.1, figure 9).
 */
static bool
is_overcome(const struct memory *memory, const struct rst_record *rst)
{
    return rst->origin == RST_ANSWER && !rst->covers_syn && memory->close.was_established == 3;
}

/*
 * Its sender had no answer to what it sent again, and reset the connection: whether that RST got
 * through or not, nobody need have taken it.
 */
static const struct rst_record *
last_resort(const struct memory *memory)
{
    const struct resets *resets = &memory_extra(memory)->resets;
    const struct rst_record *rst;

    if (resets_count(resets) == 0 || memory->close.is_complete)
        return NULL;
    rst = resets_record(resets, resets_count(resets) - 1);
    return rst->origin == RST_DECISION && rst_unanswered(rst)->count > 0 &&
                   !pieces_show_forgery(rst->pieces)
               ? rst
               : NULL;
}

/*
 * One that had closed answers each segment that comes after the late payload with a RST. Which of
 * these its peer has taken says nothing: the first is the one that tells why.
 */
static const struct rst_record *
first_answer(const struct memory *memory, const struct rst_record *rst)
{
    const struct resets *resets = &memory_extra(memory)->resets;

    if (rst->origin != RST_ANSWER || rst->late->frame == 0)
        return rst;
    for (unsigned i = 0; i < resets_count(resets); i++) {
        const struct rst_record *first = resets_record(resets, i);

        if (first->origin == RST_ANSWER && first->side == rst->side &&
            first->late->frame == rst->late->frame && !pieces_show_forgery(first->pieces))
            return first;
    }
    return rst;
}

/* The RST that ended the stream; NULL: none did. */
static const struct rst_record *
ending_rst(const struct memory *memory)
{
    const struct reset_facts *reset = &memory_extra(memory)->reset;
    const struct resets *resets = &memory_extra(memory)->resets;
    const struct rst_record *rst = NULL;

    if (reset->frame != 0 && !reset->after_close)
        rst = resets_at(resets, reset->frame, UINT8_MAX);
    else if (reset->frame == 0 && reset->gave_up_frame != 0)
        rst = resets_at(resets, reset->gave_up_frame, UINT8_MAX);
    else if (reset->frame == 0)
        rst = last_resort(memory);
    if (!rst || is_overcome(memory, rst))
        return NULL;
    return first_answer(memory, rst);
}

/* ---- asking ---- */

static void
sort_frames(uint32_t frames[CAUSE_FRAMES_MAX])
{
    unsigned count = 0;

    for (unsigned i = 0; i < CAUSE_FRAMES_MAX; i++) {
        uint32_t frame = frames[i];
        unsigned at = count;

        frames[i] = 0;
        if (frame == 0)
            continue;
        for (; at > 0 && frames[at - 1] > frame; at--)
            frames[at] = frames[at - 1];
        frames[at] = frame;
        count++;
        /* one that was there already */
        if (at > 0 && frames[at - 1] == frame) {
            for (; at + 1 < count; at++)
                frames[at] = frames[at + 1];
            frames[--count] = 0;
        }
    }
}

static bool
is_asked(const struct rule *rule, const struct inquiry *in, unsigned scope)
{
    return (rule->scope & scope) && (in->rst || !(rule->scope & BY_RST));
}

static struct cause
ask(const struct inquiry *in, unsigned scope)
{
    struct cause cause = {.kind = CAUSE_unknown};

    for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++) {
        struct finding found;

        if (!is_asked(&rules[i], in, scope))
            continue;
        found = rules[i].find(in);
        if (!found.holds)
            continue;
        cause.kind = rules[i].kind;
        cause.side = found.side;
        cause.actor = role_of_side(in->stream, found.actor);
        cause.sure = found.sure;
        cause.hint = find_hint(in, rules[i].kind);
        cause.look_frame = found.look_frame;
        for (unsigned j = 0; j < CAUSE_FRAMES_MAX; j++)
            cause.frames[j] = found.frames[j];
        sort_frames(cause.frames);
        break;
    }
    return cause;
}

struct cause
cause_of_course(const struct stream *stream, const struct course *course,
                const struct outcome *outcome, int64_t end_ns)
{
    const struct memory *memory = &stream->memory;
    struct inquiry in = {
        .stream = stream,
        .memory = memory,
        .course = course,
        .rst = ending_rst(memory),
        .outcome = *outcome,
        .end_ns = end_ns,
    };
    struct cause cause;

    if (in.rst &&
        (in.outcome.reset_by == RESETTER_NETWORK || pieces_show_forgery(in.rst->pieces))) {
        in.fake = in.rst;
        in.rst = NULL;
    }
    cause = ask(&in, OF_STREAMS);
    cause.has_idle = in.outcome.has_teardown;
    cause.idle_ns = memory->close.idle_ns;
    return cause;
}

struct cause
cause_of(const struct stream *stream, int64_t end_ns)
{
    const struct outcome outcome = outcome_of(stream, end_ns);
    struct course *course = course_new(stream);
    struct cause cause = cause_of_course(stream, course, &outcome, end_ns);

    course_free(course);
    return cause;
}

struct cause
cause_of_rst(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    const struct rst_record *rst = resets_at(&memory_extra(&stream->memory)->resets, frame, layer);
    bool is_forged = rst && pieces_show_forgery(rst->pieces);
    struct inquiry in = {
        .stream = stream,
        .memory = &stream->memory,
        .rst = is_forged ? NULL : rst,
        .fake = is_forged ? rst : NULL,
    };

    return ask(&in, OF_RSTS);
}

/* ---- words ---- */

static void
append_frames(GString *out, const struct cause *cause, const char *between)
{
    for (unsigned i = 0; i < CAUSE_FRAMES_MAX && cause->frames[i] != 0; i++) {
        if (i > 0)
            append_text(out, between);
        append_number(out, cause->frames[i]);
    }
}

char *
cause_evidence(const struct cause *cause)
{
    GString *out = g_string_new(NULL);

    sentence_append(out, cause_text(cause->kind), cause->actor);
    if (cause->frames[0] != 0) {
        g_string_append(out, cause->frames[1] != 0 ? " (frames " : " (frame ");
        append_frames(out, cause, ", ");
        g_string_append_c(out, ')');
    }
    if (cause->has_idle && cause->idle_ns >= SILENCE_NS)
        g_string_append_printf(out, ", after %" G_GINT64_FORMAT ".%03d s without payload",
                               cause->idle_ns / NS_PER_S,
                               (int)(cause->idle_ns % NS_PER_S / NS_PER_MS));
    if (cause->hint != HINT_NONE) {
        g_string_append(out, "; ");
        sentence_append(out, hint_text(cause->hint), cause->actor);
    }
    return g_string_free(out, FALSE);
}

void
cause_append_frames(GString *out, const struct cause *cause)
{
    append_frames(out, cause, " ");
}
