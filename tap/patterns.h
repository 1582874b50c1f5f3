/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,patterns and the dialog "TCP Close Patterns": a row a pattern. */
#ifndef TCPCLOSE_PATTERNS_H
#define TCPCLOSE_PATTERNS_H

void patterns_register(void);

#endif
