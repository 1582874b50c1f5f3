/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <stddef.h>
#include <string.h>

#include "hash.h"
#include "numbered.h"
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
    struct numbered by_number; /* struct captured_stream, owned */
    GHashTable *newest;        /* a set: of each pair of hosts the newest struct captured_stream */
    GHashTable *courses; /* struct captured_stream -> struct course, owned: of those asked for */
    int64_t end_ns;
    bool has_no_census;
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
    capture->newest = g_hash_table_new(pair_hash, pair_equal);
    capture->courses = g_hash_table_new_full(NULL, NULL, NULL, free_course);
    capture->end_ns = INT64_MIN;
    census_init(&capture->census);
    return capture;
}

void
capture_take_no_census(struct capture *capture)
{
    capture->has_no_census = true;
}

void
capture_free(struct capture *capture)
{
    if (!capture)
        return;
    census_clear(&capture->census);
    g_hash_table_destroy(capture->courses);
    g_hash_table_destroy(capture->newest);
    numbered_clear(&capture->by_number, captured_stream_free);
    g_free(capture);
}

static struct captured_stream *
find(const struct capture *capture, uint32_t number)
{
    return (struct captured_stream *)numbered_find(&capture->by_number, number);
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

static struct captured_stream *
begin(struct capture *capture, uint32_t number, const struct host hosts[2])
{
    struct captured_stream *captured = captured_stream_new(hosts);
    struct captured_stream *previous =
        (struct captured_stream *)g_hash_table_lookup(capture->newest, captured);

    captured->stream.number = number;
    numbered_put(&capture->by_number, number, captured);
    stream_init(&captured->stream, previous ? &previous->stream : NULL);
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
    unsigned count = capture->by_number.end;

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
    if (!capture->has_no_census)
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

/* ---- forgetting ---- */

struct stream_rest
capture_rest(const struct capture *capture, uint32_t number)
{
    const struct stream *stream = &find(capture, number)->stream;
    struct stream_rest rest = stream_rest(stream);

    if (stream->kinship && stream->kinship->incarnation.has_former) {
        const struct captured_stream *older = find(capture, stream->kinship->older_number);

        rest.has_older = older && stream_newer(&older->stream) == stream;
    }
    return rest;
}

uint32_t
capture_next(const struct capture *capture, uint32_t number)
{
    number = numbered_next(&capture->by_number, number);
    return number < capture->by_number.end ? number : UINT32_MAX;
}

void
capture_hosts(const struct capture *capture, uint32_t number, struct host hosts[2])
{
    const struct captured_stream *captured = find(capture, number);

    for (unsigned side = 0; side < 2; side++) {
        hosts[side] = (struct host){
            .address = captured->addresses + (side ? captured->length[0] : 0),
            .port = captured->port[side],
            .type = captured->type[side],
            .length = captured->length[side],
        };
    }
}

void
capture_forget(struct capture *capture, uint32_t number)
{
    struct captured_stream *captured = find(capture, number);

    g_assert(capture->has_no_census);
    if (g_hash_table_lookup(capture->newest, captured) == captured)
        g_hash_table_remove(capture->newest, captured);
    g_hash_table_remove(capture->courses, captured);
    numbered_take(&capture->by_number, number);
    stream_leave(&captured->stream);
    captured_stream_free(captured);
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
capture_newest_ns(const struct capture *capture)
{
    return capture->end_ns;
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
