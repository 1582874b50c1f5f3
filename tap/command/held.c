/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "held.h"

#include <glib.h>

#include "packet.h"
#include "wtcompat.h"

/* RFC 8200 section 4.5: after 60 seconds a receiver gives up, too. */
enum { WAIT_MAX_S = 60, BYTES_MAX = 64 << 20 };

struct held_packet {
    struct compat_record record;
    int64_t time_s;
    uint32_t frame;
    int bucket;
};

struct held {
    GQueue packets;       /* of struct held_packet, owned, in the order in which they came */
    GHashTable *by_frame; /* those that are not decided */
    GHashTable *expired;  /* a set of frames that were not decided in time */
    size_t bytes;
    held_write *write;
    void *context;
};

struct held *
held_new(held_write *write, void *context)
{
    struct held *held = g_new0(struct held, 1);

    g_queue_init(&held->packets);
    held->by_frame = g_hash_table_new(NULL, NULL);
    held->expired = g_hash_table_new(NULL, NULL);
    held->write = write;
    held->context = context;
    return held;
}

static size_t
size_of(const struct held_packet *packet)
{
    return sizeof(*packet) + packet->record.record.rec_header.packet_header.caplen;
}

static void
drop_first(struct held *held)
{
    struct held_packet *first = (struct held_packet *)g_queue_pop_head(&held->packets);

    held->bytes -= size_of(first);
    g_hash_table_remove(held->by_frame, GUINT_TO_POINTER(first->frame));
    compat_record_clear(&first->record);
    g_free(first);
}

void
held_free(struct held *held)
{
    while (!g_queue_is_empty(&held->packets))
        drop_first(held);
    g_hash_table_unref(held->by_frame);
    g_hash_table_unref(held->expired);
    g_free(held);
}

static bool
is_written(struct held *held, int bucket, const struct compat_record *record)
{
    return bucket < 0 || held->write(held->context, (unsigned)bucket, record);
}

/* Those at the front that are decided, or have waited for too long at this time. */
static bool
write_decided(struct held *held, int64_t time_s)
{
    struct held_packet *first;

    while ((first = (struct held_packet *)g_queue_peek_head(&held->packets))) {
        if (first->bucket == BUCKET_UNKNOWN) {
            if (held->bytes <= BYTES_MAX && time_s - first->time_s <= WAIT_MAX_S)
                return true;
            first->bucket = 0;
            g_hash_table_add(held->expired, GUINT_TO_POINTER(first->frame));
        }
        if (!is_written(held, first->bucket, &first->record))
            return false;
        drop_first(held);
    }
    return true;
}

static void
keep(struct held *held, const struct packet *packet, const struct compat_record *record, int bucket)
{
    struct held_packet *kept = g_new0(struct held_packet, 1);

    compat_record_copy(&kept->record, record);
    kept->time_s = packet->time_s;
    kept->frame = packet->frame;
    kept->bucket = bucket;
    g_queue_push_tail(&held->packets, kept);
    held->bytes += size_of(kept);
    if (bucket == BUCKET_UNKNOWN)
        g_hash_table_insert(held->by_frame, GUINT_TO_POINTER(packet->frame), kept);
}

bool
held_add(struct held *held, const struct packet *packet, const struct compat_record *record,
         int bucket)
{
    if (bucket != BUCKET_UNKNOWN && g_queue_is_empty(&held->packets))
        return is_written(held, bucket, record);
    if (bucket != BUCKET_NONE)
        keep(held, packet, record, bucket);
    return write_decided(held, packet->time_s);
}

bool
held_decide(struct held *held, uint32_t frame, int bucket)
{
    struct held_packet *packet =
        (struct held_packet *)g_hash_table_lookup(held->by_frame, GUINT_TO_POINTER(frame));

    if (!packet)
        return !g_hash_table_remove(held->expired, GUINT_TO_POINTER(frame));
    g_hash_table_remove(held->by_frame, GUINT_TO_POINTER(frame));
    packet->bucket = bucket;
    return true;
}

bool
held_flush(struct held *held)
{
    return write_decided(held, INT64_MAX);
}
