/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "traffic.h"

#include <glib.h>

enum {
    SIDE_BY_SIDE = 256, /* streams that are open at a time */
    STEP_NS = 100000,   /* between two frames: TIME_WAIT ends by time after 600,000 of them */
    NS_PER_MS = 1000000,
    REQUEST_BYTES = 96,
    RESPONSE_BYTES = 256,
    BULK_BYTES = 1448,
    WINDOW = 60000,
    HOLE_SEGMENTS = 10, /* how much later a missing segment comes */
    HOLES_PER_LOSS = 10,
};

/*
 * How a stream goes, a letter a segment, a capital for the client: S SYN or SYN-ACK, A ACK, D data,
 * F FIN, X FIN that crosses the peer's, R RST, I RST inside the window, O RST beyond it. F and S
 * repeat the one before if there was one.
 */
static const char *const closes[] = {
    "SsADdDdDdFafA", /* four-way */
    "SsADdDdDdFafA",
    "SsADdAfAFa",
    "SsADadADaFafA",
    "SsADadAfAFa",
    "SsADdAFfA", /* three-way */
    "SsADdDdAFfA",
    "SsADdAfFa",
    "SsADdAFxAa",   /* simultaneous */
    "SsADFadAdAfA", /* half-close */
    "SsADdDdAR",    /* reset */
    "SsADadr",
    "SsADdIaR",     /* reset, the first attempt is challenged */
    "SsADdOdAFafA", /* a RST that does nothing */
    "SsADdAFaR",    /* FIN, then RST */
    "SsADdAFr",     /* FIN answered by RST */
    "SsADdAFFF",    /* FIN unanswered */
    "SsADdAFaf",    /* last ACK missing */
    "SsADdDdDdDdA", /* open */
    "Sr",           /* refused */
    "SSS",          /* no answer */
    "SsADdAFadA",   /* half closed */
};

static const char *const four_way = "SsADdFafA";
static const char *const reset = "SsADdDdADR";
static const char *const tiny[] = {"Sr", "S", "SsR", "SsAR"};
static const char *const handshake = "SsA";

struct side {
    uint32_t next; /* sequence number */
    bool syn_sent;
    bool fin_sent;
};

struct flow {
    uint32_t stream;
    const char *script; /* what is still to come */
    struct side side[2];
};

/* What the one stream does between its handshake and its close. */
struct bulk {
    uint32_t segments;   /* until the close begins */
    uint32_t hole_every; /* data segments */
    uint32_t sent;       /* data segments */
    uint32_t holes;
    uint32_t missing;      /* sequence number, with until_filled */
    uint32_t until_filled; /* data segments; 0: nothing is missing */
    bool ack_due;
};

struct traffic {
    const char *const *scripts;
    uint32_t script_count;
    uint32_t streams;
    uint32_t begun;
    uint32_t random;
    uint32_t frame;
    uint32_t open;
    struct flow flow[SIDE_BY_SIDE];
    struct bulk bulk;
};

static struct traffic *
new_traffic(const char *const *scripts, uint32_t script_count, uint32_t streams)
{
    struct traffic *traffic = g_new0(struct traffic, 1);

    *traffic = (struct traffic){
        .scripts = scripts,
        .script_count = script_count,
        .streams = streams,
        .random = 2463534242U,
    };
    return traffic;
}

struct traffic *
traffic_of_closes(uint32_t streams)
{
    return new_traffic(closes, G_N_ELEMENTS(closes), streams);
}

struct traffic *
traffic_of_four_ways(uint32_t streams)
{
    return new_traffic(&four_way, 1, streams);
}

struct traffic *
traffic_of_resets(uint32_t streams)
{
    return new_traffic(&reset, 1, streams);
}

struct traffic *
traffic_of_tiny(uint32_t streams)
{
    return new_traffic(tiny, G_N_ELEMENTS(tiny), streams);
}

struct traffic *
traffic_of_one(uint32_t segments, uint32_t holes)
{
    struct traffic *traffic = new_traffic(&handshake, 1, 1);

    traffic->bulk.segments = segments;
    /* Two of three segments are data. */
    traffic->bulk.hole_every = segments / 3 * 2 / (holes + 1);
    return traffic;
}

void
traffic_free(struct traffic *traffic)
{
    g_free(traffic);
}

/* Marsaglia's xorshift: the same everywhere. */
static uint32_t
random_below(struct traffic *traffic, uint32_t limit)
{
    uint32_t x = traffic->random;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    traffic->random = x;
    return x % limit;
}

static void
begin_flow(struct traffic *traffic, struct flow *flow)
{
    uint32_t stream = traffic->begun++;

    *flow = (struct flow){
        .stream = stream,
        .script = traffic->scripts[stream % traffic->script_count],
        .side = {{.next = stream * 2654435761U}, {.next = stream * 2246822519U}},
    };
}

/* What every segment has; time and frame go on. */
static struct segment
plain_segment(struct traffic *traffic, const struct flow *flow, uint8_t side)
{
    int64_t time_ns = (int64_t)++traffic->frame * STEP_NS;

    return (struct segment){
        .time_ns = time_ns,
        .frame = traffic->frame,
        .seq = flow->side[side].next,
        .ack = flow->side[!side].next,
        .window = WINDOW,
        .ip_id = (uint16_t)traffic->frame,
        .flags = FLAG_ACK,
        .side = side,
        .options =
            {
                .has_ts = true,
                .ts_val = (uint32_t)(time_ns / NS_PER_MS) + side * 1000000U,
            },
    };
}

static void
make_syn(struct segment *segment, const struct flow *flow)
{
    segment->flags = FLAG_SYN;
    if (flow->side[!segment->side].syn_sent)
        segment->flags |= FLAG_ACK;
    else
        segment->ack = 0;
    segment->seq -= flow->side[segment->side].syn_sent;
    segment->options.has_window_shift = true;
    segment->options.sack_permitted = true;
}

static void
make_fin(struct segment *segment, const struct flow *flow)
{
    segment->flags = FLAG_FIN | FLAG_ACK;
    segment->seq -= flow->side[segment->side].fin_sent;
}

static void
make_rst(struct segment *segment, uint32_t distance)
{
    segment->flags = FLAG_RST | FLAG_ACK;
    segment->seq += distance;
    segment->options.has_ts = false;
}

/* The segment that the flow's script asks for next. */
static struct segment
scripted_segment(struct traffic *traffic, struct flow *flow)
{
    char letter = *flow->script++;
    uint8_t side = g_ascii_islower(letter);
    struct segment segment = plain_segment(traffic, flow, side);

    switch (g_ascii_toupper(letter)) {
    case 'S':
        make_syn(&segment, flow);
        break;
    case 'D':
        segment.len = side ? RESPONSE_BYTES : REQUEST_BYTES;
        break;
    case 'F':
        make_fin(&segment, flow);
        break;
    case 'X':
        make_fin(&segment, flow);
        segment.ack--;
        break;
    case 'R':
        make_rst(&segment, 0);
        break;
    case 'I':
        make_rst(&segment, WINDOW / 2);
        break;
    case 'O':
        make_rst(&segment, 4 * WINDOW);
        break;
    }
    flow->side[side].syn_sent |= (segment.flags & FLAG_SYN) != 0;
    flow->side[side].fin_sent |= (segment.flags & FLAG_FIN) != 0;
    if (!(segment.flags & FLAG_RST))
        flow->side[side].next = segment_end(&segment);
    return segment;
}

/* ---- the one stream ---- */

static struct segment
bulk_ack(struct traffic *traffic, const struct flow *flow)
{
    struct bulk *bulk = &traffic->bulk;
    struct segment segment = plain_segment(traffic, flow, 1);

    bulk->ack_due = false;
    if (bulk->until_filled > 0) {
        segment.ack = bulk->missing;
        segment.options.sack_count = 1;
        segment.options.sack_left[0] = bulk->missing + BULK_BYTES;
        segment.options.sack_right[0] = flow->side[0].next;
    }
    return segment;
}

static void
skip_one(struct bulk *bulk, struct flow *flow)
{
    bulk->missing = flow->side[0].next;
    bulk->until_filled = HOLE_SEGMENTS + 1;
    flow->side[0].next += BULK_BYTES;
    bulk->sent++;
    bulk->holes++;
}

static struct segment
bulk_data(struct traffic *traffic, struct flow *flow)
{
    struct bulk *bulk = &traffic->bulk;
    struct segment segment;

    if (bulk->sent % bulk->hole_every == bulk->hole_every - 1)
        skip_one(bulk, flow);
    segment = plain_segment(traffic, flow, 0);
    segment.len = BULK_BYTES;
    if (bulk->until_filled > 0)
        bulk->until_filled--;
    if (bulk->until_filled == 1 && bulk->holes % HOLES_PER_LOSS != 0) {
        bulk->until_filled = 0;
        segment.seq = bulk->missing;
    } else {
        flow->side[0].next += BULK_BYTES;
        bulk->sent++;
    }
    /* Each second segment is acknowledged, with a hole each. */
    bulk->ack_due = bulk->until_filled > 0 || bulk->sent % 2 == 0;
    return segment;
}

static struct segment
bulk_segment(struct traffic *traffic, struct flow *flow)
{
    struct bulk *bulk = &traffic->bulk;

    if (traffic->frame + 1 >= bulk->segments && bulk->until_filled == 0) {
        bulk->segments = 0;
        flow->script = "FafA";
        return scripted_segment(traffic, flow);
    }
    return bulk->ack_due ? bulk_ack(traffic, flow) : bulk_data(traffic, flow);
}

/* ---- */

bool
traffic_next(struct traffic *traffic, struct packet *packet)
{
    struct flow *flow;

    while (traffic->open < SIDE_BY_SIDE && traffic->begun < traffic->streams)
        begin_flow(traffic, &traffic->flow[traffic->open++]);
    if (traffic->open == 0)
        return false;
    flow = &traffic->flow[random_below(traffic, traffic->open)];
    packet->stream = flow->stream;
    packet->segment = *flow->script ? scripted_segment(traffic, flow) : bulk_segment(traffic, flow);
    if (*flow->script == '\0' && traffic->bulk.segments == 0)
        *flow = traffic->flow[--traffic->open];
    return true;
}
