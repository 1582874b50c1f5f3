/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On the first pass each TCP layer is fed to its stream's record; on every pass what the record
 * shows for the frame is drawn, raised and tapped. Later passes come in any order and may have no
 * tree, so they only look up.
 */
#include "packet-tcpclose.h"

#include <epan/packet.h>
#include <epan/tap.h>

#include "expert_infos.h"
#include "fields.h"
#include "layers.h"
#include "prefs.h"
#include "role.h"
#include "tap.h"

#define SHORT_NAME "TCP Close"

static int proto_tcpclose = -1;
static protocol_t *protocol;
static int tap_tcpclose = -1;

static struct capture *capture; /* what is known of the open file; NULL: none is open */

static void
file_open(void)
{
    struct policy policy = prefs_policy();

    capture = capture_new(&policy);
}

static void
file_close(void)
{
    capture_free(capture);
    capture = NULL;
}

static void
tap(packet_info *pinfo, const struct tcp_layer *layer, const struct stream *stream)
{
    struct tcpclose_tap *tapped = wmem_new(pinfo->pool, struct tcpclose_tap);

    *tapped = (struct tcpclose_tap){
        .stream = stream,
        .segment = &layer->segment,
        .sender = role_of_side(stream, layer->segment.side),
        .stream_id = layer->stream,
        .end_ns = capture_end_ns(capture),
        .policy = prefs_policy(),
        .file = prefs_file(),
        .header = layer->header,
    };
    for (unsigned side = 0; side < 2; side++) {
        enum role role = role_of_side(stream, side);

        tapped->address[role] = &layer->address[side];
        tapped->port[role] = layer->host[side].port;
    }
    tap_queue_packet(tap_tcpclose, pinfo, tapped);
}

/* In the tree, where it is wanted, and in the Info column, if the user wants that. */
static void
draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layer,
     const struct stream *stream, bool in_tree)
{
    const struct segment *segment = &layer->segment;
    struct drawn_layer drawn = {
        .stream = stream,
        .sender = role_of_side(stream, segment->side),
        .frame = segment->frame,
        .layer = segment->layer,
        .end_ns = capture_end_ns(capture),
        .segment = layer->tvb,
        .shown = snapshot_at(stream, segment->frame, segment->layer, segment->time_ns),
    };

    for (unsigned side = 0; side < 2; side++)
        drawn.port[role_of_side(stream, side)] = layer->host[side].port;
    if (in_tree) {
        drawn.reuse = reuse_of(stream);
        drawn.course = capture_course(capture, layer->stream);
        drawn.now = capture_census_at(capture, pinfo->num);
        fields_draw(pinfo, tvb, tree, proto_tcpclose, &drawn);
    }
    if (prefs_info_column() &&
        (drawn.shown.end[ROLE_CLIENT].changed || drawn.shown.end[ROLE_SERVER].changed))
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", fields_story(pinfo, &drawn));
}

/* What a layer shows goes to the taps, the tree, the expert infos and the Info column. Most often
 * nobody looks. */
static void
show(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layer,
     const struct stream *stream)
{
    const bool in_tree = proto_field_is_referenced(tree, proto_tcpclose);

    if (have_tap_listener(tap_tcpclose))
        tap(pinfo, layer, stream);
    if (!in_tree)
        expert_infos_raise(pinfo, tree, stream, &layer->segment, capture_end_ns(capture));
    if (in_tree || prefs_info_column())
        draw(pinfo, tvb, tree, layer, stream, in_tree);
}

/* As a dissector of its own would, if TCP handed its segments on to one. */
static void
dissect_layers(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layers)
{
    const char *current_proto = pinfo->current_proto;

    if (!proto_is_protocol_enabled(protocol))
        return;
    pinfo->current_proto = SHORT_NAME;
    for (const struct tcp_layer *layer = layers; layer && !PINFO_FD_VISITED(pinfo);
         layer = layer->next) {
        if (layer->stream != LAYER_NO_STREAM)
            capture_feed(capture, layer->stream, layer->host, &layer->segment);
    }
    for (const struct tcp_layer *layer = layers; layer; layer = layer->next) {
        const struct stream *stream = capture_stream(capture, layer->stream);

        if (stream)
            show(pinfo, tvb, tree, layer, stream);
    }
    pinfo->current_proto = current_proto;
}

bool
tcpclose_stream_of_frame(packet_info *pinfo, uint32_t *stream_id)
{
    *stream_id = layers_stream_of_frame(pinfo);
    return *stream_id != LAYER_NO_STREAM;
}

const struct stream *
tcpclose_stream(uint32_t stream_id, int64_t *end_ns)
{
    *end_ns = capture_end_ns(capture);
    return capture_stream(capture, stream_id);
}

void
packet_tcpclose_register(void)
{
    proto_tcpclose = proto_register_protocol("TCP Close Analysis", SHORT_NAME, "tcpclose");
    protocol = find_protocol_by_id(proto_tcpclose);
    layers_register();
    fields_register(proto_tcpclose);
    prefs_register(proto_tcpclose);
    tap_tcpclose = register_tap("tcpclose");
    register_init_routine(file_open);
    register_cleanup_routine(file_close);
}

void
packet_tcpclose_handoff(void)
{
    layers_handoff(dissect_layers);
}
