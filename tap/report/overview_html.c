/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary for a window. What Qt's rich text does not know is not used. */
#include "overview.h"

static const char TABLE[] = "<table border=\"1\" cellspacing=\"0\" cellpadding=\"4\">";

/* Appends like printf, with every argument's markup made harmless. */
static void append(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
append(GString *out, const char *format, ...)
{
    va_list arguments;
    char *escaped;

    va_start(arguments, format);
    escaped = g_markup_vprintf_escaped(format, arguments);
    va_end(arguments);
    g_string_append(out, escaped);
    g_free(escaped);
}

static void
append_lines(GString *out, const GPtrArray *lines)
{
    g_string_append(out, "<table cellpadding=\"2\">");
    for (unsigned i = 0; i < lines->len; i++) {
        const struct overview_line *line =
            (const struct overview_line *)g_ptr_array_index(lines, i);

        append(out, "<tr><td><b>%s</b></td><td>%s</td></tr>", line->title, line->text);
    }
    g_string_append(out, "</table>");
}

static void
append_findings(GString *out, const struct overview_page *page)
{
    if (page->findings->len == 0) {
        g_string_append(out, "<p>Nothing is worth a look.</p>");
        return;
    }
    g_string_append(out, "<p><b>Worth a look</b> (each button below applies a line's filter)</p>");
    g_string_append(out, TABLE);
    g_string_append(out,
                    "<tr bgcolor=\"#dddddd\"><th></th><th>What, and its filter</th><th>Streams</th>"
                    "<th>Example</th></tr>");
    for (unsigned i = 0; i < page->findings->len; i++) {
        const struct overview_finding *finding =
            (const struct overview_finding *)g_ptr_array_index(page->findings, i);

        append(out, "<tr><td>%u</td><td><font color=\"%s\"><b>%s</b></font><br>%s</td>", i + 1,
               finding->breaks ? "#b00000" : "#000000", finding->sentence, finding->filter);
        append(out, "<td align=\"right\">%u</td><td align=\"right\">%u</td></tr>", finding->streams,
               finding->example);
    }
    g_string_append(out, "</table>");
    if (page->left_off > 0)
        append(out, "<p>And %u more: see Causes.</p>", page->left_off);
}

char *
overview_html(struct rows *rows)
{
    const struct overview_page *page = overview_page(rows);
    GString *out = g_string_new("<html><body>");

    append_lines(out, page->head);
    append_findings(out, page);
    append_lines(out, page->notes);
    g_string_append(out, "</body></html>");
    return g_string_free(out, FALSE);
}
