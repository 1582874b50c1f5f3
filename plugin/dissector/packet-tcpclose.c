/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The postdissector. On the first pass each TCP layer of a frame is fed to its stream's record; on
 * every pass what the record shows for the frame is drawn, raised and tapped. Later passes come in any
 * order and may have no tree, so they only look up.
 */
#include "packet-tcpclose.h"

#include <epan/packet.h>
#include <epan/tap.h>

#include "fields.h"
#include "layers.h"
#include "prefs.h"
#include "tap/tap.h"
#include "wscompat.h"

static int proto_tcpclose = -1;
static int tap_tcpclose = -1;

/* What is known of the open file; wmem_file_scope() frees it but for what the records own. */
static struct {
    GPtrArray *streams;     /* struct stream by tcp.stream; NULL where none was seen */
    GHashTable *newest;     /* layers_pair -> the newest struct stream of that pair */
    struct census census;
    struct policy policy;
    int64_t end_ns;         /* the newest time stamp */
} file;

static void
file_open(void)
{
    file.streams = g_ptr_array_new();
    file.newest =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    census_init(&file.census);
    file.policy = prefs_policy();
    file.end_ns = INT64_MIN;
}

static void
file_close(void)
{
    for (unsigned i = 0; i < file.streams->len; i++) {
        struct stream *stream = (struct stream *)g_ptr_array_index(file.streams, i);

        if (stream)
            stream_clear(stream);
    }
    census_clear(&file.census);
    g_hash_table_destroy(file.newest);
    g_ptr_array_free(file.streams, TRUE);
    file.streams = NULL;
}

static struct stream *
stream_lookup(uint32_t id)
{
    return id < file.streams->len ? (struct stream *)g_ptr_array_index(file.streams, id) : NULL;
}

static struct stream *
begin_stream(const struct tcp_layer *layer)
{
    struct stream *stream = wmem_new0(wmem_file_scope(), struct stream);
    GBytes *pair = layers_pair(layer);

    if (layer->stream >= file.streams->len)
        g_ptr_array_set_size(file.streams, (int)layer->stream + 1);
    g_ptr_array_index(file.streams, layer->stream) = stream;
    stream_init(stream, (struct stream *)g_hash_table_lookup(file.newest, pair));
    g_hash_table_replace(file.newest, pair, stream);
    return stream;
}

static void
feed(const struct tcp_layer *layer)
{
    struct stream *stream = stream_lookup(layer->stream);

    if (!stream)
        stream = begin_stream(layer);
    stream_feed(stream, &layer->segment, &file.policy);
    census_feed(&file.census, stream, &layer->segment);
    file.end_ns = MAX(file.end_ns, layer->segment.time_ns);
}

static void
tap(packet_info *pinfo, const struct tcp_layer *layer, const struct layer_view *drawn, int *next_header)
{
    struct tcpclose_tap *tapped = wmem_new(pinfo->pool, struct tcpclose_tap);

    *tapped = (struct tcpclose_tap){
        .stream = drawn->stream,
        .stream_id = layer->stream,
        .sender = layer->segment.side,
        .address = {&layer->address[0], &layer->address[1]},
        .port = {layer->port[0], layer->port[1]},
        .view = drawn->view,
        .time_ns = layer->segment.time_ns,
        .end_ns = file.end_ns,
        .header = layers_tapped_header(layer, next_header),
    };
    tap_queue_packet(tap_tcpclose, pinfo, tapped);
}

/*
 * What a layer shows goes to the taps, the tree, the expert infos and the Info column. next_header: see
 * layers_tapped_header.
 */
static void
show(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layer,
     int *next_header)
{
    const struct stream *stream = stream_lookup(layer->stream);
    const struct segment *segment = &layer->segment;
    bool is_drawn = tree && proto_field_is_referenced(tree, proto_tcpclose);
    bool is_tapped = have_tap_listener(tap_tcpclose);
    struct layer_view drawn = {.stream = stream, .sender = segment->side};

    if (!is_drawn)
        fields_raise(pinfo, stream_events_at(stream, segment->frame, segment->layer));
    if (!is_drawn && !is_tapped && !prefs_info_column())
        return; /* nobody looks */
    drawn.view =
        stream_at(stream, segment->frame, segment->layer, segment->time_ns, segment->side);
    if (is_tapped)
        tap(pinfo, layer, &drawn, next_header);
    if (is_drawn) {
        drawn.now = census_at(&file.census, pinfo->num);
        fields_draw(pinfo, tvb, tree, proto_tcpclose, &drawn);
    }
    if (prefs_info_column() && (drawn.view.side[0].changed || drawn.view.side[1].changed))
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", fields_story(pinfo, &drawn));
}

static int
dissect_tcpclose(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    const struct tcp_layer *layers = layers_of_frame(pinfo);
    int next_header = 0;

    for (const struct tcp_layer *layer = layers; layer && !PINFO_FD_VISITED(pinfo); layer = layer->next) {
        if (layer->stream != LAYER_NO_STREAM)
            feed(layer);
    }
    for (const struct tcp_layer *layer = layers; layer; layer = layer->next) {
        if (stream_lookup(layer->stream))
            show(pinfo, tvb, tree, layer, &next_header);
    }
    return (int)tvb_captured_length(tvb);
}

bool
tcpclose_stream_of_frame(packet_info *pinfo, uint32_t *stream_id)
{
    *stream_id = LAYER_NO_STREAM;
    for (const struct tcp_layer *layer = layers_of_frame(pinfo); layer; layer = layer->next)
        *stream_id = layer->stream;
    return *stream_id != LAYER_NO_STREAM;
}

void
packet_tcpclose_register(void)
{
    proto_tcpclose = proto_register_protocol("TCP Close Analysis", "TCP Close", "tcpclose");
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
    dissector_handle_t handle = create_dissector_handle(dissect_tcpclose, proto_tcpclose);

    register_postdissector(handle);
    layers_handoff();
}
