/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "census.h"

#include "stream.h"

enum {
    BLOCK_CHANGES = 92, /* a block is 504 bytes then, which allocators round up least */
    STATE_BITS = 4,
};

_Static_assert(STATE_COUNT <= 1 << STATE_BITS, "two states fit a byte");

/* A run of changes, which may be of the same frame. */
struct census_block {
    struct census_counts before;
    uint32_t count;
    uint32_t frame[BLOCK_CHANGES];
    uint8_t change[BLOCK_CHANGES]; /* the state that was left, and above it the entered one */
};

_Static_assert(sizeof(struct census_block) <= 504, "see BLOCK_CHANGES");

void
census_init(struct census *census)
{
    *census = (struct census){
        .next_end_ns = INT64_MAX,
        .blocks = g_ptr_array_new_with_free_func(g_free),
    };
}

void
census_clear(struct census *census)
{
    g_ptr_array_unref(census->blocks);
    deadlines_clear(&census->expiries);
    *census = (struct census){0};
}

/* ---- changes ---- */

static void
apply(struct census_counts *counts, uint8_t from, uint8_t to)
{
    if (state_is_closing((enum tcp_state)from))
        counts->in[from]--;
    if (state_is_closing((enum tcp_state)to))
        counts->in[to]++;
}

static struct census_block *
block_at(const struct census *census, guint index)
{
    return (struct census_block *)g_ptr_array_index(census->blocks, index);
}

/* The block with room for another change. */
static struct census_block *
newest_block(struct census *census)
{
    struct census_block *block =
        census->blocks->len > 0 ? block_at(census, census->blocks->len - 1) : NULL;

    if (block && block->count < BLOCK_CHANGES)
        return block;
    block = g_new0(struct census_block, 1);
    block->before = census->now;
    g_ptr_array_add(census->blocks, block);
    return block;
}

static void
note(struct census *census, uint32_t frame, uint8_t from, uint8_t to)
{
    struct census_block *block = newest_block(census);

    block->frame[block->count] = frame;
    block->change[block->count++] = (uint8_t)(from | to << STATE_BITS);
    census->frame = frame;
    apply(&census->now, from, to);
}

/* The state is another than the side is counted as. */
static void
count_as(struct census *census, struct stream *stream, unsigned side, uint8_t state, uint32_t frame)
{
    enum tcp_state before = stream_counted(stream, side);

    stream_count_as(stream, side, (enum tcp_state)state);
    if (state_is_closing(before) || state_is_closing((enum tcp_state)state))
        note(census, frame, (uint8_t)before, state);
}

/* ---- the end of TIME_WAIT ---- */

/* When the stream's next TIME_WAIT ends; INT64_MAX: there is none. */
static int64_t
next_end_ns(const struct stream *stream)
{
    int64_t end_ns = INT64_MAX;

    for (unsigned side = 0; side < 2; side++) {
        if (stream_counted(stream, side) == STATE_TIME_WAIT)
            end_ns = MIN(end_ns, stream->end[side].time_wait_end_ns);
    }
    return end_ns;
}

/* One deadline a stream, however often TIME_WAIT is renewed: by then it may have been left, too. An
 * earlier end replaces the one that is there. */
static void
await_end(struct census *census, struct stream *stream)
{
    int64_t end_ns = next_end_ns(stream);

    if (end_ns >= stream->census_end_ns)
        return;
    stream->census_end_ns = end_ns;
    deadlines_push(&census->expiries, (struct deadline){end_ns, stream});
}

static void
expire(struct census *census, int64_t now_ns, uint32_t frame)
{
    struct deadlines *expiries = &census->expiries;

    while (expiries->count > 0 && deadlines_next_ns(expiries) <= now_ns) {
        struct deadline expiry = deadlines_pop(expiries);
        struct stream *stream = (struct stream *)expiry.item;

        if (expiry.ns != stream->census_end_ns)
            continue; /* replaced, or a later stream has the sockets now */
        stream->census_end_ns = INT64_MAX;
        for (unsigned side = 0; side < 2; side++) {
            if (stream_counted(stream, side) == STATE_TIME_WAIT &&
                stream->end[side].time_wait_end_ns <= now_ns)
                count_as(census, stream, side, STATE_CLOSED, frame);
        }
        await_end(census, stream);
    }
}

/* Nothing of the stream changed, and there is no TIME_WAIT that may have been renewed: as in most
 * segments, both are ESTABLISHED. */
static bool
is_as_counted(const struct stream *stream)
{
    return stream->counted == (STATE_ESTABLISHED | STATE_ESTABLISHED << COUNTED_BITS) &&
           stream->end[0].state == STATE_ESTABLISHED && stream->end[1].state == STATE_ESTABLISHED;
}

void
census_feed(struct census *census, struct stream *stream, const struct segment *seg)
{
    if (seg->time_ns < census->next_end_ns && is_as_counted(stream))
        return;
    if (seg->time_ns >= census->next_end_ns)
        expire(census, seg->time_ns, seg->frame);
    for (unsigned side = 0; side < 2; side++) {
        if (stream_counted(stream, side) != stream->end[side].state)
            count_as(census, stream, side, stream->end[side].state, seg->frame);
    }
    if (stream->end[0].state == STATE_TIME_WAIT || stream->end[1].state == STATE_TIME_WAIT)
        await_end(census, stream);
    census->next_end_ns = deadlines_next_ns(&census->expiries);
}

/* ---- look-ups ---- */

/* The last block whose first change is not after the frame; the first if all are. There has to be
 * one. */
static const struct census_block *
block_of(const struct census *census, uint32_t frame)
{
    guint low = 0;
    guint high = census->blocks->len - 1;

    while (low < high) {
        guint middle = high - (high - low) / 2;

        if (block_at(census, middle)->frame[0] <= frame)
            low = middle;
        else
            high = middle - 1;
    }
    return block_at(census, low);
}

struct census_counts
census_at(const struct census *census, uint32_t frame)
{
    const struct census_block *block;
    struct census_counts counts;

    if (frame >= census->frame)
        return census->now;
    block = block_of(census, frame);
    counts = block->before;
    for (uint32_t i = 0; i < block->count && block->frame[i] <= frame; i++)
        apply(&counts, block->change[i] & ((1 << STATE_BITS) - 1), block->change[i] >> STATE_BITS);
    return counts;
}
