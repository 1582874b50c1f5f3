/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include <epan/proto.h>

#include "sequence_analysis.h"
#include "snapshot.h"
#include "tap.h"

/* Wireshark draws this many characters between two hosts and cuts off more, also in a number. */
enum { LABEL_MAX = 20 };

static const char ELLIPSIS[] = "...";

/* Half-close data of one side with nothing else of the close in between: one arrow. */
struct burst {
    unsigned segments;
    uint64_t bytes;
};

static bool
changes_a_state(const struct snapshot *snapshot)
{
    return snapshot->end[ROLE_CLIENT].changed || snapshot->end[ROLE_SERVER].changed;
}

static bool
is_closing(const struct tcpclose_tap *tap, const struct snapshot *snapshot)
{
    return (tap->segment->flags & (FLAG_SYN | FLAG_FIN | FLAG_RST)) || snapshot->events != 0 ||
           changes_a_state(snapshot);
}

static bool
is_only_half_close_data(const struct snapshot *snapshot)
{
    return snapshot->events == event_bit(EVENT_half_close_data) && !changes_a_state(snapshot);
}

/* ---- texts ---- */

static char *
fitting(GString *label)
{
    if (label->len > LABEL_MAX) {
        g_string_truncate(label, LABEL_MAX - strlen(ELLIPSIS));
        g_string_append(label, ELLIPSIS);
    }
    return g_string_free(label, FALSE);
}

/*
 * Each flag with its number: "FIN 101, ACK 57". A FIN's own number is that behind its payload, so
 * that the ACK of "FIN 101" is "ACK 102".
 */
static char *
segment_label(const struct tcpheader *header)
{
    GString *label = g_string_new(NULL);
    const char *separator = "";
    const struct {
        unsigned flag;
        const char *name;
        uint32_t number;
    } parts[] = {
        {FLAG_SYN, "SYN", header->th_seq},
        {FLAG_FIN, "FIN", header->th_seq + header->th_seglen},
        {FLAG_RST, "RST", header->th_seq},
        {FLAG_ACK, "ACK", header->th_ack},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (!(header->th_flags & parts[i].flag))
            continue;
        g_string_append_printf(label, "%s%s %u", separator, parts[i].name, parts[i].number);
        separator = ", ";
    }
    if (!(header->th_flags & (FLAG_SYN | FLAG_FIN | FLAG_RST)) && header->th_seglen > 0)
        g_string_append_printf(label, "%s%u B", separator, header->th_seglen);
    return fitting(label);
}

static char *
burst_label(const struct burst *burst)
{
    GString *label = g_string_new(NULL);

    g_string_printf(label, "%u x data, %" G_GUINT64_FORMAT " B", burst->segments, burst->bytes);
    return fitting(label);
}

static char *
states_comment(const struct snapshot *snapshot)
{
    return g_strdup_printf("%s %s, %s %s", role_name(ROLE_CLIENT),
                           state_name(snapshot->end[ROLE_CLIENT].state), role_name(ROLE_SERVER),
                           state_name(snapshot->end[ROLE_SERVER].state));
}

/* ---- arrows ---- */

static seq_analysis_item_t *
arrow_new(seq_analysis_info_t *graph, packet_info *pinfo, const struct tcpclose_tap *tap)
{
    seq_analysis_item_t *arrow = sequence_analysis_create_sai_with_addresses(pinfo, graph);
    enum role sender = tap->sender;
    enum role receiver = role_peer(sender);

    if (!arrow)
        return NULL;
    /* Of a frame with several TCP layers, pinfo has the addresses of the last. */
    free_address(&arrow->src_addr);
    free_address(&arrow->dst_addr);
    copy_address(&arrow->src_addr, tap->address[sender]);
    copy_address(&arrow->dst_addr, tap->address[receiver]);
    arrow->port_src = tap->port[sender];
    arrow->port_dst = tap->port[receiver];
    arrow->frame_number = pinfo->num;
    arrow->conv_num = (uint16_t)tap->stream_id;
    arrow->line_style = 1;
    arrow->display = true;
    g_queue_push_tail(graph->items, arrow);
    return arrow;
}

/* The stream's newest arrow, if it is a burst from the same side that this segment continues. */
static seq_analysis_item_t *
open_burst(const seq_analysis_info_t *graph, const struct tcpclose_tap *tap)
{
    seq_analysis_item_t *newest =
        (seq_analysis_item_t *)g_hash_table_lookup(graph->ht, GUINT_TO_POINTER(tap->stream_id));
    enum role sender = tap->sender;

    return newest && newest->info_ptr && newest->port_src == tap->port[sender] &&
                   addresses_equal(&newest->src_addr, tap->address[sender])
               ? newest
               : NULL;
}

static void
set_texts(seq_analysis_item_t *arrow, char *label, char *comment)
{
    g_free(arrow->frame_label);
    g_free(arrow->comment);
    arrow->frame_label = label;
    arrow->comment = comment;
}

static seq_analysis_item_t *
draw_burst(seq_analysis_info_t *graph, packet_info *pinfo, const struct tcpclose_tap *tap,
           const struct snapshot *snapshot)
{
    seq_analysis_item_t *arrow = open_burst(graph, tap);
    struct burst *burst;

    if (!arrow)
        arrow = arrow_new(graph, pinfo, tap);
    if (!arrow)
        return NULL;
    if (!arrow->info_ptr)
        arrow->info_ptr = g_new0(struct burst, 1);
    burst = (struct burst *)arrow->info_ptr;
    burst->segments++;
    burst->bytes += tap->header->th_seglen;
    set_texts(arrow, burst_label(burst), states_comment(snapshot));
    return arrow;
}

static seq_analysis_item_t *
draw_segment(seq_analysis_info_t *graph, packet_info *pinfo, const struct tcpclose_tap *tap,
             const struct snapshot *snapshot)
{
    seq_analysis_item_t *arrow = arrow_new(graph, pinfo, tap);

    if (arrow)
        set_texts(arrow, segment_label(tap->header), states_comment(snapshot));
    return arrow;
}

static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    seq_analysis_info_t *graph = (seq_analysis_info_t *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    const struct segment *segment = tap->segment;
    struct snapshot snapshot =
        snapshot_at(tap->stream, segment->frame, segment->layer, segment->time_ns);
    seq_analysis_item_t *arrow;

    if (!tap->header || !is_closing(tap, &snapshot))
        return TAP_PACKET_DONT_REDRAW;
    if (!graph->ht)
        graph->ht = g_hash_table_new(g_direct_hash, g_direct_equal);
    arrow = is_only_half_close_data(&snapshot) ? draw_burst(graph, pinfo, tap, &snapshot)
                                               : draw_segment(graph, pinfo, tap, &snapshot);
    if (!arrow)
        return TAP_PACKET_DONT_REDRAW;
    g_hash_table_insert(graph->ht, GUINT_TO_POINTER(tap->stream_id), arrow);
    return TAP_PACKET_REDRAW;
}

void
flow_register(void)
{
    register_seq_analysis("tcpclose", "TCP Close", proto_get_id_by_filter_name("tcpclose"),
                          "tcpclose", 0, take_segment);
}
