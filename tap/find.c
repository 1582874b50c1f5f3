/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "find.h"

#include <epan/packet.h> /* first: the next ones need it */

#include <epan/funnel.h>
#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

#include "cell_filter.h"
#include "report.h"
#include "window.h"

#define WHAT_IT_TAKES "stream, address, address:port, pattern, cause, state or event"

/* The dialog has one line. What was entered is ours to free. */
static void
apply(char **entered, void *data G_GNUC_UNUSED)
{
    char *filter = filter_of_cell(entered[0]);

    if (filter)
        plugin_if_apply_filter(filter, TRUE);
    else
        report_failure(
            "TCP Close: \"%s\" is not a cell that packets can be found by. Enter a " WHAT_IT_TAKES
            ", as a report shows it.",
            entered[0]);
    g_free(filter);
    g_strfreev(entered);
}

static void
ask(void *data G_GNUC_UNUSED)
{
    static const char *lines[] = {"A " WHAT_IT_TAKES ":", NULL};
    static const char *values[] = {"", NULL};
    const funnel_ops_t *ops = funnel_get_funnel_ops();

    if (ops && ops->new_dialog)
        ops->new_dialog(ops->ops_id, REPORT_FAMILY " Find", lines, values, apply, NULL, NULL);
}

void
find_register(void)
{
    window_register_menu("Find", ask, NULL);
}
