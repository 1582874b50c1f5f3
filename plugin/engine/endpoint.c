/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The modelled socket's numbers: its sequence space, its receive queue and its window. */
#include "endpoint.h"

#include <glib.h>

#include "seq.h"

enum { WINDOW_MAX = 1 << 30 }; /* RFC 7323 section 2.3 */

const struct endpoint_rare *
endpoint_rare(const struct endpoint *endpoint)
{
    static const struct endpoint_rare nothing;

    return endpoint->rare ? endpoint->rare : &nothing;
}

struct endpoint_rare *
endpoint_make_rare(struct endpoint *endpoint)
{
    if (!endpoint->rare)
        endpoint->rare = g_new0(struct endpoint_rare, 1);
    return endpoint->rare;
}

void
endpoint_keep_time_wait(struct endpoint *endpoint)
{
    if (endpoint->state == STATE_TIME_WAIT)
        endpoint_make_rare(endpoint)->rst_time_wait_end_ns = endpoint->time_wait_end_ns;
}

static void
clear_early(struct endpoint *endpoint)
{
    g_free(endpoint->rare->early);
    endpoint->rare->early = NULL;
    endpoint_clear(endpoint, EP_EARLY);
}

void
endpoint_clear_rare(struct endpoint *endpoint)
{
    if (!endpoint->rare)
        return;
    clear_early(endpoint);
    g_free(endpoint->rare);
    endpoint->rare = NULL;
}

void
endpoint_renew(struct endpoint *endpoint)
{
    struct endpoint fresh = {
        .entered_ns = endpoint->entered_ns,
        .flags = EP_RENEWED | EP_CONFIRMED,
        .state = STATE_CLOSED,
    };

    endpoint_clear_rare(endpoint);
    *endpoint = fresh;
}

void
endpoint_copy(struct endpoint *endpoint, const struct endpoint *source)
{
    endpoint_clear_rare(endpoint);
    *endpoint = *source;
    endpoint->fin_frame = 0;
    endpoint->fin_acked_frame = 0;
    if (!source->rare)
        return;
    endpoint->rare = g_memdup2(source->rare, sizeof(*source->rare));
    if (source->rare->early)
        endpoint->rare->early = g_memdup2(source->rare->early, sizeof(*source->rare->early));
}

void
endpoint_begin_sequence(struct endpoint *endpoint, uint32_t iss)
{
    endpoint->iss = iss;
    endpoint->snd_nxt = iss;
    endpoint_set(endpoint, EP_SND_KNOWN);
}

static void
add_early(struct endpoint *endpoint, uint32_t left, uint32_t right)
{
    struct endpoint_rare *rare = endpoint_make_rare(endpoint);

    if (!rare->early)
        rare->early = g_new0(struct ranges, 1);
    ranges_add(rare->early, left, right);
    endpoint_set(endpoint, EP_EARLY);
}

/* Moves rcv_nxt over what is contiguous now. */
static void
advance(struct endpoint *endpoint, uint32_t next, int64_t now_ns)
{
    struct endpoint_rare *rare = endpoint->rare;

    endpoint->rcv_nxt = seq_max(endpoint->rcv_nxt, next);
    endpoint->taken = coarse_time(now_ns);
    if (!endpoint_has(endpoint, EP_EARLY))
        return;
    endpoint->rcv_nxt = ranges_advance(rare->early, endpoint->rcv_nxt);
    rare->refilled_ns = now_ns;
    if (rare->early->count == 0)
        clear_early(endpoint);
}

void
endpoint_take(struct endpoint *endpoint, const struct segment *seg)
{
    uint32_t end = segment_end(seg);
    bool has_fin = (seg->flags & FLAG_FIN) != 0;

    if (!seq_after(end, endpoint->rcv_nxt)) {
        endpoint_set(endpoint, EP_DUP_ACK_DUE);
        if (end == endpoint->rcv_nxt)
            endpoint->taken = coarse_time(seg->time_ns);
        return;
    }
    /* Data over the place of a FIN that waits beyond a hole: Linux drops that FIN (tcp_ofo_queue).
     */
    if (!has_fin && endpoint_has(endpoint, EP_FIN_DELIVERED) && !endpoint_has_peer_fin(endpoint) &&
        seq_before(seg->seq, endpoint->peer_fin_end) && !seq_before(end, endpoint->peer_fin_end))
        endpoint_clear(endpoint, EP_FIN_DELIVERED);
    if (has_fin && !endpoint_has_peer_fin(endpoint)) {
        endpoint->peer_fin_end = end;
        endpoint_set(endpoint, EP_FIN_DELIVERED);
    }
    if (seq_after(seg->seq, endpoint->rcv_nxt))
        add_early(endpoint, seg->seq, end);
    else
        advance(endpoint, end, seg->time_ns);
}

uint32_t
endpoint_add_sack(struct endpoint *endpoint, const struct segment *seg)
{
    uint32_t received = seg->ack;

    for (uint32_t i = 0; i < seg->options.sack_count; i++) {
        if (!seq_after(seg->options.sack_left[i], endpoint->rcv_nxt))
            continue; /* a D-SACK, RFC 2883, or news of what has come since */
        add_early(endpoint, seg->options.sack_left[i], seg->options.sack_right[i]);
        received = seq_max(received, seg->options.sack_right[i]);
    }
    return received;
}

void
endpoint_show_hole(struct endpoint *endpoint, const struct segment *seg)
{
    uint32_t assumed = endpoint->rcv_nxt;
    uint32_t received;

    endpoint->rcv_nxt = seg->ack;
    received = endpoint_add_sack(endpoint, seg);
    if (received == seg->ack)
        received++;
    /* What lies beyond the blocks may be on its way still, and is taken as delivered as before. */
    if (seq_before(received, assumed))
        add_early(endpoint, received, assumed);
    if (endpoint_has(endpoint, EP_FIN_DELIVERED) &&
        seq_before(seq_max(received, assumed), endpoint->peer_fin_end))
        endpoint_clear(endpoint, EP_FIN_DELIVERED);
}

bool
endpoint_has_peer_fin(const struct endpoint *endpoint)
{
    return endpoint_has(endpoint, EP_FIN_DELIVERED) &&
           !seq_before(endpoint->rcv_nxt, endpoint->peer_fin_end);
}

bool
endpoint_in_window(const struct endpoint *endpoint, uint32_t seq)
{
    uint32_t edge = endpoint->rcv_nxt + WINDOW_MAX;

    if (endpoint_has(endpoint, EP_ACK_KNOWN | EP_SHIFT_KNOWN))
        edge = seq_max(endpoint->rcv_edge, endpoint->rcv_nxt);
    return seq_between(seq, endpoint->rcv_nxt, edge);
}
