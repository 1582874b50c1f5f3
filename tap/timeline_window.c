/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timeline_window.h"

#include <epan/packet.h> /* first: the next ones need it */

#include <epan/plugin_if.h>
#include <epan/tap.h>

#include "selection.h"
#include "story.h"
#include "timeline.h"
#include "window.h"
#include "wscompat.h"

/* An open window, until the user closes it. It reads the capture again each time that it has to. */
struct timeline_window {
    struct window *window;      /* NULL: the user has closed it while the capture was read */
    struct selection selection; /* while the capture is read, and just after: all streams */
    struct report_input input;
    uint32_t frame; /* the one that was selected in the packet list; 0: none */
    uint32_t stream_id;
    bool has_stream;
    bool is_reading;
};

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
show(struct timeline_window *timeline, const struct stream_entry *entry)
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

static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct timeline_window *timeline = (struct timeline_window *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;

    timeline->input = selection_input(pinfo, tap);
    selection_note(&timeline->selection, pinfo, tap);
    if (!timeline->has_stream && pinfo->num == timeline->frame) {
        timeline->has_stream = true;
        timeline->stream_id = tap->stream_id;
    }
    return TAP_PACKET_DONT_REDRAW;
}

static void
closed(void *data)
{
    struct timeline_window *timeline = (struct timeline_window *)data;

    timeline->window = NULL;
    if (!timeline->is_reading)
        g_free(timeline);
}

/* What is to be shown once the capture has been read; NULL: nothing new. */
typedef const struct stream_entry *choose_stream(const struct timeline_window *timeline);

static void
read_and_show(struct timeline_window *timeline, choose_stream *choose)
{
    GString *error = register_tap_listener("tcpclose", timeline, NULL, TL_REQUIRES_NOTHING, NULL,
                                           take_segment, NULL, NULL);
    const struct stream_entry *entry;

    if (error) {
        window_set(timeline->window, error->str);
        g_string_free(error, TRUE);
        return;
    }
    timeline->is_reading = true;
    window_retap(timeline->window);
    timeline->is_reading = false;
    remove_tap_listener(timeline);
    entry = timeline->window ? choose(timeline) : NULL;
    if (entry)
        show(timeline, entry);
    selection_clear(&timeline->selection);
    if (!timeline->window)
        g_free(timeline);
}

/* ---- which stream ---- */

static const struct stream_entry *
selected_stream(const struct timeline_window *timeline)
{
    return timeline->has_stream
               ? stream_entries_find(&timeline->selection.entries, timeline->stream_id)
               : NULL;
}

static enum cause_kind
cause_kind_of(const struct timeline_window *timeline, const struct stream_entry *entry)
{
    return cause_of(entry->stream, timeline->input.end_ns).kind;
}

/* After the last one, from the first one on; where there is no other, the same again. */
static const struct stream_entry *
next_stream(const struct timeline_window *timeline)
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
    const struct timeline_window *timeline = (const struct timeline_window *)data;
    char *filter = g_strdup_printf("tcp.stream == %u", timeline->stream_id);

    if (timeline->has_stream)
        plugin_if_apply_filter(filter, TRUE);
    g_free(filter);
}

static void
show_next(void *data)
{
    struct timeline_window *timeline = (struct timeline_window *)data;

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
    struct timeline_window *timeline = g_new0(struct timeline_window, 1);

    timeline->window = window_open(REPORT_FAMILY " Timeline", closed, timeline);
    if (!timeline->window) {
        g_free(timeline);
        return;
    }
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
