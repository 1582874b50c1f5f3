/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fragments.h"

#include <string.h>

#include <glib.h>

#include "hash.h"

/* Together 16 MB at most, and 16 bytes a piece: more than any network has on its way at once. */
enum {
    BYTES_MAX = 16 << 20,
    PAYLOAD_MAX = 65535,
    PIECES_MAX = 8192, /* of one packet: as many as 65535 bytes have in steps of eight */
};

struct piece {
    uint32_t begin;
    uint32_t end;
};

/* A packet that waits for the rest of it. */
struct pending {
    struct fragment_key key;
    GList link;        /* in the order of their first fragments; data is this */
    GByteArray *bytes; /* up to the end of the last piece */
    GArray *pieces;    /* struct piece, as they came */
    GArray *frames;    /* uint32_t: that brought them; repeated ones, too */
    uint32_t gathered; /* bytes in the pieces */
    uint32_t whole;    /* length of the payload; 0: not known */
    uint16_t vlan;     /* of the first piece */
    uint8_t protocol;  /* of the same */
    bool is_given_up;  /* it was told; what else comes of it is dropped */
};

struct fragments {
    GHashTable *pending; /* a set of struct pending, by key, owned */
    GQueue oldest;       /* of struct pending */
    size_t bytes;        /* that they take */
    GPtrArray *done;     /* of GByteArray: the payloads that this frame completed, one in another */
    GArray *earlier;     /* uint32_t: the frames with the other pieces of those */
    uint32_t frame;      /* this one, */
    bool is_kept;        /* and a piece of it waits */
};

HASH_BY_BYTES(key, sizeof(struct fragment_key))

static void
pending_free(void *data)
{
    struct pending *pending = (struct pending *)data;

    g_byte_array_unref(pending->bytes);
    g_array_unref(pending->pieces);
    g_array_unref(pending->frames);
    g_free(pending);
}

struct fragments *
fragments_new(void)
{
    struct fragments *fragments = g_new0(struct fragments, 1);

    fragments->pending = g_hash_table_new_full(key_hash, key_equal, pending_free, NULL);
    g_queue_init(&fragments->oldest);
    fragments->done = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    fragments->earlier = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return fragments;
}

void
fragments_free(struct fragments *fragments)
{
    g_hash_table_unref(fragments->pending);
    g_ptr_array_unref(fragments->done);
    g_array_unref(fragments->earlier);
    g_free(fragments);
}

static size_t
size_of(const struct pending *pending)
{
    return sizeof(*pending) + pending->bytes->len + pending->pieces->len * sizeof(struct piece) +
           pending->frames->len * sizeof(uint32_t);
}

static void
forget(struct fragments *fragments, struct pending *pending)
{
    fragments->bytes -= size_of(pending);
    g_queue_unlink(&fragments->oldest, &pending->link);
    g_hash_table_remove(fragments->pending, pending);
}

static struct pending *
find_or_begin(struct fragments *fragments, const struct fragment_key *key,
              const struct fragment *fragment)
{
    struct pending *pending = (struct pending *)g_hash_table_lookup(fragments->pending, key);

    if (pending)
        return pending;
    pending = g_new0(struct pending, 1);
    pending->key = *key;
    pending->bytes = g_byte_array_new();
    pending->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
    pending->frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    pending->vlan = fragment->vlan;
    pending->protocol = fragment->protocol;
    pending->link.data = pending;
    g_hash_table_add(fragments->pending, pending);
    g_queue_push_tail_link(&fragments->oldest, &pending->link);
    fragments->bytes += size_of(pending);
    return pending;
}

enum fit { FIT_NEW, FIT_REPEATED, FIT_STRANGE };

/* Whether it goes with the pieces that are there, or repeats one of them. */
static enum fit
fit_of(const struct pending *pending, const struct fragment *fragment)
{
    const struct piece *pieces = (const struct piece *)(const void *)pending->pieces->data;
    const uint32_t begin = fragment->offset;
    const uint32_t end = begin + fragment->slice.captured;

    if (end > PAYLOAD_MAX || pending->pieces->len == PIECES_MAX || fragment->vlan != pending->vlan)
        return FIT_STRANGE;
    for (unsigned i = 0; i < pending->pieces->len; i++) {
        if (pieces[i].begin == begin && pieces[i].end == end &&
            memcmp(pending->bytes->data + begin, fragment->slice.bytes, end - begin) == 0)
            return FIT_REPEATED;
        if (pieces[i].begin < end && begin < pieces[i].end)
            return FIT_STRANGE;
    }
    if (pending->whole && (end > pending->whole || !fragment->has_more))
        return FIT_STRANGE;
    return fragment->has_more || end >= pending->bytes->len ? FIT_NEW : FIT_STRANGE;
}

static void
insert(struct pending *pending, const struct fragment *fragment)
{
    const struct piece piece = {fragment->offset, fragment->offset + fragment->slice.captured};

    if (piece.end > pending->bytes->len)
        g_byte_array_set_size(pending->bytes, piece.end);
    memcpy(pending->bytes->data + piece.begin, fragment->slice.bytes, fragment->slice.captured);
    g_array_append_val(pending->pieces, piece);
    pending->gathered += fragment->slice.captured;
    if (!fragment->has_more)
        pending->whole = piece.end;
}

static void
tell(const struct pending *pending, struct tally *unread)
{
    tally_add(unread, "fragments of IP protocol %u that overlap or are too many",
              pending->protocol);
}

/* Nothing of it is kept but its name: what else comes of it is not taken for another packet. */
static void
give_up(struct pending *pending, struct tally *unread)
{
    tell(pending, unread);
    pending->is_given_up = true;
    pending->gathered = 0;
    pending->whole = 0;
    g_byte_array_set_size(pending->bytes, 0);
    g_array_set_size(pending->pieces, 0);
    g_array_set_size(pending->frames, 0);
}

static struct slice
take_whole(struct fragments *fragments, struct pending *pending)
{
    GByteArray *bytes = g_byte_array_ref(pending->bytes);

    g_ptr_array_add(fragments->done, bytes);
    g_array_unref(fragments->earlier);
    fragments->earlier = g_array_ref(pending->frames); /* those that were in it are in these */
    forget(fragments, pending);
    return (struct slice){
        .bytes = bytes->data,
        .captured = bytes->len,
        .reported = bytes->len,
    };
}

void
fragments_begin(struct fragments *fragments, uint32_t frame)
{
    fragments->frame = frame;
    fragments->is_kept = false;
    if (fragments->done->len == 0)
        return;
    g_ptr_array_set_size(fragments->done, 0);
    g_array_set_size(fragments->earlier, 0); /* nobody else has it any more */
}

/* If this piece was itself in pieces, all frames that brought those bring it. */
static void
note_frames(struct fragments *fragments, struct pending *pending)
{
    g_array_append_vals(pending->frames, fragments->earlier->data, fragments->earlier->len);
    g_array_append_val(pending->frames, fragments->frame);
}

/* The oldest packets make room. */
static void
keep_bound(struct fragments *fragments, struct tally *unread)
{
    while (fragments->bytes > BYTES_MAX) {
        struct pending *pending = (struct pending *)g_queue_peek_head(&fragments->oldest);

        if (!pending->is_given_up)
            tell(pending, unread);
        forget(fragments, pending);
    }
}

struct slice
fragments_add(struct fragments *fragments, const struct fragment_key *key,
              const struct fragment *fragment, struct tally *unread)
{
    struct pending *pending = find_or_begin(fragments, key, fragment);
    enum fit fit;

    if (pending->is_given_up)
        return (struct slice){0};
    fit = fit_of(pending, fragment);
    fragments->bytes -= size_of(pending);
    if (fit == FIT_STRANGE)
        give_up(pending, unread);
    else if (fit == FIT_NEW)
        insert(pending, fragment);
    if (fit != FIT_STRANGE)
        note_frames(fragments, pending);
    fragments->bytes += size_of(pending);
    if (pending->whole && pending->gathered == pending->whole)
        return take_whole(fragments, pending);
    fragments->is_kept = fit != FIT_STRANGE;
    keep_bound(fragments, unread);
    return (struct slice){0};
}

const GArray *
fragments_earlier(const struct fragments *fragments)
{
    return fragments->earlier;
}

bool
fragments_is_kept(const struct fragments *fragments)
{
    return fragments->is_kept;
}
