/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_fields.h"

#include "draw.h"
#include "foreign.h"
#include "wscompat.h"

/* Of each endpoint's course, by role. */
struct course_fields {
    int path;
    int in[STATE_COUNT];
};

static struct course_fields hf_course[ROLE_COUNT]; /* see stream_fields_register() */
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
static int hf_cause_hint = -1;
static int hf_cause_evidence = -1;
static int hf_idle = -1;
static int hf_reuse_of_stream = -1;
static int hf_reuse_age = -1;
static int hf_reuse_outcome = -1;
static int hf_conn_state = -1;
static int hf_history = -1;
static int hf_flow_end_reason = -1;
static int hf_stage = -1;

static int ett_stream = -1;

/* clang-format off */
#define IN_FIELD(role, STATE, name, abbrev, slug)                                                   \
    {&hf_course[role].in[STATE_##STATE],                                                            \
     {name " in " #STATE, "tcpclose." abbrev ".in." slug, FT_RELATIVE_TIME, BASE_NONE, NULL, 0,     \
      "Time that the " abbrev " was in " #STATE ", up to the newest frame", HFILL}}
#define COURSE_FIELDS(role, name, abbrev)                                                           \
    {&hf_course[role].path,                                                                         \
     {name " path", "tcpclose." abbrev ".path", FT_STRING, BASE_NONE, NULL, 0,                      \
      "The states that the " abbrev " was in, as known in hindsight; ? behind one that is only assumed", HFILL}}, \
    IN_FIELD(role, FIN_WAIT_1, name, abbrev, "fin_wait_1"),                                         \
    IN_FIELD(role, FIN_WAIT_2, name, abbrev, "fin_wait_2"),                                         \
    IN_FIELD(role, CLOSE_WAIT, name, abbrev, "close_wait"),                                         \
    IN_FIELD(role, CLOSING, name, abbrev, "closing"),                                               \
    IN_FIELD(role, LAST_ACK, name, abbrev, "last_ack"),                                             \
    IN_FIELD(role, TIME_WAIT, name, abbrev, "time_wait")
/* clang-format on */

static const value_string flow_end_reasons[] = {
    {FLOW_IDLE_TIMEOUT, "idle timeout"},           {FLOW_ACTIVE_TIMEOUT, "active timeout"},
    {FLOW_END_DETECTED, "end of Flow detected"},   {FLOW_FORCED_END, "forced end"},
    {FLOW_LACK_OF_RESOURCES, "lack of resources"}, {0, NULL},
};

static hf_register_info hf[] = {
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
    {&hf_cause_hint,
     {"Cause hint", "tcpclose.cause.hint", FT_STRING, BASE_NONE, NULL, 0, CAUSE_HINT_BLURB, HFILL}},
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
      "as Cloudflare Radar says it: post_syn, post_ack, post_psh, later_in_flow; else no_match",
      HFILL}},
};

void
stream_fields_register(int proto)
{
    static int *ett[] = {&ett_stream};

    memset(hf_course, 0xff, sizeof(hf_course)); /* -1: not registered yet */
    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
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
        draw_string(tree, hf_course[role].path, tvb, course_path(layer->course, (enum role)role));
        for (unsigned state = 0; state < STATE_COUNT; state++) {
            if (drawn.was_in[role][state] && state_is_closing((enum tcp_state)state))
                draw_time(tree, hf_course[role].in[state], tvb, drawn.in_ns[role][state]);
        }
    }
}

static void
draw_outcome(tvbuff_t *tvb, proto_tree *tree, const struct outcome *outcome)
{
    draw_string(tree, hf_closed_by, tvb, closer_name(outcome->closed_by));
    draw_string(tree, hf_reset_by, tvb, resetter_name(outcome->reset_by));
    draw_string(tree, hf_directions, tvb, directions_name(outcome->directions));
    draw_frame(tree, hf_first_fin, tvb, outcome->first_fin_frame);
    draw_frame(tree, hf_first_rst, tvb, outcome->first_rst_frame);
    draw_bool(tree, hf_complete, tvb, outcome->complete);
    if (outcome->has_teardown)
        draw_time(tree, hf_teardown, tvb, outcome->teardown_ns);
    draw_uint64(tree, hf_half_close_bytes, tvb, outcome->half_close_bytes);
    draw_uint(tree, hf_fin_retransmissions, tvb, outcome->fin_retransmissions);
}

/* A sentence takes time to make: only where somebody looks. */
static void
draw_evidence(tvbuff_t *tvb, proto_tree *tree, const struct cause *cause)
{
    char *evidence;

    if (!proto_field_is_referenced(tree, hf_cause_evidence))
        return;
    evidence = cause_evidence(cause);
    draw_string(tree, hf_cause_evidence, tvb, evidence);
    g_free(evidence);
}

static void
draw_cause(tvbuff_t *tvb, proto_tree *tree, const struct cause *cause)
{
    draw_string(tree, hf_cause, tvb, cause_slug(cause->kind));
    draw_string(tree, hf_cause_side, tvb, cause_side_name(cause->side));
    draw_bool(tree, hf_cause_sure, tvb, cause->sure);
    draw_hint(tree, hf_cause_hint, tvb, cause->hint);
    draw_evidence(tvb, tree, cause);
    if (cause->has_idle)
        draw_time(tree, hf_idle, tvb, cause->idle_ns);
}

static void
draw_reuse(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer)
{
    if (!layer->reuse.is_reuse)
        return;
    draw_uint(tree, hf_reuse_of_stream, tvb, layer->reuse.of_stream);
    draw_time(tree, hf_reuse_age, tvb, layer->reuse.age_ns);
    draw_string(tree, hf_reuse_outcome, tvb, reuse_outcome_name(layer->reuse.outcome));
}

static void
draw_foreign(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer,
             const struct outcome *outcome, const struct cause *cause)
{
    struct foreign foreign = foreign_of(layer->stream, outcome, cause, layer->port, layer->end_ns);

    draw_string(tree, hf_conn_state, tvb, foreign.zeek.conn_state);
    if (foreign.zeek.history[0] != '\0') /* every segment may be of a connection before */
        draw_string(tree, hf_history, tvb, foreign.zeek.history);
    draw_uint(tree, hf_flow_end_reason, tvb, foreign.flow_end_reason);
    draw_string(tree, hf_stage, tvb, stage_name(foreign.stage));
}

void
stream_fields_draw(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer,
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
