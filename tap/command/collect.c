/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collect.h"

#include <arpa/inet.h>
#include <string.h>

#include "bpf.h"
#include "capture_bounds.h"
#include "conversations.h"
#include "decode.h"
#include "fragments.h"
#include "hash.h"
#include "network_order.h"
#include "role.h"

struct collection {
    struct stream_filter filter;
    struct policy policy;
    struct capture *capture;
    struct conversations *conversations; /* NULL: there are no more packets */
    struct bpf *bpf;                     /* NULL: all packets */
    struct fragments *fragments;
    struct tally *unread;
    struct stream_entries entries;
    GHashTable *names;             /* a set of struct address_name, owned */
    struct forgetting *forgetting; /* NULL: nothing is forgotten */
    forget_stream *forget;
    void *context;    /* of forget */
    int64_t begin_ns; /* of the first packet */
    struct file_span file;
};

enum { NAMES_MAX = 65536 }; /* that are kept where memory is bounded */

/* An address and its text: hosts are fewer than streams. */
struct address_name {
    uint8_t address[16]; /* the rest is zeros */
    uint8_t length;
    char *text; /* interned GRefString, owned */
};

enum { ADDRESS_KEY_SIZE = offsetof(struct address_name, length) + sizeof(uint8_t) };

HASH_BY_BYTES(address, ADDRESS_KEY_SIZE)

static void
address_free(void *data)
{
    struct address_name *named = (struct address_name *)data;

    g_ref_string_release(named->text);
    g_free(named);
}

struct collection *
collection_new(const struct policy *policy, const struct stream_filter *filter)
{
    struct collection *collection = g_new0(struct collection, 1);

    collection->filter = *filter;
    collection->policy = *policy;
    collection->capture = capture_new(policy);
    capture_take_no_census(collection->capture);
    collection->conversations = conversations_new();
    collection->fragments = fragments_new();
    collection->unread = tally_new();
    collection->names = g_hash_table_new_full(address_hash, address_equal, address_free, NULL);
    return collection;
}

void
collection_set_bound(struct collection *collection, const struct bound *bound,
                     forget_stream *forget, void *context)
{
    collection->forgetting = forgetting_new(bound, collection->capture);
    collection->forget = forget;
    collection->context = context;
}

static bool
is_host(const struct stream_filter *filter, const struct host *host)
{
    return filter->length == host->length &&
           memcmp(filter->address, host->address, host->length) == 0;
}

static bool
is_selected(const struct stream_filter *filter, uint32_t number, const struct host hosts[2])
{
    return (!filter->has_stream || filter->stream == number) &&
           (!filter->has_port || filter->port == hosts[0].port || filter->port == hosts[1].port) &&
           (filter->length == 0 || is_host(filter, &hosts[0]) || is_host(filter, &hosts[1]));
}

static char *
name_of(struct collection *collection, const struct host *host)
{
    struct address_name *named;
    struct address_name key = {.length = host->length};
    char text[INET6_ADDRSTRLEN];

    memcpy(key.address, host->address, host->length);
    named = (struct address_name *)g_hash_table_lookup(collection->names, &key);
    if (named)
        return named->text;
    if (collection->forgetting && g_hash_table_size(collection->names) >= NAMES_MAX)
        g_hash_table_remove_all(collection->names);
    named = (struct address_name *)g_memdup2(&key, sizeof(key));
    inet_ntop(host->length == 4 ? AF_INET : AF_INET6, host->address, text, sizeof(text));
    named->text = g_ref_string_new_intern(text);
    g_hash_table_add(collection->names, named);
    return named->text;
}

/* The first segment of a stream. */
static void
note(struct collection *collection, const struct stream_number *number, const struct host hosts[2],
     const struct stream *stream, int64_t time_ns)
{
    struct stream_entry *entry;

    if (!is_selected(&collection->filter, number->stream, hosts))
        return;
    entry = stream_entries_add(&collection->entries, number->stream, stream, time_ns);
    entry->heard = number->was_forgotten      ? HEARD_AGAIN
                   : number->may_be_forgotten ? HEARD_UNKNOWN
                                              : HEARD_FIRST;
    for (unsigned side = 0; side < 2; side++)
        stream_entry_name_numeric(entry, role_of_side(stream, side),
                                  name_of(collection, &hosts[side]), hosts[side].port);
}

static struct tcp_numbers
numbers_of(const struct found_header *found, uint8_t side)
{
    const uint8_t *bytes = found->slice.bytes;
    uint32_t header = (bytes[12] >> 4) * 4U;

    return (struct tcp_numbers){
        .seq = read_u32(bytes + 4),
        .ack = read_u32(bytes + 8),
        .flags = bytes[13],
        .side = side,
        .has_header = header >= TCP_HEADER_MIN,
        .has_length = found->slice.reported >= header,
        .is_quoted = found->is_quoted,
    };
}

static void
forget(struct collection *collection, uint32_t number)
{
    struct stream_entry *entry = stream_entries_find(&collection->entries, number);
    const bool is_open = capture_rest(collection->capture, number).is_open;
    struct host hosts[2];

    if (entry) {
        collection->forget(collection->context, entry);
        stream_entries_take(&collection->entries, entry);
    }
    capture_hosts(collection->capture, number, hosts);
    conversations_forget(collection->conversations, hosts, number, is_open);
    capture_forget(collection->capture, number);
}

static void
forget_what_is_due(struct collection *collection)
{
    const int64_t now_ns = capture_newest_ns(collection->capture);
    uint32_t number;

    while ((number = forgetting_next(collection->forgetting, now_ns)) != UINT32_MAX)
        forget(collection, number);
}

static void
take_header(void *context, const struct packet *packet, const struct found_header *found)
{
    struct collection *collection = (struct collection *)context;
    uint8_t side = capture_side(&found->sender, &found->receiver);
    struct host hosts[2];
    struct tcp_numbers numbers = numbers_of(found, side);
    struct captured_layer layer = {
        .bytes = found->slice.bytes,
        .length = found->slice.captured,
        .reported_length = found->slice.reported,
        .time_s = packet->time_s,
        .time_ns = packet->time_ns,
        .frame = packet->frame,
        .layer = found->layer,
    };
    struct segment segment;
    struct stream_number number;
    const struct stream *stream;
    bool is_first;

    hosts[side] = found->sender;
    hosts[!side] = found->receiver;
    number = conversations_stream(collection->conversations, hosts, &numbers);
    if (found->is_quoted || !segment_read(&segment, &layer))
        return;
    segment.side = side;
    segment.ip_id = found->ip_id;
    segment.ttl = found->ttl;
    is_first = !capture_stream(collection->capture, number.stream);
    if (is_first && collection->forgetting)
        forgetting_note(collection->forgetting, number.stream);
    stream = capture_feed(collection->capture, number.stream, hosts, &segment);
    if (is_first)
        note(collection, &number, hosts, stream, segment.time_ns);
    if (collection->forgetting)
        forget_what_is_due(collection);
}

void
collection_set_bpf(struct collection *collection, struct bpf *bpf)
{
    collection->bpf = bpf;
}

void
collection_take(struct collection *collection, const struct packet *packet)
{
    const int64_t time_ns = segment_time_ns(packet->time_s, packet->time_ns);

    if (packet->frame == 1)
        collection->begin_ns = time_ns;
    if (packet->link == LINK_NONE)
        return;
    file_span_take(&collection->file, time_ns);
    if (!collection->bpf || bpf_matches(collection->bpf, packet))
        decode_packet(packet, collection->fragments, collection->unread, take_header, collection);
}

void
collection_end(struct collection *collection)
{
    conversations_free(collection->conversations);
    collection->conversations = NULL;
}

const struct stream_entries *
collection_entries(const struct collection *collection)
{
    return &collection->entries;
}

struct report_input
collection_input(const struct collection *collection)
{
    return (struct report_input){
        .begin_ns = capture_begin_ns(&collection->policy, collection->begin_ns),
        .end_ns = capture_end_ns(collection->capture),
        .file = collection->file,
        .policy = collection->policy,
    };
}

const struct tally *
collection_unread(const struct collection *collection)
{
    return collection->unread;
}
