/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "filters.h"

#include <epan/packet.h> /* first: the next one needs it */

#include <epan/conversation_filter.h>
#include <epan/funnel.h>
#include <epan/plugin_if.h>

#include "cause.h"
#include "outcome.h"
#include "report.h"
#include "tap.h"
#include "wscompat.h"

/* Statistics, TCP Close Filters: what an entry says, and the filter that it applies. */
static const struct {
    const char *label;
    const char *filter;
} entries[] = {
    {"CLOSE_WAIT that hangs",
     "tcpclose.server.in.close_wait > 30 or tcpclose.client.in.close_wait > 30"},
    {"Resets before both FINs",
     "tcpclose.pattern in {\"reset\", \"fin_then_reset\", \"fin_answered_by_reset\"}"},
    {"FINs without an answer", "tcpclose.pattern in {\"fin_unanswered\", \"half_closed\"}"},
    {"Simultaneous closes", "tcpclose.pattern == \"simultaneous\""},
    {"Reuse inside TIME_WAIT", "tcpclose.event == \"time_wait_reuse\""},
};

static void
apply(void *filter)
{
    plugin_if_apply_filter((const char *)filter, TRUE);
}

static void
apply_entry(ext_menubar_gui_type gui G_GNUC_UNUSED, void *window G_GNUC_UNUSED, void *filter)
{
    apply(filter);
}

/* In the submenu that the reports are in. */
static void
register_beside_reports(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(entries); i++) {
        char *path = g_strconcat(REPORT_FAMILY "/Filters/", entries[i].label, NULL);

        funnel_register_menu(path, REGISTER_PACKET_STAT_GROUP_UNSORTED, apply,
                             (void *)entries[i].filter, NULL, FALSE);
        g_free(path);
    }
}

/* In a submenu of their own. */
static void
register_apart(int proto)
{
    ext_menu_t *menu = ext_menubar_register_menu(proto, REPORT_FAMILY " Filters", TRUE);

    ext_menubar_set_parentmenu(menu, "Statistics");
    for (unsigned i = 0; i < G_N_ELEMENTS(entries); i++)
        ext_menubar_add_entry(menu, entries[i].label, entries[i].filter, apply_entry,
                              (void *)entries[i].filter);
}

static compat_bool
has_stream(packet_info *pinfo COMPAT_CONVERSATION_FILTER_DATA)
{
    uint32_t stream;

    return tcpclose_stream_of_frame(pinfo, &stream);
}

/* The segments that changed a state or raised an event. */
static char *
filter_of_close(packet_info *pinfo COMPAT_CONVERSATION_FILTER_DATA)
{
    uint32_t stream;

    if (!tcpclose_stream_of_frame(pinfo, &stream))
        return NULL;
    return g_strdup_printf("tcp.stream == %u && (tcpclose.event || tcpclose.client.previous || "
                           "tcpclose.server.previous)",
                           stream);
}

/* NULL: there is none. */
static const struct stream *
stream_of_frame(packet_info *pinfo, int64_t *end_ns)
{
    uint32_t id;

    return tcpclose_stream_of_frame(pinfo, &id) ? tcpclose_stream(id, end_ns) : NULL;
}

/* All streams that ended as the packet's did. */
static char *
filter_of_pattern(packet_info *pinfo COMPAT_CONVERSATION_FILTER_DATA)
{
    int64_t end_ns;
    const struct stream *stream = stream_of_frame(pinfo, &end_ns);

    return stream ? g_strdup_printf("tcpclose.pattern == \"%s\"",
                                    pattern_name(outcome_of(stream, end_ns).pattern))
                  : NULL;
}

static char *
filter_of_cause(packet_info *pinfo COMPAT_CONVERSATION_FILTER_DATA)
{
    int64_t end_ns;
    const struct stream *stream = stream_of_frame(pinfo, &end_ns);

    return stream ? g_strdup_printf("tcpclose.cause == \"%s\"",
                                    cause_slug(cause_of(stream, end_ns).kind))
                  : NULL;
}

void
filters_register(void)
{
    if (COMPAT_SUBMENUS)
        register_beside_reports();
    else
        register_apart(proto_get_id_by_filter_name("tcpclose"));
    compat_register_conversation_filter("tcpclose", "TCP Close: this stream's close", has_stream,
                                        filter_of_close);
    compat_register_conversation_filter("tcpclose", "TCP Close: streams with this pattern",
                                        has_stream, filter_of_pattern);
    compat_register_conversation_filter("tcpclose", "TCP Close: streams with this cause",
                                        has_stream, filter_of_cause);
}
