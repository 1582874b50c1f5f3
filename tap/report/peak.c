/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every stay is a step up and a step down. The steps are kept in order of time, in blocks that are
 * short enough to put one in between; each block knows what its steps come to, and the most that a
 * running sum over them does, so that only the changed ones are added up again.
 */
#include "peak.h"

#include <glib.h>
#include <string.h>

#include "stay_step.h"

enum { BLOCK_STEPS = 512 }; /* at most; a power of two */

struct peak_block {
    struct stay_step *steps; /* at least one; owned; there is room for room_of(count) */
    unsigned count;
    int32_t sum;     /* of the deltas */
    int32_t most;    /* of the running sums; at least 0 */
    bool is_changed; /* the two before this are not of the steps as they are now */
};

/* ---- order ---- */

/* The last block that begins before the step, or the first one. */
static unsigned
block_for(const struct peak *peak, const struct stay_step *step)
{
    unsigned low = 0;
    unsigned high = peak->count;

    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;

        if (stay_step_compare(&peak->blocks[middle].steps[0], step) < 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* How many steps of the block come before the step. */
static unsigned
rank_in(const struct peak_block *block, const struct stay_step *step)
{
    unsigned low = 0;
    unsigned high = block->count;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (stay_step_compare(&block->steps[middle], step) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- blocks ---- */

/* Powers of two: many a host has two steps in all. */
static unsigned
room_of(unsigned count)
{
    return count <= 2 ? 2 : 1U << g_bit_storage(count - 1);
}

/* An empty one, for that many steps, at this place among the blocks. */
static struct peak_block *
block_new(struct peak *peak, unsigned index, unsigned room)
{
    struct peak_block *block;

    peak->blocks = g_renew(struct peak_block, peak->blocks, peak->count + 1);
    block = &peak->blocks[index];
    memmove(block + 1, block, (peak->count - index) * sizeof(*block));
    peak->count++;
    *block = (struct peak_block){.steps = g_new(struct stay_step, room)};
    return block;
}

/*
 * Parts a full block before that step, for the one that is to come at the end of the first part or
 * in it. Where that is in the second half it is no middle: what comes in order of time goes on
 * there and fills the first part.
 */
static void
part(struct peak *peak, unsigned index, unsigned rank)
{
    const unsigned rest = peak->blocks[index].count - rank;
    struct peak_block *after = block_new(peak, index + 1, room_of(rest));
    struct peak_block *block = &peak->blocks[index];

    memcpy(after->steps, block->steps + rank, rest * sizeof(*after->steps));
    after->count = rest;
    after->is_changed = true;
    block->count = rank;
    block->steps = g_renew(struct stay_step, block->steps, room_of(rank));
}

/* Into a block that is not full. */
static void
insert(struct peak_block *block, unsigned rank, const struct stay_step *step)
{
    struct stay_step *at;

    if (room_of(block->count + 1) > room_of(block->count))
        block->steps = g_renew(struct stay_step, block->steps, room_of(block->count + 1));
    at = &block->steps[rank];
    memmove(at + 1, at, (block->count - rank) * sizeof(*at));
    *at = *step;
    block->count++;
    block->is_changed = true;
}

static void
add_step(struct peak *peak, struct instant at, int32_t delta)
{
    const struct stay_step step = stay_step_at(at, delta);
    unsigned index = block_for(peak, &step);
    unsigned rank;

    if (peak->count == 0)
        block_new(peak, index, room_of(1));
    rank = rank_in(&peak->blocks[index], &step);
    if (rank == BLOCK_STEPS) {
        block_new(peak, ++index, room_of(1));
        rank = 0;
    } else if (peak->blocks[index].count == BLOCK_STEPS) {
        part(peak, index, MAX(rank, BLOCK_STEPS / 2));
    }
    insert(&peak->blocks[index], rank, &step);
}

static void
sum_up(struct peak_block *block)
{
    block->sum = 0;
    block->most = 0;
    for (unsigned i = 0; i < block->count; i++) {
        block->sum += block->steps[i].delta;
        block->most = MAX(block->most, block->sum);
    }
    block->is_changed = false;
}

/* ---- the peak ---- */

void
peak_clear(struct peak *peak)
{
    for (unsigned i = 0; i < peak->count; i++)
        g_free(peak->blocks[i].steps);
    g_free(peak->blocks);
    *peak = (struct peak){0};
}

void
peak_add(struct peak *peak, const struct visit *visit)
{
    if (visit_is_empty(visit))
        return;
    add_step(peak, visit->from, +1);
    if (!visit->open)
        add_step(peak, visit->to, -1);
}

uint32_t
peak_most(const struct peak *peak)
{
    int32_t sum = 0;
    int32_t most = 0;

    for (unsigned i = 0; i < peak->count; i++) {
        struct peak_block *block = &peak->blocks[i];

        if (block->is_changed)
            sum_up(block);
        most = MAX(most, sum + block->most);
        sum += block->sum;
    }
    return (uint32_t)most;
}
