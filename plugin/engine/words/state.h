/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names: roles, states, events, RST verdicts, reasons and patterns. Each list is written once
 * here and expanded to an enum below and to a table of names in state.c.
 */
#ifndef TCPCLOSE_STATE_H
#define TCPCLOSE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* What people call the two endpoints of a connection. */
enum role { ROLE_CLIENT, ROLE_SERVER, ROLE_COUNT };

static inline enum role
role_peer(enum role role)
{
    return role == ROLE_CLIENT ? ROLE_SERVER : ROLE_CLIENT;
}

/*
 * RFC 9293 section 3.3.2, without LISTEN: a listener has no state for one pair of endpoints.
 * The order is that of a connection's life, in which reports show them, and makes ranges
 * meaningful: from ESTABLISHED on an endpoint is synchronized.
 */
#define TCP_STATE_LIST(X) \
    X(CLOSED)             \
    X(SYN_SENT)           \
    X(SYN_RECEIVED)       \
    X(ESTABLISHED)        \
    X(FIN_WAIT_1)         \
    X(FIN_WAIT_2)         \
    X(CLOSE_WAIT)         \
    X(CLOSING)            \
    X(LAST_ACK)           \
    X(TIME_WAIT)

#define X(name) STATE_##name,
enum tcp_state { TCP_STATE_LIST(X) STATE_COUNT };
#undef X

static inline bool
state_is_synchronized(enum tcp_state state)
{
    return state >= STATE_ESTABLISHED;
}

static inline bool
state_is_closing(enum tcp_state state)
{
    return state > STATE_ESTABLISHED;
}

/* How much an event deserves a look; the dissector maps these to expert severities. */
enum event_severity { SEVERITY_CHAT, SEVERITY_NOTE, SEVERITY_WARNING };

/* slug (the value of tcpclose.event), severity, one sentence */
#define TCP_EVENT_LIST(X)                                                                        \
    X(fin, CHAT, "FIN: this side will send no more data")                                        \
    X(fin_ack, CHAT, "This segment acknowledges the peer's FIN")                                 \
    X(fin_retransmission, NOTE, "FIN sent again: no ACK of it has reached its sender")           \
    X(fin_out_of_order, NOTE, "FIN beyond missing data: the receiver cannot take it yet")        \
    X(fin_moved, WARNING, "FIN repeated with another end of the stream")                         \
    X(half_close_data, NOTE, "Data from a side that has received the peer's FIN (half-close)")   \
    X(data_after_fin, WARNING, "Data beyond the sender's own FIN")                               \
    X(simultaneous_close, CHAT, "Both FINs crossed: simultaneous close")                         \
    X(close_complete, CHAT, "The connection is closed")                                          \
    X(time_wait, CHAT, "An endpoint enters TIME_WAIT")                                           \
    X(time_wait_reack, NOTE, "TIME_WAIT answers a repeated FIN")                                 \
    X(time_wait_expired, CHAT, "TIME_WAIT has ended by time (2MSL) before this segment")         \
    X(time_wait_reuse, NOTE, "A new connection replaces one in TIME_WAIT")                       \
    X(time_wait_reset, NOTE, "A RST ends TIME_WAIT early")                                       \
    X(rst_accepted, WARNING, "RST accepted: the connection is aborted")                          \
    X(rst_challenge, NOTE, "RST inside the window but not exact: draws a challenge ACK")         \
    X(challenge_ack, NOTE, "Challenge ACK")                                                      \
    X(rst_ignored, NOTE, "RST ignored by its receiver")                                          \
    X(rst_after_close, NOTE, "RST to an endpoint that is closed already")                        \
    X(rst_suspect, WARNING, "RST that its apparent sender did not send")                         \
    X(data_to_closed, WARNING, "Data towards an endpoint that is CLOSED")                        \
    X(stale_incarnation, NOTE, "Segment of an earlier connection on the same pair of endpoints") \
    X(capture_loss, NOTE, "ACK of bytes that were not captured")                                 \
    X(close_wait_alarm, WARNING, "CLOSE_WAIT lasts long: the application has not closed")        \
    X(syn_fin, WARNING, "SYN and FIN in one segment")                                            \
    X(fin_rst, WARNING, "FIN and RST in one segment: the FIN does not count")                    \
    X(mptcp_data_fin, CHAT, "DATA_FIN: its sender ends its direction of the MPTCP connection")   \
    X(mptcp_fastclose, WARNING, "MP_FASTCLOSE: its sender aborts the whole MPTCP connection")    \
    X(mptcp_subflow_reset, NOTE, "MP_TCPRST: this subflow ends, the MPTCP connection may go on")

#define X(slug, severity, text) EVENT_##slug,
enum tcp_event { TCP_EVENT_LIST(X) EVENT_COUNT };
#undef X

/* A set of events, one bit each. */
typedef uint64_t event_set;
_Static_assert(EVENT_COUNT < 64, "event_set has 64 bits");

static inline event_set
event_bit(enum tcp_event event)
{
    return (event_set)1 << event;
}

/* The verdict on a RST; NONE on other segments. */
#define RST_VERDICT_LIST(X)       \
    X(NONE, "")                   \
    X(ACCEPTED, "accepted")       \
    X(CHALLENGE, "challenge")     \
    X(IGNORED, "ignored")         \
    X(AFTER_CLOSE, "after_close") \
    X(SUSPECT, "suspect")

#define X(id, name) RST_##id,
enum rst_verdict { RST_VERDICT_LIST(X) RST_VERDICT_COUNT };
#undef X

/*
 * How a RST came to be, by its numbers. DECISION: its sender resets the connection (RFC 9293
 * section 3.10.5). ANSWER: to a segment that its sender has no use for (section 3.5.2); SYN_ANSWER:
 * to a SYN.
 */
#define RST_ORIGIN_LIST(X)       \
    X(ORIGIN_UNKNOWN, "unknown") \
    X(DECISION, "own_decision")  \
    X(ANSWER, "answer")          \
    X(SYN_ANSWER, "answer")

#define X(id, name) RST_##id,
enum rst_origin { RST_ORIGIN_LIST(X) RST_ORIGIN_COUNT };
#undef X

/*
 * What speaks against a RST having been sent by the endpoint that it names. NUMBER and GOES_ON are
 * enough alone; of the others it takes two, as a stack or a path may have one oddity.
 */
/* clang-format off */
#define FORGERY_PIECE_LIST(X)                                                                      \
    X(NUMBER, number,                                                                              \
      "its number is neither its sender's next nor one that the peer has acknowledged")            \
    X(GOES_ON, goes_on, "its sender goes on as if it had not sent it")                             \
    X(TTL, ttl, "its TTL or hop limit is not that of its sender's other segments")                 \
    X(IP_ID, ip_id, "it has no IP identification, and its sender's other segments have one")       \
    X(TIMESTAMP, tsval, "its timestamp is missing or older than its sender's others")              \
    X(WINDOW, window, "its window is not its sender's")                                            \
    X(SPEED, speed, "it comes sooner than its sender can answer")                                  \
    X(UNPROVOKED, unprovoked, "it looks like an answer, and there is nothing that it answers")
/* clang-format on */

#define X(id, slug, text) PIECE_##id,
enum forgery_piece { FORGERY_PIECE_LIST(X) PIECE_COUNT };
#undef X

/* A set of pieces, one bit each. */
typedef uint8_t piece_set;
_Static_assert(PIECE_COUNT <= 8, "piece_set has 8 bits");

static inline piece_set
piece_bit(enum forgery_piece piece)
{
    return (piece_set)(1U << piece);
}

/* They are enough to say that somebody else has sent it. */
bool pieces_show_forgery(piece_set pieces);

/*
 * What one endpoint's change of state rests on: whose FIN the sentence is about, and the sentence,
 * with %u for the frame of that FIN.
 */
/* clang-format off */
#define REASON_LIST(X)                                                                              \
    X(NONE, NO, "")                                                                                 \
    X(FIRST_SEEN, NO, "it talks: the connection began before the capture")                          \
    X(SENT_SYN, NO, "it sent a SYN")                                                                \
    X(SENT_SYN_AGAIN, NO, "it sent its SYN again: no answer has reached it")                        \
    X(SENT_SYN_ACK, NO, "it sent a SYN-ACK")                                                        \
    X(SENT_SYN_ACK_AGAIN, NO, "it sent its SYN-ACK again: no ACK of it has reached it")             \
    X(SENT_ACK_OF_SYN, NO, "it acknowledged the SYN-ACK")                                           \
    X(SENT_AS_SYNCHRONIZED, NO, "it talks as a synchronized endpoint")                              \
    X(SENT_ACK_OF_FIN, PEERS, "it acknowledged the FIN in frame %u")                                \
    X(SENT_FIN, NO, "it sent a FIN")                                                                \
    X(SENT_FIN_UNCOVERED, PEERS,                                                                    \
      "it sent a FIN whose ACK does not cover the FIN in frame %u: they crossed")                   \
    X(SENT_FIN_BEFORE, PEERS, "it had sent its FIN before it acknowledged the FIN in frame %u") \
    X(SENT_FIN_AGAIN, NO, "it sent its FIN again: no ACK of it has reached it")                     \
    X(SENT_WITHOUT_FIN, NO, "it sent data beyond the FIN: the FIN was not its own")                 \
    X(BYTE_FOR_FIN, NO, "a number that was taken for a FIN was data")                               \
    X(FIN_NOT_RECEIVED, PEERS, "its ACK does not cover the FIN in frame %u: it has not received it") \
    X(SENT_RST, NO, "it sent a RST")                                                                \
    X(SENT_RST_WITHOUT_FIN, PEERS, "it sent a RST that does not cover the FIN in frame %u") \
    X(SENT_RST_BEFORE_ACK, OWN, "it sent a RST before the ACK of its FIN in frame %u reached it")    \
    X(RST_NOT_TAKEN, NO, "it goes on talking after the RST")                                        \
    X(FORMER_SOCKET_TALKS, NO, "its earlier connection goes on: the SYN was not its own")           \
    X(GOT_SYN, NO, "the SYN reached it")                                                            \
    X(GOT_SYN_FIN, NO, "a SYN with FIN reached it: TIME_WAIT ends, and no connection begins")       \
    X(GOT_SYN_CROSSED, NO, "the peer's SYN reached it: simultaneous open")                          \
    X(GOT_SYN_ACK, NO, "the SYN-ACK reached it")                                                    \
    X(GOT_ACK_OF_SYN, NO, "the ACK of its SYN reached it")                                          \
    X(GOT_ACK_OF_FIN, OWN, "the ACK of its FIN in frame %u reached it")                             \
    X(GOT_FIN, PEERS, "the FIN in frame %u reached it")                                             \
    X(GOT_RST, NO, "a RST that it must accept reached it")                                          \
    X(TWO_MSL, NO, "2MSL have passed")
/* clang-format on */

#define X(id, fin, text) REASON_##id,
enum reason { REASON_LIST(X) REASON_COUNT };
#undef X

/* Whose FIN a reason is about. */
enum reason_fin { REASON_FIN_NO, REASON_FIN_OWN, REASON_FIN_PEERS };

/* How a stream ended; first rule that fits wins (pattern.c). */
#define TCP_PATTERN_LIST(X)  \
    X(no_answer)             \
    X(refused)               \
    X(handshake_aborted)     \
    X(gave_up)               \
    X(open)                  \
    X(reset)                 \
    X(fin_then_reset)        \
    X(fin_answered_by_reset) \
    X(fin_unanswered)        \
    X(one_direction)         \
    X(half_closed)           \
    X(last_ack_missing)      \
    X(simultaneous)          \
    X(half_close)            \
    X(three_way)             \
    X(four_way)

#define X(name) PATTERN_##name,
enum tcp_pattern { TCP_PATTERN_LIST(X) PATTERN_COUNT };
#undef X

/* Names and texts; static strings, never NULL. */
const char *role_name(enum role role); /* "client", "server" */
const char *state_name(enum tcp_state state);
const char *event_slug(enum tcp_event event);
const char *event_text(enum tcp_event event);
enum event_severity event_severity(enum tcp_event event);
const char *rst_verdict_name(enum rst_verdict verdict);
const char *reason_text(enum reason reason);
enum reason_fin reason_fin(enum reason reason);
const char *rst_origin_name(enum rst_origin origin);
const char *forgery_piece_slug(enum forgery_piece piece);
const char *forgery_piece_text(enum forgery_piece piece);
const char *pattern_name(enum tcp_pattern pattern);

#endif
