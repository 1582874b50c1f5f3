/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ending.h"

#include "memory.h"
#include "seq.h"
#include "units.h"

/*
 * Sooner than this no timer sends again (the shortest, FreeBSD's, waits for 30 ms): it is a copy
 * that the network or the capture made.
 */
#define REPEAT_MIN_NS (20 * NS_PER_MS)

void
ending_free(struct ending_facts *ending)
{
    if (!ending)
        return;
    g_free(ending->unanswered[0]);
    g_free(ending->unanswered[1]);
    g_free(ending->late[0]);
    g_free(ending->late[1]);
    g_free(ending);
}

/* ---- what is sent again ---- */

/* The other side was heard since, or it was something else. */
static bool
begins_anew(const struct unanswered *known, uint32_t peer_frame, enum repeat repeat)
{
    bool was_probe = known->repeat == REPEAT_PROBE;

    return known->count == 0 || known->peer_frame != peer_frame ||
           was_probe != (repeat == REPEAT_PROBE);
}

static void
begin_repeats(struct unanswered *known, uint32_t peer_frame, const struct segment *seg,
              const struct step *step)
{
    int64_t sent_ns = step->side[seg->side].was.sent_ns;
    bool is_probe = step->repeat == REPEAT_PROBE; /* it repeats nothing that was sent before */

    if (!is_probe && seg->time_ns - sent_ns < REPEAT_MIN_NS)
        return;
    *known = (struct unanswered){
        .last_ns = seg->time_ns,
        .first_gap_ns = is_probe || sent_ns == 0 ? 0 : seg->time_ns - sent_ns,
        .peer_frame = peer_frame,
        .first_frame = seg->frame,
        .last_frame = seg->frame,
        .end = segment_end(seg),
        .count = is_probe ? 1 : 2,
        .repeat = step->repeat,
        .is_growing = true,
        .is_even = true,
    };
    known->last_gap_ns = known->first_gap_ns;
}

static void
repeat_again(struct unanswered *known, const struct segment *seg, const struct step *step)
{
    int64_t gap_ns = seg->time_ns - known->last_ns;

    if (gap_ns < REPEAT_MIN_NS)
        return;
    if (known->first_gap_ns == 0)
        known->first_gap_ns = gap_ns;
    known->is_growing &= gap_ns >= known->last_gap_ns - known->last_gap_ns / 10;
    known->is_even &= ABS(gap_ns - known->first_gap_ns) <= known->first_gap_ns / 10;
    known->last_gap_ns = gap_ns;
    known->last_ns = seg->time_ns;
    known->last_frame = seg->frame;
    known->end = segment_end(seg);
    known->repeat = step->repeat;
    known->count++;
}

static void
take_repeat(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct unanswered **known;
    uint32_t peer_frame = memory->last_frame[!seg->side];

    if (step->repeat == REPEAT_NONE || step->is_stale)
        return;
    known = &memory_make_ending(memory)->unanswered[seg->side];
    if (!*known)
        *known = g_new0(struct unanswered, 1);
    if (begins_anew(*known, peer_frame, step->repeat))
        begin_repeats(*known, peer_frame, seg, step);
    else
        repeat_again(*known, seg, step);
}

/* ---- payload ---- */

static int64_t
repeated_ns(const struct memory *memory, unsigned side)
{
    const struct unanswered *known = memory_ending(memory)->unanswered[side];

    return known && known->count > 0 && known->repeat == REPEAT_DATA ? known->last_ns : INT64_MIN;
}

/* What came at that time is the alert of a side that closes: when payload came before it. */
static int64_t
before_alert_ns(const struct memory *memory, int64_t ns)
{
    const struct alert *alert = &memory_ending(memory)->alert;

    return alert->frame != 0 && alert->ns == ns ? alert->since_ns : ns;
}

int64_t
ending_payload_ns(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    int64_t ns = memory->log.count > 0 ? memory->log.entries[0].time_ns : seg->time_ns;

    for (unsigned side = 0; side < 2; side++) {
        if (step->side[side].was.sent_ns != 0)
            ns = MAX(ns, step->side[side].was.sent_ns);
        ns = MAX(ns, repeated_ns(memory, side));
    }
    return MIN(before_alert_ns(memory, ns), seg->time_ns);
}

/* Whose payload was the newest; 2: there was none. */
static unsigned
last_speaker(const struct step *step)
{
    const struct step_before *was[2] = {&step->side[0].was, &step->side[1].was};

    if (!was[0]->has_payload || !was[1]->has_payload)
        return was[0]->has_payload ? 0 : was[1]->has_payload ? 1 : 2;
    return was[1]->sent_ns > was[0]->sent_ns;
}

static void
take_alert(struct memory *memory, const struct segment *seg, const struct step *step,
           int64_t since_ns)
{
    memory_make_ending(memory)->alert = (struct alert){
        .ns = seg->time_ns,
        .since_ns = since_ns,
        .frame = seg->frame,
        .side = seg->side,
        .after_side = (uint8_t)last_speaker(step),
    };
}

/*
 * Payload after a pause, that answers what the other side said before it: both sides have kept the
 * idle connection open that long.
 */
static void
take_silence(struct memory *memory, const struct segment *seg, const struct step *step)
{
    int64_t *longest;
    int64_t since_ns;

    if (!step->after_pause || !step->new_payload || step->after_fin || step->is_stale ||
        memory->log.count == 0)
        return;
    since_ns = ending_payload_ns(memory, seg, step);
    if (seg->is_alert)
        take_alert(memory, seg, step, since_ns);
    else if (last_speaker(step) == !seg->side && !(seg->flags & (FLAG_FIN | FLAG_RST))) {
        longest = &memory_make_ending(memory)->silence_ns[!seg->side];
        *longest = MAX(*longest, seg->time_ns - since_ns);
    }
}

/*
 * The side that has closed takes what comes: its application still reads. If more has come, that
 * is what it may answer yet.
 */
static void
take_ack_of_late(struct memory *memory, const struct segment *seg)
{
    struct ending_facts *ending = memory->extra ? memory->extra->ending : NULL;
    struct late_payload **late = ending ? &ending->late[seg->side] : NULL;

    if (!late || !*late || (seg->flags & (FLAG_RST | FLAG_ACK)) != FLAG_ACK ||
        seq_before(seg->ack, (*late)->end))
        return;
    if (!seq_before(seg->ack, (*late)->last_end)) {
        g_free(*late);
        *late = NULL;
        return;
    }
    **late = (struct late_payload){
        .first_ns = (*late)->last_ns,
        .last_ns = (*late)->last_ns,
        .heard_ns = (*late)->heard_ns,
        .frame = (*late)->last_frame,
        .end = (*late)->last_end,
        .last_frame = (*late)->last_frame,
        .last_end = (*late)->last_end,
        .ack = (*late)->ack,
    };
}

/* When payload last came before the segment; the first FIN is none. */
static int64_t
silent_since_ns(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    const struct close_facts *close = &memory->close;
    const int64_t sent_ns = step->side[seg->side].was.sent_ns;
    int64_t since_ns = close->begin_ns - close->idle_ns;

    if (close->first_fin_frame == 0 || close->first_fin_side == seg->side)
        return ending_payload_ns(memory, seg, step);
    if (sent_ns != 0)
        since_ns = MAX(since_ns, sent_ns);
    return MAX(since_ns, repeated_ns(memory, seg->side));
}

/* More of it, or something else of its sender. */
static void
hear_late_sender(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct late_payload *late = memory_ending(memory)->late[!seg->side];

    if (!late)
        return;
    late->heard_ns = seg->time_ns;
    if (!step->is_lacked)
        return;
    late->last_ns = seg->time_ns;
    late->last_frame = seg->frame;
    late->last_end = seq_max(late->last_end, seg->seq + seg->len);
    late->ack = seg->ack;
}

static void
set_late(struct memory *memory, unsigned receiver, struct late_payload late)
{
    struct late_payload **known = &memory_make_ending(memory)->late[receiver];

    if (!*known)
        *known = g_new(struct late_payload, 1);
    **known = late;
}

/* After its receiver's FIN. The first is the one that is answered. */
static void
take_late_payload(struct memory *memory, const struct segment *seg, const struct step *step)
{
    if (!step->is_lacked || step->is_stale || memory->close.is_over ||
        !step->side[!seg->side].was.has_fin || memory_ending(memory)->late[!seg->side])
        return;
    set_late(memory, !seg->side,
             (struct late_payload){
                 .silence_ns = MAX(seg->time_ns - silent_since_ns(memory, seg, step), 0),
                 .first_ns = seg->time_ns,
                 .last_ns = seg->time_ns,
                 .heard_ns = seg->time_ns,
                 .frame = seg->frame,
                 .end = seg->seq + seg->len,
                 .last_frame = seg->frame,
                 .last_end = seg->seq + seg->len,
                 .ack = seg->ack,
                 .covers_fin = step->covers_fin,
                 .covers_rest = step->covers_rest,
                 .may_cross_fin = step->may_cross_fin,
                 .is_new = step->new_payload,
                 .is_alert = seg->is_alert,
             });
}

/* A side that has had the other's FIN, and still sends: how long did it not? */
static void
take_pause(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct ending_facts *ending;

    if (!step->new_payload || !step->is_lacked || memory->close.first_fin_frame == 0 ||
        memory->close.is_over || seg->side == memory->close.first_fin_side)
        return;
    ending = memory_make_ending(memory);
    ending->pause_ns = MAX(ending->pause_ns, seg->time_ns - MAX(step->side[seg->side].was.sent_ns,
                                                                memory->close.begin_ns));
}

/* A FIN that was on its way when the other side's payload was captured. */
static void
take_crossed_payload(struct memory *memory, const struct segment *seg, const struct step *step)
{
    const struct step_before *closer = &step->side[seg->side].was;
    const struct step_before *peer = &step->side[!seg->side].was;

    if (step->side[seg->side].fin != FIN_HERE || closer->has_fin || !peer->has_payload ||
        peer->is_acked)
        return;
    set_late(memory, seg->side,
             (struct late_payload){
                 .silence_ns = closer->sent_ns == 0 ? 0 : MAX(peer->sent_ns - closer->sent_ns, 0),
                 .first_ns = peer->sent_ns,
                 .last_ns = peer->sent_ns,
                 .heard_ns = peer->sent_ns,
                 .frame = memory->last_frame[!seg->side],
                 .ack = seg->seq,
                 .end = seg->ack + 1, /* the first byte of it is enough */
                 .last_frame = memory->last_frame[!seg->side],
                 .last_end = seg->ack + 1,
                 .may_cross_fin = true,
                 .is_before_fin = true,
                 .is_new = true,
             });
}

/* Of most segments there is nothing to keep. */
static bool
is_ordinary(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    return !memory->extra && step->repeat == REPEAT_NONE && !step->is_lacked &&
           !step->after_pause && !(seg->flags & (FLAG_FIN | FLAG_RST)) &&
           memory->close.first_fin_frame == 0;
}

void
ending_take(struct memory *memory, const struct segment *seg, const struct step *step)
{
    if (is_ordinary(memory, seg, step))
        return;
    take_silence(memory, seg, step);
    take_repeat(memory, seg, step);
    if (step->after_fin) {
        take_ack_of_late(memory, seg);
        hear_late_sender(memory, seg, step);
    }
    take_late_payload(memory, seg, step);
    take_crossed_payload(memory, seg, step);
    take_pause(memory, seg, step);
}
