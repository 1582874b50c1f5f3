/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short texts and numbers at the end of a GString. A row of CSV has some ninety values: GLib's own
 * functions, and printf(), took a third of the time of a report. Who appends many of them does it
 * as
 *
 *     char *at = append_begin(out);
 *     at = append_room(out, at, NUMBER_MAX), at = write_number(at, ...);    as often as it takes
 *     append_end(out, at);
 */
#ifndef TCPCLOSE_APPEND_H
#define TCPCLOSE_APPEND_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

enum { NUMBER_MAX = 24 }; /* room that write_number() needs: three times eight digits */

/* Where it ends. Until append_end(), what is written there is none of out's. */
static inline char *
append_begin(const GString *out)
{
    return out->str + out->len;
}

/* What was written up to there is out's. There is room for its end. */
static inline void
append_end(GString *out, char *at)
{
    out->len = (gsize)(at - out->str);
    *at = '\0';
}

/* Room for so many bytes at a place that append_begin() or a write returned; where that is now. */
static inline char *
append_room(GString *out, char *at, size_t count)
{
    if ((size_t)(at - out->str) + count >= out->allocated_len) {
        const size_t len = (size_t)(at - out->str);

        append_end(out, at);
        g_string_set_size(out, len + count);
        at = out->str + len;
    }
    return at;
}

/* ---- writing where there is room: each returns the place behind what it has written ---- */

static inline char *
write_bytes(char *at, const char *bytes, size_t count)
{
    memcpy(at, bytes, count);
    return at + count;
}

enum { EIGHT_DIGITS = 100000000 }; /* numbers below this */

/*
 * The digits of a number below EIGHT_DIGITS, with leading zeros, as text: the first is the lowest
 * byte. A row of CSV has some two hundred of them: halves, quarters and eighths are divided side by
 * side, each in bits of its own (test_append.c tries them all).
 */
static inline uint64_t
eight_digits(uint32_t number)
{
    const uint64_t halves = number / 10000 | (uint64_t)(number % 10000) << 32;
    const uint64_t hundreds = halves * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
    const uint64_t quarters = hundreds | (halves - hundreds * 100) << 16;
    const uint64_t tens = quarters * 103 >> 10 & UINT64_C(0x000f000f000f000f);
    const uint64_t eighths = tens | (quarters - tens * 10) << 8;

    return eighths + UINT64_C(0x3030303030303030); /* '0' each */
}

static inline unsigned
digit_count(uint32_t below_eight_digits)
{
    const uint32_t number = below_eight_digits;

    if (number < 10000)
        return number < 100 ? 1 + (number >= 10) : 3 + (number >= 1000);
    return number < 1000000 ? 5 + (number >= 100000) : 7 + (number >= 10000000);
}

/* All eight digits. */
static inline char *
write_eight_digits(char *at, uint32_t number)
{
    const uint64_t digits = GUINT64_TO_LE(eight_digits(number));

    return write_bytes(at, (const char *)&digits, 8);
}

/* Needs room for NUMBER_MAX bytes. */
static inline char *
write_number(char *at, uint64_t number)
{
    unsigned count;
    uint64_t digits;

    if (number < 10) {
        *at = (char)('0' + number);
        return at + 1; /* as most are */
    }
    if (number >= EIGHT_DIGITS)
        return write_eight_digits(write_number(at, number / EIGHT_DIGITS),
                                  (uint32_t)(number % EIGHT_DIGITS));
    count = digit_count((uint32_t)number);
    digits = GUINT64_TO_LE(eight_digits((uint32_t)number) >> (8 - count) * 8);
    write_bytes(at, (const char *)&digits, 8);
    return at + count;
}

/* ---- appending a single one ---- */

/* The bytes are none of out's own. */
static inline void
append_bytes(GString *out, const char *bytes, size_t count)
{
    append_end(out, write_bytes(append_room(out, append_begin(out), count), bytes, count));
}

static inline void
append_text(GString *out, const char *text)
{
    append_bytes(out, text, strlen(text));
}

static inline void
append_number(GString *out, uint64_t number)
{
    append_end(out, write_number(append_room(out, append_begin(out), NUMBER_MAX), number));
}

#endif
