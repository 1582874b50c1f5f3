/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "taps.h"

#include "dialog.h"
#include "filters.h"
#include "find.h"
#include "flow.h"
#include "one_stream.h"
#include "summary_window.h"
#include "timeline_window.h"
#include "tree.h"
#include "tshark.h"

void
tap_register_all(void)
{
    for (const struct report *const *at = reports; *at; at++) {
        tshark_register_rows(*at);
        if (dialog_is_possible(*at))
            dialog_register((*at)->longer ? (*at)->longer : *at); /* it scrolls, and sorts by any */
    }
    tshark_register_family(&summary_report);
    tree_register();
    flow_register();
    one_stream_register();
    filters_register();
    find_register();
    summary_window_register();
    timeline_window_register();
}
