/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A moment, byte by byte; only what is there:
 *
 *     head            enum head
 *     frame           varint: frames since the moment before
 *     layer           a byte, if another than of the moment before
 *     time            signed varint: since a segment last changed a state, in microseconds if exact
 *     change          a byte for each side that changed: state and reason
 *     FINs            a byte, if a side's is another: enum moment_fin, of side 1 two bits up
 *     events, RST     varint, if any: the verdict, and the events above it
 *
 * Times do not count from the moment before: the time of the last change is kept for the teardown
 * time anyway.
 */
#include "moments.h"

#include <glib.h>
#include <string.h>

#include "varint.h"

enum head {
    HEAD_CHANGED_0 = 1 << 0,
    HEAD_CHANGED_1 = 1 << 1,
    HEAD_CONFIRMED_0 = 1 << 2,
    HEAD_CONFIRMED_1 = 1 << 3,
    HEAD_LAYER = 1 << 4,
    HEAD_MICROSECONDS = 1 << 5,
    HEAD_FINS = 1 << 6,
    HEAD_EVENTS = 1 << 7, /* or a verdict */
};

enum {
    PAGE = 512, /* bytes */
    MOMENT_MAX = 1 + VARINT_MAX_32 + 1 + VARINT_MAX_64 + 2 + 1 + VARINT_MAX_32,
    /* The first bytes allocated are enough for a SYN, the next for a four-way close as well. */
    CAPACITY_FIRST = 24,
    CAPACITY_SECOND = 72,
    GRAIN = 16, /* further, as allocators round up, with a header of 8 */
    FIN_BITS = 2,
    RST_BITS = 3,
    NS_PER_US = 1000,
};

_Static_assert(STATE_COUNT *REASON_COUNT <= 256, "a change is a byte");
_Static_assert(RST_VERDICT_COUNT <= 1 << RST_BITS, "a verdict fits below the events");
_Static_assert(EVENT_COUNT + RST_BITS <= 32, "they are a number of 32 bits");

/* What a page begins with, all but the first. */
struct page_head {
    struct moments_facts facts; /* at the end of the page before */
    uint16_t before_used;       /* bytes of that page */
};

void
moments_clear(struct moments *log)
{
    g_free(log->bytes);
    *log = (struct moments){0};
}

/* ---- memory ---- */

/* What is allocated for so many bytes. */
static size_t
capacity_of(size_t size)
{
    size_t capacity = PAGE;

    if (size == 0)
        return 0;
    if (size <= CAPACITY_FIRST)
        return CAPACITY_FIRST;
    if (size <= CAPACITY_SECOND)
        return CAPACITY_SECOND;
    if (size <= PAGE)
        return CAPACITY_SECOND + (size - CAPACITY_SECOND + GRAIN - 1) / GRAIN * GRAIN;
    while (capacity < size)
        capacity *= 2;
    return capacity;
}

static size_t
size_of(const struct moments *log)
{
    return (size_t)log->pages * PAGE + log->used;
}

/* Makes room behind the log's bytes, and answers where it is. */
static uint8_t *
make_room(struct moments *log, size_t size, size_t wanted)
{
    size_t capacity = capacity_of(size + wanted);

    if (capacity != capacity_of(size))
        log->bytes = g_realloc(log->bytes, capacity);
    return log->bytes + size;
}

static struct page_head
head_of_page(const struct moments *log, uint32_t page)
{
    struct page_head head;

    memcpy(&head, log->bytes + (size_t)page * PAGE, sizeof(head));
    return head;
}

/* ---- writing ---- */

static void
turn_page(struct moments *log, const struct moments_start *start)
{
    struct moments_walk walk = moments_find(log, start, log->frame, log->layer);
    struct page_head head = {.facts = walk.facts, .before_used = log->used};
    size_t size = size_of(log);
    size_t rest = PAGE - log->used;
    uint8_t *room = make_room(log, size, rest + sizeof(head));

    memset(room, 0, rest);
    memcpy(room + rest, &head, sizeof(head));
    log->pages++;
    log->used = sizeof(head);
}

static uint8_t
head_of(const struct moments *log, const struct moment *moment, int64_t elapsed_ns)
{
    const struct moment_side *side = moment->side;
    bool has_fins = side[0].fin != MOMENT_FIN_SAME || side[1].fin != MOMENT_FIN_SAME;
    bool has_events = moment->events != 0 || moment->rst != RST_NONE;

    return (uint8_t)((side[0].changed ? HEAD_CHANGED_0 : 0) |
                     (side[1].changed ? HEAD_CHANGED_1 : 0) |
                     (side[0].confirmed ? HEAD_CONFIRMED_0 : 0) |
                     (side[1].confirmed ? HEAD_CONFIRMED_1 : 0) |
                     (moment->layer != log->layer ? HEAD_LAYER : 0) | (has_fins ? HEAD_FINS : 0) |
                     (elapsed_ns % NS_PER_US == 0 ? HEAD_MICROSECONDS : 0) |
                     (has_events ? HEAD_EVENTS : 0));
}

/* Answers how many bytes of MOMENT_MAX it took. */
static size_t
encode(uint8_t *bytes, const struct moments *log, const struct moment *moment)
{
    const struct moment_side *side = moment->side;
    int64_t elapsed_ns = moment->time_ns - log->change_ns;
    uint8_t head = head_of(log, moment, elapsed_ns);
    int64_t unit_ns = head & HEAD_MICROSECONDS ? NS_PER_US : 1;
    uint8_t *at = bytes;

    *at++ = head;
    at = varint_put(at, moment->frame - log->frame);
    if (head & HEAD_LAYER)
        *at++ = moment->layer;
    at = varint_put(at, varint_from_signed(elapsed_ns / unit_ns));
    for (unsigned i = 0; i < 2; i++) {
        if (side[i].changed)
            *at++ = (uint8_t)(side[i].state * REASON_COUNT + side[i].reason);
    }
    if (head & HEAD_FINS)
        *at++ = (uint8_t)(side[0].fin | side[1].fin << FIN_BITS);
    if (head & HEAD_EVENTS)
        at = varint_put(at, moment->events << RST_BITS | moment->rst);
    return (size_t)(at - bytes);
}

/* That 2MSL have passed is no segment's doing. */
static bool
is_change(const struct moment_side *side)
{
    return side->changed && side->reason != REASON_TWO_MSL;
}

void
moments_add(struct moments *log, const struct moments_start *start, const struct moment *moment)
{
    uint8_t bytes[MOMENT_MAX];
    size_t size;

    if (moments_is_empty(log))
        log->change_ns = start->begin_ns;
    size = encode(bytes, log, moment);
    if (log->used + size > PAGE)
        turn_page(log, start);
    memcpy(make_room(log, size_of(log), size), bytes, size);
    log->used = (uint16_t)(log->used + size);
    log->frame = moment->frame;
    log->events = moment->events;
    log->layer = moment->layer;
    if (is_change(&moment->side[0]) || is_change(&moment->side[1])) {
        log->change_ns = moment->time_ns;
        log->has_change = true;
    }
}

/* ---- reading ---- */

static struct moments_facts
facts_at_start(const struct moments_start *start)
{
    struct moments_facts facts = {.change_ns = start->begin_ns};

    for (unsigned i = 0; i < 2; i++) {
        facts.side[i].state = start->state[i];
        facts.side[i].entered_ns = start->entered_ns[i];
    }
    return facts;
}

/* The page is the log's; at is the first moment in it. */
static void
enter_page(struct moments_walk *walk, uint32_t page)
{
    const struct moments *log = walk->log;
    size_t used = page < log->pages ? head_of_page(log, page + 1).before_used : log->used;
    const uint8_t *begin = log->bytes ? log->bytes + (size_t)page * PAGE : NULL;

    walk->page = page;
    walk->at = page > 0 ? begin + sizeof(struct page_head) : begin;
    walk->end = begin ? begin + used : NULL;
}

struct moments_walk
moments_begin(const struct moments *log, const struct moments_start *start)
{
    struct moments_walk walk = {.log = log, .facts = facts_at_start(start)};

    enter_page(&walk, 0);
    return walk;
}

/* Reads the moment into zeroed memory; answers the place after it. */
static const uint8_t *
decode(struct moment *moment, const uint8_t *at, const struct moments_facts *before)
{
    uint8_t head = *at++;
    int64_t unit_ns = head & HEAD_MICROSECONDS ? NS_PER_US : 1;

    moment->frame = before->frame + (uint32_t)varint_take(&at);
    moment->layer = head & HEAD_LAYER ? *at++ : before->layer;
    moment->time_ns = before->change_ns + varint_to_signed(varint_take(&at)) * unit_ns;
    for (unsigned i = 0; i < 2; i++) {
        struct moment_side *side = &moment->side[i];

        side->state = before->side[i].state;
        side->confirmed = (head & HEAD_CONFIRMED_0 << i) != 0;
        if (head & HEAD_CHANGED_0 << i) {
            side->changed = true;
            side->state = *at / REASON_COUNT;
            side->reason = *at++ % REASON_COUNT;
        }
    }
    if (head & HEAD_FINS) {
        moment->side[0].fin = *at & ((1 << FIN_BITS) - 1);
        moment->side[1].fin = *at++ >> FIN_BITS;
    }
    if (head & HEAD_EVENTS) {
        uint32_t events = (uint32_t)varint_take(&at);

        moment->events = events >> RST_BITS;
        moment->rst = events & ((1 << RST_BITS) - 1);
    }
    return at;
}

static void
take_fin(struct moments_side *facts, const struct moment_side *side, uint32_t frame)
{
    if (side->fin != MOMENT_FIN_SAME)
        facts->fin = side->fin == MOMENT_FIN_HERE ? frame : 0;
}

/* The FINs of the moment are taken in already. */
static void
take_change(struct moments_facts *facts, const struct moment *moment, unsigned side)
{
    struct moments_side *facts_of = &facts->side[side];

    facts_of->previous = facts_of->state;
    facts_of->previous_ns = facts_of->entered_ns;
    facts_of->state = moment->side[side].state;
    facts_of->entered_ns = moment->time_ns;
    facts_of->entered_frame = moment->frame;
    facts_of->entered_layer = moment->layer;
    facts_of->reason = moment->side[side].reason;
    facts_of->reason_frame =
        facts->side[facts_of->reason == REASON_GOT_ACK_OF_FIN ? side : !side].fin;
    if (is_change(&moment->side[side]))
        facts->change_ns = moment->time_ns;
}

/* Turns to the next page where there is one. */
static bool
is_at_end(struct moments_walk *walk)
{
    if (walk->at == walk->end && walk->page < walk->log->pages)
        enter_page(walk, walk->page + 1);
    return walk->at == walk->end;
}

bool
moments_next(struct moments_walk *walk)
{
    struct moments_facts *facts = &walk->facts;

    if (is_at_end(walk))
        return false;
    walk->moment = (struct moment){0};
    walk->at = decode(&walk->moment, walk->at, facts);
    facts->frame = walk->moment.frame;
    facts->layer = walk->moment.layer;
    for (unsigned i = 0; i < 2; i++) {
        take_fin(&facts->side[i], &walk->moment.side[i], facts->frame);
        facts->side[i].confirmed = walk->moment.side[i].confirmed;
    }
    for (unsigned i = 0; i < 2; i++) {
        if (walk->moment.side[i].changed)
            take_change(facts, &walk->moment, i);
    }
    return true;
}

static bool
is_before(const struct moments_facts *facts, uint32_t frame, uint8_t layer)
{
    return facts->frame < frame || (facts->frame == frame && facts->layer < layer);
}

/* The last page that begins with moments before the segment; 0 if there is none. */
static uint32_t
page_of(const struct moments *log, uint32_t frame, uint8_t layer)
{
    uint32_t low = 0;
    uint32_t high = log->pages;

    while (low < high) {
        uint32_t middle = high - (high - low) / 2;
        struct page_head head = head_of_page(log, middle);

        if (is_before(&head.facts, frame, layer))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static bool
next_is_after(const struct moments_walk *walk, uint32_t frame, uint8_t layer)
{
    const uint8_t *at = walk->at;
    uint8_t head = *at++;
    uint32_t next = walk->facts.frame + (uint32_t)varint_take(&at);

    return next > frame || (next == frame && (head & HEAD_LAYER ? *at : walk->facts.layer) > layer);
}

struct moments_walk
moments_find(const struct moments *log, const struct moments_start *start, uint32_t frame,
             uint8_t layer)
{
    struct moments_walk walk = moments_begin(log, start);
    uint32_t page = page_of(log, frame, layer);

    if (page > 0) {
        walk.facts = head_of_page(log, page).facts;
        enter_page(&walk, page);
    } else {
        moments_next(&walk);
    }
    while (!is_at_end(&walk) && !next_is_after(&walk, frame, layer))
        moments_next(&walk);
    return walk;
}
