/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fuzzer's target: bytes become segments, and every invariant has to hold on them.
 *
 * A segment takes RECORD_SIZE bytes, each a choice of small differences from what its sender would
 * say next, so that a few bytes reach deep states. What it would say next is kept here and not
 * asked of the engine: an input in the corpus stays the same segments when the engine changes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "seq.h"
#include "fuzz/engine.h"
#include "unit/invariants.h"

enum { RECORD_SIZE = 5, SEGMENTS_MAX = 600, OPTIONS_MAX = 40 };

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* From any time to the end of the range. */
#define FAR (SEGMENT_TIME_MAX_NS - SEGMENT_TIME_MIN_NS)

/* What one side would say next. */
struct talker {
    uint32_t next;
    uint32_t ack; /* the newest ACK number that it has sent */
    struct segment last;
};

struct decoder {
    struct talker talker[PAIRS_MAX][2];
    int64_t time_ns;
    uint32_t frame;
    uint8_t layer;
    bool stamps;
};

/* ---- the choices ---- */

/* Some bits of a byte, which they are taken from. */
static unsigned
take(uint8_t *byte, unsigned bits)
{
    unsigned value = *byte & ((1U << bits) - 1);

    *byte = (uint8_t)(*byte >> bits);
    return value;
}

static uint8_t
flags_of(unsigned choice)
{
    static const uint8_t flags[16] = {
        FLAG_ACK,
        FLAG_ACK,
        FLAG_ACK,
        FLAG_SYN,
        FLAG_SYN | FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_FIN | FLAG_ACK,
        FLAG_RST,
        FLAG_RST | FLAG_ACK,
        FLAG_FIN,
        0,
        FLAG_SYN | FLAG_FIN,
        FLAG_FIN | FLAG_RST,
        FLAG_SYN | FLAG_RST,
        FLAG_SYN | FLAG_FIN | FLAG_ACK,
        0xff,
    };

    return flags[choice];
}

static uint32_t
delta_of(unsigned choice)
{
    static const uint32_t deltas[8] = {0, 1, UINT32_MAX, 2, 100, 0U - 100, 65537, 0x80000000};

    return deltas[choice];
}

static uint32_t
length_of(unsigned choice)
{
    static const uint32_t lengths[8] = {0, 0, 1, 2, 3, 100, 1460, 65495};

    return lengths[choice];
}

static uint16_t
window_of(unsigned choice)
{
    static const uint16_t windows[8] = {100, 100, 0, 1, 2, 1000, 60000, 65535};

    return windows[choice];
}

static int64_t
time_step_of(unsigned choice)
{
    static const int64_t steps[16] = {
        NS_PER_MS,
        0,
        NS_PER_US,
        5 * NS_PER_MS,
        20 * NS_PER_MS,
        100 * NS_PER_MS,
        300 * NS_PER_MS,
        NS_PER_S,
        2 * NS_PER_S,
        2 * NS_PER_S - 1,
        30 * NS_PER_S,
        60 * NS_PER_S,
        FAR,
        -NS_PER_MS,
        -2 * NS_PER_S,
        -FAR,
    };

    return steps[choice];
}

/* ---- from bytes to a segment ---- */

static uint32_t
seq_from(const struct talker *from, const struct talker *to, unsigned choice)
{
    const uint32_t bases[4] = {from->next, from->next, from->last.seq, to->ack};

    return bases[choice];
}

static uint32_t
ack_from(const struct talker *from, const struct talker *to, unsigned choice)
{
    const uint32_t bases[4] = {to->next, to->next, from->ack, from->last.ack};

    return bases[choice];
}

static void
stamp(const struct decoder *decoder, const struct talker *from, unsigned choice,
      struct segment *seg)
{
    uint32_t clock = 0xffffff00 + (uint32_t)(decoder->time_ns / NS_PER_MS);
    const uint32_t values[8] = {clock,     clock,        0,         from->last.options.ts_val,
                                clock - 1, clock - 1000, clock + 1, clock + 0x80000000};

    /* One choice is the opposite of what the stream does. */
    seg->options.has_ts = decoder->stamps != (choice == 2);
    seg->options.ts_val = choice == 2 ? clock : values[choice];
}

static void
add_sack(struct tcp_options *options, uint32_t left, uint32_t right)
{
    options->sack_left[options->sack_count] = left;
    options->sack_right[options->sack_count] = right;
    options->sack_count++;
}

static void
acknowledge_parts(const struct talker *to, unsigned choice, struct segment *seg)
{
    struct tcp_options *options = &seg->options;

    switch (choice) {
    case 3: /* the peer's last segment, whatever lies before it */
        add_sack(options, to->last.seq, segment_end(&to->last));
        break;
    case 4:
        add_sack(options, seg->ack + 1, seg->ack + 3);
        break;
    case 5: /* a D-SACK */
        add_sack(options, seg->ack - 2, seg->ack);
        break;
    case 6:
        for (uint32_t i = 0; i < SACK_BLOCKS_MAX; i++)
            add_sack(options, seg->ack + 10 * i + 2, seg->ack + 10 * i + 4);
        break;
    case 7: /* the wrong way round, and half the circle */
        add_sack(options, seg->ack + 5, seg->ack);
        add_sack(options, seg->ack + 1, seg->ack + 0x80000001);
        break;
    }
}

static int64_t
time_after(int64_t time_ns, int64_t step_ns)
{
    if (step_ns > SEGMENT_TIME_MAX_NS - time_ns)
        return SEGMENT_TIME_MAX_NS;
    if (step_ns < SEGMENT_TIME_MIN_NS - time_ns)
        return SEGMENT_TIME_MIN_NS;
    return time_ns + step_ns;
}

static void
step_time(struct decoder *decoder, uint8_t byte)
{
    int64_t step_ns = time_step_of(take(&byte, 4));
    bool same_frame = take(&byte, 2) == 3;

    if (same_frame && decoder->layer < UINT8_MAX && decoder->frame > 0) {
        decoder->layer++;
        return;
    }
    decoder->layer = 0;
    decoder->frame++;
    decoder->time_ns = time_after(decoder->time_ns, step_ns);
}

static struct segment
next_segment(struct decoder *decoder, const uint8_t *record, unsigned pair, uint8_t side,
             uint8_t flags)
{
    const struct talker *from = &decoder->talker[pair][side];
    const struct talker *to = &decoder->talker[pair][!side];
    uint8_t of_seq = record[1];
    uint8_t of_ack = record[2];
    uint8_t of_options = record[3];
    struct segment seg = {.flags = flags};

    seg.seq = delta_of(take(&of_seq, 3));
    seg.len = length_of(take(&of_seq, 3));
    seg.seq += seq_from(from, to, take(&of_seq, 2));
    seg.ack = delta_of(take(&of_ack, 3));
    seg.window = window_of(take(&of_ack, 3));
    seg.ack += ack_from(from, to, take(&of_ack, 2));
    if (!(flags & FLAG_ACK))
        seg.ack = 0;
    stamp(decoder, from, take(&of_options, 3), &seg);
    seg.options.ts_ecr = to->last.options.ts_val;
    acknowledge_parts(to, take(&of_options, 3), &seg);
    seg.options.has_window_shift = seg.options.sack_permitted = take(&of_options, 1) == 0;
    seg.options.window_shift = (seg.window % 15U) & 0xfU;
    seg.options.fast_open = take(&of_options, 1) != 0;
    return seg;
}

static struct captured
decode(struct decoder *decoder, const uint8_t *record)
{
    uint8_t what = record[0];
    uint8_t how = (uint8_t)(record[4] >> 6);
    uint8_t flags = flags_of(take(&what, 4));
    uint8_t side = (uint8_t)take(&what, 1);
    unsigned pair = take(&what, 2);
    struct talker *from = &decoder->talker[pair][side];
    struct captured captured = {.pair = (uint8_t)pair, .new_stream = what != 0};

    step_time(decoder, record[4]);
    captured.seg = how == 3 ? from->last : next_segment(decoder, record, pair, side, flags);
    captured.seg.time_ns = decoder->time_ns;
    captured.seg.frame = decoder->frame;
    captured.seg.layer = decoder->layer;
    captured.seg.side = side;
    captured.seg.ip_id = how; /* 0: none */
    if ((flags & FLAG_SYN) || seq_after(segment_end(&captured.seg), from->next))
        from->next = segment_end(&captured.seg);
    if (captured.seg.flags & FLAG_ACK)
        from->ack = captured.seg.ack;
    from->last = captured.seg;
    return captured;
}

/* The first byte: policy (each stack has two lengths of 2MSL), timestamps, and where the numbers
 * start. */
static struct policy
begin(struct decoder *decoder, uint8_t byte)
{
    static const int64_t two_msl_ns[4] = {60 * NS_PER_S, 2 * NS_PER_S, 0, NS_PER_MS};
    static const uint32_t iss[4] = {0xfffffff8, 0x7ffffffe, 1000, 0xffffffff};
    unsigned choice = take(&byte, 2);
    struct policy policy = {
        .two_msl_ns = two_msl_ns[choice],
        .stack = choice & 1 ? STACK_BSD : STACK_LINUX,
        .close_wait_alarm_ns = 30 * NS_PER_S,
        .rst_policy = take(&byte, 1) ? RST_POLICY_RFC793 : RST_POLICY_RFC5961,
    };

    decoder->stamps = take(&byte, 1) != 0;
    decoder->time_ns = 1700000000 * NS_PER_S;
    for (unsigned pair = 0; pair < PAIRS_MAX; pair++) {
        for (unsigned side = 0; side < 2; side++)
            decoder->talker[pair][side].next = iss[byte >> (2 * side) & 3];
    }
    return policy;
}

static void
print_segment(const struct captured *captured)
{
    const struct segment *seg = &captured->seg;

    fprintf(
        stderr,
        "frame %u.%u pair %u%s side %u flags %02x seq %08x ack %08x len %u window %u ts %u/%08x "
        "sack %u ms %" PRId64 "\n",
        seg->frame, seg->layer, captured->pair, captured->new_stream ? " new" : "", seg->side,
        seg->flags, seg->seq, seg->ack, seg->len, seg->window, seg->options.has_ts,
        seg->options.ts_val, seg->options.sack_count, seg->time_ns / NS_PER_MS);
}

/* The same bytes as the options of a header. */
static void
check_options(const uint8_t *data, size_t size)
{
    struct tcp_options options = tcp_options_parse(data, size < OPTIONS_MAX ? size : OPTIONS_MAX);

    if (options.sack_count <= SACK_BLOCKS_MAX && options.window_shift <= 14)
        return;
    fprintf(stderr, "options: %u SACK blocks, window shift %u\n", options.sack_count,
            options.window_shift);
    abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct captured segments[SEGMENTS_MAX];
    struct decoder decoder = {0};
    struct policy policy;
    struct breach breach;
    unsigned count = 0;

    if (size == 0)
        return 0;
    check_options(data, size);
    policy = begin(&decoder, data[0]);
    for (size_t at = 1; at + RECORD_SIZE <= size && count < SEGMENTS_MAX; at += RECORD_SIZE)
        segments[count++] = decode(&decoder, data + at);
    breach = invariants_check(segments, count, &policy);
    if (!breach.what)
        return 0;
    for (unsigned i = 0; i < count; i++)
        print_segment(&segments[i]);
    fprintf(stderr, "segment %u of %u: %s\n", breach.at + 1, count, breach.what);
    abort();
}
