/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output that cannot be written, as on a full disk. */
#ifndef TCPCLOSE_WRITTEN_H
#define TCPCLOSE_WRITTEN_H

#include <stdbool.h>

/* All that was printed is written. False: not, and the user has been told that "the report" (what)
 * cannot be. */
bool written_or_told(const char *what);

/* Prints this for GLib, which does so for --help and then ends the process as if all were well. To
 * be called before the options are read. */
void written_check_help(void);

#endif
