/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The entry points that Wireshark looks for in a plugin. */
#include <epan/packet.h>
#include <ws_attributes.h>
#include <ws_symbol_export.h>

#include "packet-tcpclose.h"
#include "taps.h"
#include "wscompat.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = TCPCLOSE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

/* The taps too: sharkd never calls what tap_register_plugin() is given. */
static void
handoff(void)
{
    packet_tcpclose_handoff();
    tap_register_all();
}

void
plugin_register(void)
{
    static proto_plugin plugin = {
        .register_protoinfo = packet_tcpclose_register,
        .register_handoff = handoff,
    };

    proto_register_plugin(&plugin);
}

uint32_t
plugin_describe(void)
{
    return COMPAT_PLUGIN_DESCRIPTION;
}
