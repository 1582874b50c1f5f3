/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "memory.h"

#include <string.h>

#include "about.h"

const struct memory_extra *
memory_extra(const struct memory *memory)
{
    static const struct memory_extra nothing;

    return memory->extra ? memory->extra : &nothing;
}

struct memory_extra *
memory_make_extra(struct memory *memory)
{
    if (!memory->extra)
        memory->extra = g_new0(struct memory_extra, 1);
    return memory->extra;
}

const struct ending_facts *
memory_ending(const struct memory *memory)
{
    static const struct ending_facts nothing;

    return memory->extra && memory->extra->ending ? memory->extra->ending : &nothing;
}

struct ending_facts *
memory_make_ending(struct memory *memory)
{
    struct memory_extra *extra = memory_make_extra(memory);

    if (!extra->ending)
        extra->ending = g_new0(struct ending_facts, 1);
    return extra->ending;
}

const struct memory_rare *
memory_rare(const struct memory *memory)
{
    static const struct memory_rare nothing;

    return memory->extra && memory->extra->rare ? memory->extra->rare : &nothing;
}

struct memory_rare *
memory_make_rare(struct memory *memory)
{
    struct memory_extra *extra = memory_make_extra(memory);

    if (!extra->rare)
        extra->rare = g_new0(struct memory_rare, 1);
    return extra->rare;
}

static void
rare_free(struct memory_rare *rare)
{
    if (!rare)
        return;
    for (unsigned side = 0; side < 2; side++) {
        if (rare->fin_history[side])
            g_array_unref(rare->fin_history[side]);
    }
    if (rare->abouts)
        g_array_unref(rare->abouts);
    if (rare->history.letters)
        g_byte_array_unref(rare->history.letters);
    g_free(rare);
}

void
memory_clear(struct memory *memory)
{
    log_clear(&memory->log);
    if (!memory->extra)
        return;
    rare_free(memory->extra->rare);
    resets_clear(&memory->extra->resets);
    ending_free(memory->extra->ending);
    g_free(memory->extra);
    memory->extra = NULL;
}

static void
count(struct memory *memory, const struct step *step)
{
    if (step->rst != RST_NONE && !step->is_copy)
        memory_make_extra(memory)->rst_count++;
    if (step_has_event(step, EVENT_fin_retransmission))
        memory_make_extra(memory)->fin_retransmissions++;
    if (step->half_close_bytes > 0 && !memory->close.is_over)
        memory_make_extra(memory)->half_close_bytes += step->half_close_bytes;
}

/* ---- the log ---- */

static struct log_side
side_of(const struct step_side *side)
{
    return (struct log_side){
        .state = (unsigned)side->state & 0xfU,
        .confirmed = side->confirmed,
        .reason = (unsigned)side->reason & 0x3ffU,
    };
}

static struct log_entry
entry_of(const struct segment *seg, const struct step *step, event_set events)
{
    return (struct log_entry){
        .time_ns = seg->time_ns,
        .events = (uint32_t)events,
        .frame = seg->frame,
        .side = {side_of(&step->side[0]), side_of(&step->side[1])},
        .layer = seg->layer,
        .sender = seg->side & 1U,
        .has_fin = step->side[seg->side].fin == FIN_HERE,
        .has_about = step->about_frame != 0,
        .rst = (unsigned)step->rst & 0x1fU,
    };
}

/* TIME_WAIT ended between two segments: an entry of its own, with the time of the end. */
static void
log_expiry(struct memory *memory, const enum tcp_state start[2], const struct segment *seg,
           const struct step *step, unsigned side)
{
    uint32_t last = memory->log.count > 0 ? memory->log.count - 1 : LOG_NONE;
    struct log_entry entry = {
        .time_ns = step->side[side].expired_ns,
        .frame = seg->frame,
        .layer = seg->layer,
        .sender = seg->side & 1U,
    };

    if (last != LOG_NONE)
        memcpy(entry.side, memory->log.entries[last].side, sizeof(entry.side));
    else
        entry.side[!side].state = (unsigned)start[!side] & 0xfU;
    entry.side[side] = (struct log_side){.state = STATE_CLOSED, .reason = REASON_TWO_MSL};
    log_add(&memory->log, start, &entry);
}

/* The earlier end first. */
static void
log_expiries(struct memory *memory, const enum tcp_state start[2], const struct segment *seg,
             const struct step *step)
{
    const struct step_side *side = step->side;
    unsigned first =
        side[1].expired && (!side[0].expired || side[1].expired_ns < side[0].expired_ns);

    if (side[first].expired)
        log_expiry(memory, start, seg, step, first);
    if (side[!first].expired)
        log_expiry(memory, start, seg, step, !first);
}

/* Beside events: a RST came, or a side is otherwise than the last entry says. */
static bool
is_worth_an_entry(const struct transition_log *log, const struct step *step)
{
    const struct log_entry *last = log->count > 0 ? &log->entries[log->count - 1] : NULL;

    if (!last || step->rst != RST_NONE)
        return true;
    for (unsigned side = 0; side < 2; side++) {
        if (last->side[side].state != (unsigned)step->side[side].state ||
            last->side[side].confirmed != step->side[side].confirmed)
            return true;
    }
    return false;
}

/* True if the side's FIN is another one with the entry that is to come. */
static bool
take_fin_change(struct memory *memory, unsigned side, const struct segment *seg,
                enum fin_change change)
{
    if (change == FIN_UNCHANGED)
        return false;
    return fins_set(memory, side, change == FIN_HERE ? seg->frame : 0, false);
}

void
memory_take(struct memory *memory, const enum tcp_state start[2], const struct segment *seg,
            const struct step *step)
{
    event_set events = step->events;
    bool moves_fin = false;

    if (memory->log.count == 0)
        memory->last_ns = seg->time_ns;
    ending_take(memory, seg, step);
    if (seg->flags & FLAG_RST)
        resets_take(memory, seg, step);
    else
        resets_await(memory, seg, step);
    memory_pass_time(memory, seg);
    count(memory, step);
    if (step->about_frame != 0)
        resets_tell(memory, seg, step);
    if (step->side[0].fin != FIN_UNCHANGED || step->side[1].fin != FIN_UNCHANGED) {
        for (unsigned side = 0; side < 2; side++)
            moves_fin |= take_fin_change(memory, side, seg, step->side[side].fin);
    }
    if (facts_stray_fin_frame(memory, step) != 0) {
        moves_fin |= fins_set(memory, !seg->side, step->stray_fin_frame, true);
        history_take_stray_fin(memory, seg);
    }
    if (step_has_event(step, EVENT_fin_ack)) {
        uint32_t *fin_acked_frame = &memory->close.fin_acked_frame[!seg->side];

        if (*fin_acked_frame == 0)
            *fin_acked_frame = seg->frame;
    }
    if (!step->is_stale) {
        history_take(memory, seg, step);
        if (facts_take(memory, seg, step))
            events |= event_bit(EVENT_close_complete);
    }
    log_expiries(memory, start, seg, step);
    if (moves_fin || events != 0 || is_worth_an_entry(&memory->log, step)) {
        const struct log_entry entry = entry_of(seg, step, events);

        if (entry.has_about && !(seg->flags & FLAG_RST))
            about_set(memory, step->about_frame);
        log_add(&memory->log, start, &entry);
    }
}
