/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts.h"

#include "memory.h"

uint32_t
facts_stray_fin_frame(const struct memory *memory, const struct step *step)
{
    const struct transition_log *log = &memory->log;

    if (step->stray_fin_frame == 0 || log->count == 0 ||
        step->stray_fin_frame < log->entries[0].frame)
        return 0;
    return step->stray_fin_frame;
}

static void
begin_close(struct memory *memory, const struct segment *seg, const struct step *step)
{
    if (memory_has_close_begun(memory))
        return;
    memory->close.begin_ns = seg->time_ns;
    memory->close.idle_ns = step->new_payload && !seg->is_alert
                                ? 0
                                : seg->time_ns - ending_payload_ns(memory, seg, step);
}

static bool
were_both_established(const struct close_facts *facts)
{
    return facts->was_established == 3;
}

/* A client that gives up its own SYN has had no answer. */
static bool
is_answer(const struct memory *memory, const struct segment *seg, const struct step *step)
{
    return !step->is_syn && (step->rst == RST_NONE || !memory->close.has_syn ||
                             memory->close.was_seen != 1U << seg->side);
}

static void
note_handshake(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct close_facts *facts = &memory->close;

    if (!(facts->was_seen & 1U << seg->side))
        facts->was_seen = (facts->was_seen | 1U << seg->side) & 3U;
    if (step->is_syn)
        facts->has_syn = true;
    if (step->rst == RST_NONE)
        facts->has_more_than_rsts = true;
    if (!facts->has_answer && is_answer(memory, seg, step))
        facts->has_answer = true;
    if (facts->first_fin_frame != 0 && seg->side != facts->first_fin_side)
        facts->is_answered = true;
    for (unsigned side = 0; !were_both_established(facts) && side < 2; side++) {
        if (state_is_synchronized(step->side[side].state) ||
            state_is_synchronized(step->side[side].before))
            facts->was_established = (facts->was_established | 1U << side) & 3U;
    }
}

/* What had been said when the first FIN came. */
static void
note_first_fin(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct close_facts *facts = &memory->close;
    const struct alert *alert = &memory_ending(memory)->alert;
    const struct step_before *closer = &step->side[seg->side].was;
    const struct step_before *peer = &step->side[!seg->side].was;
    bool peer_spoke_last =
        peer->has_payload && (!closer->has_payload || closer->sent_ns < peer->sent_ns);

    facts->first_fin_frame = seg->frame;
    facts->first_fin_side = seg->side & 1U;
    facts->fin_has_payload = seg->len > 0 && !seg->is_alert;
    facts->closer_spoke_last = seg->len > 0 || (closer->has_payload && !peer_spoke_last);
    facts->peer_spoke_last = seg->len == 0 && peer_spoke_last;
    facts->peer_waits = seg->len == 0 && closer->is_known && peer_spoke_last && peer->is_acked;
    /* Of the alert just before the FIN there is no ACK yet. */
    facts->all_acked =
        peer->is_acked && (closer->is_acked || (alert->frame != 0 && alert->side == seg->side &&
                                                alert->ns == closer->sent_ns));
}

static void
note_fin(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct close_facts *facts = &memory->close;

    begin_close(memory, seg, step);
    if (step->fin_covered) {
        note_first_fin(memory, seg, step);
        facts->second_fin_acks = true;
    } else if (facts->first_fin_frame == 0) {
        note_first_fin(memory, seg, step);
        if (!were_both_established(facts))
            facts->was_aborted = true;
    } else if (seg->side != facts->first_fin_side) {
        if (step_has_event(step, EVENT_simultaneous_close))
            facts->fins_crossed = true;
        else if (step_has_event(step, EVENT_fin_ack) &&
                 facts->fin_acked_frame[!seg->side] == seg->frame)
            facts->second_fin_acks = true;
    }
}

/*
 * The FIN was captured beyond a gap, and is known to be its sender's only here, where the other
 * side acknowledges it. What had been said before it, the gap hides.
 */
static void
note_stray_fin(struct memory *memory, unsigned side, uint32_t frame)
{
    struct close_facts *facts = &memory->close;

    if (facts->first_fin_frame != 0)
        return;
    if (!memory_has_close_begun(memory)) {
        facts->begin_ns = memory->log.entries[log_find(&memory->log, frame, UINT8_MAX)].time_ns;
        facts->idle_ns = 0;
    }
    facts->first_fin_frame = frame;
    facts->first_fin_side = side & 1U;
    facts->is_answered = true;
    if (!were_both_established(facts))
        facts->was_aborted = true;
}

/*
 * Its socket begins only here. A FIN in its name before, while its peer was never ESTABLISHED, was
 * not its own.
 */
static void
forget_early_fin(struct memory *memory, const struct segment *seg)
{
    struct close_facts *facts = &memory->close;

    if (facts->first_fin_frame != 0 && facts->first_fin_side == seg->side &&
        !(facts->was_established & (1U << !seg->side)))
        facts->first_fin_frame = 0;
}

static void
note_rst(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct reset_facts *facts = &memory_make_extra(memory)->reset;

    begin_close(memory, seg, step);
    if (facts->frame != 0)
        return;
    facts->frame = seg->frame;
    facts->side = seg->side & 1U;
    facts->after_fin = memory->close.first_fin_frame != 0;
    facts->after_close = step->both_fins_acked;
    facts->answered_syn = step->side[!seg->side].before == STATE_SYN_SENT;
    facts->is_forged = pieces_show_forgery(step->pieces);
    if (!facts->answered_syn && !were_both_established(&memory->close))
        memory->close.was_aborted = true;
}

/* The RST that has closed its receiver was captured before what came before it. */
static void
note_taken_rst(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct resets *resets = &memory_make_extra(memory)->resets;
    struct reset_facts *facts = &memory->extra->reset;
    const struct rst_record *rst = resets_at(resets, step->taken_frame, UINT8_MAX);
    bool begins = !memory_has_close_begun(memory);

    resets_note_taken(resets, step->taken_frame);
    begin_close(memory, seg, step);
    if (!rst || facts->frame != 0)
        return;
    if (begins)
        memory->close.begin_ns = rst->time_ns;
    facts->frame = rst->frame;
    facts->side = rst->side;
    facts->after_fin = memory->close.first_fin_frame != 0;
    facts->after_close = step->both_fins_acked;
    facts->is_forged = pieces_show_forgery(rst->pieces);
}

/* The RST that counted as accepted was not: if it was the other side's, it does not count any more.
 */
static void
forget_rst(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct reset_facts *facts = &memory_make_extra(memory)->reset;

    if (facts->frame == 0 || facts->side == seg->side)
        return;
    *facts = (struct reset_facts){
        .gave_up_frame = facts->gave_up_frame,
        .gave_up_side = facts->gave_up_side,
    };
    memory->close.was_aborted = false;
    if (!step->both_fins_acked)
        memory->close.is_complete = false;
}

/* Its sender has closed, and its receiver has not: it gives up, after retransmissions or probes. */
static void
note_giving_up(struct memory *memory, const struct segment *seg, const struct step *step)
{
    struct reset_facts *facts = &memory_make_extra(memory)->reset;

    if (facts->gave_up_frame != 0 || step_has_event(step, EVENT_rst_accepted) ||
        step->side[seg->side].before == STATE_CLOSED || step->side[seg->side].state != STATE_CLOSED)
        return;
    facts->gave_up_frame = seg->frame;
    facts->gave_up_side = seg->side & 1U;
}

/* The RST that ended the stream, or seemed to, was not sent by whom it names. */
static void
note_forgery(struct memory *memory, const struct step *step)
{
    struct reset_facts *facts = &memory_make_extra(memory)->reset;

    if (facts->frame == step->about_frame)
        facts->is_forged = true;
    if (facts->gave_up_frame == step->about_frame)
        facts->gave_up_frame = 0;
}

bool
facts_take(struct memory *memory, const struct segment *seg, const struct step *step)
{
    bool rst_accepted = step_has_event(step, EVENT_rst_accepted);
    enum fin_change fin = step->side[seg->side].fin;

    if (memory->close.is_over)
        return false;
    note_handshake(memory, seg, step);
    if (step->refutes_rst)
        forget_rst(memory, seg, step);
    if (step->rst != RST_NONE)
        note_giving_up(memory, seg, step);
    else if (step->disowns_rst)
        note_forgery(memory, step);
    if (step->refutes_fin && memory_extra(memory)->reset.frame == 0)
        memory->close.is_complete = false;
    if (rst_accepted)
        note_rst(memory, seg, step);
    if (step->taken_frame != 0)
        note_taken_rst(memory, seg, step);
    if (facts_stray_fin_frame(memory, step) != 0)
        note_stray_fin(memory, !seg->side, step->stray_fin_frame);
    if (fin == FIN_GONE)
        forget_early_fin(memory, seg);
    else if (fin == FIN_HERE)
        note_fin(memory, seg, step);
    /* Of a stream that goes on with the sockets of one before, both FINs may have been in that one.
     */
    if (step->both_fins_acked && memory->close.fin_frame[0] != 0 && memory->close.fin_frame[1] != 0)
        memory->close.is_over = true;
    if (!(step->both_fins_acked || rst_accepted || step->taken_frame != 0) ||
        memory->close.is_complete || !memory_has_close_begun(memory))
        return false;
    memory->close.is_complete = true;
    return true;
}
