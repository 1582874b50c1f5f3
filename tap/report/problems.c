/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "problems.h"

/* ---- times ---- */

static struct problem_time
time_in(const struct stream_told *told, enum role role, enum tcp_state state)
{
    const struct role_summary *summary = &told->summary.role[role];

    return (struct problem_time){
        .at_least = (summary->censored & (1U << state)) != 0,
        .ns = summary->dwell_ns[state],
    };
}

static struct problem_time
actors_close_wait(const struct stream_told *told)
{
    return time_in(told, told->cause.actor, STATE_CLOSE_WAIT);
}

static struct problem_time
others_fin_wait_2(const struct stream_told *told)
{
    return time_in(told, role_peer(told->cause.actor), STATE_FIN_WAIT_2);
}

static struct problem_time
longest_close_wait(const struct stream_told *told)
{
    struct problem_time client = time_in(told, ROLE_CLIENT, STATE_CLOSE_WAIT);
    struct problem_time server = time_in(told, ROLE_SERVER, STATE_CLOSE_WAIT);

    return client.ns > server.ns ? client : server;
}

static struct problem_time
silence(const struct stream_told *told)
{
    return (struct problem_time){.ns = told->cause.idle_ns};
}

/* ---- what no cause tells ---- */

/* They did not end the connection. */
static bool
has_other_forged_rsts(const struct stream_told *told)
{
    return told->has_forged_rst && told->cause.kind != CAUSE_middlebox_reset;
}

/* It ended in another way than by that. */
static bool
closed_late(const struct stream_told *told)
{
    return (told->events & event_bit(EVENT_close_wait_alarm)) != 0 &&
           told->cause.kind != CAUSE_application_did_not_close;
}

static bool
has_unexplained_fin(const struct stream_told *told)
{
    return told->summary.outcome.pattern == PATTERN_fin_unanswered &&
           told->cause.kind == CAUSE_unknown;
}

/* ---- the table ---- */

#define OF_CAUSE(slug) .cause = CAUSE_##slug, .filter = "tcpclose.cause == \"" #slug "\""

const struct problem problems[] = {
    {OF_CAUSE(application_did_not_close), .breaks = true,
     .sentence = "@ does not close: CLOSE_WAIT up to %", .time = actors_close_wait},
    {OF_CAUSE(idle_close_race), .breaks = true,
     .sentence = "@ had closed idle connections after % when # used them again: reset, "
                 "a request has likely failed",
     .time = silence, .is_from_the_shortest = true},
    {OF_CAUSE(middlebox_reset), .breaks = true,
     .sentence = "RSTs in the name of @, not sent by it, end connections"},
    {OF_CAUSE(connection_lost), .breaks = true,
     .sentence = "@ resets as if it had no such connection: restart, failover or firewall"},
    {OF_CAUSE(nat_mismatch), .breaks = true,
     .sentence = "a NAT has changed addresses or ports of connections with @, which are reset"},
    {OF_CAUSE(peer_vanished), .breaks = true,
     .sentence = "@ stops answering while # sends the same again and again"},
    {OF_CAUSE(retransmission_timeout), .breaks = true,
     .sentence = "@ stops answering, and # resets after its retransmissions"},
    {OF_CAUSE(keepalive_timeout), .breaks = true,
     .sentence = "@ stops answering, and # resets after its keep-alive probes"},
    {OF_CAUSE(refused), .breaks = true, .sentence = "@ refuses connections: RST to the SYN"},
    {OF_CAUSE(syn_unanswered), .breaks = true, .sentence = "@ does not answer SYNs"},
    {OF_CAUSE(handshake_mismatch), .breaks = true,
     .sentence = "@ answers SYNs from an old connection, and # resets that"},
    {OF_CAUSE(accept_overflow), .breaks = true,
     .sentence = "@ resets what it has answered the SYN of, as a full accept queue does"},
    {OF_CAUSE(peer_never_closed), .breaks = true,
     .sentence = "# has closed, and nothing shows that @ ever does: FIN_WAIT_2 up to %",
     .time = others_fin_wait_2},
    {OF_CAUSE(last_ack_lost), .breaks = true,
     .sentence = "the last FIN of # is sent again and again, and @ does not answer"},
    {OF_CAUSE(closed_without_reply), .breaks = true,
     .sentence = "@ closes without a reply to a request"},
    {OF_CAUSE(data_after_full_close),
     .sentence = "@ has closed and reads no more: it resets for what # still sends"},
    {OF_CAUSE(abort), .sentence = "@ resets connections by its own decision"},
    {OF_CAUSE(handshake_reset),
     .sentence = "@ resets before any payload: probes, scans or health checks"},
    {OF_CAUSE(idle_close), .sentence = "@ closes idle connections after %", .time = silence,
     .is_from_the_shortest = true},
    {OF_CAUSE(one_direction), .sentence = "only segments of @ were captured"},
    {OF_CAUSE(no_connection_seen), .sentence = "only RSTs were captured of connections with @"},
    {.cause = CAUSE_COUNT,
     .holds = has_other_forged_rsts,
     .is_of_frames = true,
     .filter = "tcpclose.rst.forged == 1 && tcpclose.cause != \"middlebox_reset\"",
     .breaks = true,
     .sentence = "RSTs that neither side has sent, in connections with @"},
    {.cause = CAUSE_COUNT,
     .holds = closed_late,
     .is_of_frames = true,
     .filter = "tcpclose.event == \"close_wait_alarm\" && "
               "tcpclose.cause != \"application_did_not_close\"",
     .sentence = "connections with @ are closed late: CLOSE_WAIT up to %",
     .time = longest_close_wait},
    {.cause = CAUSE_COUNT,
     .holds = has_unexplained_fin,
     .filter = "tcpclose.pattern == \"fin_unanswered\" && tcpclose.cause == \"unknown\"",
     .sentence = "FINs in connections with @ are without an answer"},
};

const unsigned problem_count = sizeof problems / sizeof problems[0];

bool
problem_holds(const struct problem *problem, const struct stream_told *told)
{
    return problem->holds ? problem->holds(told) : told->cause.kind == problem->cause;
}

enum role
problem_actor(const struct problem *problem, const struct stream_told *told)
{
    return problem->holds ? ROLE_SERVER : told->cause.actor;
}
