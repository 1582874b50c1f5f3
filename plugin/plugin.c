/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry points that Wireshark looks for in a plugin. */
#include <epan/packet.h>
#include <ws_attributes.h>
#include <ws_symbol_export.h>
#include <wsutil/report_message.h>

#include "packet-tcpclose.h"
#include "taps.h"
#include "wscompat.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = TCPCLOSE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

/*
 * Wireshark loads every file in its plugin folders, and ends where a protocol is registered twice.
 * Of two copies under different names the one that comes second stays idle.
 */
static bool is_second_copy;

static void
register_protocol(void)
{
    is_second_copy = proto_get_id_by_filter_name("tcpclose") != -1;
    if (is_second_copy)
        report_warning(
            "tcpclose: a second copy of this plugin was found and is not used. Remove one of "
            "the files: \"tshark -G plugins\" or Help, About, Plugins lists them.");
    else
        packet_tcpclose_register();
}

/* The taps too: sharkd never calls what tap_register_plugin() is given. */
static void
handoff(void)
{
    if (is_second_copy)
        return;
    packet_tcpclose_handoff();
    tap_register_all();
}

void
plugin_register(void)
{
    static proto_plugin plugin = {
        .register_protoinfo = register_protocol,
        .register_handoff = handoff,
    };

    proto_register_plugin(&plugin);
}

uint32_t
plugin_describe(void)
{
    return COMPAT_PLUGIN_DESCRIPTION;
}
