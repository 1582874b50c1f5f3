/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interval.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "units.h"

struct interval_argument
interval_read(const char *text)
{
    size_t length = strspn(text, "0123456789.");
    char *number = g_strndup(text, length);
    char *end;
    double seconds = g_ascii_strtod(number, &end);
    bool is_valid = length > 0 && *end == '\0' && seconds <= INTERVAL_MAX_S;

    g_free(number);
    return (struct interval_argument){
        .ns = is_valid ? llround(seconds * (double)NS_PER_S) : 0,
        .rest = text + length,
    };
}
