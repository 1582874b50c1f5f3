/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "address_protocol.h"

#include <glib.h>
#include <string.h>

const char *
address_protocol(const char *address)
{
    const char *colon = strchr(address, ':');

    if (!g_hostname_is_ip_address(address))
        return NULL;
    if (!colon)
        return "ip";
    return strchr(colon + 1, ':') ? "ipv6" : NULL; /* ":" is one to GLib */
}
