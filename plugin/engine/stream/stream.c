/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <glib.h>

#include "units.h"

/* Of a stream without any: its sockets begin CLOSED. */
static const struct kinship no_kinship = {
    .incarnation = {.has_former = false},
    .start = {.state = {STATE_CLOSED, STATE_CLOSED}},
};

/* Since when a side is in its state, however long the log. */
static int64_t
entered_ns(const struct stream *stream, unsigned side)
{
    const struct transition_log *log = &stream->memory.log;
    struct log_start start = stream_start(stream);

    return log_entered(log, &start, log->count - 1, side).time_ns;
}

struct log_start
stream_start(const struct stream *stream)
{
    struct log_start start = {.state = {STATE_CLOSED, STATE_CLOSED}};

    if (stream->kinship && stream->kinship->incarnation.has_former)
        return stream->kinship->start;
    if (!stream_is_empty(stream)) {
        start.entered_ns[0] = stream->memory.log.entries[0].time_ns;
        start.entered_ns[1] = start.entered_ns[0];
    }
    return start;
}

static struct kinship *
kinship_of(struct stream *stream)
{
    if (!stream->kinship)
        stream->kinship = g_new0(struct kinship, 1);
    return stream->kinship;
}

/* The sockets that the stream begins with are those of the stream before. */
static void
inherit(struct stream *stream, struct stream *previous)
{
    struct kinship *kinship = kinship_of(stream);
    struct kinship *before = kinship_of(previous);

    for (unsigned side = 0; side < 2; side++) {
        struct tcb *tcb = &stream->end[side];
        const struct tcb *source = &previous->end[side];

        kinship->incarnation.former[side] =
            tcb_has(source, TCB_SYNCHRONIZED) ? source : before->incarnation.former[side];
        tcb_copy(tcb, source);
        tcb_clear(tcb, TCB_RENEWED | TCB_ALARMED);
        kinship->start.state[side] = (enum tcp_state)tcb->state;
        kinship->start.confirmed[side] = tcb_has(source, TCB_CONFIRMED);
        kinship->start.entered_ns[side] = entered_ns(previous, side);
    }
    stream->counted = previous->counted;
    previous->counted = STATE_CLOSED | STATE_CLOSED << COUNTED_BITS;
    previous->census_end_ns = INT64_MAX;
    stream->client = previous->client;
    stream->role_guessed = previous->role_guessed;
    kinship->older_number = previous->number;
    kinship->incarnation.has_former = true;
    before->newer = stream;
}

void
stream_init(struct stream *stream, struct stream *previous)
{
    stream->census_end_ns = INT64_MAX;
    if (previous) {
        inherit(stream, previous);
        return;
    }
    tcb_renew(&stream->end[0]);
    tcb_renew(&stream->end[1]);
}

/* A former control block of the stream that leaves: its own, or one that it has kept. */
static bool
is_of(const struct tcb *former, const struct stream *stream, unsigned side)
{
    return former && (former == &stream->end[side] || former == stream->kinship->kept[side]);
}

void
stream_leave(struct stream *stream)
{
    struct stream *newer = stream->kinship ? stream->kinship->newer : NULL;

    for (; newer; newer = newer->kinship->newer) {
        struct kinship *kinship = newer->kinship;

        for (unsigned side = 0; side < 2; side++) {
            const struct tcb *former = kinship->incarnation.former[side];

            if (!is_of(former, stream, side))
                continue;
            kinship->kept[side] = g_new0(struct tcb, 1);
            tcb_copy(kinship->kept[side], former);
            kinship->incarnation.former[side] = kinship->kept[side];
        }
    }
}

static void
kinship_free(struct kinship *kinship)
{
    for (unsigned side = 0; kinship && side < 2; side++) {
        if (kinship->kept[side])
            tcb_clear_extra(kinship->kept[side]);
        g_free(kinship->kept[side]);
    }
    g_free(kinship);
}

void
stream_clear(struct stream *stream)
{
    for (unsigned side = 0; side < 2; side++)
        tcb_clear_extra(&stream->end[side]);
    memory_clear(&stream->memory);
    kinship_free(stream->kinship);
    stream->kinship = NULL;
}

/* ---- one connection under two names ---- */

bool
stream_is_strange(const struct stream *stream, const struct segment *seg)
{
    const struct memory *memory = &stream->memory;
    const struct resets *resets = &memory_extra(memory)->resets;

    return !stream->kinship && !memory->close.has_syn && (seg->flags & FLAG_RST) &&
           /* the first of its sender, which sent nothing else, */
           resets_count(resets) == 1 && resets_record(resets, 0)->sender_frame == 0 &&
           /* and an answer to what somebody sent */
           resets_record(resets, 0)->origin == RST_ANSWER &&
           resets_record(resets, 0)->answered_frame != 0;
}

/* No farther apart than what may be on its way. */
static bool
is_near(uint32_t a, uint32_t b)
{
    enum { NEAR = 1 << 17 };

    return a - b <= NEAR || b - a <= NEAR;
}

/* A SYN-ACK that comes from elsewhere than the SYN went to. */
static bool
answers_syn_of(const struct tcb *talker, enum tcp_state state, const struct tcb *knower)
{
    return state == STATE_SYN_RECEIVED && knower->state == STATE_SYN_SENT &&
           tcb_has(knower, TCB_SND_KNOWN) && talker->rcv_acked == knower->snd_nxt;
}

static bool
is_live(const struct tcb *tcb)
{
    return state_is_synchronized((enum tcp_state)tcb->state) && tcb->state != STATE_TIME_WAIT;
}

bool
stream_goes_on_with(const struct stream *stream, const struct segment *seg,
                    const struct stream *other, unsigned side)
{
    const struct resets *resets = &memory_extra(&stream->memory)->resets;
    const struct tcb *talker = &stream->end[!seg->side];
    const struct tcb *knower = &other->end[side];
    const struct tcb *double_of_talker = &other->end[!side];

    if (!tcb_has(talker, TCB_SND_KNOWN | TCB_ACK_KNOWN))
        return false;
    if (answers_syn_of(talker, resets_record(resets, 0)->receiver_state, knower))
        return true;
    return
        /* a live connection, */
        is_live(knower) && is_live(double_of_talker) && tcb_has(knower, TCB_SND_KNOWN) &&
        tcb_has(double_of_talker, TCB_SND_KNOWN) &&
        /* with these numbers, */
        is_near(talker->iss, double_of_talker->snd_nxt) &&
        is_near(talker->rcv_acked, knower->snd_nxt) &&
        /* and not the same segments, captured on both sides of a NAT */
        seg->time_ns - other->memory.last_ns >= NS_PER_S;
}

void
stream_note_twin(struct stream *stream, const struct stream *other)
{
    memory_make_rare(&stream->memory)->twin_frame = memory_last_frame(&other->memory);
}

/* ---- feeding ---- */

enum { ALARM_MAX_S = (1 << 22) - 1 };

/* As many as the alarm has room for, and no less than there are. */
static unsigned
whole_seconds(int64_t ns)
{
    return (unsigned)CLAMP((ns + NS_PER_S - 1) / NS_PER_S, 0, ALARM_MAX_S);
}

/* Not a part of stream_feed(): the short way would pay for it. */
G_GNUC_NO_INLINE void
stream_feed_at_length(struct stream *stream, const struct segment *seg, const struct policy *policy)
{
    const struct kinship *kinship = stream->kinship ? stream->kinship : &no_kinship;
    const struct newest newest = {.ns = stream->memory.last_ns,
                                  .frame = memory_last_frame(&stream->memory)};
    const struct step step = infer(stream->end, &kinship->incarnation, newest, seg, policy);

    if (newest.frame == 0) {
        stream->close_wait_alarm_s = whole_seconds(policy->close_wait_alarm_ns) & ALARM_MAX_S;
        /* A stream that goes on has the client of the one before. */
        if (!step.resumes_former) {
            stream->client = step.client & 1U;
            stream->role_guessed = step.role_guessed;
        }
    }
    if (step.resumes_former)
        stream->kinship->incarnation.resumed = true;
    memory_take(&stream->memory, kinship->start.state, seg, &step);
}

void
stream_feed(struct stream *stream, const struct segment *seg, const struct policy *policy)
{
    if (!stream->kinship && memory_is_soon(&stream->memory, seg) &&
        infer_ordinary(stream->end, seg))
        memory_pass(&stream->memory, seg);
    else
        stream_feed_at_length(stream, seg, policy);
}
