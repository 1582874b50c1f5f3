/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"
#include "tap.h"

void
tap_register_all(void)
{
    streams_register();
}
