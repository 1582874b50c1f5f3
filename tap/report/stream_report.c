/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_report.h"

#include "story.h"
#include "timeline.h"

static void
append_story(GString *out, const struct history *history)
{
    story_append_head(out, history);
    g_string_append_c(out, '\n');
    story_append(out, history);
}

static void
append_timeline(GString *out, const struct history *history)
{
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    timeline_append(out, history, true);
}

const struct stream_report stream_reports[] = {
    {.name = "story", .title = "Story", .append = append_story},
    {.name = "timeline", .title = "Timeline", .append = append_timeline},
    {0},
};

GString *
stream_report_text(const struct stream_report *report, const struct stream_entries *entries,
                   uint32_t number, const struct report_input *input)
{
    const struct stream_entry *entry = stream_entries_find(entries, number);
    struct history *history;
    GString *text;

    if (!entry)
        return NULL;
    history = history_new(entry, input);
    text = g_string_new(NULL);
    report->append(text, history);
    history_free(history);
    return text;
}
