/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "streams.h"

#include "dialog.h"
#include "wscompat.h"
#include "report.h"
#include "text.h"

static const char NAME[] = "tcpclose,streams";
static const char TITLE[] = "TCP Close Streams";

/* ---- tshark ---- */

struct drawing {
    GPtrArray *streams;
    int64_t end_ns;
    struct stream_row row;
};

static const void *
make_row(void *context, unsigned index)
{
    struct drawing *drawing = (struct drawing *)context;

    drawing->row =
        stream_row_of((const struct selected_stream *)g_ptr_array_index(drawing->streams, index),
                      drawing->end_ns);
    return &drawing->row;
}

static void
draw(const struct report_run *run)
{
    struct drawing drawing = {.streams = selection_sorted(&run->selection), .end_ns = run->end_ns};
    struct text_rows rows = {.count = drawing.streams->len, .row = make_row, .context = &drawing};

    text_print(run->report->title, run->filter, stream_columns, stream_column_count, &rows);
    g_ptr_array_unref(drawing.streams);
}

/* ---- Wireshark ---- */

/* Row n of the dialog is the n-th stream of the selection. */
struct streams_dialog {
    struct dialog dialog; /* first: see dialog_of_tap() */
    struct selection selection;
};

/*
 * Wireshark calls this only while it reads the file again, which it does when the dialog opens and
 * on Apply: the records are final then, and the first segment of a stream tells all of it.
 */
static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct streams_dialog *streams = (struct streams_dialog *)dialog_of_tap(data);
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    unsigned shown = dialog_row_count(&streams->dialog);
    const struct selected_stream *selected;
    struct stream_row row;

    if (shown == 0)
        selection_clear(&streams->selection);
    selected = selection_note(&streams->selection, pinfo, tap);
    if (selected->position >= shown) {
        row = stream_row_of(selected, tap->end_ns);
        dialog_set_row(&streams->dialog, selected->position, &row);
    }
    return TAP_PACKET_DONT_REDRAW; /* see dialog_register() */
}

void
streams_register(void)
{
    static const struct report report = {.name = NAME, .title = TITLE, .draw = draw};
    static struct streams_dialog streams;

    report_register(&report);
    dialog_register(&streams.dialog, COMPAT_SUBMENU("TCP Close", "Streams"), NAME, stream_columns,
                    stream_column_count, take_segment);
}
