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

/* Room for so many bytes at the end, which are to be written. Allocates when out is full. */
static inline char *
append_room(GString *out, size_t count)
{
    size_t at = out->len;

    if (at + count >= out->allocated_len) {
        g_string_set_size(out, at + count);
    } else {
        out->len += count;
        out->str[out->len] = '\0';
    }
    return out->str + at;
}

/* Appends so many bytes, which are none of out's own. */
static inline void
append_bytes(GString *out, const char *bytes, size_t count)
{
    memcpy(append_room(out, count), bytes, count);
}

static inline void
append_text(GString *out, const char *text)
{
    append_bytes(out, text, strlen(text));
}

static inline unsigned
digit_count(uint64_t number)
{
    enum { MOST = 20 };
    unsigned count = 1;

    for (uint64_t limit = 10; number >= limit && count < MOST; limit *= 10)
        count++;
    return count;
}

/* The last digits of a number, so many. Two at a time: a row of CSV has some two hundred. */
static inline void
append_last_digits(GString *out, uint64_t number, unsigned count)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233"
        "34353637383940414243444546474849505152535455565758596061626364656667"
        "6869707172737475767778798081828384858687888990919293949596979899";
    char *digits = append_room(out, count);

    for (; count >= 2; number /= 100) {
        count -= 2;
        memcpy(digits + count, &pairs[number % 100 * 2], 2);
    }
    if (count > 0)
        digits[0] = (char)('0' + number % 10);
}

static inline void
append_number(GString *out, uint64_t number)
{
    append_last_digits(out, number, digit_count(number));
}

#endif
