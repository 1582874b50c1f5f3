/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversations.h"

#include <string.h>

#include <glib.h>

#include "hash.h"
#include "wtcompat.h"

enum { IPV4_SIZE = 4, IPV6_SIZE = 16 }; /* bytes: the lengths of addresses */

/*
 * Two hosts, by side. Whole words, for they are made, compared and hashed for every packet: bytes
 * that are written one by one and read eight at a time have to wait for each other.
 */
struct hosts_key {
    uint64_t address[2][2];
    uint64_t ends; /* ports, and lengths of the addresses */
};

/* The newest conversation between two hosts. */
struct conversation {
    struct hosts_key hosts; /* first */
    bool has_base[2];
    uint32_t base_seq[2];
    uint32_t stream;
    bool has_ended; /* asked where COMPAT_STREAMS_END */
};

struct conversations {
    GHashTable *newest;        /* a set of struct conversation, owned */
    struct conversation *last; /* that a packet belonged to: the next one often does, too */
    uint32_t count;            /* of streams */
};

static guint
key_hash(gconstpointer key)
{
    return hash_bytes(key, sizeof(struct hosts_key));
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(struct hosts_key)) == 0;
}

struct conversations *
conversations_new(void)
{
    struct conversations *conversations = g_new0(struct conversations, 1);

    conversations->newest = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    return conversations;
}

static uint32_t
word_at(const uint8_t *bytes)
{
    uint32_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

static struct hosts_key
key_of(const struct host hosts[2])
{
    struct hosts_key key = {.ends = hosts[0].port | (uint64_t)hosts[1].port << 16 |
                                    (uint64_t)hosts[0].length << 32 |
                                    (uint64_t)hosts[1].length << 40};

    for (unsigned side = 0; side < 2; side++) {
        if (hosts[side].length == IPV4_SIZE)
            key.address[side][0] = word_at(hosts[side].address);
        else
            memcpy(key.address[side], hosts[side].address, IPV6_SIZE);
    }
    return key;
}

static struct conversation *
begin(struct conversations *conversations, const struct hosts_key *key)
{
    struct conversation *begun = g_new0(struct conversation, 1);

    begun->hosts = *key;
    begun->stream = conversations->count++;
    g_hash_table_add(conversations->newest, begun);
    return begun;
}

static struct conversation *
find_or_begin(struct conversations *conversations, const struct host hosts[2])
{
    const struct hosts_key key = key_of(hosts);
    struct conversation *found = conversations->last;

    if (found && key_equal(found, &key))
        return found;
    found = (struct conversation *)g_hash_table_lookup(conversations->newest, &key);
    if (!found)
        found = begin(conversations, &key);
    conversations->last = found;
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
