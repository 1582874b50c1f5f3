/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <stddef.h>
#include <string.h>

#include "hash.h"
#include "stream.h"

/* A stream's record and its pair of hosts, which is written the same way for both directions. */
struct captured_stream {
    struct stream stream;
    uint16_t port[2]; /* by side, and so on */
    uint8_t type[2];  /* of the addresses */
    uint8_t length[2];
    uint8_t addresses[]; /* one after the other */
};

struct capture {
    struct policy policy;
    struct census census;
    GPtrArray *by_number; /* struct captured_stream, owned; NULL where none was fed */
    GHashTable *newest;   /* a set: of each pair of hosts the newest struct captured_stream */
    GHashTable *courses;  /* struct captured_stream -> struct course, owned: of those asked for */
    int64_t end_ns;
};

/* ---- pairs of hosts ---- */

enum { PAIR_BEGIN = offsetof(struct captured_stream, port) };

static size_t
pair_size(const struct captured_stream *captured)
{
    return offsetof(struct captured_stream, addresses) - PAIR_BEGIN + captured->length[0] +
           captured->length[1];
}

static guint
pair_hash(gconstpointer captured)
{
    return hash_bytes((const uint8_t *)captured + PAIR_BEGIN, pair_size(captured));
}

static gboolean
pair_equal(gconstpointer a, gconstpointer b)
{
    size_t size = pair_size(a);

    return size == pair_size(b) &&
           memcmp((const uint8_t *)a + PAIR_BEGIN, (const uint8_t *)b + PAIR_BEGIN, size) == 0;
}

static int
compare_addresses(const struct host *host, const struct host *other)
{
    if (host->type != other->type)
        return host->type < other->type ? -1 : 1;
    if (host->length != other->length)
        return host->length < other->length ? -1 : 1;
    return host->length > 0 ? memcmp(host->address, other->address, host->length) : 0;
}

uint8_t
capture_side(const struct host *sender, const struct host *receiver)
{
    if (sender->port != receiver->port)
        return sender->port < receiver->port;
    return compare_addresses(sender, receiver) < 0;
}

/* ---- the streams ---- */

static void
captured_stream_free(void *data)
{
    struct captured_stream *captured = (struct captured_stream *)data;

    if (captured)
        stream_clear(&captured->stream);
    g_free(captured);
}

static void
free_course(void *course)
{
    course_free((struct course *)course);
}

struct capture *
capture_new(const struct policy *policy)
{
    struct capture *capture = g_new0(struct capture, 1);

    capture->policy = *policy;
    capture->by_number = g_ptr_array_new_with_free_func(captured_stream_free);
    capture->newest = g_hash_table_new(pair_hash, pair_equal);
    capture->courses = g_hash_table_new_full(NULL, NULL, NULL, free_course);
    capture->end_ns = INT64_MIN;
    census_init(&capture->census);
    return capture;
}

void
capture_free(struct capture *capture)
{
    if (!capture)
        return;
    census_clear(&capture->census);
    g_hash_table_destroy(capture->courses);
    g_hash_table_destroy(capture->newest);
    g_ptr_array_free(capture->by_number, TRUE);
    g_free(capture);
}

static struct captured_stream *
find(const struct capture *capture, uint32_t number)
{
    return number < capture->by_number->len
               ? (struct captured_stream *)g_ptr_array_index(capture->by_number, number)
               : NULL;
}

static struct captured_stream *
captured_stream_new(const struct host hosts[2])
{
    size_t size = offsetof(struct captured_stream, addresses) + hosts[0].length + hosts[1].length;
    struct captured_stream *captured = (struct captured_stream *)g_malloc0(size);
    uint8_t *addresses = captured->addresses;

    for (unsigned side = 0; side < 2; side++) {
        captured->port[side] = hosts[side].port;
        captured->type[side] = hosts[side].type;
        captured->length[side] = hosts[side].length;
        if (hosts[side].length > 0)
            memcpy(addresses, hosts[side].address, hosts[side].length);
        addresses += hosts[side].length;
    }
    return captured;
}

/* The last stream that is not behind the number; its number goes to number. NULL: there is none. */
static const struct stream *
find_back(const struct capture *capture, uint32_t *number)
{
    for (uint32_t i = *number + 1; i-- > 0;) {
        const struct captured_stream *captured = find(capture, i);

        *number = i;
        if (captured)
            return &captured->stream;
    }
    return NULL;
}

/* The number of a stream that was fed. O(log n), as streams are numbered in the order of their
 * first frames. */
static uint32_t
number_of(const struct capture *capture, const struct stream *stream)
{
    const uint32_t frame = log_first_segment(&stream->memory.log)->frame;
    uint32_t low = 0;
    uint32_t high = capture->by_number->len;

    /* the first stream that does not begin before it */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t at = middle;
        const struct stream *there = find_back(capture, &at);

        if (there && log_first_segment(&there->memory.log)->frame >= frame)
            high = at;
        else
            low = middle + 1;
    }
    /* a frame can begin several */
    for (; low < capture->by_number->len; low++) {
        const struct captured_stream *captured = find(capture, low);

        if (captured && &captured->stream == stream)
            return low;
        if (captured && log_first_segment(&captured->stream.memory.log)->frame > frame)
            break;
    }
    return UINT32_MAX;
}

static struct captured_stream *
begin(struct capture *capture, uint32_t number, const struct host hosts[2])
{
    struct captured_stream *captured = captured_stream_new(hosts);
    struct captured_stream *previous =
        (struct captured_stream *)g_hash_table_lookup(capture->newest, captured);
    uint32_t older = previous ? number_of(capture, &previous->stream) : 0;

    if (number >= capture->by_number->len)
        g_ptr_array_set_size(capture->by_number, (int)number + 1);
    g_ptr_array_index(capture->by_number, number) = captured;
    stream_init(&captured->stream, previous ? &previous->stream : NULL);
    if (previous)
        captured->stream.kinship->older_number = older;
    g_hash_table_add(capture->newest, captured);
    return captured;
}

/* ---- one connection under two names ---- */

/* The side of the stream that is the side of the other one: the same address and port; 2: none. */
static unsigned
common_side(const struct captured_stream *captured, unsigned side,
            const struct captured_stream *other)
{
    const uint8_t *address = captured->addresses + (side ? captured->length[0] : 0);
    const uint8_t *at = other->addresses;

    for (unsigned i = 0; i < 2; at += other->length[i], i++) {
        if (other->port[i] == captured->port[side] && other->type[i] == captured->type[side] &&
            other->length[i] == captured->length[side] &&
            memcmp(at, address, captured->length[side]) == 0)
            return i;
    }
    return 2;
}

/*
 * Whoever sent the RST knows a connection with the numbers that it answered, with somebody else: of
 * those that are looked at, the newest. Few streams begin like that; it costs what looking at so
 * many streams does.
 */
static void
look_for_twin(struct capture *capture, struct captured_stream *captured, const struct segment *seg)
{
    enum { LOOKED_AT_MAX = 1024 };
    unsigned count = capture->by_number->len;

    for (unsigned i = 0; i < MIN(count, LOOKED_AT_MAX); i++) {
        const struct captured_stream *other = find(capture, count - 1 - i);
        unsigned side = other && other != captured ? common_side(captured, seg->side, other) : 2;

        if (side < 2 && stream_goes_on_with(&captured->stream, seg, &other->stream, side)) {
            stream_note_twin(&captured->stream, &other->stream);
            return;
        }
    }
}

const struct stream *
capture_feed(struct capture *capture, uint32_t number, const struct host hosts[2],
             const struct segment *seg)
{
    struct captured_stream *captured = find(capture, number);

    if (!captured)
        captured = begin(capture, number, hosts);
    stream_feed(&captured->stream, seg, &capture->policy);
    if ((seg->flags & FLAG_RST) && stream_is_strange(&captured->stream, seg))
        look_for_twin(capture, captured, seg);
    census_feed(&capture->census, &captured->stream, seg);
    if (seg->time_ns > capture->end_ns)
        capture->end_ns = seg->time_ns;
    return &captured->stream;
}

const struct stream *
capture_stream(const struct capture *capture, uint32_t number)
{
    const struct captured_stream *captured = find(capture, number);

    return captured ? &captured->stream : NULL;
}

const struct course *
capture_course(struct capture *capture, uint32_t number)
{
    struct captured_stream *captured = find(capture, number);
    struct course *course = (struct course *)g_hash_table_lookup(capture->courses, captured);

    if (course) {
        course_advance(course);
    } else {
        course = course_new(&captured->stream);
        g_hash_table_insert(capture->courses, captured, course);
    }
    return course;
}

int64_t
capture_end_ns(const struct capture *capture)
{
    /* 0 is no end of a capture: neither is one of which nothing was fed */
    return capture->end_ns == INT64_MIN ? INT64_MIN
                                        : MAX(capture->end_ns, capture->policy.capture_end_ns);
}

struct census_counts
capture_census_at(const struct capture *capture, uint32_t frame)
{
    return census_at(&capture->census, frame);
}
