/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "census.h"

/* From this frame on, one more or one less in the state. */
struct census_change {
    uint32_t frame;
    uint8_t state; /* enum tcp_state */
    int8_t delta;  /* +1 or -1 */
};

/* A look at a TIME_WAIT is due then: by then it may have been renewed or left. */
struct census_expiry {
    int64_t end_ns;
    struct stream *stream;
    unsigned side;
};

void
census_init(struct census *census)
{
    *census = (struct census){
        .changes = g_array_new(FALSE, FALSE, sizeof(struct census_change)),
        .checkpoints = g_array_new(FALSE, FALSE, sizeof(struct census_counts)),
        .expiries = g_array_new(FALSE, FALSE, sizeof(struct census_expiry)),
    };
}

void
census_clear(struct census *census)
{
    g_array_unref(census->changes);
    g_array_unref(census->checkpoints);
    g_array_unref(census->expiries);
    *census = (struct census){0};
}

static void
apply(struct census_counts *counts, uint8_t state, int8_t delta)
{
    if (delta > 0)
        counts->in[state]++;
    else
        counts->in[state]--;
}

static void
change(struct census *census, uint32_t frame, uint8_t state, int8_t delta)
{
    struct census_change made = {.frame = frame, .state = state, .delta = delta};

    if (!state_is_closing((enum tcp_state)state))
        return;
    if (census->changes->len % CENSUS_STRIDE == 0)
        g_array_append_val(census->checkpoints, census->now);
    g_array_append_val(census->changes, made);
    apply(&census->now, state, delta);
}

static void
count_as(struct census *census, struct stream *stream, unsigned side, uint8_t state, uint32_t frame)
{
    if (stream->counted[side] == state)
        return;
    change(census, frame, stream->counted[side], -1);
    change(census, frame, state, +1);
    stream->counted[side] = state;
}

/* ---- the end of TIME_WAIT: a binary heap, so that time stamps may go back ---- */

static struct census_expiry *
expiry_at(const struct census *census, guint index)
{
    return &g_array_index(census->expiries, struct census_expiry, index);
}

static void
push_expiry(struct census *census, struct census_expiry expiry)
{
    guint at = census->expiries->len;

    g_array_append_val(census->expiries, expiry);
    for (guint parent; at > 0; at = parent) {
        parent = (at - 1) / 2;
        if (expiry_at(census, parent)->end_ns <= expiry.end_ns)
            break;
        *expiry_at(census, at) = *expiry_at(census, parent);
    }
    *expiry_at(census, at) = expiry;
}

static struct census_expiry
pop_expiry(struct census *census)
{
    struct census_expiry first = *expiry_at(census, 0);
    guint count = census->expiries->len - 1;
    struct census_expiry last = *expiry_at(census, count);
    guint at = 0;

    g_array_set_size(census->expiries, count);
    if (count == 0)
        return first;
    for (guint child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && expiry_at(census, child + 1)->end_ns < expiry_at(census, child)->end_ns)
            child++;
        if (last.end_ns <= expiry_at(census, child)->end_ns)
            break;
        *expiry_at(census, at) = *expiry_at(census, child);
    }
    *expiry_at(census, at) = last;
    return first;
}

/* One entry a socket, however often its TIME_WAIT is renewed, left and entered again. */
static void
await_end(struct census *census, struct stream *stream, unsigned side)
{
    struct census_expiry expiry = {
        .end_ns = stream->end[side].time_wait_end_ns, .stream = stream, .side = side};

    if (stream->counted[side] != STATE_TIME_WAIT || (stream->awaited & 1U << side))
        return;
    stream->awaited |= (uint8_t)(1U << side);
    push_expiry(census, expiry);
}

static void
expire(struct census *census, int64_t now_ns, uint32_t frame)
{
    while (census->expiries->len > 0 && expiry_at(census, 0)->end_ns <= now_ns) {
        struct census_expiry expiry = pop_expiry(census);
        struct stream *stream = expiry.stream;

        /* A later stream on the same endpoints has the socket now. */
        while (stream_newer(stream))
            stream = stream_newer(stream);
        stream->awaited &= (uint8_t)~(1U << expiry.side);
        if (stream->counted[expiry.side] == STATE_TIME_WAIT &&
            stream->end[expiry.side].time_wait_end_ns <= now_ns)
            count_as(census, stream, expiry.side, STATE_CLOSED, frame);
        await_end(census, stream, expiry.side);
    }
}

void
census_feed(struct census *census, struct stream *stream, const struct segment *seg)
{
    expire(census, seg->time_ns, seg->frame);
    for (unsigned side = 0; side < 2; side++) {
        count_as(census, stream, side, stream->end[side].state, seg->frame);
        await_end(census, stream, side);
    }
}

struct census_counts
census_at(const struct census *census, uint32_t frame)
{
    const GArray *changes = census->changes;
    struct census_counts counts;
    guint low = 0; /* the first change after the frame is in [low, high] */
    guint high = changes->len;

    if (high == 0)
        return census->now;
    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(changes, struct census_change, middle).frame > frame)
            high = middle;
        else
            low = middle + 1;
    }
    low = low > 0 ? low - 1 : 0;
    counts = g_array_index(census->checkpoints, struct census_counts, low / CENSUS_STRIDE);
    for (guint i = low - low % CENSUS_STRIDE; i < changes->len; i++) {
        const struct census_change *made = &g_array_index(changes, struct census_change, i);

        if (made->frame > frame)
            break;
        apply(&counts, made->state, made->delta);
    }
    return counts;
}
