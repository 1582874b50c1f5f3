/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every difference between the supported Wireshark releases that this plugin meets, named for what
 * it does. Nothing else here tests for a version; which releases are supported, CMakeLists.txt
 * says.
 *
 * "4.4" means that 4.0 has it the old way and 4.4 the new way. 4.2 is taken to be as 4.0, which is
 * what its history says: standard types, the data of conversation filters and plugin_describe()
 * all came after it was branched. It was never built with; where that is wrong, a type does not
 * fit and the compiler stops.
 */
#ifndef TCPCLOSE_WSCOMPAT_H
#define TCPCLOSE_WSCOMPAT_H

#include <epan/ftypes/ftypes.h>
#include <epan/proto.h>
#include <epan/tvbuff.h>

#include "release.h"

/* 4.4 gave the function a standard type in its name, and warns of the old one. */
static inline uint8_t
compat_tvb_uint8(tvbuff_t *tvb, int offset)
{
#if COMPAT_SINCE(4, 4)
    return tvb_get_uint8(tvb, offset);
#else
    return tvb_get_guint8(tvb, offset);
#endif
}

/* 4.4 made bool what said yes or no: preferences, flow graphs, conversation filters. */
#if COMPAT_SINCE(4, 4)
typedef bool compat_bool;
#else
typedef gboolean compat_bool;
#endif

/* 4.4 hands the callbacks of a conversation filter the data that it was registered with. */
#if COMPAT_SINCE(4, 4)
#define COMPAT_CONVERSATION_FILTER_DATA , void *data G_GNUC_UNUSED
#define compat_register_conversation_filter(proto, label, is_valid, build) \
    register_conversation_filter(proto, label, is_valid, build, NULL)
#else
#define COMPAT_CONVERSATION_FILTER_DATA
#define compat_register_conversation_filter(proto, label, is_valid, build) \
    register_conversation_filter(proto, label, is_valid, build)
#endif

/* 4.4 asks a plugin what it brings, for "tshark -G plugins" and the About dialog. */
#if COMPAT_SINCE(4, 4)
#include <wsutil/plugins.h>
#define COMPAT_PLUGIN_DESCRIPTION (WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER)
#else
#define COMPAT_PLUGIN_DESCRIPTION 0
#endif

/*
 * 4.6 asks the function that starts a -z report whether it could; before, it had to say so itself
 * and end the process. "return COMPAT_STARTED;" is right for both.
 */
#if COMPAT_SINCE(4, 6)
typedef bool compat_started;
#define COMPAT_STARTED true
#else
typedef void compat_started;
#define COMPAT_STARTED
#endif

/*
 * 4.6 makes submenus where the title of an entry of Statistics has slashes; before they were shown.
 * A statistics tree makes submenus of its own in all releases, which are never the same.
 */
#if COMPAT_SINCE(4, 6)
#define COMPAT_SUBMENUS true
#define COMPAT_SUBMENU(menu, item) menu "/" item
#else
#define COMPAT_SUBMENUS false
#define COMPAT_SUBMENU(menu, item) menu " " item
#endif

#endif
