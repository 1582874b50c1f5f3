/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "epoch.h"

#include <string.h>

#include "units.h"

static const char DIGITS[] = "0123456789";

/* Not by way of floating point: a double has no nine decimals left beside today's seconds. */
int64_t
epoch_read(const char *text)
{
    const int64_t max_s = INT64_MAX / NS_PER_S - 1;
    const size_t whole = strspn(text, DIGITS);
    const char *decimals = text + whole + (text[whole] == '.');
    const size_t length = strspn(decimals, DIGITS);
    int64_t seconds = 0;
    int64_t ns = 0;
    int64_t unit = NS_PER_S;

    if (decimals[length] != '\0' || length > 9 || (text[0] != '\0' && whole + length == 0))
        return EPOCH_UNREADABLE;
    for (size_t i = 0; i < whole; i++) {
        seconds = seconds * 10 + (text[i] - '0');
        if (seconds > max_s)
            return EPOCH_UNREADABLE;
    }
    for (size_t i = 0; i < length; i++) {
        unit /= 10;
        ns += (decimals[i] - '0') * unit;
    }
    return seconds * NS_PER_S + ns;
}
