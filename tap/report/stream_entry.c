/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_entry.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ahead.h"
#include "append.h"
#include "displayable.h"
#include "fetch.h"

/* Where a host has a name, or a port. By role; interned GRefStrings, owned. */
struct shown_names {
    char *host[ROLE_COUNT];    /* NULL: the address */
    char *service[ROLE_COUNT]; /* NULL: the number */
};

static void
release(char *interned)
{
    if (interned)
        g_ref_string_release(interned);
}

static void
forget_names(struct stream_entry *entry, enum role role)
{
    release(entry->address[role]);
    entry->address[role] = NULL;
    if (!entry->shown)
        return;
    release(entry->shown->host[role]);
    release(entry->shown->service[role]);
    entry->shown->host[role] = entry->shown->service[role] = NULL;
}

void
stream_entry_unref(struct stream_entry *entry)
{
    if (--entry->references > 0)
        return;
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        forget_names(entry, (enum role)role);
    g_free(entry->shown);
    g_free(entry);
}

const struct stream_entry *
stream_entry_ref(const struct stream_entry *entry)
{
    ((struct stream_entry *)entry)->references++;
    return entry;
}

static void
free_entry(void *entry)
{
    stream_entry_unref((struct stream_entry *)entry);
}

void
stream_entries_clear(struct stream_entries *entries)
{
    numbered_clear(&entries->by_id, free_entry);
    *entries = (struct stream_entries){0};
}

struct stream_entry *
stream_entries_find(const struct stream_entries *entries, uint32_t id)
{
    return (struct stream_entry *)numbered_find(&entries->by_id, id);
}

struct stream_entry *
stream_entries_add(struct stream_entries *entries, uint32_t id, const struct stream *stream,
                   int64_t noted_ns)
{
    struct stream_entry *entry = g_new0(struct stream_entry, 1);

    entry->stream = stream;
    entry->noted_ns = noted_ns;
    entry->id = id;
    entry->references = 1;
    entry->position = entries->count++;
    numbered_put(&entries->by_id, id, entry);
    return entry;
}

void
stream_entries_take(struct stream_entries *entries, struct stream_entry *entry)
{
    numbered_take(&entries->by_id, entry->id);
    entries->count--;
    entry->stream = NULL;
    stream_entry_unref(entry);
}

/* As it is shown, if that is something else than what stands for it anyway; NULL: it is not. */
static char *
name_beside(const char *name, const char *number)
{
    char *shown = displayable(name);
    char *interned = strcmp(shown, number) != 0 ? g_ref_string_new_intern(shown) : NULL;

    g_free(shown);
    return interned;
}

void
stream_entry_name(struct stream_entry *entry, enum role role, const struct endpoint_names *names)
{
    char port[sizeof("65535")];
    char *host = name_beside(names->host, names->address);
    char *service;

    snprintf(port, sizeof(port), "%u", names->port);
    service = name_beside(names->service, port);
    forget_names(entry, role);
    entry->address[role] = g_ref_string_new_intern(names->address);
    entry->port[role] = names->port;
    if (!host && !service)
        return;
    if (!entry->shown)
        entry->shown = g_new0(struct shown_names, 1);
    entry->shown->host[role] = host;
    entry->shown->service[role] = service;
}

char *
stream_entry_host(const struct stream_entry *entry, enum role role)
{
    return entry->shown && entry->shown->host[role] ? entry->shown->host[role]
                                                    : entry->address[role];
}

void
stream_entry_append_endpoint(GString *out, const struct stream_entry *entry, enum role role)
{
    const char *host = stream_entry_host(entry, role);
    const bool is_bracketed = strchr(host, ':') != NULL;

    append_text(out, is_bracketed ? "[" : "");
    append_text(out, host);
    append_text(out, is_bracketed ? "]:" : ":");
    if (entry->shown && entry->shown->service[role])
        append_text(out, entry->shown->service[role]);
    else
        append_number(out, entry->port[role]);
}

void
stream_entry_name_numeric(struct stream_entry *entry, enum role role, char *address, uint16_t port)
{
    entry->address[role] = g_ref_string_acquire(address);
    entry->port[role] = port;
}

GPtrArray *
stream_entries_sorted(const struct stream_entries *entries)
{
    GPtrArray *sorted = g_ptr_array_sized_new(entries->count);

    for (uint32_t id = numbered_next(&entries->by_id, 0); id < entries->by_id.end;
         id = numbered_next(&entries->by_id, id + 1))
        g_ptr_array_add(sorted, stream_entries_find(entries, id));
    return sorted;
}

static const struct stream_entry *
entry_at(const GPtrArray *sorted, unsigned index)
{
    return (const struct stream_entry *)g_ptr_array_index(sorted, index);
}

/* Each step needs what the one before has fetched, a few streams ago. */
void
stream_entries_ahead(const GPtrArray *sorted, unsigned index)
{
    enum { TO_ENTRY = 6, TO_STREAM = 4, TO_LOG = 2 };

    if (index + TO_ENTRY < sorted->len)
        fetch(entry_at(sorted, index + TO_ENTRY), sizeof(struct stream_entry));
    if (index + TO_STREAM < sorted->len)
        ahead_of_stream(entry_at(sorted, index + TO_STREAM)->stream);
    if (index + TO_LOG < sorted->len)
        ahead_of_log(entry_at(sorted, index + TO_LOG)->stream);
}
