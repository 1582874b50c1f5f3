/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ctrl-C: reading ends, and what has been read is reported on. */
#ifndef TCPCLOSE_INTERRUPT_H
#define TCPCLOSE_INTERRUPT_H

#include <stdbool.h>

/* From now on, an interrupt ends reads that wait for input, too: they fail. */
void interrupt_begin(void);

/* There was one. */
bool is_interrupted(void);

/* Reading is over: the next one ends the process. */
void interrupt_end(void);

#endif
