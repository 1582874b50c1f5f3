/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "idle.h"

#include "role.h"
#include "stream.h"
#include "units.h"

enum { NOBODY = 2 };

/* ---- a stream ---- */

/* Whose payload was the newest when the first FIN came. */
static unsigned
last_speaker(const struct memory *memory)
{
    const struct close_facts *close = &memory->close;
    const struct alert *alert = &memory_ending(memory)->alert;

    if (alert->frame != 0 && alert->since_ns == close->begin_ns - close->idle_ns)
        return alert->after_side;
    if (close->closer_spoke_last)
        return close->first_fin_side;
    return close->peer_spoke_last ? !close->first_fin_side : NOBODY;
}

/* What its sender had said last was the other side's: it waits for nothing. */
static unsigned
last_speaker_before(const struct rst_record *rst)
{
    if (!rst->sender.has_payload || !rst->receiver.has_payload)
        return rst->sender.has_payload     ? rst->side
               : rst->receiver.has_payload ? !rst->side
                                           : NOBODY;
    return rst->sender.sent_ns > rst->receiver.sent_ns ? rst->side : !rst->side;
}

/* How a stream that nobody used was ended. */
struct end {
    bool is_known;
    unsigned side;
    unsigned last_speaker;
};

static struct end
end_by_fin(const struct memory *memory)
{
    const struct close_facts *close = &memory->close;

    return (struct end){
        .is_known = !close->fin_has_payload && close->all_acked && !close->was_aborted,
        .side = close->first_fin_side,
        .last_speaker = last_speaker(memory),
    };
}

static struct end
end_by_rst(const struct memory *memory, const struct cause *cause)
{
    const struct rst_record *rst =
        resets_at(&memory_extra(memory)->resets, memory_extra(memory)->reset.frame, UINT8_MAX);

    if (cause->kind != CAUSE_abort || !rst)
        return (struct end){.is_known = false};
    return (struct end){
        .is_known =
            rst->sender.is_acked && rst->receiver.is_acked && rst_unanswered(rst)->count == 0,
        .side = rst->side,
        .last_speaker = last_speaker_before(rst),
    };
}

/* The server has answered, or nobody has said anything. */
static bool
is_idle_after(const struct stream *stream, unsigned last_speaker)
{
    return last_speaker == NOBODY || last_speaker == role_side(stream, ROLE_SERVER);
}

/* It goes on when the capture ends. */
static int64_t
idle_at_end_ns(const struct stream *stream, int64_t end_ns)
{
    const struct tcb *server = &stream->end[role_side(stream, ROLE_SERVER)];
    const struct tcb *client = &stream->end[role_side(stream, ROLE_CLIENT)];

    if (server->state != STATE_ESTABLISHED || client->state != STATE_ESTABLISHED ||
        server->snd_nxt - server->iss <= 1 || server->sent_ns < client->sent_ns ||
        end_ns - server->sent_ns < SILENCE_NS)
        return 0;
    return end_ns - server->sent_ns;
}

struct idle
idle_of(const struct stream *stream, const struct cause *cause, int64_t end_ns)
{
    const struct memory *memory = &stream->memory;
    const int64_t silence_ns = memory_ending(memory)->silence_ns[role_side(stream, ROLE_SERVER)];
    struct idle idle = {.survived_ns = {silence_ns, silence_ns}};
    struct end end;

    if (!cause->has_idle) {
        int64_t end_of_idle_ns = MAX(silence_ns, idle_at_end_ns(stream, end_ns));

        return (struct idle){.survived_ns = {end_of_idle_ns, end_of_idle_ns}};
    }
    end = memory->close.first_fin_frame != 0 ? end_by_fin(memory) : end_by_rst(memory, cause);
    if (!end.is_known || cause->idle_ns < SILENCE_NS || !is_idle_after(stream, end.last_speaker))
        return idle;
    idle.has_end = true;
    idle.by = role_of_side(stream, end.side);
    idle.ns = cause->idle_ns;
    idle.was_used = end.last_speaker != NOBODY;
    if (idle.was_used)
        idle.survived_ns[role_peer(idle.by)] = MAX(silence_ns, idle.ns);
    return idle;
}

/* ---- a service ---- */

/* Within 2 % of each other. */
static bool
agrees(int64_t low_ns, int64_t high_ns)
{
    return high_ns - low_ns <= low_ns / 50;
}

/* In order; with so many, one more tells nothing new. */
static void
insert(GArray **times, int64_t ns)
{
    enum { TIMES_MAX = 10000 };
    guint at;

    if (!*times)
        *times = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if ((*times)->len == TIMES_MAX)
        return;
    for (at = (*times)->len; at > 0 && g_array_index(*times, int64_t, at - 1) > ns; at--)
        ;
    g_array_insert_val(*times, at, ns);
}

void
idle_service_add(struct idle_service *service, const struct idle *idle, enum role role)
{
    const int64_t survived_ns = idle->survived_ns[role];

    if (idle->has_end && idle->by == role) {
        struct idle_ends *ends = &service->ends[idle->was_used];

        ends->shortest_ns = ends->count == 0 ? idle->ns : MIN(ends->shortest_ns, idle->ns);
        ends->count++;
        insert(&ends->times, idle->ns);
    }
    if (survived_ns >= SILENCE_NS) {
        service->longest_ns = MAX(service->longest_ns, survived_ns);
        insert(&service->survived, survived_ns);
    }
}

void
idle_service_clear(struct idle_service *service)
{
    for (unsigned i = 0; i < 2; i++) {
        if (service->ends[i].times)
            g_array_unref(service->ends[i].times);
    }
    if (service->survived)
        g_array_unref(service->survived);
    *service = (struct idle_service){.survived = NULL};
}

/* The most that agree: they begin there. Of several, the first. */
struct cluster {
    guint first;
    guint count;
};

static struct cluster
largest_cluster(const GArray *ends)
{
    struct cluster largest = {.count = 0};
    guint low = 0;

    for (guint high = 0; high < ends->len; high++) {
        while (!agrees(g_array_index(ends, int64_t, low), g_array_index(ends, int64_t, high)))
            low++;
        if (high - low + 1 > largest.count)
            largest = (struct cluster){.first = low, .count = high - low + 1};
    }
    return largest;
}

/* How many were idle for longer than what agrees with the time. */
static guint
count_beyond(const GArray *survived, int64_t ns)
{
    guint count = 0;

    while (survived && count < survived->len &&
           !agrees(ns, MAX(ns, g_array_index(survived, int64_t, survived->len - 1 - count))))
        count++;
    return count;
}

struct idle_bracket
idle_service_bracket(const struct idle_service *service)
{
    enum { AGREE_MIN = 3 };
    const struct idle_ends *ends = &service->ends[service->ends[true].count > 0];
    struct idle_bracket bracket = {
        .survived_ns = service->longest_ns,
        .ended_ns = ends->shortest_ns,
        .ends = ends->count,
    };
    struct cluster cluster;
    int64_t middle_ns;

    if (ends->count < AGREE_MIN)
        return bracket;
    cluster = largest_cluster(ends->times);
    middle_ns = g_array_index(ends->times, int64_t, cluster.first + (cluster.count - 1) / 2);
    if (cluster.count < AGREE_MIN ||
        cluster.count <=
            ends->times->len - cluster.count + count_beyond(service->survived, middle_ns))
        return bracket;
    bracket.timeout_ns = middle_ns;
    bracket.agree = cluster.count;
    return bracket;
}
