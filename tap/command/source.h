/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets from a capture file of any format and compression that Wireshark's own library reads. */
#ifndef TCPCLOSE_SOURCE_H
#define TCPCLOSE_SOURCE_H

#include <stdbool.h>

#include "packet.h"

struct source;

/* Once in a process, before anything else of Wiretap. */
void source_init(void);

enum source_use {
    SOURCE_PACKETS, /* in the quickest way */
    SOURCE_RECORDS, /* with all that Wiretap knows of them: source_record() has it */
};

/*
 * The file of that name, "-" is standard input. NULL: it cannot be opened, and *error says why,
 * in words that follow a colon; freed by the caller. What is no capture file has no packet. The
 * name has to live as long. Freed with source_close().
 */
struct source *source_open(const char *name, enum source_use use, char **error);
void source_close(struct source *source);

/*
 * The next packet, or frame that is none, valid until the next call. False: there is none. Then
 * *error is NULL at the end of the file, else it says, as above, what is wrong with the rest of it.
 * The frame number is up to the caller.
 */
bool source_next(struct source *source, struct packet *packet, char **error);

/* The file of that name is there as a whole: no pipe or device, from which packets may come slowly.
 */
bool source_is_regular(const char *name);

/* The part of the file that has been read, of 1; less than 0: it has no size. */
double source_part(const struct source *source);

/* Of SOURCE_RECORDS: the last packet as Wiretap has it, and Wiretap's file; see wtcompat.h. */
struct compat_record;
struct wtap;
struct compat_record *source_record(struct source *source);
struct wtap *source_wiretap(const struct source *source);

/* What an error code of Wiretap's says, in words that follow a colon; takes the detail over. Freed
 * by the caller. */
char *source_reason(int code, char *detail);

#endif
