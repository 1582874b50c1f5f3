/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The postdissector. On the first pass each TCP layer of a frame is fed to its stream's record; on
 * every pass what the record shows for the frame is drawn, raised and tapped. Later passes come in any
 * order and may have no tree, so they only look up: the frame's conversation names the stream, except
 * for the frames where the first pass found that it does not; those are remembered.
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
    wmem_map_t *exceptions; /* frame number -> struct frame_layers, where the conversation is wrong */
    struct census census;
    struct policy policy;
    int64_t end_ns;         /* the newest time stamp */
} file;

struct frame_layers {
    unsigned count;
    struct tcp_layer *layers;
};

static void
file_open(void)
{
    file.streams = g_ptr_array_new();
    file.newest =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    file.exceptions = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
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
stream_of_layer(const struct tcp_layer *layer)
{
    struct stream *stream = stream_lookup(layer->stream);
    GBytes *pair;

    if (stream)
        return stream;
    if (layer->stream >= file.streams->len)
        g_ptr_array_set_size(file.streams, (int)layer->stream + 1);
    pair = layers_pair(layer);
    stream = wmem_new0(wmem_file_scope(), struct stream);
    stream_init(stream, (struct stream *)g_hash_table_lookup(file.newest, pair));
    g_hash_table_replace(file.newest, pair, stream);
    g_ptr_array_index(file.streams, layer->stream) = stream;
    return stream;
}

/* Later passes will ask the conversation: remember the frame if that would not say the same. */
static void
remember_exception(packet_info *pinfo, const struct tcp_layer *layers, unsigned count)
{
    struct tcp_layer told;
    bool tells = layers_of_conversation(pinfo, &told);
    struct frame_layers *exception;

    if (count == 1 && tells && told.stream == layers[0].stream &&
        told.segment.side == layers[0].segment.side)
        return;
    if (count == 0 && !tells)
        return;
    exception = wmem_new(wmem_file_scope(), struct frame_layers);
    exception->count = count;
    exception->layers = (struct tcp_layer *)wmem_memdup(wmem_file_scope(), layers,
                                                        count * sizeof(*layers));
    wmem_map_insert(file.exceptions, GUINT_TO_POINTER(pinfo->num), exception);
}

/*
 * What a layer shows goes to the tree, the expert infos, the Info column and the taps. next_header: see
 * layers_tapped_header.
 */
static void
show(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layer,
     int *next_header)
{
    const struct stream *stream = stream_lookup(layer->stream);
    const struct tcpheader *header = layers_tapped_header(layer, next_header);
    unsigned sender = layer->segment.side;
    struct tcpclose_tap *tapped;
    struct layer_view drawn;

    if (!stream)
        return;
    drawn = (struct layer_view){
        .stream = stream,
        .sender = sender,
        .view = stream_at(stream, pinfo->num, layer->segment.layer, layer->segment.time_ns, sender),
    };
    tapped = wmem_new(pinfo->pool, struct tcpclose_tap);
    *tapped = (struct tcpclose_tap){
        .stream = stream,
        .stream_id = layer->stream,
        .sender = sender,
        .port = {layer->port[0], layer->port[1]},
        .view = drawn.view,
        .time_ns = layer->segment.time_ns,
        .end_ns = file.end_ns,
        .header = header,
    };
    tapped->address[sender] = header ? &header->ip_src : &pinfo->src;
    tapped->address[!sender] = header ? &header->ip_dst : &pinfo->dst;
    tap_queue_packet(tap_tcpclose, pinfo, tapped);
    if (tree && proto_field_is_referenced(tree, proto_tcpclose)) {
        drawn.now = census_at(&file.census, pinfo->num);
        fields_draw(pinfo, tvb, tree, proto_tcpclose, &drawn);
    } else if (drawn.view.events) {
        fields_raise(pinfo, &drawn);
    }
    if (prefs_info_column() && (drawn.view.side[0].changed || drawn.view.side[1].changed))
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]", fields_story(pinfo, &drawn));
}

static void
show_layers(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct tcp_layer *layers,
            unsigned count)
{
    int next_header = 0;

    for (unsigned i = 0; i < count; i++)
        show(pinfo, tvb, tree, &layers[i], &next_header);
}

static void
feed_layers(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    unsigned count;
    struct tcp_layer *layers = layers_dissected(pinfo, tree, &count);

    remember_exception(pinfo, layers, count);
    for (unsigned i = 0; i < count; i++) {
        struct stream *stream = stream_of_layer(&layers[i]);

        stream_feed(stream, &layers[i].segment, &file.policy);
        census_feed(&file.census, stream, &layers[i].segment);
        file.end_ns = MAX(file.end_ns, layers[i].segment.time_ns);
    }
    show_layers(pinfo, tvb, tree, layers, count);
}

/* Later passes: the frame's layers, or none; told is where one may be put. */
static struct frame_layers
find_layers(packet_info *pinfo, struct tcp_layer *told)
{
    const struct frame_layers *exception =
        (const struct frame_layers *)wmem_map_lookup(file.exceptions, GUINT_TO_POINTER(pinfo->num));

    if (exception)
        return *exception;
    return (struct frame_layers){.count = layers_of_conversation(pinfo, told), .layers = told};
}

static void
look_up_layers(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree)
{
    struct tcp_layer told;
    struct frame_layers frame = find_layers(pinfo, &told);

    show_layers(pinfo, tvb, tree, frame.layers, frame.count);
}

bool
tcpclose_stream_of_frame(packet_info *pinfo, uint32_t *stream_id)
{
    struct tcp_layer told;
    struct frame_layers frame = find_layers(pinfo, &told);

    if (frame.count == 0)
        return false;
    *stream_id = frame.layers[frame.count - 1].stream;
    return true;
}

static int
dissect_tcpclose(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (PINFO_FD_VISITED(pinfo))
        look_up_layers(pinfo, tvb, tree);
    else if (tree)
        feed_layers(pinfo, tvb, tree);
    return (int)tvb_captured_length(tvb);
}

void
packet_tcpclose_register(void)
{
    proto_tcpclose = proto_register_protocol("TCP Close Analysis", "TCP Close", "tcpclose");
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
    set_postdissector_wanted_hfids(handle, layers_wanted_fields());
}
