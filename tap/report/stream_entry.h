/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reader of a capture hands to the reports: the streams that it has met, and who their
 * endpoints are. All else is asked of the streams' records when a report is made.
 */
#ifndef TCPCLOSE_STREAM_ENTRY_H
#define TCPCLOSE_STREAM_ENTRY_H

#include <glib.h>

#include "numbered.h"
#include "state.h"

struct stream;

/* Whether the stream had been forgotten when its first segment came. */
enum heard {
    HEARD_FIRST,
    HEARD_AGAIN,
    HEARD_UNKNOWN, /* it does not begin with a SYN, and who has been forgotten is not known any more
                    */
};

struct shown_names;

/* Without padding: there are many. */
struct stream_entry {
    const struct stream *stream; /* not owned: lives as long as the entry is reported on; NULL: it
                                    was taken out */
    char *address[ROLE_COUNT];   /* of the host, numeric; interned GRefString, owned */
    struct shown_names *shown;   /* NULL: people see the same, and ports as numbers; owned */
    int64_t noted_ns;            /* the first segment that was selected */
    uint16_t port[ROLE_COUNT];
    uint32_t id;       /* tcp.stream */
    unsigned position; /* in the order in which the streams were met, from 0 */
    unsigned references : 30;
    enum heard heard : 2;
};

/* Begins as zeros. */
struct stream_entries {
    struct numbered by_id; /* struct stream_entry, a reference each */
    unsigned count;
};

/* One endpoint as the reader of the capture knows it. */
struct endpoint_names {
    const char *host;    /* a name or the address, from wherever it comes */
    const char *service; /* a name or the port */
    const char *address; /* numeric */
    uint16_t port;
};

/* Back to none, and nothing owned. */
void stream_entries_clear(struct stream_entries *entries);

/* The entry of a stream; NULL if it was not met. O(1). */
struct stream_entry *stream_entries_find(const struct stream_entries *entries, uint32_t id);

/* A new entry, which has no endpoints yet; there has to be none of that number. Amortised O(1). */
struct stream_entry *stream_entries_add(struct stream_entries *entries, uint32_t id,
                                        const struct stream *stream, int64_t noted_ns);

/* Takes out an entry of these, whose stream is about to be freed: who has a reference still has the
 * names. */
void stream_entries_take(struct stream_entries *entries, struct stream_entry *entry);

/* One more reference, and one less. */
const struct stream_entry *stream_entry_ref(const struct stream_entry *entry);
void stream_entry_unref(struct stream_entry *entry);

/* Says who has the role; what cannot be seen in the names is replaced, see displayable.h. */
void stream_entry_name(struct stream_entry *entry, enum role role,
                       const struct endpoint_names *names);

/*
 * The same, once, where no names are known and the address has nothing to replace: an interned
 * GRefString, of which the entry takes a reference of its own.
 */
void stream_entry_name_numeric(struct stream_entry *entry, enum role role, char *address,
                               uint16_t port);

/* The host as people want to see it: an interned GRefString, which the entry owns. */
char *stream_entry_host(const struct stream_entry *entry, enum role role);

/* Appends "host:port", as people want to see them. */
void stream_entry_append_endpoint(GString *out, const struct stream_entry *entry, enum role role);

/* The entries by number; the caller frees the array with g_ptr_array_unref. */
GPtrArray *stream_entries_sorted(const struct stream_entries *entries);

/* For who asks for one stream of such an array after the other, and is about to do so of this one:
 * fetches those that come next. */
void stream_entries_ahead(const GPtrArray *sorted, unsigned index);

#endif
