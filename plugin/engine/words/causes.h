/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a connection ended: the causes and their names, written once here. The order is that in which
 * they are looked for.
 */
#ifndef TCPCLOSE_CAUSES_H
#define TCPCLOSE_CAUSES_H

/* slug, and one sentence: @ is who did it, # the other side. */
/* clang-format off */
#define CAUSE_LIST(X)                                                                               \
    X(no_connection_seen, "only RSTs were captured: no SYN, no payload")                            \
    X(one_direction, "only segments of @ were captured, and they do not show how it ended")         \
    X(refused, "@ answered the SYN with a RST")                                                     \
    X(syn_unanswered, "nothing answered the SYN of #")                                              \
    X(handshake_mismatch, "@ answered the SYN from an old connection, and # reset that")            \
    X(accept_overflow,                                                                              \
      "@ had answered the SYN, but reset what ended the handshake, as a full accept queue does")    \
    X(handshake_reset, "@ reset the connection before any payload was sent")                        \
    X(middlebox_reset, "a RST that @ did not send ended the connection in its name")                \
    X(nat_mismatch,                                                                                 \
      "segments of @ have the numbers of another live connection of #, which reset them")           \
    X(idle_close_race,                                                                              \
      "@ had closed the idle connection when # used it again, and reset it for that payload")       \
    X(data_after_full_close, "@ had closed and read no more: it answered what # sent with a RST")    \
    X(keepalive_timeout, "probes of # got no answer, until it reset the connection")                \
    X(retransmission_timeout, "retransmissions of # got no answer, until it reset the connection")  \
    X(connection_lost, "@ answered a segment of # with a RST, as if it had no such connection")     \
    X(abort, "@ reset the connection by its own decision")                                          \
    X(stray_after_close, "@ answered a late segment with a RST: the connection had ended before")   \
    X(peer_vanished, "# sent the same again and again, and nothing came from @ any more")           \
    X(application_did_not_close, "@ has the FIN of #, and its application did not close for long")  \
    X(peer_never_closed, "# closed, and @ did not for long")                                        \
    X(last_ack_lost, "the second FIN was sent again and again, and nothing answered it")            \
    X(closed_without_reply, "@ acknowledged a request, and closed without a byte of reply")         \
    X(idle_close, "@ closed after a silence, with nothing outstanding")                             \
    X(normal_close, "both sides closed, and both FINs are acknowledged")                            \
    X(open_at_end, "the capture ends before the connection does")                                   \
    X(unknown, "what was captured does not tell")
/* clang-format on */

#define X(slug, text) CAUSE_##slug,
enum cause_kind { CAUSE_LIST(X) CAUSE_COUNT };
#undef X

/*
 * What more the segments before a RST say of how it came about: never sure. Slug, and what it adds
 * to the sentence.
 */
/* clang-format off */
#define HINT_LIST(X)                                                                                \
    X(tls_alert, "that was a TLS alert, and nothing was lost")                                      \
    X(after_own_fin, "it had sent its FIN before")                                                  \
    X(while_receiving, "payload of # was still under way")                                          \
    X(waiting, "it had waited for a reply")                                                         \
    X(after_idle, "the connection had been idle")                                                   \
    X(unread_data, "it may not have read the last payload of #")
/* clang-format on */

#define X(slug, text) HINT_##slug,
enum cause_hint { HINT_NONE, HINT_LIST(X) };
#undef X

/* Whose doing it was. */
enum cause_side {
    CAUSE_BY_NONE,
    CAUSE_BY_CLIENT,
    CAUSE_BY_SERVER,
    CAUSE_BY_NETWORK,
    CAUSE_BY_BOTH,
};

/* Static strings, never NULL. */
const char *cause_slug(enum cause_kind kind);
const char *cause_text(enum cause_kind kind);
const char *cause_side_name(enum cause_side side); /* "client", "network", "none" and so on */
const char *hint_slug(enum cause_hint hint);       /* "": none */
const char *hint_text(enum cause_hint hint);       /* "": none */

#endif
