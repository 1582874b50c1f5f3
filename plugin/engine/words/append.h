/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short texts and numbers at the end of a GString. A row of CSV has some sixty of them: GLib's own
 * functions, and printf(), took a third of the time of a report.
 */
#ifndef TCPCLOSE_APPEND_H
#define TCPCLOSE_APPEND_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

/* Appends so many bytes, which are none of out's own. Allocates when out is full. */
static inline void
append_bytes(GString *out, const char *bytes, size_t count)
{
    if (out->len + count >= out->allocated_len) {
        g_string_append_len(out, bytes, (gssize)count);
        return;
    }
    memcpy(out->str + out->len, bytes, count);
    out->len += count;
    out->str[out->len] = '\0';
}

static inline void
append_text(GString *out, const char *text)
{
    append_bytes(out, text, strlen(text));
}

/* A number in decimal digits, with zeros in front up to so many. */
static inline void
append_digits(GString *out, uint64_t number, unsigned least)
{
    char digits[20];
    unsigned at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || sizeof(digits) - at < least);
    append_bytes(out, digits + at, sizeof(digits) - at);
}

#endif
