/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios that read as prose: who sends what, and what both endpoints show afterwards.
 *
 *     C_SENDS("FA", 1, 1, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin))),
 *
 * C and S are the two endpoints; C is the client of the first stream. Sequence and ACK numbers are
 * relative to the first numbers of the two, as Wireshark shows them: SYN 0, first byte 1. Each
 * scenario is played with C on side 0 and on side 1, with and without timestamps, and from three
 * pairs of start numbers that lie just before the wrap or at it.
 *
 * On each segment the player checks the states; every event of severity Note or Warning (each has
 * to be announced); the Chat events announced; that the snapshots chain; and, when the script ends,
 * that snapshot_at gives the same snapshots in any order.
 */
#ifndef TCPCLOSE_TESTS_SCRIPT_H
#define TCPCLOSE_TESTS_SCRIPT_H

#include "snapshot.h"
#include "stream.h"
#include "summary.h"

enum who { C, S };

enum { ANY = STATE_COUNT }; /* a state that no contract fixes */

enum { WINDOW_DEFAULT = 60000, DELAY_DEFAULT_MS = 1, STEPS_MAX = 64 };

/* How a segment's timestamp is made; without timestamps in a run it has none anyway. */
enum stamp {
    STAMP_CLOCK, /* the sender's clock; none on a RST */
    STAMP_COPY,  /* as on the sender's last segment */
    STAMP_NONE,  /* missing */
    STAMP_AGED,  /* as the clock was aged_ms ago */
};

struct script_step {
    enum who from;
    const char *flags; /* of F S R P A U E W; NULL ends the script */
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
    int64_t delay_ms; /* after the segment before; 0: DELAY_DEFAULT_MS, */
    int64_t delay_us; /* or if not 0, this */
    int64_t aged_ms;
    uint32_t sack[2][2]; /* relative; 0, 0: no block */
    event_set events;    /* shown here; of Note and Warning no others but may */
    event_set may;       /* perhaps shown */
    event_set never;     /* Chat events that must not be shown */
    enum tcp_state shows[2];
    enum reason why[2]; /* NONE: unchecked */
    enum rst_verdict rst;
    enum stamp stamp;
    uint32_t fin_acks; /* frame numbers; 0: unchecked. The first step is frame 1. */
    uint32_t fin_retransmission_of;
    uint16_t window; /* 0: WINDOW_DEFAULT */
    uint16_t ip_id;  /* 0: as an IPv6 packet, none */
    bool zero_window;
    bool any_verdict; /* rst is unchecked, if the segment is a RST */
    bool fast_open;
    uint8_t window_shift;
    bool unscaled; /* of a SYN or SYN-ACK: does not offer window scaling */
    bool sackless; /* of a SYN or SYN-ACK: does not permit SACK */
    bool check_confirmed;
    bool confirmed[2];
    bool new_stream; /* this segment begins a new tcp.stream on the same endpoints */
};

/* closed_by and reset_by, from the view of the script */
enum closed_by { BY_UNCHECKED, BY_C, BY_S, BY_BOTH, BY_NONE };

/* What the last stream of the script is found to be; unchecked if not given. */
struct ending {
    bool checked;
    enum tcp_pattern pattern;
    enum closed_by closed_by;
    enum closed_by reset_by;
    bool complete;
    bool guessed;
    int64_t teardown_ms; /* -1: unchecked; of a close that has not ended: at least */
    uint64_t half_close_bytes;
    uint32_t fin_retransmissions;
};

enum only { ALWAYS, WITH_TIMESTAMPS, WITHOUT_TIMESTAMPS };

struct scenario {
    const char *name;
    const struct script_step *steps;
    struct ending outcome;
    enum only only;
    int64_t two_msl_s; /* 0: 60 */
    int64_t alarm_s;   /* 0: 30 */
    enum rst_policy rst_policy;
    enum tcp_stack stack;
    bool no_sack;
    enum who client; /* of the last stream, if not guessed */
};

/* ---- words of the scripts ---- */

/* clang-format off */
#define STEPS(...) (const struct script_step[]){__VA_ARGS__, {.flags = NULL}}
#define SEND(who, flags_, seq_, ack_, len_, ...) \
    {.from = (who), .flags = (flags_), .seq = (seq_), .ack = (ack_), .len = (len_), __VA_ARGS__}
#define C_SENDS(flags, seq, ack, len, ...) SEND(C, flags, seq, ack, len, __VA_ARGS__)
#define S_SENDS(flags, seq, ack, len, ...) SEND(S, flags, seq, ack, len, __VA_ARGS__)
#define SHOWS(c, s) .shows = {STATE_##c, STATE_##s}
#define SHOWS_C(c) .shows = {STATE_##c, (enum tcp_state)ANY}
#define SHOWS_S(s) .shows = {(enum tcp_state)ANY, STATE_##s}
#define SHOWS_ANY .shows = {(enum tcp_state)ANY, (enum tcp_state)ANY}
#define WHY(c, s) .why = {REASON_##c, REASON_##s}
#define EV(slug) ((event_set)1 << EVENT_##slug)
#define EVENTS(set) .events = (set)
#define MAY(set) .may = (set)
#define NEVER(set) .never = (set)
#define VERDICT(verdict) .rst = RST_##verdict
#define ANY_VERDICT .any_verdict = true
#define AFTER_MS(ms) .delay_ms = (ms)
#define AFTER_US(us) .delay_us = (us)
#define AFTER_S(s) .delay_ms = 1000LL * (s)
#define COPY .stamp = STAMP_COPY
#define UNSTAMPED .stamp = STAMP_NONE
#define AGED_MS(ms) .stamp = STAMP_AGED, .aged_ms = (ms)
#define SACK(left, right) .sack = {{(left), (right)}}
#define CONFIRMED(c, s) .check_confirmed = true, .confirmed = {(c), (s)}
#define FIN_ACKS(frame) .fin_acks = (frame)
#define REPEATS(frame) .fin_retransmission_of = (frame)
#define WINDOW(bytes) .window = (bytes)
#define IP_ID(number) .ip_id = (number)
#define ZERO_WINDOW .zero_window = true
#define FAST_OPEN .fast_open = true
#define UNSCALED .unscaled = true
#define SACKLESS .sackless = true
#define SHIFT(bits) .window_shift = (bits)
#define NEW_STREAM .new_stream = true

/* Of a RST that ends the connection. */
#define TAKEN VERDICT(ACCEPTED), EVENTS(EV(rst_accepted))

/* Of a scenario: a RST ends the connection, and no FIN came before. */
#define RESET_BY(who, pattern_)                                                               \
    .outcome = {true, .pattern = PATTERN_##pattern_, .closed_by = BY_NONE, .reset_by = (who), \
                .complete = true, .teardown_ms = 0}

/* Of a FIN that was sent before. */
#define FIN_AGAIN EVENTS(EV(fin) | EV(fin_retransmission))

/* Frame 1. */
#define FIRST_SYN C_SENDS("S", 0, 0, 0, SHOWS(SYN_SENT, SYN_RECEIVED))

/* Frames 1 and 2. */
#define SYNS FIRST_SYN, S_SENDS("SA", 0, 1, 0, SHOWS(ESTABLISHED, SYN_RECEIVED))

/* Frames 1 to 3; both ends ESTABLISHED. */
#define HANDSHAKE SYNS, C_SENDS("A", 1, 1, 0, SHOWS(ESTABLISHED, ESTABLISHED))

/* Frames 1 to 5: then 200 bytes each way, so that both numbers have wrapped; next: 201 and 201. */
#define OPENED                                                 \
    HANDSHAKE,                                                 \
    C_SENDS("PA", 1, 1, 200, SHOWS(ESTABLISHED, ESTABLISHED)), \
    S_SENDS("PA", 1, 201, 200, SHOWS(ESTABLISHED, ESTABLISHED))

/* Frame 6: C's FIN; frame 7: the ACK of it. C next 202, S next 201. */
#define FIN_SENT OPENED, C_SENDS("FA", 201, 201, 0, SHOWS(FIN_WAIT_1, CLOSE_WAIT), EVENTS(EV(fin)))
#define HALF_CLOSED \
    FIN_SENT, S_SENDS("A", 201, 202, 0, SHOWS(FIN_WAIT_2, CLOSE_WAIT), EVENTS(EV(fin_ack)))

/* Frame 8: S's FIN. S next 202. */
#define SECOND_FIN_SENT \
    HALF_CLOSED, S_SENDS("FA", 201, 202, 0, SHOWS(TIME_WAIT, LAST_ACK), EVENTS(EV(fin)))

/* Frame 9: the last ACK. */
#define FOUR_WAY    \
    SECOND_FIN_SENT, \
    C_SENDS("A", 202, 202, 0, SHOWS(TIME_WAIT, CLOSED), EVENTS(EV(fin_ack) | EV(close_complete)))

/* Frames 6 and 7: both FINs, crossing. C next 202, S next 202. */
#define FINS_CROSSED \
    FIN_SENT,        \
    S_SENDS("FA", 201, 201, 0, SHOWS(CLOSING, CLOSING), EVENTS(EV(fin) | EV(simultaneous_close)))
/* clang-format on */

/* Adds the scenarios as tests under /engine. */
void script_add(const struct scenario *scenarios, unsigned count);

/* Plays one scenario in all its variants; stops at the first that fails and fails the test. */
void script_play(const struct scenario *scenario);

#endif
