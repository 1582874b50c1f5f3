/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The preferences tcpclose.*; a change of one redissects the capture. */
#ifndef TCPCLOSE_PREFS_H
#define TCPCLOSE_PREFS_H

#include <stdbool.h>

#include "policy.h"

void prefs_register(int proto);

/* What the preferences say now. */
struct policy prefs_policy(void);
bool prefs_info_column(void);
const char *prefs_file(void);

#endif
