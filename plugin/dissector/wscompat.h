/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every difference between Wireshark versions that this plugin meets, named for what it does. */
#ifndef TCPCLOSE_WSCOMPAT_H
#define TCPCLOSE_WSCOMPAT_H

#include <epan/ftypes/ftypes.h>
#include <epan/proto.h>
#include <ws_version.h>

/* 4.2 made field_info.value a pointer. */
static inline uint32_t
compat_field_uint(const field_info *field)
{
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 2)
    return fvalue_get_uinteger(field->value);
#else
    return fvalue_get_uinteger((fvalue_t *)&field->value);
#endif
}

/* 4.2 made boolean preferences bool. */
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 2)
typedef bool compat_pref_bool;
#else
typedef gboolean compat_pref_bool;
#endif

/* 4.2 asks a plugin what it brings, for "tshark -G plugins" and the About dialog. */
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 2)
#include <wsutil/plugins.h>
#define COMPAT_PLUGIN_DESCRIPTION (WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER)
#else
#define COMPAT_PLUGIN_DESCRIPTION 0
#endif

#endif
