/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include "draw.h"
#include "expert_infos.h"
#include "rst_fields.h"
#include "said_fields.h"
#include "sentence.h"
#include "stream_fields.h"

/* The fields that each endpoint has, by role. */
struct role_fields {
    int state;
    int confirmed;
    int since;
    int previous;
    int dwell;
    int reason;
};

static struct role_fields hf_role[ROLE_COUNT]; /* see fields_register() */
static int hf_src_state = -1;
static int hf_dst_state = -1;
static int hf_event = -1;
static int hf_fin_acked_in = -1;
static int hf_fin_acks = -1;
static int hf_fin_retransmission_of = -1;
static int hf_role_guessed = -1;
static int hf_now = -1;
static int hf_now_fin_wait_1 = -1;
static int hf_now_fin_wait_2 = -1;
static int hf_now_close_wait = -1;
static int hf_now_closing = -1;
static int hf_now_last_ack = -1;
static int hf_now_time_wait = -1;

static int ett_tcpclose = -1;
static int ett_endpoint = -1;
static int ett_now = -1;

/* clang-format off */
#define ROLE_FIELDS(role, name, abbrev)                                                             \
    {&hf_role[role].state,                                                                          \
     {name " state", "tcpclose." abbrev ".state", FT_STRING, BASE_NONE, NULL, 0,                    \
      "State of the " abbrev " after this segment", HFILL}},                                        \
    {&hf_role[role].confirmed,                                                                      \
     {name " confirmed", "tcpclose." abbrev ".confirmed", FT_BOOLEAN, BASE_NONE, NULL, 0,           \
      "The " abbrev "'s own segments show its state; otherwise it is assumed from what was sent to it", \
      HFILL}},                                                                                      \
    {&hf_role[role].since,                                                                          \
     {name " time in this state", "tcpclose." abbrev ".since", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, \
      "Time that the " abbrev " has spent in this state so far", HFILL}},                           \
    {&hf_role[role].previous,                                                                       \
     {name " previous state", "tcpclose." abbrev ".previous", FT_STRING, BASE_NONE, NULL, 0,        \
      "State of the " abbrev " before this segment changed it", HFILL}},                            \
    {&hf_role[role].dwell,                                                                          \
     {name " time in the previous state", "tcpclose." abbrev ".dwell", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, \
      "Time that the " abbrev " spent in the state that this segment ended", HFILL}},               \
    {&hf_role[role].reason,                                                                         \
     {name " reason", "tcpclose." abbrev ".reason", FT_STRING, BASE_NONE, NULL, 0,                  \
      "Why the state of the " abbrev " changed", HFILL}}

#define NOW_FIELD(hfid, state, slug)                                                                \
    {&hfid,                                                                                         \
     {state " now", "tcpclose.now." slug, FT_UINT32, BASE_DEC, NULL, 0,                             \
      "Endpoints of the whole capture in " state " after this frame", HFILL}}
/* clang-format on */

static hf_register_info hf[] = {
    ROLE_FIELDS(ROLE_CLIENT, "Client", "client"),
    ROLE_FIELDS(ROLE_SERVER, "Server", "server"),
    {&hf_src_state,
     {"Sender state", "tcpclose.src.state", FT_STRING, BASE_NONE, NULL, 0,
      "State of the segment's sender after this segment", HFILL}},
    {&hf_dst_state,
     {"Receiver state", "tcpclose.dst.state", FT_STRING, BASE_NONE, NULL, 0,
      "State of the segment's receiver after this segment", HFILL}},
    {&hf_event,
     {"Event", "tcpclose.event", FT_STRING, BASE_NONE, NULL, 0,
      "What this segment means for the close", HFILL}},
    {&hf_fin_acked_in,
     {"FIN acknowledged in", "tcpclose.fin.acked_in", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_ACK), 0, "Frame of the first ACK that covers this FIN", HFILL}},
    {&hf_fin_acks,
     {"Acknowledges the FIN in", "tcpclose.fin.acks", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_ACK), 0, "Frame of the FIN that this segment acknowledges", HFILL}},
    {&hf_fin_retransmission_of,
     {"Repeats the FIN in", "tcpclose.fin.retransmission_of", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_RETRANS_PREV), 0, "Frame of the FIN that this segment repeats",
      HFILL}},
    {&hf_role_guessed,
     {"Roles guessed", "tcpclose.role_guessed", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "No SYN was captured: the client is taken to be the side with the higher port", HFILL}},
    {&hf_now,
     {"Endpoints of the whole capture in closing states now", "tcpclose.now", FT_UINT32, BASE_DEC,
      NULL, 0, "Endpoints of the whole capture in any closing state after this frame", HFILL}},
    NOW_FIELD(hf_now_fin_wait_1, "FIN_WAIT_1", "fin_wait_1"),
    NOW_FIELD(hf_now_fin_wait_2, "FIN_WAIT_2", "fin_wait_2"),
    NOW_FIELD(hf_now_close_wait, "CLOSE_WAIT", "close_wait"),
    NOW_FIELD(hf_now_closing, "CLOSING", "closing"),
    NOW_FIELD(hf_now_last_ack, "LAST_ACK", "last_ack"),
    NOW_FIELD(hf_now_time_wait, "TIME_WAIT", "time_wait"),
};

void
fields_register(int proto)
{
    static int *ett[] = {&ett_tcpclose, &ett_endpoint, &ett_now};

    memset(hf_role, 0xff, sizeof(hf_role)); /* -1: not registered yet */
    proto_register_field_array(proto, hf, array_length(hf));
    rst_fields_register(proto);
    stream_fields_register(proto);
    said_fields_register(proto);
    proto_register_subtree_array(ett, array_length(ett));
    expert_infos_register(proto);
}

const char *
fields_story(packet_info *pinfo, const struct drawn_layer *layer)
{
    wmem_strbuf_t *story = wmem_strbuf_new(pinfo->pool, "");

    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        const struct endpoint_snapshot *end = &layer->shown.end[i];

        wmem_strbuf_append(story, i ? ", " : "");
        wmem_strbuf_append(story, role_name((enum role)i));
        wmem_strbuf_append(story, " ");
        if (end->changed) {
            wmem_strbuf_append(story, state_name(end->previous));
            wmem_strbuf_append(story, " -> ");
        }
        wmem_strbuf_append(story, state_name(end->state));
    }
    return wmem_strbuf_get_str(story);
}

static void
draw_reason(tvbuff_t *tvb, proto_tree *tree, int id, const struct endpoint_snapshot *end)
{
    GString *sentence = g_string_new(NULL);

    sentence_append_reason(sentence, end->reason, end->reason_frame);
    draw_string(tree, id, tvb, sentence->str);
    g_string_free(sentence, TRUE);
}

static void
draw_endpoint(tvbuff_t *tvb, proto_tree *tree, const struct endpoint_snapshot *end,
              const struct role_fields *fields)
{
    proto_item *item =
        proto_tree_add_string(tree, fields->state, tvb, 0, 0, state_name(end->state));
    proto_tree *endpoint = proto_item_add_subtree(item, ett_endpoint);

    proto_item_set_generated(item);
    if (!end->confirmed)
        proto_item_append_text(item, " (assumed)");
    draw_bool(endpoint, fields->confirmed, tvb, end->confirmed);
    draw_time(endpoint, fields->since, tvb, end->since_ns);
    if (!end->changed)
        return;
    draw_string(endpoint, fields->previous, tvb, state_name(end->previous));
    draw_time(endpoint, fields->dwell, tvb, end->dwell_ns);
    draw_reason(tvb, endpoint, fields->reason, end);
}

static void
draw_now(tvbuff_t *tvb, proto_tree *tree, const struct census_counts *counts)
{
    static const struct {
        const int *hf;
        enum tcp_state state;
    } fields[] = {
        {&hf_now_fin_wait_1, STATE_FIN_WAIT_1}, {&hf_now_fin_wait_2, STATE_FIN_WAIT_2},
        {&hf_now_close_wait, STATE_CLOSE_WAIT}, {&hf_now_closing, STATE_CLOSING},
        {&hf_now_last_ack, STATE_LAST_ACK},     {&hf_now_time_wait, STATE_TIME_WAIT},
    };
    uint32_t sum = 0;
    proto_item *item;
    proto_tree *now;

    for (unsigned i = 0; i < array_length(fields); i++)
        sum += counts->in[fields[i].state];
    item = proto_tree_add_uint(tree, hf_now, tvb, 0, 0, sum);
    proto_item_set_generated(item);
    now = proto_item_add_subtree(item, ett_now);
    for (unsigned i = 0; i < array_length(fields); i++)
        draw_uint(now, *fields[i].hf, tvb, counts->in[fields[i].state]);
}

static void
draw_events(tvbuff_t *tvb, proto_tree *tree, const struct snapshot *shown)
{
    for (unsigned i = 0; shown->events >> i; i++) {
        if (shown->events & event_bit((enum tcp_event)i))
            draw_string(tree, hf_event, tvb, event_slug((enum tcp_event)i));
    }
    draw_frame(tree, hf_fin_acked_in, tvb, shown->fin_acked_in);
    draw_frame(tree, hf_fin_acks, tvb, shown->fin_acks);
    draw_frame(tree, hf_fin_retransmission_of, tvb, shown->fin_retransmission_of);
}

void
fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
            const struct drawn_layer *layer)
{
    proto_item *item = proto_tree_add_protocol_format(
        tree, proto, tvb, 0, 0, "TCP Close Analysis: %s", fields_story(pinfo, layer));
    proto_tree *close = proto_item_add_subtree(item, ett_tcpclose);
    struct outcome outcome = outcome_of(layer->stream, layer->end_ns);
    struct cause cause = cause_of_course(layer->stream, layer->course, &outcome, layer->end_ns);

    proto_item_set_generated(item);
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        draw_endpoint(tvb, close, &layer->shown.end[i], &hf_role[i]);
    draw_string(close, hf_src_state, tvb, state_name(layer->shown.end[layer->sender].state));
    draw_string(close, hf_dst_state, tvb,
                state_name(layer->shown.end[role_peer(layer->sender)].state));
    draw_events(tvb, close, &layer->shown);
    rst_fields_draw(tvb, close, layer);
    said_fields_draw(pinfo, tvb, close, layer->segment);
    if (outcome.role_guessed)
        draw_bool(close, hf_role_guessed, tvb, true);
    stream_fields_draw(tvb, close, layer, &outcome, &cause);
    draw_now(tvb, close, &layer->now);
    expert_infos_raise_drawn(pinfo, item, layer, &cause);
}
