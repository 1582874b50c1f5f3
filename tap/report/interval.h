/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument of reports that take an interval: SECONDS, with up to nine decimals. */
#ifndef TCPCLOSE_INTERVAL_H
#define TCPCLOSE_INTERVAL_H

#include <stdint.h>

enum { INTERVAL_MAX_S = 1000000000 }; /* some 30 years */

/* For people who gave something else; INTERVAL_MAX_S is its argument. */
#define INTERVAL_RANGE "SECONDS from 0.000000001 to %d"

struct interval_argument {
    int64_t ns;       /* 0: there is no valid one */
    const char *rest; /* what follows the number */
};

/* The interval that a text begins with. */
struct interval_argument interval_read(const char *text);

#endif
