/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/tap.h>
#include <wsutil/str_util.h>

#include "cause.h"
#include "foreign.h"
#include "outcome.h"
#include "rst.h"
#include "said_fields.h"
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
    int path;
    int in[STATE_COUNT];
};

static struct role_fields hf_role[ROLE_COUNT]; /* see fields_register() */
static int hf_src_state = -1;
static int hf_dst_state = -1;
static int hf_event = -1;
static int hf_fin_acked_in = -1;
static int hf_fin_acks = -1;
static int hf_fin_retransmission_of = -1;
static int hf_rst_verdict = -1;
static int hf_rst_forged = -1;
static int hf_rst_origin = -1;
static int hf_rst_evidence = -1;
static int hf_rst_trigger = -1;
static int hf_rst_challenge = -1;
static int hf_rst_refuted_in = -1;
static int hf_rst_cause = -1;
static int hf_rst_cause_sure = -1;
static int hf_role_guessed = -1;
static int hf_now = -1;
static int hf_now_fin_wait_1 = -1;
static int hf_now_fin_wait_2 = -1;
static int hf_now_close_wait = -1;
static int hf_now_closing = -1;
static int hf_now_last_ack = -1;
static int hf_now_time_wait = -1;
static int hf_pattern = -1;
static int hf_closed_by = -1;
static int hf_reset_by = -1;
static int hf_directions = -1;
static int hf_first_fin = -1;
static int hf_first_rst = -1;
static int hf_complete = -1;
static int hf_teardown = -1;
static int hf_half_close_bytes = -1;
static int hf_fin_retransmissions = -1;
static int hf_cause = -1;
static int hf_cause_side = -1;
static int hf_cause_sure = -1;
static int hf_cause_evidence = -1;
static int hf_idle = -1;
static int hf_reuse_of_stream = -1;
static int hf_reuse_age = -1;
static int hf_reuse_outcome = -1;
static int hf_conn_state = -1;
static int hf_history = -1;
static int hf_flow_end_reason = -1;
static int hf_stage = -1;

static int ett_tcpclose = -1;
static int ett_endpoint = -1;
static int ett_stream = -1;
static int ett_now = -1;

static expert_field ei_event[EVENT_COUNT];

/* The causes that have an expert info, at the frame where one would look. */
static expert_field ei_cause[CAUSE_COUNT];
static const bool is_raised[CAUSE_COUNT] = {
    [CAUSE_middlebox_reset] = true,
    [CAUSE_idle_close_race] = true,
    [CAUSE_connection_lost] = true,
    [CAUSE_application_did_not_close] = true,
};

/* clang-format off */
#define ROLE_FIELDS(role, name, abbrev)                                                              \
    {&hf_role[role].state,                                                                           \
     {name " state", "tcpclose." abbrev ".state", FT_STRING, BASE_NONE, NULL, 0,                     \
      "State of the " abbrev " after this segment", HFILL}},                                         \
    {&hf_role[role].confirmed,                                                                       \
     {name " confirmed", "tcpclose." abbrev ".confirmed", FT_BOOLEAN, BASE_NONE, NULL, 0,            \
      "The " abbrev "'s own segments show its state; otherwise it is assumed from what was sent to it", \
      HFILL}},                                                                                       \
    {&hf_role[role].since,                                                                           \
     {name " time in this state", "tcpclose." abbrev ".since", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, \
      "Time that the " abbrev " has spent in this state so far", HFILL}},                            \
    {&hf_role[role].previous,                                                                        \
     {name " previous state", "tcpclose." abbrev ".previous", FT_STRING, BASE_NONE, NULL, 0,         \
      "State of the " abbrev " before this segment changed it", HFILL}},                             \
    {&hf_role[role].dwell,                                                                           \
     {name " time in the previous state", "tcpclose." abbrev ".dwell", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, \
      "Time that the " abbrev " spent in the state that this segment ended", HFILL}},                \
    {&hf_role[role].reason,                                                                          \
     {name " reason", "tcpclose." abbrev ".reason", FT_STRING, BASE_NONE, NULL, 0,                   \
      "Why the state of the " abbrev " changed", HFILL}}

#define NOW_FIELD(hfid, state, slug)                                                                 \
    {&hfid,                                                                                          \
     {state " now", "tcpclose.now." slug, FT_UINT32, BASE_DEC, NULL, 0,                              \
      "Endpoints of the whole capture in " state " after this frame", HFILL}}
#define IN_FIELD(role, STATE, name, abbrev, slug)                                                 \
    {&hf_role[role].in[STATE_##STATE],                                                            \
     {name " in " #STATE, "tcpclose." abbrev ".in." slug, FT_RELATIVE_TIME, BASE_NONE, NULL, 0,   \
      "Time that the " abbrev " was in " #STATE ", up to the newest frame", HFILL}}

#define COURSE_FIELDS(role, name, abbrev)                                                         \
    {&hf_role[role].path,                                                                         \
     {name " path", "tcpclose." abbrev ".path", FT_STRING, BASE_NONE, NULL, 0,                    \
      "The states that the " abbrev " was in, as known in hindsight; ? behind one that is only assumed", HFILL}}, \
    IN_FIELD(role, FIN_WAIT_1, name, abbrev, "fin_wait_1"),                                       \
    IN_FIELD(role, FIN_WAIT_2, name, abbrev, "fin_wait_2"),                                       \
    IN_FIELD(role, CLOSE_WAIT, name, abbrev, "close_wait"),                                       \
    IN_FIELD(role, CLOSING, name, abbrev, "closing"),                                             \
    IN_FIELD(role, LAST_ACK, name, abbrev, "last_ack"),                                           \
    IN_FIELD(role, TIME_WAIT, name, abbrev, "time_wait")
/* clang-format on */

static const value_string flow_end_reasons[] = {
    {FLOW_IDLE_TIMEOUT, "idle timeout"},           {FLOW_ACTIVE_TIMEOUT, "active timeout"},
    {FLOW_END_DETECTED, "end of Flow detected"},   {FLOW_FORCED_END, "forced end"},
    {FLOW_LACK_OF_RESOURCES, "lack of resources"}, {0, NULL},
};

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
    {&hf_rst_forged,
     {"RST forged", "tcpclose.rst.forged", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Its number is impossible, its apparent sender goes on, or two other pieces of evidence say "
      "that somebody else has sent it",
      HFILL}},
    {&hf_rst_origin,
     {"RST origin", "tcpclose.rst.origin", FT_STRING, BASE_NONE, NULL, 0,
      "By its numbers, its sender's own decision (own_decision), an answer to a segment that it "
      "has "
      "no use for (answer), or unknown",
      HFILL}},
    {&hf_rst_evidence,
     {"RST evidence", "tcpclose.rst.evidence", FT_STRING, BASE_NONE, NULL, 0,
      "What speaks against its apparent sender's having sent it, with the frames", HFILL}},
    {&hf_rst_trigger,
     {"RST answers", "tcpclose.rst.trigger", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the segment that this RST answers", HFILL}},
    {&hf_rst_challenge,
     {"RST challenged in", "tcpclose.rst.challenge", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "Frame of the challenge ACK that this RST drew",
      HFILL}},
    {&hf_rst_refuted_in,
     {"RST refuted in", "tcpclose.rst.refuted_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the segment that shows that this RST was not taken, or not sent by its apparent "
      "sender",
      HFILL}},
    {&hf_rst_cause,
     {"RST cause", "tcpclose.rst.cause", FT_STRING, BASE_NONE, NULL, 0,
      "Why this RST was sent, as far as an observer can tell", HFILL}},
    {&hf_rst_cause_sure,
     {"RST cause is sure", "tcpclose.rst.cause.sure", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Every alternative to that cause is excluded", HFILL}},
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
    {&hf_pattern,
     {"Pattern", "tcpclose.pattern", FT_STRING, BASE_NONE, NULL, 0, "How the stream ends", HFILL}},
    {&hf_closed_by,
     {"Closed by", "tcpclose.closed_by", FT_STRING, BASE_NONE, NULL, 0,
      "Who sent the first FIN: client, server, both (they crossed), none or unknown", HFILL}},
    COURSE_FIELDS(ROLE_CLIENT, "Client", "client"),
    COURSE_FIELDS(ROLE_SERVER, "Server", "server"),
    {&hf_reset_by,
     {"Reset by", "tcpclose.reset_by", FT_STRING, BASE_NONE, NULL, 0,
      "Whose RST ended the stream: client, server, network (nobody's own) or none", HFILL}},
    {&hf_directions,
     {"Directions", "tcpclose.directions", FT_STRING, BASE_NONE, NULL, 0,
      "Whose segments the capture has: both, client or server", HFILL}},
    {&hf_first_fin,
     {"First FIN", "tcpclose.first_fin", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the FIN that began the close", HFILL}},
    {&hf_first_rst,
     {"First RST", "tcpclose.first_rst", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the RST that ended the stream", HFILL}},
    {&hf_complete,
     {"Complete", "tcpclose.complete", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Both FINs are acknowledged, or a RST is accepted", HFILL}},
    {&hf_teardown,
     {"Teardown time", "tcpclose.teardown", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "From the first FIN or accepted RST to the end of the close; the time so far if it has not "
      "ended",
      HFILL}},
    {&hf_half_close_bytes,
     {"Half-close bytes", "tcpclose.half_close.bytes", FT_UINT64, BASE_DEC, NULL, 0,
      "New payload from a side that had received the peer's FIN", HFILL}},
    {&hf_fin_retransmissions,
     {"FIN retransmissions", "tcpclose.fin_retransmissions", FT_UINT32, BASE_DEC, NULL, 0,
      "FINs that were sent again; copies made by the network do not count", HFILL}},
    {&hf_cause,
     {"Cause", "tcpclose.cause", FT_STRING, BASE_NONE, NULL, 0,
      "Why the stream ended, as far as an observer can tell", HFILL}},
    {&hf_cause_side,
     {"Cause side", "tcpclose.cause.side", FT_STRING, BASE_NONE, NULL, 0,
      "Whose doing it was: client, server, network, both or none", HFILL}},
    {&hf_cause_sure,
     {"Cause is sure", "tcpclose.cause.sure", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Every alternative to that cause is excluded", HFILL}},
    {&hf_cause_evidence,
     {"Cause evidence", "tcpclose.cause.evidence", FT_STRING, BASE_NONE, NULL, 0,
      "What shows the cause, with the frames", HFILL}},
    {&hf_idle,
     {"Idle time", "tcpclose.idle", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "Time without payload either way before the first FIN or accepted RST", HFILL}},
    {&hf_reuse_of_stream,
     {"Reuses the endpoints of stream", "tcpclose.reuse.of_stream", FT_UINT32, BASE_DEC, NULL, 0,
      "The stream whose TIME_WAIT had not ended when this one began on the same endpoints", HFILL}},
    {&hf_reuse_age,
     {"Age of that TIME_WAIT", "tcpclose.reuse.age", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
      "Time from the begin of that TIME_WAIT to the SYN of this stream", HFILL}},
    {&hf_reuse_outcome,
     {"Outcome of the reuse", "tcpclose.reuse.outcome", FT_STRING, BASE_NONE, NULL, 0,
      "The first answer to that SYN: accepted, challenged, refused or unanswered", HFILL}},
    {&hf_conn_state,
     {"Zeek conn_state", "tcpclose.conn_state", FT_STRING, BASE_NONE, NULL, 0,
      "How the stream ended in the words of Zeek's conn.log", HFILL}},
    {&hf_history,
     {"Zeek history", "tcpclose.history", FT_STRING, BASE_NONE, NULL, 0,
      "The stream's segments in the letters of Zeek's conn.log, upper case for the originator's",
      HFILL}},
    {&hf_flow_end_reason,
     {"IPFIX flowEndReason", "tcpclose.flow_end_reason", FT_UINT8, BASE_DEC, VALS(flow_end_reasons),
      0, "How the stream ended as IPFIX says it (element 136)", HFILL}},
    {&hf_stage,
     {"Stage", "tcpclose.stage", FT_STRING, BASE_NONE, NULL, 0,
      "Where a stream stood that a RST or a timeout ended within the client's first ten packets, "
      "as "
      "Cloudflare Radar says it: post_syn, post_ack, post_psh, later_in_flow; else no_match",
      HFILL}},
};

static const int severities[] = {
    [SEVERITY_CHAT] = PI_CHAT,
    [SEVERITY_NOTE] = PI_NOTE,
    [SEVERITY_WARNING] = PI_WARN,
};
static event_set of_severity[array_length(severities)]; /* the events that have it */

/* Of no stream in particular. */
static char *
cause_summary(enum cause_kind kind)
{
    wmem_strbuf_t *summary = wmem_strbuf_new(wmem_epan_scope(), "");

    for (const char *at = cause_text(kind); *at; at++) {
        if (*at == '@')
            wmem_strbuf_append(summary, "one side");
        else if (*at == '#')
            wmem_strbuf_append(summary, "the other");
        else
            wmem_strbuf_append_c(summary, *at);
    }
    return wmem_strbuf_finalize(summary);
}

static void
register_expert_infos_of_causes(expert_module_t *module)
{
    static ei_register_info ei[CAUSE_COUNT];
    int count = 0;

    for (unsigned i = 0; i < CAUSE_COUNT; i++) {
        if (!is_raised[i])
            continue;
        ei_cause[i] = (expert_field)EI_INIT;
        ei[count].ids = &ei_cause[i];
        ei[count].eiinfo.name = wmem_strdup_printf(wmem_epan_scope(), "tcpclose.expert.%s",
                                                   cause_slug((enum cause_kind)i));
        ei[count].eiinfo.group = PI_SEQUENCE;
        ei[count].eiinfo.severity = PI_WARN;
        ei[count].eiinfo.summary = cause_summary((enum cause_kind)i);
        count++;
    }
    expert_register_field_array(module, ei, count);
}

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
    register_expert_infos_of_causes(module);
}

void
fields_register(int proto)
{
    static int *ett[] = {&ett_tcpclose, &ett_endpoint, &ett_stream, &ett_now};

    memset(hf_role, 0xff, sizeof(hf_role)); /* -1: not registered yet */
    proto_register_field_array(proto, hf, array_length(hf));
    said_fields_register(proto);
    proto_register_subtree_array(ett, array_length(ett));
    register_expert_infos(proto);
}

/* ---- drawing ---- */

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
reason_sentence(packet_info *pinfo, const struct endpoint_snapshot *end)
{
    static const char IN_FRAME[] = " in frame %u";
    const char *text = reason_text(end->reason);
    const char *gap = strstr(text, IN_FRAME);
    const char *frame = "";

    if (!gap)
        return text;
    /* A FIN that was not captured, or in another stream, has no frame. */
    if (end->reason_frame != 0)
        frame = wmem_strdup_printf(pinfo->pool, " in frame %u", end->reason_frame);
    return wmem_strdup_printf(pinfo->pool, "%.*s%s%s", (int)(gap - text), text, frame,
                              gap + strlen(IN_FRAME));
}

static void
draw_endpoint(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree,
              const struct endpoint_snapshot *end, const struct role_fields *fields)
{
    proto_item *item =
        proto_tree_add_string(tree, fields->state, tvb, 0, 0, state_name(end->state));
    proto_tree *endpoint = proto_item_add_subtree(item, ett_endpoint);

    proto_item_set_generated(item);
    if (!end->confirmed)
        proto_item_append_text(item, " (assumed)");
    add_bool(endpoint, fields->confirmed, tvb, end->confirmed);
    add_time(endpoint, fields->since, tvb, end->since_ns);
    if (!end->changed)
        return;
    add_string(endpoint, fields->previous, tvb, state_name(end->previous));
    add_time(endpoint, fields->dwell, tvb, end->dwell_ns);
    add_string(endpoint, fields->reason, tvb, reason_sentence(pinfo, end));
}

/* The states of a course that have a field, each with the time in it. */
struct drawn_course {
    int64_t in_ns[ROLE_COUNT][STATE_COUNT];
    bool was_in[ROLE_COUNT][STATE_COUNT];
};

static void
add_visit(void *context, const struct visit *visit)
{
    struct drawn_course *drawn = (struct drawn_course *)context;
    int64_t *in_ns = &drawn->in_ns[visit->role][visit->state];
    int64_t ns = visit->to.ns - visit->from.ns;

    *in_ns = ns > INT64_MAX - *in_ns ? INT64_MAX : *in_ns + ns;
    drawn->was_in[visit->role][visit->state] = true;
}

static void
draw_course(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer)
{
    struct drawn_course drawn = {.in_ns = {{0}}};

    course_walk(layer->course, layer->end_ns, add_visit, &drawn);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        add_string(tree, hf_role[role].path, tvb, course_path(layer->course, (enum role)role));
        for (unsigned state = 0; state < STATE_COUNT; state++) {
            if (drawn.was_in[role][state] && state_is_closing((enum tcp_state)state))
                add_time(tree, hf_role[role].in[state], tvb, drawn.in_ns[role][state]);
        }
    }
}

static void
draw_outcome(tvbuff_t *tvb, proto_tree *tree, const struct outcome *outcome)
{
    add_string(tree, hf_closed_by, tvb, closer_name(outcome->closed_by));
    add_string(tree, hf_reset_by, tvb, resetter_name(outcome->reset_by));
    add_string(tree, hf_directions, tvb, directions_name(outcome->directions));
    add_frame(tree, hf_first_fin, tvb, outcome->first_fin_frame);
    add_frame(tree, hf_first_rst, tvb, outcome->first_rst_frame);
    add_bool(tree, hf_complete, tvb, outcome->complete);
    if (outcome->has_teardown)
        add_time(tree, hf_teardown, tvb, outcome->teardown_ns);
    proto_item_set_generated(
        proto_tree_add_uint64(tree, hf_half_close_bytes, tvb, 0, 0, outcome->half_close_bytes));
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_fin_retransmissions, tvb, 0, 0, outcome->fin_retransmissions));
}

/* A sentence takes time to make: only where somebody looks. */
static void
draw_evidence(tvbuff_t *tvb, proto_tree *tree, const struct cause *cause)
{
    char *evidence;

    if (!proto_field_is_referenced(tree, hf_cause_evidence))
        return;
    evidence = cause_evidence(cause);
    add_string(tree, hf_cause_evidence, tvb, evidence);
    g_free(evidence);
}

static void
draw_cause(tvbuff_t *tvb, proto_tree *tree, const struct cause *cause)
{
    add_string(tree, hf_cause, tvb, cause_slug(cause->kind));
    add_string(tree, hf_cause_side, tvb, cause_side_name(cause->side));
    add_bool(tree, hf_cause_sure, tvb, cause->sure);
    draw_evidence(tvb, tree, cause);
    if (cause->has_idle)
        add_time(tree, hf_idle, tvb, cause->idle_ns);
}

static void
draw_reuse(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer)
{
    if (!layer->reuse.is_reuse)
        return;
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_reuse_of_stream, tvb, 0, 0, layer->reused_stream));
    add_time(tree, hf_reuse_age, tvb, layer->reuse.age_ns);
    add_string(tree, hf_reuse_outcome, tvb, reuse_outcome_name(layer->reuse.outcome));
}

static void
draw_foreign(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer,
             const struct outcome *outcome, const struct cause *cause)
{
    struct foreign foreign = foreign_of(layer->stream, outcome, cause, layer->port, layer->end_ns);

    add_string(tree, hf_conn_state, tvb, foreign.zeek.conn_state);
    if (foreign.zeek.history[0] != '\0') /* every segment may be of a connection before */
        add_string(tree, hf_history, tvb, foreign.zeek.history);
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_flow_end_reason, tvb, 0, 0, foreign.flow_end_reason));
    add_string(tree, hf_stage, tvb, stage_name(foreign.stage));
}

static void
draw_stream(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer,
            const struct outcome *outcome, const struct cause *cause)
{
    const char *pattern = pattern_name(outcome->pattern);
    proto_item *item = proto_tree_add_string_format(tree, hf_pattern, tvb, 0, 0, pattern,
                                                    "Stream: %s, closed by %s", pattern,
                                                    closer_name(outcome->closed_by));
    proto_tree *whole = proto_item_add_subtree(item, ett_stream);

    proto_item_set_generated(item);
    draw_outcome(tvb, whole, outcome);
    draw_cause(tvb, whole, cause);
    draw_reuse(tvb, whole, layer);
    draw_foreign(tvb, whole, layer, outcome, cause);
    draw_course(tvb, whole, layer);
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

/* The events of a frame at which one would look for a cause. */
#define LOOKED_AT                                                                            \
    (event_bit(EVENT_fin) | event_bit(EVENT_rst_accepted) | event_bit(EVENT_rst_challenge) | \
     event_bit(EVENT_rst_ignored))

static void
raise_cause(packet_info *pinfo, proto_item *item, const struct cause *cause, uint32_t frame)
{
    if (is_raised[cause->kind] && cause->look_frame == frame)
        expert_add_info(pinfo, item, &ei_cause[cause->kind]);
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
fields_raise(packet_info *pinfo, proto_tree *tree, const struct drawn_layer *layer)
{
    if (!layer->shown.events || !shows_expert_infos(pinfo, tree, layer->shown.events))
        return;
    raise_events(pinfo, tree, layer->shown.events);
    if (layer->shown.events & LOOKED_AT) {
        struct cause cause = cause_of(layer->stream, layer->end_ns);

        raise_cause(pinfo, tree, &cause, layer->frame);
    }
}

static void
draw_events(tvbuff_t *tvb, proto_tree *tree, const struct snapshot *shown)
{
    for (unsigned i = 0; shown->events >> i; i++) {
        if (shown->events & event_bit((enum tcp_event)i))
            add_string(tree, hf_event, tvb, event_slug((enum tcp_event)i));
    }
    add_frame(tree, hf_fin_acked_in, tvb, shown->fin_acked_in);
    add_frame(tree, hf_fin_acks, tvb, shown->fin_acks);
    add_frame(tree, hf_fin_retransmission_of, tvb, shown->fin_retransmission_of);
}

static void
draw_piece(tvbuff_t *tvb, proto_tree *tree, const struct rst_told *rst, enum forgery_piece piece)
{
    char *sentence = rst_evidence(rst, piece);

    add_string(tree, hf_rst_evidence, tvb, sentence);
    g_free(sentence);
}

static void
draw_rst(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer)
{
    struct rst_told rst = rst_told_at(layer->stream, layer->frame, layer->layer);
    struct cause cause;

    if (rst.verdict == RST_NONE)
        return;
    cause = cause_of_rst(layer->stream, layer->frame, layer->layer);
    add_string(tree, hf_rst_verdict, tvb, rst_verdict_name(rst.verdict));
    add_string(tree, hf_rst_origin, tvb, rst_origin_name(rst.origin));
    add_bool(tree, hf_rst_forged, tvb, rst.forged);
    for (unsigned i = 0; i < PIECE_COUNT; i++) {
        if (rst.pieces & piece_bit((enum forgery_piece)i))
            draw_piece(tvb, tree, &rst, (enum forgery_piece)i);
    }
    add_frame(tree, hf_rst_trigger, tvb, rst.trigger_frame);
    add_frame(tree, hf_rst_challenge, tvb, rst.challenge_frame);
    add_frame(tree, hf_rst_refuted_in, tvb, rst.refuted_frame);
    add_string(tree, hf_rst_cause, tvb, cause_slug(cause.kind));
    add_bool(tree, hf_rst_cause_sure, tvb, cause.sure);
}

void
fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, int proto,
            const struct drawn_layer *layer)
{
    proto_item *item = proto_tree_add_protocol_format(
        tree, proto, tvb, 0, 0, "TCP Close Analysis: %s", fields_story(pinfo, layer));
    proto_tree *close = proto_item_add_subtree(item, ett_tcpclose);
    struct outcome outcome = outcome_of(layer->stream, layer->end_ns);
    struct cause cause = cause_of_course(layer->stream, layer->course, layer->end_ns);

    proto_item_set_generated(item);
    for (unsigned i = 0; i < ROLE_COUNT; i++)
        draw_endpoint(pinfo, tvb, close, &layer->shown.end[i], &hf_role[i]);
    add_string(close, hf_src_state, tvb, state_name(layer->shown.end[layer->sender].state));
    add_string(close, hf_dst_state, tvb,
               state_name(layer->shown.end[role_peer(layer->sender)].state));
    draw_events(tvb, close, &layer->shown);
    draw_rst(tvb, close, layer);
    said_fields_draw(pinfo, tvb, close, layer->segment);
    if (outcome.role_guessed)
        add_bool(close, hf_role_guessed, tvb, true);
    draw_stream(tvb, close, layer, &outcome, &cause);
    draw_now(tvb, close, &layer->now);
    raise_events(pinfo, item, layer->shown.events);
    raise_cause(pinfo, item, &cause, layer->frame);
}
