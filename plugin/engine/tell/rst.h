/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RST in hindsight: everything known of it at the time of asking. Asked of the newest segment,
 * that is what this segment and earlier ones tell.
 */
#ifndef TCPCLOSE_RST_H
#define TCPCLOSE_RST_H

#include "snapshot.h"

struct memory;

struct rst_told {
    enum rst_verdict verdict; /* NONE: no RST */
    piece_set pieces;         /* what speaks against its sender's having sent it */
    bool forged;              /* they are enough */
    uint32_t trigger_frame;   /* what it answers; 0: not known, or nothing, and so on */
    uint32_t challenge_frame; /* the challenge ACK that it drew */
    uint32_t refuted_frame;   /* the segment that shows that it was not taken, or not sent */
};

/* Of a frame with a snapshot. Costs a binary search among the stream's RSTs. */
struct rst_told rst_told_at(const struct stream *stream, uint32_t frame,
                            const struct snapshot *shown);

/* Somebody else than the endpoint that it names has sent the RST in the frame. As cheap. */
bool rst_is_forged(const struct memory *memory, uint32_t frame);

/*
 * How many RSTs in the name of that role are suspect. Costs two binary searches for each of the
 * stream's RSTs.
 */
unsigned rst_count_suspect(const struct stream *stream, enum role role);

#endif
