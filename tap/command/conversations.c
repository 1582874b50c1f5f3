/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conversations.h"

#include <string.h>

#include <glib.h>

#include "hash.h"
#include "wtcompat.h"

enum {
    IPV6_SIZE = 16,        /* bytes: the length of an address */
    FORGOTTEN_MAX = 50000, /* that are kept to be known again, of each kind: some 5 MB */
    RECENT = 4096,         /* a power of two */
    BLOCK = 4096,          /* conversations that memory is asked for at once */
};

/*
 * Two hosts, by side. Whole words, for they are made, compared and hashed for every packet: bytes
 * that are written one by one and read eight at a time have to wait for each other.
 */
struct hosts_key {
    uint64_t ends;       /* ports, and lengths of the addresses */
    uint64_t address[4]; /* two of IPv6, or two of IPv4 in the first word and zeros */
};

/* The newest conversation between two hosts. Without padding: there are many. */
struct conversation {
    struct hosts_key hosts; /* first */
    uint32_t base_seq[2];
    uint32_t stream;
    bool has_base[2];
    bool has_ended : 1; /* asked where COMPAT_STREAMS_END */
    bool is_forgotten : 1;
    uint8_t times_listed; /* among the forgotten, since it has been heard of again in between */
};

/* By its hash, which is compared first: what another one's is was last read long ago. */
struct recent {
    struct conversation *conversation;
    guint hash;
};

struct conversations {
    GHashTable *newest; /* a set of struct conversation */
    /* Where they stand: large enough to go back to the system, as single ones between all else
     * would not. */
    GPtrArray *blocks; /* of BLOCK struct conversation, owned */
    unsigned used;     /* of the last block */
    GPtrArray *spare;  /* struct conversation: lost ones */
    /* Where packets were of last, each at its hash: the next is most often of one of them. */
    struct recent recent[RECENT];
    uint32_t count; /* of streams */
    /* Of forgotten streams, by whether they were open: those are heard of again, as a rule, and are
     * not to be driven out by the many others. struct conversation, the oldest first. */
    GQueue forgotten[2];
    bool has_lost; /* some of them are not there any more */
};

static bool
is_ipv6(const struct hosts_key *key)
{
    return (key->ends >> 32 & UINT8_MAX) == IPV6_SIZE;
}

static guint
key_hash(gconstpointer data)
{
    const struct hosts_key *key = (const struct hosts_key *)data;
    uint64_t hash = hash_word(hash_word(0, key->ends), key->address[0]);

    for (unsigned i = 1; is_ipv6(key) && i < G_N_ELEMENTS(key->address); i++)
        hash = hash_word(hash, key->address[i]);
    return (guint)hash;
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    const struct hosts_key *key = (const struct hosts_key *)a;
    const struct hosts_key *other = (const struct hosts_key *)b;

    return key->ends == other->ends && key->address[0] == other->address[0] &&
           (!is_ipv6(key) || memcmp(key->address, other->address, sizeof(key->address)) == 0);
}

struct conversations *
conversations_new(void)
{
    struct conversations *conversations = g_new0(struct conversations, 1);

    conversations->blocks = g_ptr_array_new_with_free_func(g_free);
    conversations->spare = g_ptr_array_new();
    conversations->used = BLOCK;
    conversations->newest = g_hash_table_new(key_hash, key_equal);
    return conversations;
}

void
conversations_free(struct conversations *conversations)
{
    g_queue_clear(&conversations->forgotten[false]);
    g_queue_clear(&conversations->forgotten[true]);
    g_hash_table_destroy(conversations->newest);
    g_ptr_array_unref(conversations->spare);
    g_ptr_array_unref(conversations->blocks);
    g_free(conversations);
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

    if (is_ipv6(&key)) {
        memcpy(&key.address[0], hosts[0].address, IPV6_SIZE);
        memcpy(&key.address[2], hosts[1].address, IPV6_SIZE);
    } else {
        key.address[0] = word_at(hosts[0].address) | (uint64_t)word_at(hosts[1].address) << 32;
    }
    return key;
}

static struct conversation *
place(struct conversations *conversations)
{
    struct conversation *block;

    if (conversations->spare->len > 0)
        return (struct conversation *)g_ptr_array_steal_index_fast(conversations->spare,
                                                                   conversations->spare->len - 1);
    if (conversations->used == BLOCK) {
        g_ptr_array_add(conversations->blocks, g_new(struct conversation, BLOCK));
        conversations->used = 0;
    }
    block = (struct conversation *)g_ptr_array_index(conversations->blocks,
                                                     conversations->blocks->len - 1);
    return &block[conversations->used++];
}

static struct conversation *
begin(struct conversations *conversations, const struct hosts_key *key)
{
    struct conversation *begun = place(conversations);

    *begun = (struct conversation){.hosts = *key, .stream = conversations->count++};
    g_hash_table_add(conversations->newest, begun);
    return begun;
}

/* NULL: there is none. */
static struct conversation *
find(struct conversations *conversations, const struct hosts_key *key)
{
    const guint hash = key_hash(key);
    struct recent *recent = &conversations->recent[hash % RECENT];

    if (recent->hash != hash || !recent->conversation || !key_equal(recent->conversation, key)) {
        recent->conversation =
            (struct conversation *)g_hash_table_lookup(conversations->newest, key);
        recent->hash = hash;
    }
    return recent->conversation;
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

    if (COMPAT_STREAMS_END && numbers->has_header)
        conversation->has_ended =
            (conversation->has_ended && !is_first) || is_fin || (numbers->flags & FLAG_RST);
}

/* The oldest forgotten one, unless it has been heard of again. */
static void
lose_oldest(struct conversations *conversations, GQueue *forgotten)
{
    struct conversation *oldest = (struct conversation *)g_queue_pop_head(forgotten);

    if (--oldest->times_listed > 0 || !oldest->is_forgotten)
        return;
    conversations->has_lost = true;
    conversations->recent[key_hash(&oldest->hosts) % RECENT].conversation = NULL;
    g_hash_table_remove(conversations->newest, oldest);
    g_ptr_array_add(conversations->spare, oldest);
}

void
conversations_forget(struct conversations *conversations, const struct host hosts[2],
                     uint32_t number, bool is_open)
{
    GQueue *forgotten = &conversations->forgotten[is_open];
    const struct hosts_key key = key_of(hosts);
    struct conversation *conversation = find(conversations, &key);

    if (!conversation || conversation->stream != number)
        return; /* a newer one has its place */
    conversation->is_forgotten = true;
    if (conversation->times_listed == UINT8_MAX)
        return; /* it will be lost sooner than others */
    conversation->times_listed++;
    g_queue_push_tail(forgotten, conversation);
    if (forgotten->length > FORGOTTEN_MAX)
        lose_oldest(conversations, forgotten);
}

struct stream_number
conversations_stream(struct conversations *conversations, const struct host hosts[2],
                     const struct tcp_numbers *numbers)
{
    const struct hosts_key key = key_of(hosts);
    struct conversation *conversation = find(conversations, &key);
    unsigned side = numbers->side;
    struct stream_number number = {0};
    bool is_first_syn;

    if (!conversation) {
        conversation = begin(conversations, &key);
        number.may_be_forgotten = conversations->has_lost && !(numbers->flags & FLAG_SYN);
    } else if (begins_stream(conversation, numbers)) {
        begin_again(conversations, conversation);
    } else {
        number.was_forgotten = conversation->is_forgotten;
        if ((numbers->flags & FLAG_SYN) && conversation->has_base[side])
            conversation->base_seq[side] = numbers->seq;
    }
    conversation->is_forgotten = false;
    is_first_syn =
        (numbers->flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN && !conversation->has_base[side];
    remember_bases(conversation, numbers);
    remember_end(conversation, numbers, is_first_syn);
    number.stream = conversation->stream;
    return number;
}
