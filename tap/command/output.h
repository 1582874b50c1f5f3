/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report on its way to standard output: in one go at the end, or as the streams are forgotten, a
 * row each where the form allows it, else added up.
 */
#ifndef TCPCLOSE_OUTPUT_H
#define TCPCLOSE_OUTPUT_H

#include "collect.h"
#include "options.h"

struct output;

/* All of them live as long as the output; is_live: rows are to be seen at once. */
struct output *output_new(const struct options *options, const struct collection *collection,
                          bool is_live);
void output_free(struct output *output);

/* A stream that is about to be forgotten: forget_stream of collect.h; context: the output. */
void output_take(void *context, const struct stream_entry *entry);

/* It writes while the files are read. */
bool output_is_in_parts(const struct output *output);

/* Nothing more can be written: there is no use in reading on. */
bool output_is_closed(const struct output *output);

/* The streams that are left. False: there is no report, and the user has been told. */
bool output_finish(struct output *output);

#endif
