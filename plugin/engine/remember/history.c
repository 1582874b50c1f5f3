/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history.h"

#include "memory.h"

enum { BITS = 5, SIDE_BIT = 4, LETTER_MASK = (1 << SIDE_BIT) - 1 };
_Static_assert((int)LETTER_COUNT <= 1 << SIDE_BIT,
               "a code has its letter in the bits below the side");
_Static_assert(HISTORY_INLINE *BITS <= HISTORY_PACKETS_SHIFT, "the packets are behind the letters");

/* ---- letters ---- */

/* By FIN, SYN, RST and ACK as they stand in the flags; ACK: or DATA, by the payload. */
static const uint8_t of_flags[FLAG_ACK << 1] = {
    [FLAG_ACK] = LETTER_ACK,
    [FLAG_SYN] = LETTER_SYN,
    [FLAG_SYN | FLAG_ACK] = LETTER_SYN_ACK,
    [FLAG_FIN] = LETTER_FIN,
    [FLAG_FIN | FLAG_ACK] = LETTER_FIN,
    [FLAG_RST] = LETTER_RST,
    [FLAG_RST | FLAG_ACK] = LETTER_RST,
    [FLAG_SYN | FLAG_FIN] = LETTER_SYN_FIN,
    [FLAG_SYN | FLAG_FIN | FLAG_ACK] = LETTER_SYN_FIN,
    [FLAG_SYN | FLAG_RST] = LETTER_SYN_RST,
    [FLAG_SYN | FLAG_RST | FLAG_ACK] = LETTER_SYN_RST,
    [FLAG_FIN | FLAG_RST] = LETTER_FIN_RST,
    [FLAG_FIN | FLAG_RST | FLAG_ACK] = LETTER_FIN_RST,
    [FLAG_SYN | FLAG_FIN | FLAG_RST] = LETTER_FIN_RST,
    [FLAG_SYN | FLAG_FIN | FLAG_RST | FLAG_ACK] = LETTER_FIN_RST,
};

static enum history_letter
letter_of(const struct segment *seg)
{
    unsigned letter = of_flags[seg->flags & (FLAG_SYN | FLAG_FIN | FLAG_RST | FLAG_ACK)];

    if (seg->len > 0 && (letter == LETTER_ACK || letter == LETTER_NONE))
        return LETTER_DATA;
    return (enum history_letter)letter;
}

static unsigned
count_inline(const struct history *history)
{
    return (unsigned)(history->letters >> HISTORY_COUNT_SHIFT) & 0xfU;
}

unsigned
history_count(const struct memory *memory)
{
    const GByteArray *more = memory_rare(memory)->history.letters;

    return more ? HISTORY_INLINE + more->len : count_inline(&memory->history);
}

struct history_entry
history_at(const struct memory *memory, unsigned index)
{
    unsigned code = index < HISTORY_INLINE
                        ? (unsigned)(memory->history.letters >> (BITS * index))
                        : memory_rare(memory)->history.letters->data[index - HISTORY_INLINE];

    return (struct history_entry){
        .letter = (enum history_letter)(code & LETTER_MASK),
        .side = (code >> SIDE_BIT) & 1U,
    };
}

static G_GNUC_NO_INLINE void
add_more(struct memory *memory, uint8_t code)
{
    struct history_extra *extra = &memory_make_rare(memory)->history;

    if (!extra->letters)
        extra->letters = g_byte_array_new();
    if (extra->letters->len < HISTORY_MAX - HISTORY_INLINE)
        g_byte_array_append(extra->letters, &code, 1);
}

static inline void
add(struct memory *memory, unsigned side, enum history_letter letter)
{
    struct history *history = &memory->history;
    unsigned code = letter | side << SIDE_BIT;
    unsigned count = count_inline(history);

    if (count == HISTORY_INLINE)
        add_more(memory, (uint8_t)code);
    else
        history->letters +=
            ((uint64_t)code << (BITS * count)) + ((uint64_t)1 << HISTORY_COUNT_SHIFT);
}

/*
 * SYN, FIN and RST count again if they are others, by the number of the SYN, FIN or RST itself. Of
 * SYN and FIN the low half of it is kept, and of the SYN not beyond the FIN.
 */
static inline bool
is_another(struct memory *memory, const struct segment *seg, enum history_letter letter)
{
    struct history *history = &memory->history;
    uint16_t *number = &history->number[seg->side];
    uint16_t old_number = *number;

    if (letter == LETTER_RST) {
        uint32_t *rst_seq = &memory_make_extra(memory)->rst_seq[seg->side];
        uint32_t old_seq = *rst_seq;

        *rst_seq = seg->seq;
        return old_seq != seg->seq;
    }
    if (letter == LETTER_FIN) {
        *number = (uint16_t)(seg->seq + seg->len);
        return old_number != *number;
    }
    if (history_has(history, seg->side, LETTER_FIN))
        return false;
    *number = (uint16_t)seg->seq;
    return old_number != *number;
}

enum { SYNS = 1 << LETTER_SYN | 1 << LETTER_SYN_ACK };

/* SYN and SYN-ACK are one kind (HIST_SYN_PKT). */
static void
add_numbered(struct memory *memory, const struct segment *seg, enum history_letter letter)
{
    uint16_t *told = &memory->history.told[seg->side];
    unsigned bit = 1U << letter;
    bool is_told = (*told & ((bit & SYNS) ? SYNS : bit)) != 0;

    *told = (uint16_t)(*told | bit);
    if (is_another(memory, seg, letter) || !is_told)
        add(memory, seg->side, letter);
}

static inline void
add_kind(struct memory *memory, const struct segment *seg)
{
    enum { NUMBERED = SYNS | 1 << LETTER_FIN | 1 << LETTER_RST };
    uint16_t *told = &memory->history.told[seg->side];
    enum history_letter letter = letter_of(seg);
    unsigned bit = 1U << letter;

    if (bit & NUMBERED) {
        add_numbered(memory, seg, letter);
    } else if (!((*told | 1U << LETTER_NONE) & bit)) {
        *told = (uint16_t)(*told | bit);
        add(memory, seg->side, letter);
    }
}

/* The first time, the tenth, the hundredth and so on (Connection::ScaledHistoryEntry). */
static void
add_scaled(struct memory *memory, unsigned side, enum history_letter letter)
{
    uint32_t count =
        ++memory_make_rare(memory)->history.repeats[side][letter - LETTER_RETRANSMISSION];

    while (count % 10 == 0)
        count /= 10;
    if (count == 1)
        add(memory, side, letter);
}

/* ---- what a segment does beside ---- */

/* update_window: of no account with or after a RST, and after the other side's FIN. */
static void
take_zero_window(struct memory *memory, const struct segment *seg)
{
    const struct history *history = &memory->history;

    if (!history_has(history, seg->side, LETTER_RST) &&
        !history_has(history, !seg->side, LETTER_FIN))
        add_scaled(memory, seg->side, LETTER_ZERO_WINDOW);
}

/* update_last_seq: after a RST of its sender no number is believed. */
static void
take_old_payload(struct memory *memory, const struct segment *seg)
{
    if (!history_has(&memory->history, seg->side, LETTER_RST))
        add_scaled(memory, seg->side, LETTER_RETRANSMISSION);
}

/* TCP_Reassembler::Gap: of a connection whose handshake was seen, and that is not reset. */
static void
take_gap(struct memory *memory, const struct segment *seg)
{
    unsigned told = memory->history.told[0] | memory->history.told[1];

    if ((told & 1U << LETTER_SYN_ACK) && !(told & 1U << LETTER_RST))
        add_scaled(memory, !seg->side, LETTER_GAP);
}

static G_GNUC_NO_INLINE void
take_troubles(struct memory *memory, const struct segment *seg, const struct step *step)
{
    if (seg->window == 0)
        take_zero_window(memory, seg);
    if (step->old_payload)
        take_old_payload(memory, seg);
    if (step_has_event(step, EVENT_capture_loss))
        take_gap(memory, seg);
}

/* Few segments do. */
static inline bool
has_troubles(const struct segment *seg, const struct step *step)
{
    return seg->window == 0 || step->old_payload || step_has_event(step, EVENT_capture_loss);
}

/* ---- the stream's beginning ---- */

static inline void
count_packet(struct history *history, const struct segment *seg, bool new_payload)
{
    unsigned shift = HISTORY_PACKETS_SHIFT + 4U * seg->side;
    uint16_t *told = &history->told[seg->side];

    if (history_packets(history, seg->side) > HISTORY_EARLY) {
        /* The bits of ACK and DATA, where those of settled segments stand. */
        *told = (uint16_t)(*told | (*told >> LETTER_ACK & 3U) << HISTORY_SETTLED_SHIFT);
        return;
    }
    history->letters += (uint64_t)1 << shift;
    if (new_payload && history_payloads(history, seg->side) < 2)
        *told = (uint16_t)(*told + (1U << HISTORY_PAYLOADS_SHIFT));
}

/* ---- segments ---- */

void
history_take_stray_fin(struct memory *memory, const struct segment *seg)
{
    struct history *history = &memory->history;
    unsigned side = !seg->side;

    if (history_has(history, side, LETTER_FIN))
        return;
    history->told[side] = (uint16_t)(history->told[side] | 1U << LETTER_FIN);
    history->number[side] = (uint16_t)(seg->ack - 1);
    add(memory, side, LETTER_FIN);
}

void
history_take(struct memory *memory, const struct segment *seg, const struct step *step)
{
    add_kind(memory, seg);
    if (has_troubles(seg, step))
        take_troubles(memory, seg, step);
    if (!memory->extra || memory->extra->reset.frame == 0)
        count_packet(&memory->history, seg, step->new_payload);
}

void
history_pass(struct memory *memory, const struct segment *seg)
{
    const struct step step = {.new_payload = seg->len > 0};

    history_take(memory, seg, &step);
}
