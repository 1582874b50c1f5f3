/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses, besides EXIT_SUCCESS. */
#ifndef TCPCLOSE_STATUS_H
#define TCPCLOSE_STATUS_H

enum {
    STATUS_REFUSED = 1, /* nothing was begun, or what is made cannot be written */
    STATUS_CUT = 2,
    STATUS_UNREAD = 3,
};

#endif
