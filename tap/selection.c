/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "selection.h"

#include <epan/addr_resolv.h>
#include <epan/to_str.h>

static void
selected_stream_free(gpointer data)
{
    struct selected_stream *selected = (struct selected_stream *)data;

    if (!selected)
        return;
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        g_free(selected->endpoint[role]);
        g_ref_string_release(selected->host[role]);
        g_ref_string_release(selected->address[role]);
    }
    g_free(selected);
}

void
selection_clear(struct selection *selection)
{
    if (selection->by_id)
        g_ptr_array_unref(selection->by_id);
    *selection = (struct selection){0};
}

static bool
is_plain(const char *name)
{
    while (g_ascii_isprint(*name))
        name++;
    return *name == '\0';
}

/*
 * A name may come from the capture file and hold anything: what is no character that can be seen
 * (line ends, a terminal's commands, marks that turn the direction of text, bytes that are no
 * UTF-8) is shown as U+FFFD. Freed by the caller.
 */
static char *
displayable(const char *name)
{
    static const char REPLACEMENT[] = "\uFFFD";
    char *valid;
    GString *shown;

    if (is_plain(name))
        return g_strdup(name); /* as nearly all are */
    valid = g_utf8_make_valid(name, -1);
    shown = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_isprint(g_utf8_get_char(at)))
            g_string_append_len(shown, at, g_utf8_next_char(at) - at);
        else
            g_string_append(shown, REPLACEMENT);
    }
    g_free(valid);
    return g_string_free(shown, FALSE);
}

static void
set_role(struct selected_stream *selected, enum role role, packet_info *pinfo, const address *addr,
         uint32_t port)
{
    char *host = displayable(address_to_display(pinfo->pool, addr));
    char *service = displayable(tcp_port_to_display(pinfo->pool, port));

    selected->endpoint[role] =
        g_strdup_printf(strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, service);
    selected->host[role] = g_ref_string_new_intern(host);
    selected->address[role] = g_ref_string_new_intern(address_to_str(pinfo->pool, addr));
    selected->port[role] = (uint16_t)port;
    g_free(host);
    g_free(service);
}

static struct selected_stream *
selected_stream_new(packet_info *pinfo, const struct tcpclose_tap *tap, unsigned position)
{
    struct selected_stream *selected = g_new0(struct selected_stream, 1);

    selected->stream = tap->stream;
    selected->id = tap->stream_id;
    selected->noted_ns = tap->segment->time_ns;
    selected->position = position;
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        set_role(selected, (enum role)role, pinfo, tap->address[role], tap->port[role]);
    return selected;
}

const struct selected_stream *
selection_note(struct selection *selection, packet_info *pinfo, const struct tcpclose_tap *tap)
{
    if (!selection->by_id)
        selection->by_id = g_ptr_array_new_with_free_func(selected_stream_free);
    if (tap->stream_id >= selection->by_id->len)
        g_ptr_array_set_size(selection->by_id, (int)tap->stream_id + 1);
    if (!g_ptr_array_index(selection->by_id, tap->stream_id)) {
        g_ptr_array_index(selection->by_id, tap->stream_id) =
            selected_stream_new(pinfo, tap, selection->count);
        selection->count++;
    }
    selection->newest_ns = tap->segment->time_ns;
    return (const struct selected_stream *)g_ptr_array_index(selection->by_id, tap->stream_id);
}

GPtrArray *
selection_sorted(const struct selection *selection)
{
    GPtrArray *sorted = g_ptr_array_sized_new(selection->count);

    for (unsigned id = 0; selection->by_id && id < selection->by_id->len; id++) {
        if (g_ptr_array_index(selection->by_id, id))
            g_ptr_array_add(sorted, g_ptr_array_index(selection->by_id, id));
    }
    return sorted;
}

struct stream_row
stream_row_of(const struct selected_stream *selected, int64_t end_ns)
{
    struct stream_row row = {.id = selected->id, .summary = summary_of(selected->stream, end_ns)};

    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        row.endpoint[role] = selected->endpoint[role];
        row.address[role] = selected->address[role];
        row.port[role] = selected->port[role];
    }
    return row;
}
