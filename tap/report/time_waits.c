/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "time_waits.h"

#include "peak.h"

enum { HOLDERS_TOLD = 3 };

/* An endpoint's host, and the service that its connections are to. */
struct holder {
    const struct stream_entry *model; /* of its streams the one with the lowest number */
    unsigned turn;                    /* of holders with the same model, the lower one was first */
    enum role role;                   /* which of the two it is */
    struct peak peak;
};

struct time_waits {
    GPtrArray *holders; /* struct holder, owned, as they were met */
    GHashTable *by_key; /* the same */
    unsigned turns;     /* models there were */
};

static void
free_holder(void *data)
{
    struct holder *holder = (struct holder *)data;

    stream_entry_unref((struct stream_entry *)holder->model);
    peak_clear(&holder->peak);
    g_free(holder);
}

struct time_waits *
time_waits_new(void)
{
    struct time_waits *time_waits = g_new(struct time_waits, 1);

    time_waits->holders = g_ptr_array_new_with_free_func(free_holder);
    time_waits->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return time_waits;
}

void
time_waits_free(struct time_waits *time_waits)
{
    g_hash_table_destroy(time_waits->by_key);
    g_ptr_array_unref(time_waits->holders);
    g_free(time_waits);
}

static void
set_model(struct time_waits *time_waits, struct holder *holder, const struct stream_entry *entry)
{
    if (holder->model)
        stream_entry_unref((struct stream_entry *)holder->model);
    holder->model = stream_entry_ref(entry);
    holder->turn = time_waits->turns++;
}

void
time_waits_add(struct time_waits *time_waits, const struct stream_entry *entry,
               const struct visit *visit)
{
    char *key = g_strdup_printf("%d %s %s %u", visit->role, entry->address[visit->role],
                                entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    struct holder *holder = (struct holder *)g_hash_table_lookup(time_waits->by_key, key);

    if (holder) {
        g_free(key);
    } else {
        holder = g_new0(struct holder, 1);
        holder->role = visit->role;
        g_ptr_array_add(time_waits->holders, holder);
        g_hash_table_insert(time_waits->by_key, key, holder);
    }
    if (!holder->model || entry->id < holder->model->id)
        set_model(time_waits, holder, entry);
    peak_add(&holder->peak, visit);
}

static int
compare(const void *a, const void *b)
{
    const struct holder *holder = *(struct holder *const *)a;
    const struct holder *other = *(struct holder *const *)b;

    if (peak_most(&holder->peak) != peak_most(&other->peak))
        return peak_most(&holder->peak) > peak_most(&other->peak) ? -1 : 1;
    if (holder->model->id != other->model->id)
        return holder->model->id < other->model->id ? -1 : 1;
    return holder->turn < other->turn ? -1 : 1;
}

/* Each of a client's takes one of its ports for that service. */
static void
append_holder(GString *out, const struct holder *holder, uint32_t port_range)
{
    const struct stream_entry *model = holder->model;
    uint32_t most = peak_most(&holder->peak);

    if (holder->role == ROLE_SERVER) {
        stream_entry_append_endpoint(out, model, ROLE_SERVER);
        g_string_append_printf(out, " holds up to %u", most);
        return;
    }
    g_string_append_printf(out, "%s holds up to %u to ", stream_entry_host(model, ROLE_CLIENT),
                           most);
    stream_entry_append_endpoint(out, model, ROLE_SERVER);
    if (port_range > 0 && (uint64_t)most * 100 >= port_range)
        g_string_append_printf(out, " (%u %% of %u ports)",
                               (unsigned)((uint64_t)most * 100 / port_range), port_range);
}

char *
time_waits_text(const struct time_waits *time_waits, uint32_t port_range)
{
    GPtrArray *sorted = g_ptr_array_new();
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < time_waits->holders->len; i++) {
        if (peak_most(&((struct holder *)g_ptr_array_index(time_waits->holders, i))->peak) > 0)
            g_ptr_array_add(sorted, g_ptr_array_index(time_waits->holders, i));
    }
    g_ptr_array_sort(sorted, compare);
    for (unsigned i = 0; i < MIN(sorted->len, HOLDERS_TOLD); i++) {
        g_string_append(out, i > 0 ? "; " : "");
        append_holder(out, (const struct holder *)g_ptr_array_index(sorted, i), port_range);
    }
    g_ptr_array_unref(sorted);
    if (out->len > 0)
        return g_string_free(out, FALSE);
    g_string_free(out, TRUE);
    return NULL;
}
