/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hash of bytes for GHashTable: GLib has one for texts and pointers only. */
#ifndef TCPCLOSE_HASH_H
#define TCPCLOSE_HASH_H

#include <glib.h>
#include <stdint.h>
#include <string.h>

/* A product carries each byte upwards, and the upper half is what counts: addresses of one network
 * differ in few bytes. */
static inline uint64_t
hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* Eight bytes a step: hosts are looked up for every segment. */
static inline guint
hash_bytes(const void *bytes, size_t size)
{
    const uint8_t *at = (const uint8_t *)bytes;
    uint64_t hash = 0;
    uint64_t word;

    for (; size >= sizeof(word); at += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        hash = hash_word(hash, word);
    }
    word = 0;
    for (; size > 0; at++, size--)
        word = word << 8 | *at;
    return (guint)hash_word(hash, word);
}

/* NAME_hash() and NAME_equal(), for a GHashTable whose keys begin with SIZE bytes that tell them
 * apart.
 */
#define HASH_BY_BYTES(NAME, SIZE)                                  \
    static guint NAME##_hash(gconstpointer key)                    \
    {                                                              \
        return hash_bytes(key, SIZE);                              \
    }                                                              \
    static gboolean NAME##_equal(gconstpointer a, gconstpointer b) \
    {                                                              \
        return memcmp(a, b, SIZE) == 0;                            \
    }

#endif
