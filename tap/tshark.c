/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tshark.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wiretap/wtap.h>

#include "capture_bounds.h"
#include "interval.h"
#include "print.h"
#include "wscompat.h"

static wmem_list_t *runs; /* struct tshark_run: all of this process, as long as it runs */

void
tshark_refuse(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s: ", g_get_prgname());
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

static void
refuse_bound(const struct tshark_run *run, const char *preference, const char *problem)
{
    if (problem)
        tshark_refuse("Couldn't print \"-z %s\" with the preference tcpclose.%s: %s",
                      run->report->name, preference, problem);
}

/*
 * What could not be written must not look like a report: a full disk and a closed pipe end in an
 * error, also where a closed pipe would end the process before it can say so.
 */
static void
draw_session(struct tshark_run *run)
{
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    refuse_bound(run, "capture_begin", capture_begin_problem(&run->input));
    refuse_bound(run, "capture_end", capture_end_problem(&run->input));
    run->report->draw(run);
    run->is_drawn = true;
    if (!report_is_written(stdout))
        tshark_refuse("Couldn't write the report: %s.", g_strerror(errno));
}

/* ---- the end of a session ---- */

/* Only now is it known that the session was not the last. */
static void
refuse_what_is_lost(const struct tshark_run *run)
{
    if (run->lost > 0)
        tshark_refuse(
            "Couldn't print \"-z %s\": tshark ended the session before the capture's end (-M, or "
            "a next file of a live capture), and forgot %u streams. \"-z tcpclose,csv\" is "
            "written at the end of each session.",
            run->report->name, run->lost);
}

static void
end_session(struct tshark_run *run)
{
    bool is_next = run->selection.entries.count > 0 && !run->is_drawn;

    if (is_next && run->rows && run->rows->source->is_of_streams) {
        draw_session(run);
        run->sessions++;
    } else if (is_next) {
        run->lost += run->selection.entries.count;
    }
    run->is_drawn = false;
    selection_clear(&run->selection);
}

/* The records end with the session. */
static void
end_sessions(void)
{
    for (wmem_list_frame_t *at = wmem_list_head(runs); at; at = wmem_list_frame_next(at))
        end_session((struct tshark_run *)wmem_list_frame_data(at));
}

/* ---- what tshark calls ---- */

/* Called for every segment: the end of the capture is not the end of what the filter selects. */
static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags)
{
    struct tshark_run *run = (struct tshark_run *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;
    const struct report_input input = selection_input(pinfo, tap);

    refuse_what_is_lost(run);
    run->input.begin_ns = input.begin_ns;
    run->input.end_ns = input.end_ns;
    run->input.policy = input.policy;
    run->input.file.names = input.file.names;
    if (flags & TL_DISPLAY_FILTER_IGNORED)
        return TAP_PACKET_DONT_REDRAW;
    selection_note(&run->selection, pinfo, tap);
    return TAP_PACKET_REDRAW;
}

/* Every packet: the tap of ours has those with a segment only. */
static tap_packet_status
take_frame(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED,
           const void *tapped G_GNUC_UNUSED, tap_flags_t flags G_GNUC_UNUSED)
{
    struct tshark_run *run = (struct tshark_run *)data;

    if (pinfo->rec->rec_type == REC_TYPE_PACKET)
        file_span_take(&run->input.file, segment_time_ns(pinfo->abs_ts.secs, pinfo->abs_ts.nsecs));
    return TAP_PACKET_DONT_REDRAW;
}

static void
draw(void *data)
{
    struct tshark_run *run = (struct tshark_run *)data;

    refuse_what_is_lost(run);
    if (run->sessions == 0 || run->selection.entries.count > 0)
        draw_session(run);
}

static void
remember_run(struct tshark_run *run)
{
    if (!runs) {
        runs = wmem_list_new(wmem_epan_scope());
        register_cleanup_routine(end_sessions);
    }
    wmem_list_append(runs, run);
}

/* ---- the argument ---- */

static bool
ends_or_goes_on(const char *rest)
{
    return *rest == '\0' || *rest == ',';
}

/* "[,wide]", for people; empty: the report has no longer form. */
static const char *
longer_form(const struct tshark_run *run)
{
    const struct report *longer = run->rows ? run->rows->longer : NULL;

    return longer ? wmem_strdup_printf(wmem_epan_scope(), "[%s]", longer->suffix) : "";
}

/* What follows the interval, which the run gets. */
static const char *
take_interval(struct tshark_run *run, const char *argument, const char *rest)
{
    struct interval_argument interval = interval_read(rest + (*rest == ','));

    if (interval.ns == 0 || !ends_or_goes_on(interval.rest))
        tshark_refuse("Invalid report \"-z %s\": it has to be \"-z %s,SECONDS%s[,filter]\", "
                      "with " INTERVAL_RANGE ".",
                      argument, run->report->name, longer_form(run), INTERVAL_MAX_S);
    run->input.interval_ns = interval.ns;
    return interval.rest;
}

/* What follows the word for the report's longer form, if it is there; no display filter is that
 * word alone. */
static const char *
take_longer(struct tshark_run *run, const char *rest)
{
    const struct report *longer = run->rows->longer;

    if (!longer || !g_str_has_prefix(rest, longer->suffix) ||
        !ends_or_goes_on(rest + strlen(longer->suffix)))
        return rest;
    run->rows = longer;
    return rest + strlen(longer->suffix);
}

/* What follows the number of the stream, which the run gets. */
static const char *
take_stream(struct tshark_run *run, const char *argument, const char *rest)
{
    const char *number = rest + (*rest == ',');
    char *end = NULL;
    guint64 id = g_ascii_isdigit(*number) ? g_ascii_strtoull(number, &end, 10) : 0;

    if (!end || number == rest || id > UINT32_MAX || !ends_or_goes_on(end))
        tshark_refuse("Invalid report \"-z %s\": it has to be \"-z %s,STREAM[,filter]\", "
                      "with STREAM the number of a TCP stream (tcp.stream).",
                      argument, run->report->name);
    run->stream_id = (uint32_t)id;
    return end;
}

/* tshark finds a report by how the argument begins: what follows is for us to check. */
static void
take_argument(struct tshark_run *run, const char *argument)
{
    const char *rest = argument + strlen(run->report->name);

    run->rows = run->report->report;
    if (run->rows && run->rows->takes_interval)
        rest = take_interval(run, argument, rest);
    else if (run->report->is_family && *rest != '\0')
        tshark_refuse("Unknown report \"-z %s\": \"%s -z help\" lists those that there are.",
                      argument, g_get_prgname());
    else if (run->report->takes_stream)
        rest = take_stream(run, argument, rest);
    else if (!ends_or_goes_on(rest))
        tshark_refuse("Invalid report \"-z %s\": it has to be \"-z %s%s[,filter]\".", argument,
                      run->report->name, longer_form(run));
    if (run->rows)
        rest = take_longer(run, rest);
    if (*rest == ',' && rest[1] != '\0')
        run->filter = wmem_strdup(wmem_epan_scope(), rest + 1);
    run->input.selected = run->filter;
}

static void
listen(struct tshark_run *run, const char *tap, const char *filter, tap_packet_cb take,
       tap_draw_cb draw_it)
{
    GString *error = register_tap_listener(tap, run, filter, TL_IGNORE_DISPLAY_FILTER, NULL, take,
                                           draw_it, NULL);

    if (error)
        tshark_refuse("Couldn't register tap: %s", error->str);
}

/* What cannot start has ended the process, in every release. */
static compat_started
start(const char *argument, void *data)
{
    const struct tshark_report *report = (const struct tshark_report *)data;
    struct tshark_run *run = wmem_new0(wmem_epan_scope(), struct tshark_run);

    run->report = report;
    take_argument(run, argument);
    listen(run, "tcpclose", run->filter, take_segment, draw);
    if (run->rows && run->rows->tells_file)
        listen(run, "frame", NULL, take_frame, NULL);
    remember_run(run);
    return COMPAT_STARTED;
}

/*
 * In Wireshark the name belongs to the dialog of the same report: the first to register a name has
 * it, and plugins come first.
 */
void
tshark_register(const struct tshark_report *report)
{
    stat_tap_ui ui = {
        .group = REGISTER_STAT_GROUP_GENERIC,
        .title = report->title,
        .cli_string = report->name,
        .tap_init_cb = start,
    };

    if (g_strcmp0(g_get_prgname(), "tshark") == 0)
        register_stat_tap_ui(&ui, (void *)report);
}

static void
draw_rows(const struct tshark_run *run)
{
    struct rows *rows = rows_begin(run->rows, &run->input);
    char *error;

    rows_collect_all(rows, &run->selection.entries);
    error = rows_finish(rows);
    if (error)
        tshark_refuse("Couldn't print \"-z %s\": %s", run->report->name, error);
    report_print(stdout, rows, run->sessions > 0);
    rows_free(rows);
}

/* It must stay alive. */
static void
register_rows(const char *name, const struct report *report, bool is_family)
{
    struct tshark_report *made = wmem_new(wmem_epan_scope(), struct tshark_report);

    *made = (struct tshark_report){
        .name = name,
        .title = wmem_strdup_printf(wmem_epan_scope(), REPORT_FAMILY " %s", report->title),
        .report = report,
        .is_family = is_family,
        .draw = draw_rows,
    };
    tshark_register(made);
}

void
tshark_register_rows(const struct report *report)
{
    register_rows(wmem_strdup_printf(wmem_epan_scope(), "tcpclose,%s", report->name), report,
                  false);
}

/* tshark looks for the longest name first, so that this one takes what no other has taken. */
void
tshark_register_family(const struct report *report)
{
    register_rows("tcpclose", report, true);
}
