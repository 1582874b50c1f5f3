/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stays of one side of a stream, as the entries of its transition log tell them: what an entry
 * begins, what it refutes, and what it proves of the stays before. course.h makes visits of them.
 */
#ifndef TCPCLOSE_STAYS_H
#define TCPCLOSE_STAYS_H

#include "course.h"
#include "log.h"

/* The beginning of a visit; it ends where the next one of its side begins. */
struct stay {
    struct instant from;
    enum tcp_state state;
    bool proved;
    bool unseen; /* no segment shows when it began */
};

enum { STAYS_INLINE = 8 }; /* most sides have fewer */

/* Of a side, in their order. */
struct stays {
    struct stay *item; /* few, or owned */
    unsigned count;
    unsigned capacity;
    int64_t quickest_ns; /* that it took to respond to a segment of the peer; INT64_MAX: none */
    struct instant peer_has_fin; /* when the peer was first shown to be in CLOSE_WAIT */
    enum tcp_state former;       /* what it was in before the stream's first segment */
    bool former_proved;
    uint32_t peer_fin_again; /* the frame where the peer's FIN came again last; 0: none */
    struct stay few[STAYS_INLINE];
};

/* Makes room for a few; freed with stays_clear(). They are not moved in memory. */
void stays_init(struct stays *stays);
void stays_clear(struct stays *stays);

/* None any more; the room is kept. O(1). */
void stays_restart(struct stays *stays);

/* Not of none. O(1). */
struct stay *stays_newest(struct stays *stays);

/* One more begins. Amortised O(1). */
void stays_begin(struct stays *stays, enum tcp_state state, struct instant from, bool proved);

/*
 * What an entry says of the side, where there is a stay already. now: the entry's time and frame;
 * has_spoken: the side has sent something before it. Costs what it refutes, and O(1).
 */
void stays_take_entry(struct stays *stays, const struct log_entry *entry, unsigned side,
                      struct instant now, bool has_spoken);

#endif
