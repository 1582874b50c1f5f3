/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "one_stream.h"

#include <stdio.h>

#include "stream_report.h"
#include "tshark.h"

/* What tshark asks for, and what it gets: both live as long as the process. */
struct registered {
    struct tshark_report asked;
    const struct stream_report *report;
};

/* What could not be written is found later. */
static void
draw(const struct tshark_run *run)
{
    const struct registered *registered = (const struct registered *)run->report;
    GString *text = stream_report_text(registered->report, &run->selection.entries, run->stream_id,
                                       &run->input);

    if (!text)
        tshark_refuse("Couldn't print \"-z %s,%u\": the capture has no TCP stream %u%s.",
                      run->report->name, run->stream_id, run->stream_id,
                      run->filter ? " with a segment that the filter lets through" : "");
    fwrite(text->str, 1, text->len, stdout);
    g_string_free(text, TRUE);
}

void
one_stream_register(void)
{
    for (const struct stream_report *at = stream_reports; at->name; at++) {
        struct registered *made = wmem_new(wmem_epan_scope(), struct registered);

        *made = (struct registered){
            .asked = {.name = wmem_strdup_printf(wmem_epan_scope(), "tcpclose,%s", at->name),
                      .title =
                          wmem_strdup_printf(wmem_epan_scope(), REPORT_FAMILY " %s", at->title),
                      .takes_stream = true,
                      .draw = draw},
            .report = at,
        };
        tshark_register(&made->asked);
    }
}
