/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far reading has come, for somebody who waits at a terminal. */
#ifndef TCPCLOSE_PROGRESS_H
#define TCPCLOSE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress;

/* NULL: nobody sees standard error, or what is written to standard output would stand between. */
struct progress *progress_begin(bool writes_meanwhile);

/*
 * So many packets were read, which are that part of the file, of 1; less than 0: nobody knows.
 * Writes at most five times a second; NULL is nothing to do. O(1).
 */
void progress_tell(struct progress *progress, uint32_t packets, double part);

/* Makes room for a message. */
void progress_erase(const struct progress *progress);

/* Erases it, and frees it. */
void progress_end(struct progress *progress);

#endif
