/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feeds segments from standard input to the engine, with the short way for ordinary segments and
 * without it, and compares all there is after each. test_short_way.py makes the lines, of numbers
 * each:
 *
 *     STREAM PAIR SIDE FRAME LAYER NANOSECONDS SEQ ACK LENGTH WINDOW FLAGS IP_ID OPTIONS
 *
 * OPTIONS are bytes in hexadecimal, or "-". Prints how many segments there were, and how many of
 * them took the short way; exit status 1 if anything differs.
 */
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "stream_invariants.h"
#include "usual_policy.h"

enum { NUMBERS_MAX = 65536, OPTIONS_MAX = 40 };

/* The same stream, fed both ways. */
struct twins {
    struct stream stream;
    struct stream at_length;
};

struct line {
    unsigned stream;
    unsigned pair;
    struct segment segment;
};

static size_t
bytes_of(const char *text, uint8_t *bytes)
{
    size_t count = 0;

    while (g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]) && count < OPTIONS_MAX) {
        bytes[count++] =
            (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        text += 2;
    }
    return count;
}

static bool
read_line(struct line *line)
{
    struct segment *seg = &line->segment;
    char options[2 * OPTIONS_MAX + 1];
    uint8_t bytes[OPTIONS_MAX];

    *seg = (struct segment){0};
    if (scanf("%u %u %" SCNu8 " %" SCNu32 " %" SCNu8 " %" SCNd64 " %" SCNu32 " %" SCNu32 " %" SCNu32
              " %" SCNu16 " %" SCNu8 " %" SCNu16 " %80s",
              &line->stream, &line->pair, &seg->side, &seg->frame, &seg->layer, &seg->time_ns,
              &seg->seq, &seg->ack, &seg->len, &seg->window, &seg->flags, &seg->ip_id,
              options) != 13)
        return false;
    seg->options = tcp_options_parse(bytes, bytes_of(options, bytes));
    return line->stream < NUMBERS_MAX && line->pair < NUMBERS_MAX && seg->side < 2;
}

static struct twins *
twins_of(const struct line *line)
{
    static struct twins *by_stream[NUMBERS_MAX];
    static struct twins *newest[NUMBERS_MAX];
    struct twins **twins = &by_stream[line->stream];
    struct twins *previous = newest[line->pair];

    if (!*twins) {
        *twins = g_new0(struct twins, 1);
        stream_init(&(*twins)->stream, previous ? &previous->stream : NULL);
        stream_init(&(*twins)->at_length, previous ? &previous->at_length : NULL);
        newest[line->pair] = *twins;
    }
    return *twins;
}

static bool
is_ordinary(const struct stream *stream, const struct segment *seg)
{
    struct tcb copy[2] = {stream->end[0], stream->end[1]};

    return !stream->kinship && infer_ordinary(copy, seg);
}

int
main(void)
{
    unsigned segments = 0;
    unsigned ordinary = 0;

    for (struct line line; read_line(&line); segments++) {
        struct twins *twins = twins_of(&line);

        ordinary += is_ordinary(&twins->stream, &line.segment);
        stream_feed(&twins->stream, &line.segment, &usual_policy);
        stream_feed_at_length(&twins->at_length, &line.segment, &usual_policy);
        if (!stream_is_same(&twins->stream, &twins->at_length)) {
            printf("frame %u of stream %u leaves something else\n", line.segment.frame,
                   line.stream);
            return EXIT_FAILURE;
        }
    }
    printf("%u segments, %u the short way\n", segments, ordinary);
    return EXIT_SUCCESS;
}
