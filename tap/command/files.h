/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several capture files as one: their packets in the order of time, as mergecap puts them together.
 * Files that follow each other, as those of a ring, are open one at a time, whatever their names.
 */
#ifndef TCPCLOSE_FILES_H
#define TCPCLOSE_FILES_H

#include <stdbool.h>

#include "source.h"

struct files;

/*
 * The files of these names, which have to live as long; of several the first packet of each is read
 * at once. NULL: one of them cannot be opened, or is named twice, and *error says so in a sentence
 * without its end; freed by the caller. Freed with files_close().
 */
struct files *files_open(char **names, enum source_use use, char **error);
void files_close(struct files *files);

enum files_next {
    FILES_PACKET,  /* valid until the next call, numbered from 1 over all files */
    FILES_END,     /* of all of them */
    FILES_PROBLEM, /* the rest of one of them cannot be read; the others go on */
};

/* The next packet; of a problem *problem says what it is, as above. */
enum files_next files_next(struct files *files, struct packet *packet, char **problem);

/* The part that has been read, of 1, each file counting the same; less than 0: one that is open has
 * no size. Valid after a packet. */
double files_part(const struct files *files);

/* Where the last packet is from: which of the names, and the file. */
unsigned files_index(const struct files *files);
struct source *files_source(const struct files *files);

#endif
