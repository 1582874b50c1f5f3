/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "summary_window.h"

#include "capture_window.h"
#include "overview.h"

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

/* The text is made once: what a button applies has to be what it said. */
static void
draw(struct capture_window *summary)
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
    selection_clear(&summary->selection);
}

static void
open_window(void *data G_GNUC_UNUSED)
{
    struct capture_window *summary = capture_window_open(REPORT_FAMILY " Summary");

    if (summary && capture_window_read(summary))
        draw(summary);
}

void
summary_window_register(void)
{
    window_register_menu(summary_report.title, open_window, NULL);
}
