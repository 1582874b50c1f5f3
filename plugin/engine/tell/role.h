/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only way between the sides of a stream, which segments have, and the roles that people know.
 */
#ifndef TCPCLOSE_ROLE_H
#define TCPCLOSE_ROLE_H

#include "state.h"

struct stream;

/* The role of side 0 or 1; the same for all of the stream's life. */
enum role role_of_side(const struct stream *stream, unsigned side);

#endif
