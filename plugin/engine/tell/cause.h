/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a stream ended, or a RST was sent, as far as is known from the segments fed so far: what an
 * observer can tell, and whose doing it was. Where nothing excludes the alternatives, it is not
 * sure, or unknown. Every answer names the frames that it rests on.
 */
#ifndef TCPCLOSE_CAUSE_H
#define TCPCLOSE_CAUSE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "causes.h"
#include "state.h"

struct course;
struct outcome;
struct stream;

enum { CAUSE_FRAMES_MAX = 4 };

struct cause {
    enum cause_kind kind;
    enum cause_side side;
    enum role actor;                   /* who is @ in the sentence */
    enum cause_hint hint;              /* how it may have come about */
    bool sure;                         /* every alternative is excluded */
    bool has_idle;                     /* there is a FIN or an accepted RST: idle_ns is valid */
    int64_t idle_ns;                   /* without payload either way before that */
    uint32_t frames[CAUSE_FRAMES_MAX]; /* what it rests on, ascending; 0 behind the last */
    uint32_t look_frame;               /* where one would look; 0: nowhere */
};

/*
 * end_ns: the newest time stamp of the capture. Course and outcome are the stream's, up to date.
 * Costs a walk over the RSTs and the visits.
 */
struct cause cause_of_course(const struct stream *stream, const struct course *course,
                             const struct outcome *outcome, int64_t end_ns);

/* The same of a stream whose course nobody has. Costs a walk over its transition log. */
struct cause cause_of(const struct stream *stream, int64_t end_ns);

/* Of a RST alone: what made its sender send it. No RST: unknown. O(log n) of the stream's RSTs. */
struct cause cause_of_rst(const struct stream *stream, uint32_t frame, uint8_t layer);

/* One sentence, with the frames. Freed by the caller with g_free(). */
char *cause_evidence(const struct cause *cause);

/* Appends the frames, apart by blanks. */
void cause_append_frames(GString *out, const struct cause *cause);

#endif
