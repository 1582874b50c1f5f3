/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which release of Wireshark this is built against: for wscompat.h and wtcompat.h alone. */
#ifndef TCPCLOSE_RELEASE_H
#define TCPCLOSE_RELEASE_H

#include <ws_version.h>

#define COMPAT_SINCE(major, minor)        \
    (WIRESHARK_VERSION_MAJOR > (major) || \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#endif
