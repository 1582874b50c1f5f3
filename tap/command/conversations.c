/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversations.h"

#include <string.h>

#include <glib.h>

enum { ADDRESS_MAX = 16 };

/* The newest conversation between two hosts. */
struct conversation {
    uint8_t address[2][ADDRESS_MAX]; /* by side, and so on; the rest is zeros */
    uint16_t port[2];
    uint8_t length[2];
    uint8_t zeros[2]; /* all up to here is the key: whole words */
    bool has_base[2];
    uint32_t base_seq[2];
    uint32_t stream;
};

enum { KEY_SIZE = offsetof(struct conversation, has_base) };
_Static_assert(KEY_SIZE % sizeof(uint64_t) == 0, "the key is hashed by words");

struct conversations {
    GHashTable *newest; /* a set of struct conversation, owned */
    uint32_t count;     /* of streams */
};

/* Eight bytes a step: the key is looked up for every segment. */
static guint
key_hash(gconstpointer key)
{
    uint64_t hash = 0;

    for (size_t i = 0; i < KEY_SIZE; i += sizeof(hash)) {
        uint64_t word;

        memcpy(&word, (const uint8_t *)key + i, sizeof(word));
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return (guint)hash;
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, KEY_SIZE) == 0;
}

struct conversations *
conversations_new(void)
{
    struct conversations *conversations = g_new0(struct conversations, 1);

    conversations->newest = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    return conversations;
}

static struct conversation *
find_or_begin(struct conversations *conversations, const struct host hosts[2])
{
    struct conversation key = {0};
    struct conversation *found;

    for (unsigned side = 0; side < 2; side++) {
        memcpy(key.address[side], hosts[side].address, MIN(hosts[side].length, ADDRESS_MAX));
        key.port[side] = hosts[side].port;
        key.length[side] = hosts[side].length;
    }
    found = (struct conversation *)g_hash_table_lookup(conversations->newest, &key);
    if (found)
        return found;
    key.stream = conversations->count++;
    found = (struct conversation *)g_memdup2(&key, sizeof(key));
    g_hash_table_add(conversations->newest, found);
    return found;
}

/* Another connection on the same ports: its first SYN has another number. */
static void
begin_again(struct conversations *conversations, struct conversation *conversation)
{
    conversation->stream = conversations->count++;
    conversation->has_base[0] = false;
    conversation->has_base[1] = false;
}

static void
remember_base(struct conversation *conversation, unsigned side, uint32_t base_seq)
{
    if (conversation->has_base[side])
        return;
    conversation->base_seq[side] = base_seq;
    conversation->has_base[side] = true;
}

uint32_t
conversations_stream(struct conversations *conversations, const struct host hosts[2],
                     const struct tcp_numbers *numbers)
{
    struct conversation *conversation = find_or_begin(conversations, hosts);
    unsigned side = numbers->side;
    bool is_other = conversation->has_base[side] && conversation->base_seq[side] != numbers->seq;

    if ((numbers->flags & FLAG_SYN) && is_other) {
        if (numbers->flags & FLAG_ACK)
            conversation->base_seq[side] = numbers->seq;
        else
            begin_again(conversations, conversation);
    }
    if (numbers->has_length) {
        remember_base(conversation, side, numbers->seq - !(numbers->flags & FLAG_SYN));
        if (numbers->flags & FLAG_ACK)
            remember_base(conversation, !side, numbers->ack - 1);
    }
    return conversation->stream;
}
