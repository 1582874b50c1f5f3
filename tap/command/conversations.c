/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversations.h"

#include <string.h>

#include <glib.h>

#include "hash.h"
#include "wtcompat.h"

enum { ADDRESS_MAX = 16 };

/* The newest conversation between two hosts. */
struct conversation {
    uint8_t address[2][ADDRESS_MAX]; /* by side, and so on; the rest is zeros */
    uint16_t port[2];
    uint8_t length[2];
    uint8_t zeros[2]; /* all up to here is the key: whole words are hashed fastest */
    bool has_base[2];
    uint32_t base_seq[2];
    uint32_t stream;
    bool has_ended; /* asked where COMPAT_STREAMS_END */
};

enum { KEY_SIZE = offsetof(struct conversation, has_base) };

struct conversations {
    GHashTable *newest; /* a set of struct conversation, owned */
    uint32_t count;     /* of streams */
};

static guint
key_hash(gconstpointer key)
{
    return hash_bytes(key, KEY_SIZE);
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

static void
begin_again(struct conversations *conversations, struct conversation *conversation)
{
    conversation->stream = conversations->count++;
    conversation->has_base[0] = false;
    conversation->has_base[1] = false;
    conversation->has_ended = false;
}

static void
remember_base(struct conversation *conversation, unsigned side, uint32_t base_seq)
{
    if (conversation->has_base[side])
        return;
    conversation->base_seq[side] = base_seq;
    conversation->has_base[side] = true;
}

/* A SYN or SYN-ACK of another connection on the same ports. */
static bool
begins_stream(const struct conversation *conversation, const struct tcp_numbers *numbers)
{
    bool is_other = conversation->base_seq[numbers->side] != numbers->seq;

    if (!(numbers->flags & FLAG_SYN) || !conversation->has_base[numbers->side])
        return false;
    if (COMPAT_STREAMS_END)
        return is_other || conversation->has_ended;
    return is_other && !(numbers->flags & FLAG_ACK);
}

static void
remember_bases(struct conversation *conversation, const struct tcp_numbers *numbers)
{
    unsigned side = numbers->side;
    bool is_syn = numbers->flags & FLAG_SYN;

    if (numbers->is_quoted || !(numbers->has_length || COMPAT_STREAMS_END))
        return;
    remember_base(conversation, side, numbers->seq - !is_syn);
    if (numbers->flags & FLAG_ACK)
        remember_base(conversation, !side, numbers->ack - 1);
}

/* What Wireshark calls the completeness, as far as numbers depend on it. */
static void
remember_end(struct conversation *conversation, const struct tcp_numbers *numbers, bool is_first)
{
    bool is_fin = (numbers->flags & FLAG_FIN) && (numbers->flags & FLAG_ACK);

    if (numbers->has_header)
        conversation->has_ended =
            (conversation->has_ended && !is_first) || is_fin || (numbers->flags & FLAG_RST);
}

uint32_t
conversations_stream(struct conversations *conversations, const struct host hosts[2],
                     const struct tcp_numbers *numbers)
{
    struct conversation *conversation = find_or_begin(conversations, hosts);
    unsigned side = numbers->side;
    bool is_first_syn;

    if (begins_stream(conversation, numbers))
        begin_again(conversations, conversation);
    else if ((numbers->flags & FLAG_SYN) && conversation->has_base[side])
        conversation->base_seq[side] = numbers->seq;
    is_first_syn =
        (numbers->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN && !conversation->has_base[side];
    remember_bases(conversation, numbers);
    remember_end(conversation, numbers, is_first_syn);
    return conversation->stream;
}
