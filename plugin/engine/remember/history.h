/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a stream's segments were, in the order in which each kind of them came first: the letters of
 * Zeek's history (TCP_Endpoint::CheckHistory, update_history), by side. And the packets of its
 * beginning, counted: enough to say at which stage a connection that did not last was ended.
 */
#ifndef TCPCLOSE_HISTORY_H
#define TCPCLOSE_HISTORY_H

#include <glib.h>

#include "segment.h"
#include "step.h"

/* What a segment is, by its flags or by what it does; the letter is told in tell/zeek.c. */
enum history_letter {
    LETTER_NONE,
    LETTER_SYN,
    LETTER_SYN_ACK,
    LETTER_FIN,
    LETTER_RST,
    LETTER_FIN_RST,
    LETTER_SYN_FIN,
    LETTER_SYN_RST,
    LETTER_ACK,
    LETTER_DATA,
    LETTER_RETRANSMISSION,
    LETTER_ZERO_WINDOW,
    LETTER_GAP, /* of the side whose bytes were not captured */
    LETTER_COUNT,
};

enum {
    HISTORY_INLINE = 10, /* letters are kept without allocating, 5 bits each */
    HISTORY_MAX = 200,   /* letters at most: a scanner can make any number of RSTs */
    HISTORY_EARLY = 10,  /* packets of a side are counted, and one more */
};

/* In history.letters, behind the letters, 4 bits each: */
enum {
    HISTORY_COUNT_SHIFT = 52,   /* how many letters stand before */
    HISTORY_PACKETS_SHIFT = 56, /* by side: the packets of its beginning */
};

/* In history.told, behind a bit for each letter up to LETTER_DATA, which was told. */
enum {
    HISTORY_PAYLOADS_SHIFT = 12, /* 2 bits: of those packets, the ones with new payload, up to 2 */
    HISTORY_SETTLED_SHIFT = 14,  /* a bit for segments without payload, and one for those with
                                    some: there is nothing new to be told of such a one */
};

/* Zeroed, it is that of a stream without segments. Packed: there are many. */
struct history {
    uint64_t letters;   /* the oldest lowest: an enum history_letter, and above it its side */
    uint16_t told[2];   /* by side */
    uint16_t number[2]; /* by side: of its SYN, and then of its FIN, the low half of the number */
};
_Static_assert((int)LETTER_DATA < (int)HISTORY_PAYLOADS_SHIFT,
               "struct history.told has a bit for it");

/* What most streams never need; part of struct memory_rare. */
struct history_extra {
    GByteArray *letters;    /* behind the first ones, coded the same; NULL: none; owned */
    uint32_t repeats[2][3]; /* by side: how often the letters from RETRANSMISSION on were earned */
};

struct memory;

/*
 * A segment on the short way tells nothing, but for the first of its kind, those of the stream's
 * beginning, and a zero window.
 */
static inline bool
history_is_settled(const struct history *history, const struct segment *seg)
{
    return ((history->told[seg->side] >> (HISTORY_SETTLED_SHIFT + (seg->len > 0))) & 1U) &&
           seg->window != 0;
}

/* Keeps what a segment is: of the short way, and of a step. O(1). */
void history_pass(struct memory *memory, const struct segment *seg);
void history_take(struct memory *memory, const struct segment *seg, const struct step *step);

/* The other side's FIN, which the segment's ACK number shows to be its own, and not a stray one. */
void history_take_stray_fin(struct memory *memory, const struct segment *seg);

/* How many letters there are, and one of them, from 0 on, with the side that earned it. O(1). */
unsigned history_count(const struct memory *memory);
struct history_entry {
    enum history_letter letter;
    uint8_t side;
};
struct history_entry history_at(const struct memory *memory, unsigned index);

/* Of letters up to LETTER_DATA. */
static inline bool
history_has(const struct history *history, unsigned side, enum history_letter letter)
{
    return ((history->told[side] >> letter) & 1U) != 0;
}

/* Packets of a side until the connection was reset, up to HISTORY_EARLY + 1. */
static inline unsigned
history_packets(const struct history *history, unsigned side)
{
    return (unsigned)(history->letters >> (HISTORY_PACKETS_SHIFT + 4 * side)) & 0xfU;
}

/* Those of them that carry new payload, up to 2. */
static inline unsigned
history_payloads(const struct history *history, unsigned side)
{
    return (history->told[side] >> HISTORY_PAYLOADS_SHIFT) & 3U;
}

#endif
