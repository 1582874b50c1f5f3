/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tally.h"

#include <stdarg.h>

struct tally {
    GHashTable *counts; /* kind, owned -> guint64, owned */
    guint64 total;
};

struct tally *
tally_new(void)
{
    struct tally *tally = g_new0(struct tally, 1);

    tally->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return tally;
}

void
tally_free(struct tally *tally)
{
    g_hash_table_unref(tally->counts);
    g_free(tally);
}

void
tally_add(struct tally *tally, const char *kind, ...)
{
    va_list arguments;
    char *text;
    guint64 *count;

    va_start(arguments, kind);
    text = g_strdup_vprintf(kind, arguments);
    va_end(arguments);
    count = (guint64 *)g_hash_table_lookup(tally->counts, text);
    if (count) {
        g_free(text);
    } else {
        count = g_new0(guint64, 1);
        g_hash_table_insert(tally->counts, text, count);
    }
    (*count)++;
    tally->total++;
}

guint64
tally_total(const struct tally *tally)
{
    return tally->total;
}

static int
by_count(const void *a, const void *b, void *counts)
{
    const guint64 *count_a = (const guint64 *)g_hash_table_lookup((GHashTable *)counts, a);
    const guint64 *count_b = (const guint64 *)g_hash_table_lookup((GHashTable *)counts, b);

    if (*count_a != *count_b)
        return *count_a > *count_b ? -1 : 1;
    return g_strcmp0((const char *)a, (const char *)b);
}

char *
tally_text(const struct tally *tally)
{
    GList *kinds =
        g_list_sort_with_data(g_hash_table_get_keys(tally->counts), by_count, tally->counts);
    GString *text = g_string_new(NULL);

    for (const GList *at = kinds; at; at = at->next) {
        const guint64 *count = (const guint64 *)g_hash_table_lookup(tally->counts, at->data);

        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT " of %s", at == kinds ? "" : ", ",
                               *count, (const char *)at->data);
    }
    g_list_free(kinds);
    return g_string_free(text, FALSE);
}
