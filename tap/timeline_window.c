/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timeline_window.h"

#include <epan/packet.h> /* first: the next one needs it */

#include <epan/plugin_if.h>

#include "capture_window.h"
#include "story.h"
#include "timeline.h"

/* ---- what it shows ---- */

/* Qt knows no svg element, but a picture as an address. */
static void
append_picture(GString *html, const struct history *history)
{
    GString *svg = g_string_new(NULL);
    char *encoded;

    timeline_append(svg, history, false);
    encoded = g_base64_encode((const guchar *)svg->str, svg->len);
    g_string_append_printf(html, "<p><img src=\"data:image/svg+xml;base64,%s\"></p>", encoded);
    g_free(encoded);
    g_string_free(svg, TRUE);
}

/* What append appends, as it is. */
static void
append_text(GString *html, void (*append)(GString *out, const struct history *history),
            const struct history *history)
{
    GString *text = g_string_new(NULL);
    char *escaped;

    append(text, history);
    escaped = g_markup_escape_text(text->str, (gssize)text->len);
    g_string_append_printf(html, "<pre style=\"white-space: pre-wrap\">%s</pre>", escaped);
    g_free(escaped);
    g_string_free(text, TRUE);
}

static void
show(struct capture_window *timeline, const struct stream_entry *entry)
{
    struct history *history = history_new(entry, &timeline->input);
    GString *html = g_string_new("<html>");

    append_text(html, story_append_head, history); /* Qt scrolls to the end of the first line */
    append_picture(html, history);
    append_text(html, story_append, history);
    g_string_append(html, "</html>");
    window_set(timeline->window, html->str);
    g_string_free(html, TRUE);
    history_free(history);
    timeline->stream_id = entry->id;
}

/* ---- the capture ---- */

/* What is to be shown once the capture has been read; NULL: nothing new. */
typedef const struct stream_entry *choose_stream(const struct capture_window *timeline);

static void
read_and_show(struct capture_window *timeline, choose_stream *choose)
{
    const struct stream_entry *entry;

    if (!capture_window_read(timeline))
        return;
    entry = choose(timeline);
    if (entry)
        show(timeline, entry);
    selection_clear(&timeline->selection);
}

/* ---- which stream ---- */

static const struct stream_entry *
selected_stream(const struct capture_window *timeline)
{
    return timeline->has_stream
               ? stream_entries_find(&timeline->selection.entries, timeline->stream_id)
               : NULL;
}

static enum cause_kind
cause_kind_of(const struct capture_window *timeline, const struct stream_entry *entry)
{
    return cause_of(entry->stream, timeline->input.end_ns).kind;
}

/* After the last one, from the first one on; where there is no other, the same again. */
static const struct stream_entry *
next_stream(const struct capture_window *timeline)
{
    const struct stream_entry *shown = selected_stream(timeline);
    const struct stream_entry *next;
    GPtrArray *sorted;
    guint at = 0;

    if (!shown)
        return NULL;
    sorted = stream_entries_sorted(&timeline->selection.entries);
    while (g_ptr_array_index(sorted, at) != shown)
        at++;
    do {
        at = (at + 1) % sorted->len;
        next = (const struct stream_entry *)g_ptr_array_index(sorted, at);
    } while (cause_kind_of(timeline, next) != cause_kind_of(timeline, shown));
    g_ptr_array_unref(sorted);
    return next;
}

/* ---- buttons and menu ---- */

static void
show_packets(void *data)
{
    const struct capture_window *timeline = (const struct capture_window *)data;
    char *filter = g_strdup_printf("tcp.stream == %u", timeline->stream_id);

    if (timeline->has_stream)
        plugin_if_apply_filter(filter, TRUE);
    g_free(filter);
}

static void
show_next(void *data)
{
    struct capture_window *timeline = (struct capture_window *)data;

    if (!timeline->is_reading)
        read_and_show(timeline, next_stream);
}

static uint32_t
selected_frame(void)
{
    ws_info_t *info = NULL;

    plugin_if_get_ws_info(&info);
    return info && info->ws_info_supported ? info->cf_framenr : 0;
}

static void
open_window(void *data G_GNUC_UNUSED)
{
    struct capture_window *timeline = capture_window_open(REPORT_FAMILY " Timeline");

    if (!timeline)
        return;
    timeline->frame = selected_frame();
    window_set(timeline->window, "No TCP packet is selected. Select one in the packet list, and "
                                 "open this window again.");
    window_add_button(timeline->window, "Show these packets", show_packets, timeline, NULL);
    window_add_button(timeline->window, "Next stream with this cause", show_next, timeline, NULL);
    read_and_show(timeline, selected_stream);
}

void
timeline_window_register(void)
{
    window_register_menu("Timeline", open_window, NULL);
}
