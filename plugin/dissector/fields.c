/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/tap.h>
#include <wsutil/str_util.h>

#include "outcome.h"
#include "role.h"
#include "units.h"
#include "wscompat.h"

/* The fields that each endpoint has, by role. */
struct role_fields {
    int state;
    int confirmed;
    int since;
    int previous;
    int dwell;
    int reason;
};

static struct role_fields hf_role[ROLE_COUNT] = {
    {-1, -1, -1, -1, -1, -1},
    {-1, -1, -1, -1, -1, -1},
};
static int hf_src_state = -1;
static int hf_dst_state = -1;
static int hf_event = -1;
static int hf_fin_acked_in = -1;
static int hf_fin_acks = -1;
static int hf_fin_retransmission_of = -1;
static int hf_rst_verdict = -1;
static int hf_role_guessed = -1;
static int hf_now_fin_wait_1 = -1;
static int hf_now_fin_wait_2 = -1;
static int hf_now_close_wait = -1;
static int hf_now_closing = -1;
static int hf_now_last_ack = -1;
static int hf_now_time_wait = -1;
static int hf_pattern = -1;
static int hf_closed_by = -1;
static int hf_complete = -1;
static int hf_teardown = -1;
static int hf_half_close_bytes = -1;
static int hf_fin_retransmissions = -1;

static int ett_tcpclose = -1;
static int ett_endpoint = -1;
static int ett_stream = -1;
static int ett_now = -1;

static expert_field ei_event[EVENT_COUNT];

/* clang-format off */
#define ROLE_FIELDS(role, name, abbrev)                                                              \
    {&hf_role[role].state,                                                                           \
     {name " state", "tcpclose." abbrev ".state", FT_STRING, BASE_NONE, NULL, 0,                     \
      "State of the " abbrev " after this segment", HFILL}},                                         \
    {&hf_role[role].confirmed,                                                                       \
     {"Confirmed", "tcpclose." abbrev ".confirmed", FT_BOOLEAN, BASE_NONE, NULL, 0,                  \
      "The " abbrev "'s own segments show its state; otherwise it is assumed from what was sent to it", \
      HFILL}},                                                                                       \
    {&hf_role[role].since,                                                                           \
     {"Time in this state", "tcpclose." abbrev ".since", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,       \
      "Time that the " abbrev " has spent in this state so far", HFILL}},                            \
    {&hf_role[role].previous,                                                                        \
     {"Previous state", "tcpclose." abbrev ".previous", FT_STRING, BASE_NONE, NULL, 0,               \
      "State of the " abbrev " before this segment changed it", HFILL}},                             \
    {&hf_role[role].dwell,                                                                           \
     {"Time in the previous state", "tcpclose." abbrev ".dwell", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, \
      "Time that the " abbrev " spent in the state that this segment ended", HFILL}},                \
    {&hf_role[role].reason,                                                                          \
     {"Reason", "tcpclose." abbrev ".reason", FT_STRING, BASE_NONE, NULL, 0,                         \
      "Why the state of the " abbrev " changed", HFILL}}

#define NOW_FIELD(hfid, state, slug)                                                                 \
    {&hfid,                                                                                          \
     {state " now", "tcpclose.now." slug, FT_UINT32, BASE_DEC, NULL, 0,                              \
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
    {&hf_rst_verdict,
     {"RST verdict", "tcpclose.rst.verdict", FT_STRING, BASE_NONE, NULL, 0,
      "What the receiver does with this RST: accepted, challenge, ignored, after_close or suspect",
      HFILL}},
    {&hf_role_guessed,
     {"Roles guessed", "tcpclose.role_guessed", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "No SYN was captured: the client is taken to be the side with the higher port", HFILL}},
    NOW_FIELD(hf_now_fin_wait_1, "FIN_WAIT_1", "fin_wait_1"),
    NOW_FIELD(hf_now_fin_wait_2, "FIN_WAIT_2", "fin_wait_2"),
    NOW_FIELD(hf_now_close_wait, "CLOSE_WAIT", "close_wait"),
    NOW_FIELD(hf_now_closing, "CLOSING", "closing"),
    NOW_FIELD(hf_now_last_ack, "LAST_ACK", "last_ack"),
    NOW_FIELD(hf_now_time_wait, "TIME_WAIT", "time_wait"),
    {&hf_pattern,
     {"Pattern", "tcpclose.pattern", FT_STRING, BASE_NONE, NULL, 0, "How the stream ends", HFILL}},
    {&hf_closed_by,
     {"Closed by", "tcpclose.closed_by", FT_STRING, BASE_NONE, NULL, 0,
      "Who closed first: client, server, both or none", HFILL}},
    {&hf_complete,
     {"Complete", "tcpclose.complete", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Both FINs are acknowledged, or a RST is accepted", HFILL}},
    {&hf_teardown,
     {"Teardown time", "tcpclose.teardown", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "From the first FIN or accepted RST to the last segment that changed a state", HFILL}},
    {&hf_half_close_bytes,
     {"Half-close bytes", "tcpclose.half_close.bytes", FT_UINT64, BASE_DEC, NULL, 0,
      "New payload from a side that had received the peer's FIN", HFILL}},
    {&hf_fin_retransmissions,
     {"FIN retransmissions", "tcpclose.fin_retransmissions", FT_UINT32, BASE_DEC, NULL, 0,
      "FINs that were sent again; copies made by the network do not count", HFILL}},
};

static const int severities[] = {
    [SEVERITY_CHAT] = PI_CHAT,
    [SEVERITY_NOTE] = PI_NOTE,
    [SEVERITY_WARNING] = PI_WARN,
};
static event_set of_severity[array_length(severities)]; /* the events that have it */

static void
register_expert_infos(int proto)
{
    expert_module_t *module = expert_register_protocol(proto);
    static ei_register_info ei[EVENT_COUNT];

    for (unsigned i = 0; i < EVENT_COUNT; i++) {
        ei_event[i] = (expert_field)EI_INIT;
        ei[i].ids = &ei_event[i];
        ei[i].eiinfo.name = wmem_strdup_printf(wmem_epan_scope(), "tcpclose.expert.%s",
                                               event_slug((enum tcp_event)i));
        ei[i].eiinfo.group = PI_SEQUENCE;
        ei[i].eiinfo.severity = severities[event_severity((enum tcp_event)i)];
        of_severity[event_severity((enum tcp_event)i)] |= event_bit((enum tcp_event)i);
        ei[i].eiinfo.summary = event_text((enum tcp_event)i);
    }
    expert_register_field_array(module, ei, EVENT_COUNT);
}

void
fields_register(int proto)
{
    static int *ett[] = {&ett_tcpclose, &ett_endpoint, &ett_stream, &ett_now};

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    register_expert_infos(proto);
}

/* ---- drawing ---- */

static const struct endpoint_view *
role_view(const struct layer_view *layer, enum role role)
{
    return &layer->view.side[role_of_side(layer->stream, 0) == role ? 0 : 1];
}

const char *
fields_story(packet_info *pinfo, const struct layer_view *layer)
{
    wmem_strbuf_t *story = wmem_strbuf_new(pinfo->pool, "");

    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        const struct endpoint_view *view = role_view(layer, (enum role)i);

        wmem_strbuf_append(story, i ? ", " : "");
        wmem_strbuf_append(story, role_name((enum role)i));
        wmem_strbuf_append(story, " ");
        if (view->changed) {
            wmem_strbuf_append(story, state_name(view->previous));
            wmem_strbuf_append(story, " -> ");
        }
        wmem_strbuf_append(story, state_name(view->state));
    }
    return wmem_strbuf_get_str(story);
}

static void
add_string(proto_tree *tree, int id, tvbuff_t *tvb, const char *value)
{
    proto_item_set_generated(proto_tree_add_string(tree, id, tvb, 0, 0, value));
}

static void
add_bool(proto_tree *tree, int id, tvbuff_t *tvb, bool value)
{
    proto_item_set_generated(proto_tree_add_boolean(tree, id, tvb, 0, 0, value));
}

static void
add_frame(proto_tree *tree, int id, tvbuff_t *tvb, uint32_t frame)
{
    if (frame)
        proto_item_set_generated(proto_tree_add_uint(tree, id, tvb, 0, 0, frame));
}

static void
add_time(proto_tree *tree, int id, tvbuff_t *tvb, int64_t ns)
{
    nstime_t time = {.secs = (time_t)(ns / NS_PER_S), .nsecs = (int)(ns % NS_PER_S)};

    proto_item_set_generated(proto_tree_add_time(tree, id, tvb, 0, 0, &time));
}

static const char *
reason_sentence(packet_info *pinfo, const struct endpoint_view *view)
{
    static const char IN_FRAME[] = " in frame %u";
    const char *text = reason_text(view->reason);
    const char *gap = strstr(text, IN_FRAME);
    const char *frame = "";

    if (!gap)
        return text;
    /* A FIN that was not captured, or in another stream, has no frame. */
    if (view->reason_frame != 0)
        frame = wmem_strdup_printf(pinfo->pool, " in frame %u", view->reason_frame);
    return wmem_strdup_printf(pinfo->pool, "%.*s%s%s", (int)(gap - text), text, frame,
                              gap + strlen(IN_FRAME));
}

static void
draw_endpoint(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct endpoint_view *view,
              const struct role_fields *fields)
{
    proto_item *item =
        proto_tree_add_string(tree, fields->state, tvb, 0, 0, state_name(view->state));
    proto_tree *endpoint = proto_item_add_subtree(item, ett_endpoint);

    proto_item_set_generated(item);
    if (!view->confirmed)
        proto_item_append_text(item, " (assumed)");
    add_bool(endpoint, fields->confirmed, tvb, view->confirmed);
    add_time(endpoint, fields->since, tvb, view->since_ns);
    if (!view->changed)
        return;
    add_string(endpoint, fields->previous, tvb, state_name(view->previous));
    add_time(endpoint, fields->dwell, tvb, view->dwell_ns);
    add_string(endpoint, fields->reason, tvb, reason_sentence(pinfo, view));
}

static void
draw_stream(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, const struct stream *stream)
{
    struct outcome outcome = outcome_of(stream);
    const char *pattern = pattern_name(outcome.pattern);
    const char *closer = closer_name(outcome.closed_by);
    const char *title =
        wmem_strconcat(pinfo->pool, "Stream: ", pattern, ", closed by ", closer, NULL);
    proto_item *item;
    proto_tree *whole = proto_tree_add_subtree(tree, tvb, 0, 0, ett_stream, &item, title);

    proto_item_set_generated(item);
    add_string(whole, hf_pattern, tvb, pattern);
    add_string(whole, hf_closed_by, tvb, closer);
    add_bool(whole, hf_complete, tvb, outcome.complete);
    if (outcome.has_teardown)
        add_time(whole, hf_teardown, tvb, outcome.teardown_ns);
    proto_item_set_generated(
        proto_tree_add_uint64(whole, hf_half_close_bytes, tvb, 0, 0, outcome.half_close_bytes));
    proto_item_set_generated(
        proto_tree_add_uint(whole, hf_fin_retransmissions, tvb, 0, 0, outcome.fin_retransmissions));
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
    proto_item *item;
    proto_tree *now = proto_tree_add_subtree(tree, tvb, 0, 0, ett_now, &item,
                                             "Endpoints of the whole capture now");

    proto_item_set_generated(item);
    for (unsigned i = 0; i < array_length(fields); i++)
        proto_item_set_generated(
            proto_tree_add_uint(now, *fields[i].hf, tvb, 0, 0, counts->in[fields[i].state]));
}

/* A RST that ends TIME_WAIT breaks nothing: that event speaks for it. */
static event_set
worth_an_expert_info(event_set events)
{
    bool ends_time_wait = (events & event_bit(EVENT_time_wait_reset)) != 0;

    return ends_time_wait ? events & ~event_bit(EVENT_rst_accepted) : events;
}

static void
raise_events(packet_info *pinfo, proto_item *item, event_set events)
{
    event_set worth = worth_an_expert_info(events);

    for (unsigned i = 0; worth >> i; i++) {
        if (worth & event_bit((enum tcp_event)i))
            expert_add_info(pinfo, item, &ei_event[i]);
    }
}

/*
 * Expert infos are seen in the tree, by the tap "expert" and in a column; and the highest severity
 * of the file, by the GUI's status bar.
 */
static bool
shows_expert_infos(const packet_info *pinfo, proto_tree *tree, event_set events)
{
    static int tap_expert;
    event_set worth = worth_an_expert_info(events);

    if (tap_expert == 0)
        tap_expert = find_tap_id("expert"); /* made later than the protocols */
    if (proto_field_is_referenced(tree, proto_expert) || have_tap_listener(tap_expert) ||
        (pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0))
        return true;
    for (unsigned i = 0; i < array_length(severities); i++) {
        if ((worth & of_severity[i]) && severities[i] > expert_get_highest_severity())
            return true;
    }
    return false;
}

void
fields_raise(packet_info *pinfo, proto_tree *tree, event_set events)
{
    if (events && shows_expert_infos(pinfo, tree, events))
        raise_events(pinfo, tree, events);
}

static void
draw_events(tvbuff_t *tvb, proto_tree *tree, const struct view *view)
{
    for (unsigned i = 0; view->events >> i; i++) {
        if (view->events & event_bit((enum tcp_event)i))
            add_string(tree, hf_event, tvb, event_slug((enum tcp_event)i));
    }
    add_frame(tree, hf_fin_acked_in, tvb, view->fin_acked_in);
    add_frame(tree, hf_fin_acks, tvb, view->fin_acks);
    add_frame(tree, hf_fin_retransmission_of, tvb, view->fin_retransmission_of);
    if (view->rst != RST_NONE)
        add_string(tree, hf_rst_verdict, tvb, rst_verdict_name(view->rst));
}

void
fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
            const struct layer_view *layer)
{
    proto_item *item = proto_tree_add_protocol_format(
        tree, proto, tvb, 0, 0, "TCP Close Analysis: %s", fields_story(pinfo, layer));
    proto_tree *close = proto_item_add_subtree(item, ett_tcpclose);

    proto_item_set_generated(item);
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        draw_endpoint(pinfo, tvb, close, role_view(layer, (enum role)i), &hf_role[i]);
    add_string(close, hf_src_state, tvb, state_name(layer->view.side[layer->sender].state));
    add_string(close, hf_dst_state, tvb, state_name(layer->view.side[!layer->sender].state));
    draw_events(tvb, close, &layer->view);
    if (outcome_of(layer->stream).role_guessed)
        add_bool(close, hf_role_guessed, tvb, true);
    draw_stream(pinfo, tvb, close, layer->stream);
    draw_now(tvb, close, &layer->now);
    raise_events(pinfo, item, layer->view.events);
}
