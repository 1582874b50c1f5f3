/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <epan/packet.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "units.h"
#include "wscompat.h"

enum { INTERVAL_MAX_S = 1000000000 }; /* some 30 years */

static wmem_list_t *runs; /* struct report_run: all of this process, as long as it runs */

/*
 * The records end with the file. tshark draws before that, except with -M, which ends the session
 * now and then: the report is then on the streams of the last one.
 */
static void
forget_streams(void)
{
    for (wmem_list_frame_t *at = wmem_list_head(runs); at; at = wmem_list_frame_next(at))
        selection_clear(&((struct report_run *)wmem_list_frame_data(at))->selection);
}

static void
remember_run(struct report_run *run)
{
    if (!runs) {
        runs = wmem_list_new(wmem_epan_scope());
        register_cleanup_routine(forget_streams);
    }
    wmem_list_append(runs, run);
}

/* Called for every segment: the end of the capture is not the end of what the filter selects. */
static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags)
{
    struct report_run *run = (struct report_run *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;

    run->begin_ns = tap->segment->time_ns - (pinfo->rel_ts.secs * NS_PER_S + pinfo->rel_ts.nsecs);
    run->end_ns = tap->end_ns;
    if (flags & TL_DISPLAY_FILTER_IGNORED)
        return TAP_PACKET_DONT_REDRAW;
    selection_note(&run->selection, pinfo, tap);
    return TAP_PACKET_REDRAW;
}

void
report_refuse(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "%s: ", g_get_prgname());
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(EXIT_FAILURE);
}

/*
 * What could not be written must not look like a report: a full disk and a closed pipe end in an
 * error, also where a closed pipe would end the process before it can say so.
 */
static void
draw(void *data)
{
    const struct report_run *run = (const struct report_run *)data;

#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    run->report->draw(run);
    if (fflush(stdout) != 0 || ferror(stdout))
        report_refuse("Couldn't write the report: %s.", g_strerror(errno));
}

/* The interval that the text begins with, which it is moved behind; 0 if there is no valid one. */
static int64_t
take_interval(const char **text)
{
    size_t length = strspn(*text, "0123456789.");
    char *number = g_strndup(*text, length);
    char *end;
    double seconds = g_ascii_strtod(number, &end);
    bool is_number = length > 0 && *end == '\0';

    g_free(number);
    *text += length;
    return is_number && seconds <= INTERVAL_MAX_S ? llround(seconds * NS_PER_S) : 0;
}

/* tshark finds a report by how the argument begins: what follows is for us to check. */
static void
take_argument(struct report_run *run, const char *argument)
{
    const struct report *report = run->report;
    const char *rest = argument + strlen(report->name);

    if (report->takes_interval) {
        rest += *rest == ',';
        run->interval_ns = take_interval(&rest);
        if (run->interval_ns == 0 || (*rest != '\0' && *rest != ','))
            report_refuse("Invalid report \"-z %s\": it has to be \"-z %s,SECONDS[,filter]\", with "
                          "SECONDS from 0.000000001 to %d.",
                          argument, report->name, INTERVAL_MAX_S);
    } else if (*rest != '\0' && *rest != ',') {
        report_refuse("Invalid report \"-z %s\": it has to be \"-z %s[,filter]\".", argument,
                      report->name);
    }
    if (*rest == ',' && rest[1] != '\0')
        run->filter = wmem_strdup(wmem_epan_scope(), rest + 1);
}

/* What cannot start has ended the process, in every release. */
static compat_started
start(const char *argument, void *data)
{
    const struct report *report = (const struct report *)data;
    struct report_run *run = wmem_new0(wmem_epan_scope(), struct report_run);
    GString *error;

    run->report = report;
    take_argument(run, argument);
    error = register_tap_listener("tcpclose", run, run->filter, TL_IGNORE_DISPLAY_FILTER, NULL,
                                  take_segment, draw, NULL);
    if (error)
        report_refuse("Couldn't register tap: %s", error->str);
    remember_run(run);
    return COMPAT_STARTED;
}

/*
 * In Wireshark the name belongs to the dialog of the same report: the first to register a name has
 * it, and plugins come first.
 */
void
report_register(const struct report *report)
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
