/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "one_stream.h"

#include <stdio.h>

#include "story.h"
#include "timeline.h"
#include "tshark.h"

/* The history of the run's stream, if it was selected. Freed with history_free(). */
static struct history *
history_of(const struct tshark_run *run)
{
    const struct stream_entry *entry = stream_entries_find(&run->selection.entries, run->stream_id);

    if (!entry)
        tshark_refuse("Couldn't print \"-z %s,%u\": the capture has no TCP stream %u%s.",
                      run->report->name, run->stream_id, run->stream_id,
                      run->filter ? " with a segment that the filter lets through" : "");
    return history_new(entry, &run->input);
}

/* Writes the text, which it frees: what could not be written is found later. */
static void
put(GString *text)
{
    fwrite(text->str, 1, text->len, stdout);
    g_string_free(text, TRUE);
}

static void
draw_story(const struct tshark_run *run)
{
    struct history *history = history_of(run);
    GString *text = g_string_new(NULL);

    story_append_head(text, history);
    g_string_append_c(text, '\n');
    story_append(text, history);
    put(text);
    history_free(history);
}

static void
draw_timeline(const struct tshark_run *run)
{
    struct history *history = history_of(run);
    GString *text = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    timeline_append(text, history, true);
    put(text);
    history_free(history);
}

void
one_stream_register(void)
{
    static const struct tshark_report story = {.name = "tcpclose,story",
                                               .title = "TCP Close Story",
                                               .takes_stream = true,
                                               .draw = draw_story};
    static const struct tshark_report timeline = {.name = "tcpclose,timeline",
                                                  .title = "TCP Close Timeline",
                                                  .takes_stream = true,
                                                  .draw = draw_timeline};

    tshark_register(&story);
    tshark_register(&timeline);
}
