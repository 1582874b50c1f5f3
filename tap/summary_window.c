/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary_window.h"

#include <epan/packet.h> /* first: the next one needs it */

#include <epan/tap.h>

#include "overview.h"
#include "selection.h"
#include "window.h"
#include "wscompat.h"

/* An open window. Its text is made once: what a button applies has to be what it said. */
struct summary_window {
    struct window *window; /* NULL: the user has closed it while the capture was read */
    bool is_reading;
    struct selection selection;
    struct report_input input;
};

static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct summary_window *summary = (struct summary_window *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;

    summary->input = selection_input(pinfo, tap);
    selection_note(&summary->selection, pinfo, tap);
    return TAP_PACKET_DONT_REDRAW;
}

static void
add_buttons(struct window *window, const struct overview_page *page)
{
    for (unsigned i = 0; i < page->findings->len; i++) {
        const struct overview_finding *finding =
            (const struct overview_finding *)g_ptr_array_index(page->findings, i);
        char *label = g_strdup_printf("Show %u", i + 1);

        window_add_filter_button(window, label, finding->filter);
        g_free(label);
    }
}

static void
draw(struct summary_window *summary)
{
    struct rows *rows = rows_begin(&summary_report, &summary->input);

    rows_collect_all(rows, &summary->selection.entries);
    if (!rows_finish(rows)) {
        char *html = overview_html(rows);

        window_set(summary->window, html);
        add_buttons(summary->window, overview_page(rows));
        g_free(html);
    }
    rows_free(rows);
}

static void
closed(void *data)
{
    struct summary_window *summary = (struct summary_window *)data;

    summary->window = NULL;
    if (!summary->is_reading)
        g_free(summary);
}

static void
read_capture(struct summary_window *summary)
{
    GString *error = register_tap_listener("tcpclose", summary, NULL, TL_REQUIRES_NOTHING, NULL,
                                           take_segment, NULL, NULL);

    if (error) {
        window_set(summary->window, error->str);
        g_string_free(error, TRUE);
        return;
    }
    window_retap(summary->window);
    remove_tap_listener(summary);
    if (summary->window)
        draw(summary);
    selection_clear(&summary->selection);
}

static void
open_window(void *data G_GNUC_UNUSED)
{
    struct summary_window *summary = g_new0(struct summary_window, 1);

    summary->window = window_open(REPORT_FAMILY " Summary", closed, summary);
    summary->is_reading = true;
    if (summary->window)
        read_capture(summary);
    summary->is_reading = false;
    if (!summary->window)
        g_free(summary);
}

void
summary_window_register(void)
{
    window_register_menu(summary_report.title, open_window, NULL);
}
