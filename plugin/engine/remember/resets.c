/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resets.h"

#include "memory.h"
#include "units.h"

/* Of a RST without any. */
static const struct unanswered nothing_repeated;
static const struct late_payload no_late_payload;

static void
clear_record(struct rst_record *rst)
{
    if (rst->repeated != &nothing_repeated)
        g_free((struct unanswered *)rst->repeated);
    if (rst->late != &no_late_payload)
        g_free((struct late_payload *)rst->late);
}

void
resets_clear(struct resets *resets)
{
    for (unsigned i = 0; i < resets->count; i++)
        clear_record(&resets->records[i]);
    g_free(resets->records);
    for (unsigned side = 0; side < 2; side++) {
        if (resets->awaiting[side])
            g_array_unref(resets->awaiting[side]);
    }
}

/* ---- finding ---- */

/* The index of the first that is not before the frame. */
static unsigned
find(const struct resets *resets, uint32_t frame)
{
    unsigned low = 0;
    unsigned high = resets_count(resets);

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (resets_record(resets, middle)->frame < frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct rst_record *
resets_at(const struct resets *resets, uint32_t frame, uint8_t layer)
{
    for (unsigned i = find(resets, frame); i < resets_count(resets); i++) {
        const struct rst_record *rst = resets_record(resets, i);

        if (rst->frame != frame)
            return NULL;
        if (layer == UINT8_MAX || rst->layer == layer)
            return rst;
    }
    return NULL;
}

/* ---- what a RST answers ---- */

enum { AWAITING_MAX = 32 };

#define SHORT_WAY_NS (20 * NS_PER_MS)

static bool
awaits_rst(const struct segment *seg, const struct step *step)
{
    const struct step_side *receiver = &step->side[!seg->side];

    return (seg->flags & FLAG_ACK) && !step->is_stale &&
           (receiver->before == STATE_CLOSED || (step->is_lacked && seg->len > 0));
}

void
resets_await(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct awaiting_rst awaiting;
    GArray **array;

    if (!awaits_rst(seg, step))
        return;
    awaiting = (struct awaiting_rst){
        .time_ns = seg->time_ns,
        .frame = seg->frame,
        .ack = seg->ack,
    };
    array = &memory_make_extra(memory)->resets.awaiting[!seg->side];
    if (!*array)
        *array = g_array_new(FALSE, FALSE, sizeof(struct awaiting_rst));
    if ((*array)->len == AWAITING_MAX)
        g_array_remove_index(*array, 0);
    g_array_append_val(*array, awaiting);
}

/* An answer comes as soon as the quickest ones, or as soon as in a network of short ways. */
static bool
is_in_time(int64_t sent_ns, const struct segment *seg, const struct step *step)
{
    int64_t quickest_ns = step->side[seg->side].was.response_us * NS_PER_US;

    return seg->time_ns - sent_ns <= (quickest_ns > 0 ? 2 * quickest_ns + NS_PER_MS : SHORT_WAY_NS);
}

/*
 * The oldest that it can answer, which is answered then, as all before; 0: none. What was sent long
 * ago was lost, or its answer, if something was sent since that has the same number.
 */
static uint32_t
take_answered(struct memory *memory, const struct segment *seg, const struct step *step)
{
    GArray *array = memory_extra(memory)->resets.awaiting[seg->side];
    uint32_t frame = 0;
    guint answered = 0;

    if (!array || step->origin != RST_ANSWER)
        return 0;
    for (guint i = 0; i < array->len; i++) {
        const struct awaiting_rst *found = &g_array_index(array, struct awaiting_rst, i);

        if (found->ack != seg->seq)
            continue;
        frame = found->frame;
        answered = i + 1;
        if (is_in_time(found->time_ns, seg, step))
            break;
    }
    g_array_remove_range(array, 0, answered);
    return frame;
}

/* ---- a RST ---- */

const struct unanswered *
rst_unanswered(const struct rst_record *rst)
{
    return rst->repeated->peer_frame == rst->answered_frame ? rst->repeated : &nothing_repeated;
}

int64_t
rst_probed_ns(const struct rst_record *rst)
{
    return rst->repeated->repeat == REPEAT_PROBE && rst->repeated->last_ns > rst->sender.sent_ns
               ? rst->repeated->last_ns
               : 0;
}

/* Copies: both may be others when more has come. */
static const struct unanswered *
repeated_by(const struct memory *memory, unsigned side)
{
    const struct unanswered *known = memory_ending(memory)->unanswered[side];

    if (!known || (known->peer_frame != memory->last_frame[!side] && known->repeat != REPEAT_PROBE))
        return &nothing_repeated;
    return (const struct unanswered *)g_memdup2(known, sizeof(*known));
}

static const struct late_payload *
late_of(const struct memory *memory, unsigned receiver)
{
    const struct late_payload *late = memory_ending(memory)->late[receiver];

    return late ? (const struct late_payload *)g_memdup2(late, sizeof(*late)) : &no_late_payload;
}

static struct rst_record
record_of(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    return (struct rst_record){
        .frame = seg->frame,
        .layer = seg->layer,
        .side = seg->side & 1U,
        .sender = step->side[seg->side].was,
        .receiver = step->side[!seg->side].was,
        .time_ns = seg->time_ns,
        .seq = seg->seq,
        .repeated = repeated_by(memory, seg->side),
        .late = late_of(memory, seg->side),
        .origin = step->origin,
        .verdict = step->rst,
        .sender_state = step->side[seg->side].before,
        .receiver_state = step->side[!seg->side].before,
        .sender_frame = memory->last_frame[seg->side],
        .answered_frame = memory->last_frame[!seg->side],
        .trigger_frame = step->about_frame,
        .about_frame = step->about_frame,
        .decided_frame = memory_extra(memory)->resets.decided_frame[seg->side],
        .follows_frame = step->follows_frame,
        .is_exact = step->is_exact,
        .covers_syn = step->covers_syn,
        .is_stale = step->is_stale,
        .pieces = step->pieces,
    };
}

/* Most streams with any have one. */
static void
add(struct resets *resets, const struct rst_record *record)
{
    if (resets->count == resets->capacity) {
        resets->capacity = MAX(1, 2 * resets->capacity);
        resets->records = g_renew(struct rst_record, resets->records, resets->capacity);
    }
    resets->records[resets->count++] = *record;
}

void
resets_take(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct rst_record record = record_of(memory, seg, step);
    struct resets *resets = &memory_make_extra(memory)->resets;
    uint32_t answered_frame = take_answered(memory, seg, step);

    if (answered_frame != 0)
        record.trigger_frame = answered_frame;

    add(resets, &record);
    if (record.origin == RST_DECISION && record.is_exact && record.decided_frame == 0 &&
        !pieces_show_forgery(step->pieces))
        resets->decided_frame[seg->side] = seg->frame;
}

/* ---- in hindsight ---- */

/* What the segment shows of a RST that stands in the frame. */
static void
refute(struct rst_record *rst, uint32_t refuted_frame)
{
    if (rst->refuted_frame == 0)
        rst->refuted_frame = refuted_frame;
}

/* Of the RST in the frame, and if its sender goes on, of those that it has sent since: it has not
 * sent them either. */
static void
tell_disowned(struct resets *resets, uint32_t frame, uint32_t refuted_frame)
{
    for (unsigned i = find(resets, frame); i < resets_count(resets); i++) {
        struct rst_record *rst = &resets->records[i];

        if (rst->frame != frame && rst->follows_frame != frame)
            continue;
        rst->pieces |= piece_bit(PIECE_GOES_ON);
        refute(rst, refuted_frame);
    }
}

static void
tell_not_taken(struct resets *resets, uint32_t frame, uint32_t refuted_frame)
{
    for (unsigned i = find(resets, frame); i < resets_count(resets); i++) {
        struct rst_record *rst = &resets->records[i];

        if (rst->frame != frame)
            break;
        rst->not_taken = true;
        refute(rst, refuted_frame);
    }
}

static void
tell_challenge(struct resets *resets, uint32_t frame, uint32_t challenge_frame)
{
    for (unsigned i = find(resets, frame); i < resets_count(resets); i++) {
        struct rst_record *rst = &resets->records[i];

        if (rst->frame != frame)
            break;
        rst->challenge_frame = challenge_frame;
    }
}

void
resets_note_taken(struct resets *resets, uint32_t frame)
{
    for (unsigned i = find(resets, frame); i < resets_count(resets); i++) {
        struct rst_record *rst = &resets->records[i];

        if (rst->frame != frame)
            break;
        rst->verdict = RST_ACCEPTED;
        rst->challenge_frame = 0;
    }
}

/* The RST that its sender has not taken, though it had counted as accepted; 0: none. */
static uint32_t
not_taken_frame(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    const struct reset_facts *facts = &memory_extra(memory)->reset;

    /* Of two that crossed, the other one is what it disowns. */
    if (!step->disowns_rst)
        return step->about_frame;
    return facts->frame != 0 && facts->side != seg->side ? facts->frame : 0;
}

void
resets_tell(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct resets *resets = &memory_make_extra(memory)->resets;

    if (step->disowns_rst)
        tell_disowned(resets, step->about_frame, seg->frame);
    if (step->refutes_rst)
        tell_not_taken(resets, not_taken_frame(memory, seg, step), seg->frame);
    if (step_has_event(step, EVENT_challenge_ack) && !step->disowns_rst && !step->refutes_rst)
        tell_challenge(resets, step->about_frame, seg->frame);
}
