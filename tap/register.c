/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export.h"
#include "filters.h"
#include "flow.h"
#include "hosts.h"
#include "occupancy.h"
#include "patterns.h"
#include "states.h"
#include "streams.h"
#include "taps.h"
#include "tree.h"

void
tap_register_all(void)
{
    streams_register();
    patterns_register();
    states_register();
    hosts_register();
    occupancy_register();
    tree_register();
    export_register();
    flow_register();
    filters_register();
}
