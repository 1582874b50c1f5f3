/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tell/: the rules that find a cause. Each looks at what is known of a stream, or of one of
 * its RSTs, and returns what it finds: nothing, or who did it and which frames show it.
 */
#ifndef TCPCLOSE_CAUSE_RULES_H
#define TCPCLOSE_CAUSE_RULES_H

#include "cause.h"
#include "outcome.h"
#include "stream.h"

/* What a rule is asked about. */
struct inquiry {
    const struct stream *stream;
    const struct memory *memory;
    const struct course *course;   /* NULL where only a RST is asked about */
    const struct rst_record *rst;  /* that RST, or the one that ended the stream; NULL: none */
    const struct rst_record *fake; /* the same, if its sender has not sent it */
    struct outcome outcome;        /* of the stream */
    int64_t end_ns;                /* the newest time stamp of the capture */
};

/* What it finds. */
struct finding {
    bool holds; /* the rest is valid only then */
    bool sure;
    unsigned actor; /* the side that is @ in the sentence */
    enum cause_side side;
    uint32_t frames[CAUSE_FRAMES_MAX]; /* in any order; 0: none */
    uint32_t look_frame;
};

typedef struct finding find_cause(const struct inquiry *in);

/* The side as people call it. */
enum cause_side cause_side_of(const struct inquiry *in, unsigned side);

/* By the sender of the RST: the segment that it answers, and the RST. */
struct finding cause_by_sender(const struct inquiry *in, bool sure);

/* There is a RST, and its numbers say that it answers a segment, */
static inline bool
cause_is_answer(const struct inquiry *in)
{
    return in->rst && in->rst->origin == RST_ANSWER;
}

/* or that its sender decided to reset the connection. */
static inline bool
cause_is_decision(const struct inquiry *in)
{
    return in->rst && in->rst->origin == RST_DECISION;
}

/* RSTs that answer a segment (cause_answer.c); */
find_cause find_refused;
find_cause find_handshake_mismatch;
find_cause find_accept_overflow;
find_cause find_handshake_reset;
find_cause find_nat_mismatch;
find_cause find_idle_close_race;
find_cause find_data_after_full_close;
find_cause find_connection_lost;
find_cause find_stray_after_close;

/* those that their sender decided to send, or did not send (cause_decision.c); */
find_cause find_middlebox_reset;
find_cause find_keepalive_timeout;
find_cause find_retransmission_timeout;
find_cause find_abort;

/* and all else (cause_close.c). */
find_cause find_no_connection_seen;
find_cause find_one_direction;
find_cause find_syn_unanswered;
find_cause find_peer_vanished;
find_cause find_application_did_not_close;
find_cause find_peer_never_closed;
find_cause find_last_ack_lost;
find_cause find_closed_without_reply;
find_cause find_idle_close;
find_cause find_normal_close;
find_cause find_open_at_end;

/* What more is to be said of the RST that showed a cause (cause_hint.c). */
enum cause_hint find_hint(const struct inquiry *in, enum cause_kind kind);

#endif
