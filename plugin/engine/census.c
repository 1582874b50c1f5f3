/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "census.h"

/* From this frame on, one more or one less in the state. */
struct census_change {
    uint32_t frame;
    uint8_t state; /* enum tcp_state */
    int8_t delta;  /* +1 or -1 */
};

/* A TIME_WAIT that ends then, unless it is renewed or left before. */
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

static bool
is_closing_state(uint8_t state)
{
    return state > STATE_ESTABLISHED;
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

    if (!is_closing_state(state))
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

/* The stream that has the socket now: a later one on the same endpoints may have taken it over. */
static struct stream *
holder_of(const struct census_expiry *expiry)
{
    struct stream *stream = expiry->stream;

    while (stream->newer && stream->newer->end[expiry->side].time_wait_end_ns == expiry->end_ns)
        stream = stream->newer;
    return stream;
}

static void
expire(struct census *census, int64_t now_ns, uint32_t frame)
{
    GArray *expiries = census->expiries;

    for (; census->first_expiry < expiries->len; census->first_expiry++) {
        const struct census_expiry *expiry =
            &g_array_index(expiries, struct census_expiry, census->first_expiry);
        struct stream *stream;

        if (expiry->end_ns > now_ns)
            break;
        stream = holder_of(expiry);
        if (stream->counted[expiry->side] == STATE_TIME_WAIT &&
            stream->end[expiry->side].time_wait_end_ns == expiry->end_ns)
            count_as(census, stream, expiry->side, STATE_CLOSED, frame);
    }
    if (census->first_expiry > expiries->len / 2) {
        g_array_remove_range(expiries, 0, census->first_expiry);
        census->first_expiry = 0;
    }
}

void
census_feed(struct census *census, struct stream *stream, const struct segment *seg,
            const struct policy *policy)
{
    expire(census, seg->time_ns, seg->frame);
    for (unsigned side = 0; side < 2; side++) {
        const struct endpoint *endpoint = &stream->end[side];
        struct census_expiry expiry = {
            .end_ns = endpoint->time_wait_end_ns, .stream = stream, .side = side};

        count_as(census, stream, side, endpoint->state, seg->frame);
        /* Entered or renewed by this segment. */
        if (endpoint->state == STATE_TIME_WAIT &&
            expiry.end_ns == seg->time_ns + policy->two_msl_ns)
            g_array_append_val(census->expiries, expiry);
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
