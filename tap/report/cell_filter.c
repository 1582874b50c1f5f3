/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cell_filter.h"

#include <glib.h>
#include <string.h>

#include "address_protocol.h"
#include "causes.h"
#include "state.h"

/* ---- words of the plugin's own ---- */

/* IS(): whether a word is one of the COUNT names. */
#define WORD_OF(IS, TYPE, COUNT, NAME)            \
    static bool IS(const char *word)              \
    {                                             \
        for (unsigned i = 0; i < (COUNT); i++) {  \
            if (strcmp(word, NAME((TYPE)i)) == 0) \
                return true;                      \
        }                                         \
        return false;                             \
    }

WORD_OF(is_pattern, enum tcp_pattern, PATTERN_COUNT, pattern_name)
WORD_OF(is_cause, enum cause_kind, CAUSE_COUNT, cause_slug)
WORD_OF(is_event, enum tcp_event, EVENT_COUNT, event_slug)

/* STATE_COUNT: it is none. */
static enum tcp_state
state_of(const char *word)
{
    for (unsigned i = 0; i < STATE_COUNT; i++) {
        if (g_ascii_strcasecmp(word, state_name((enum tcp_state)i)) == 0)
            return (enum tcp_state)i;
    }
    return STATE_COUNT;
}

/* A closing state: the streams that were in it. Others are no stream's own: the segments. */
static char *
filter_of_state(enum tcp_state state)
{
    char *slug;
    char *filter;

    if (!state_is_closing(state))
        return g_strdup_printf("tcpclose.client.state == \"%s\" || tcpclose.server.state == \"%s\"",
                               state_name(state), state_name(state));
    slug = g_ascii_strdown(state_name(state), -1);
    filter = g_strdup_printf("tcpclose.client.in.%s || tcpclose.server.in.%s", slug, slug);
    g_free(slug);
    return filter;
}

/* Some names are both a pattern's and a cause's. */
static char *
filter_of_word(const char *word)
{
    enum tcp_state state = state_of(word);

    if (is_pattern(word) && is_cause(word))
        return g_strdup_printf("tcpclose.pattern == \"%s\" || tcpclose.cause == \"%s\"", word,
                               word);
    if (is_pattern(word))
        return g_strdup_printf("tcpclose.pattern == \"%s\"", word);
    if (is_cause(word))
        return g_strdup_printf("tcpclose.cause == \"%s\"", word);
    if (is_event(word))
        return g_strdup_printf("tcpclose.event == \"%s\"", word);
    return state == STATE_COUNT ? NULL : filter_of_state(state);
}

/* ---- streams, addresses, services ---- */

static bool
is_number_up_to(const char *text, uint64_t limit)
{
    return g_ascii_string_to_unsigned(text, 10, 0, limit, NULL, NULL);
}

/* The segments to the service and from it. */
static char *
filter_of_service(const char *address, const char *port)
{
    const char *protocol = address_protocol(address);

    if (!protocol || !is_number_up_to(port, UINT16_MAX))
        return NULL;
    return g_strdup_printf(
        "(%s.src == %s && tcp.srcport == %s) || (%s.dst == %s && tcp.dstport == %s)", protocol,
        address, port, protocol, address, port);
}

/* 192.0.2.1, 2001:db8::1, 192.0.2.1:80, [2001:db8::1]:80 */
static char *
filter_of_endpoint(const char *text)
{
    const char *colon = strrchr(text, ':');
    const char *protocol = address_protocol(text);
    char *address;
    char *filter;

    if (protocol)
        return g_strdup_printf("%s.addr == %s && tcpclose", protocol, text);
    if (!colon)
        return NULL;
    if (text[0] == '[' && colon > text && colon[-1] == ']')
        address = g_strndup(text + 1, (gsize)(colon - text) - 2);
    else
        address = g_strndup(text, (gsize)(colon - text));
    filter = filter_of_service(address, colon + 1);
    g_free(address);
    return filter;
}

char *
filter_of_cell(const char *text)
{
    char *cell = g_strstrip(g_strdup(text));
    char *filter;

    if (is_number_up_to(cell, UINT32_MAX))
        filter = g_strdup_printf("tcp.stream == %s", cell);
    else
        filter = filter_of_word(cell);
    if (!filter)
        filter = filter_of_endpoint(cell);
    g_free(cell);
    return filter;
}
