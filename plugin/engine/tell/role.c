/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "role.h"

#include "stream.h"

enum role
role_of_side(const struct stream *stream, unsigned side)
{
    return side == stream->client ? ROLE_CLIENT : ROLE_SERVER;
}

unsigned
role_side(const struct stream *stream, enum role role)
{
    return role == ROLE_CLIENT ? stream->client : !stream->client;
}
