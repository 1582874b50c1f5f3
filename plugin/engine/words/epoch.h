/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A moment as users write it: seconds since 1970-01-01 UTC, with up to nine decimals. */
#ifndef TCPCLOSE_EPOCH_H
#define TCPCLOSE_EPOCH_H

#include <stdint.h>

/* For people who gave something else. */
#define EPOCH_FORM \
    "seconds since 1970, up to 9223372035, with up to nine decimals, as 1700000000.25"

enum { EPOCH_UNREADABLE = -1 };

/* In nanoseconds; 0 where the text is empty, EPOCH_UNREADABLE where it is no such moment. */
int64_t epoch_read(const char *text);

#endif
