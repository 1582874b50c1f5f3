/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of names that state.h's lists expand to. */
#include "state.h"

#define X(name) [STATE_##name] = #name,
static const char *const state_names[] = {TCP_STATE_LIST(X)};
#undef X

static const struct {
    const char *slug;
    const char *text;
    enum event_severity severity;
} event_table[] = {
#define X(slug, severity, text) [EVENT_##slug] = {#slug, text, SEVERITY_##severity},
    TCP_EVENT_LIST(X)
#undef X
};

#define X(id, name) [RST_##id] = name,
static const char *const rst_verdict_names[] = {RST_VERDICT_LIST(X)};
#undef X

static const struct {
    const char *text;
    enum reason_fin fin;
} reason_table[] = {
#define X(id, fin, text) [REASON_##id] = {text, REASON_FIN_##fin},
    REASON_LIST(X)
#undef X
};

#define X(id, name) [RST_##id] = name,
static const char *const rst_origin_names[] = {RST_ORIGIN_LIST(X)};
#undef X

static const struct {
    const char *slug;
    const char *text;
} piece_table[] = {
#define X(id, slug, text) [PIECE_##id] = {#slug, text},
    FORGERY_PIECE_LIST(X)
#undef X
};

#define X(name) [PATTERN_##name] = #name,
static const char *const pattern_names[] = {TCP_PATTERN_LIST(X)};
#undef X

const char *
role_name(enum role role)
{
    return role == ROLE_CLIENT ? "client" : "server";
}

const char *
state_name(enum tcp_state state)
{
    return state_names[state];
}

const char *
event_slug(enum tcp_event event)
{
    return event_table[event].slug;
}

const char *
event_text(enum tcp_event event)
{
    return event_table[event].text;
}

enum event_severity
event_severity(enum tcp_event event)
{
    return event_table[event].severity;
}

const char *
rst_verdict_name(enum rst_verdict verdict)
{
    return rst_verdict_names[verdict];
}

const char *
reason_text(enum reason reason)
{
    return reason_table[reason].text;
}

enum reason_fin
reason_fin(enum reason reason)
{
    return reason_table[reason].fin;
}

const char *
rst_origin_name(enum rst_origin origin)
{
    return rst_origin_names[origin];
}

const char *
forgery_piece_slug(enum forgery_piece piece)
{
    return piece_table[piece].slug;
}

const char *
forgery_piece_text(enum forgery_piece piece)
{
    return piece_table[piece].text;
}

bool
pieces_show_forgery(piece_set pieces)
{
    const piece_set alone = piece_bit(PIECE_NUMBER) | piece_bit(PIECE_GOES_ON);

    return (pieces & alone) != 0 || (pieces & (pieces - 1)) != 0;
}

const char *
pattern_name(enum tcp_pattern pattern)
{
    return pattern_names[pattern];
}
