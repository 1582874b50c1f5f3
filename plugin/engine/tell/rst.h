/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RST in hindsight: everything known of it at the time of asking. Asked of the newest segment,
 * that is what this segment and earlier ones tell.
 */
#ifndef TCPCLOSE_RST_H
#define TCPCLOSE_RST_H

#include <stdbool.h>
#include <stdint.h>

#include "state.h"

struct stream;

/* Frame 0: not known, or none. */
struct rst_told {
    enum rst_verdict verdict; /* NONE: no RST, or one that is of no account */
    enum rst_origin origin;
    enum role sender; /* whom it names */
    piece_set pieces; /* what speaks against its sender's having sent it */
    bool forged;      /* they are enough */
    uint8_t layer;
    uint32_t frame;
    int64_t time_ns;
    uint32_t trigger_frame;   /* what it answers; also 0 where it is a guess */
    uint32_t challenge_frame; /* the challenge ACK that it drew */
    uint32_t refuted_frame;   /* the segment that shows that it was not taken, or not sent */
    uint32_t sender_frame;    /* its sender's newest segment before it, */
    uint32_t receiver_frame;  /* and the receiver's */
};

/* How many RSTs the stream has, and one of them, in the order of frames. O(1). */
unsigned rst_count(const struct stream *stream);
struct rst_told rst_told(const struct stream *stream, unsigned index);

/* The RST of a segment. O(log n) of the stream's RSTs. */
struct rst_told rst_told_at(const struct stream *stream, uint32_t frame, uint8_t layer);

/* How many RSTs in the name of that role are suspect. Walks through the stream's RSTs. */
unsigned rst_count_suspect(const struct stream *stream, enum role role);

/* Somebody else than its sender has sent one of them, whatever became of it. A walk, too. */
bool rst_is_any_forged(const struct stream *stream);

/* One sentence on a piece that the RST has, with the frames that show it. Freed with g_free(). */
char *rst_evidence(const struct rst_told *rst, enum forgery_piece piece);

#endif
