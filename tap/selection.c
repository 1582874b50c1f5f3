/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "selection.h"

#include <epan/addr_resolv.h>
#include <epan/to_str.h>

#include "capture_bounds.h"

void
selection_clear(struct selection *selection)
{
    stream_entries_clear(&selection->entries);
    *selection = (struct selection){0};
}

static struct stream_entry *
add_stream(struct selection *selection, packet_info *pinfo, const struct tcpclose_tap *tap)
{
    struct stream_entry *entry =
        stream_entries_add(&selection->entries, tap->stream_id, tap->stream, tap->segment->time_ns);

    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        struct endpoint_names names = {
            .host = address_to_display(pinfo->pool, tap->address[role]),
            .service = tcp_port_to_display(pinfo->pool, tap->port[role]),
            .address = address_to_str(pinfo->pool, tap->address[role]),
            .port = tap->port[role],
        };

        stream_entry_name(entry, (enum role)role, &names);
    }
    return entry;
}

const struct stream_entry *
selection_note(struct selection *selection, packet_info *pinfo, const struct tcpclose_tap *tap)
{
    struct stream_entry *entry = stream_entries_find(&selection->entries, tap->stream_id);

    selection->newest_ns = tap->segment->time_ns;
    return entry ? entry : add_stream(selection, pinfo, tap);
}

struct report_input
selection_input(const packet_info *pinfo, const struct tcpclose_tap *tap)
{
    nstime_t begin;

    nstime_delta(&begin, &pinfo->abs_ts, &pinfo->rel_ts);
    return (struct report_input){
        .begin_ns = capture_begin_ns(&tap->policy, segment_time_ns(begin.secs, begin.nsecs)),
        .end_ns = tap->end_ns,
        .policy = tap->policy,
        .file.names = tap->file,
    };
}
