/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names for a table that people read. */
#ifndef TCPCLOSE_DISPLAYABLE_H
#define TCPCLOSE_DISPLAYABLE_H

/*
 * A name may come from the capture file and hold anything: what is no character that can be seen
 * (line ends, a terminal's commands, marks that turn the direction of text, bytes that are no
 * UTF-8) is shown as U+FFFD. Freed by the caller.
 */
char *displayable(const char *name);

#endif
