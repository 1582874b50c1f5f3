/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcpclose [REPORT] [OPTION...] FILE...: the reports of "tshark -z tcpclose,REPORT" without
 * Wireshark's dissection.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture_end.h"
#include "collect.h"
#include "files.h"
#include "interrupt.h"
#include "interval.h"
#include "options.h"
#include "print.h"
#include "split.h"
#include "status.h"
#include "units.h"

/* All packets of the files: a status. */
static int
read_all(struct collection *collection, char **names)
{
    char *problem;
    struct files *files = files_open(names, SOURCE_PACKETS, &problem);
    enum files_next next = FILES_PACKET;
    int status = EXIT_SUCCESS;
    struct packet packet = {0};

    if (!files) {
        fprintf(stderr, "tcpclose: %s.\n", problem);
        g_free(problem);
        return STATUS_REFUSED;
    }
    while (!is_interrupted() && next != FILES_END) {
        next = files_next(files, &packet, &problem);
        if (next == FILES_PACKET)
            collection_take(collection, &packet);
        if (next == FILES_PROBLEM) {
            fprintf(stderr, "tcpclose: %s; the report is of what was read.\n", problem);
            g_free(problem);
            status = STATUS_CUT;
        }
    }
    if (is_interrupted()) {
        fprintf(stderr, "tcpclose: interrupted after packet %u: the report is of what was read.\n",
                packet.frame);
        status = STATUS_CUT;
    }
    files_close(files);
    return status;
}

/* False: there is none, and the user has been told. */
static bool
print_rows(const struct options *options, const struct collection *collection)
{
    struct report_input input = collection_input(collection);
    char *names = g_strjoinv(";", options->files);
    struct rows *rows;
    char *error;

    input.interval_ns = options->interval_ns;
    input.selected = options->filter_text;
    input.file.names = names;
    rows = rows_begin(options->report, &input);
    rows_collect_all(rows, collection_entries(collection));
    error = rows_finish(rows);
    if (error)
        fprintf(stderr, "tcpclose: there is no report \"%s\": %s\n", options->report->name, error);
    else
        report_print(stdout, options->filter_text, rows, false);
    rows_free(rows);
    g_free(names);
    g_free(error);
    return !error;
}

/* The same, of one stream. */
static bool
print_stream(const struct options *options, const struct collection *collection)
{
    const struct report_input input = collection_input(collection);
    GString *text = stream_report_text(options->stream_report, collection_entries(collection),
                                       options->filter.stream, &input);

    if (!text) {
        fprintf(stderr,
                "tcpclose: there is no report \"%s\": the files have no TCP stream with %s.\n",
                options->stream_report->name, options->filter_text);
        return false;
    }
    fwrite(text->str, 1, text->len, stdout);
    g_string_free(text, TRUE);
    return true;
}

/* False: the files go beyond the end that the user gave, and the user has been told. */
static bool
is_before_end(const struct collection *collection)
{
    const struct report_input input = collection_input(collection);
    char *problem = capture_end_problem(&input);

    if (problem)
        fprintf(stderr, "tcpclose: there is no report: %s\n", problem);
    g_free(problem);
    return !problem;
}

static int
print(const struct options *options, const struct collection *collection)
{
    bool is_printed = options->stream_report ? print_stream(options, collection)
                                             : print_rows(options, collection);

    if (!report_is_written(stdout)) {
        fprintf(stderr, "tcpclose: the report cannot be written: %s.\n", g_strerror(errno));
        return STATUS_REFUSED;
    }
    return is_printed ? EXIT_SUCCESS : STATUS_REFUSED;
}

/* What tshark could have found and this has not looked at. */
static int
tell_unread(const struct collection *collection)
{
    const struct tally *unread = collection_unread(collection);
    char *text;

    if (tally_total(unread) == 0)
        return EXIT_SUCCESS;
    text = tally_text(unread);
    fprintf(stderr,
            "tcpclose: not looked at, and may hold TCP: packets: %s. "
            "\"tshark -q -z tcpclose,REPORT -r FILE\" reads them.\n",
            text);
    g_free(text);
    return STATUS_UNREAD;
}

int
main(int argc, char **argv)
{
    struct options options;
    /* Never freed: it lives as long as the process, which has nothing to do with the memory. */
    static struct collection *collection;
    int read_status;
    int print_status;
    int unread_status;

    if (argc > 1 && strcmp(argv[1], "split") == 0)
        return split_main(argc - 1, argv + 1);
    options = options_read(argc, argv);
    collection = collection_new(&options.policy, &options.filter);
    collection_set_bpf(collection, options.bpf);
    interrupt_begin();
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    source_init();
    read_status = read_all(collection, options.files);
    interrupt_end();
    if (read_status == STATUS_REFUSED)
        return STATUS_REFUSED;
    if (!is_before_end(collection))
        return STATUS_REFUSED;
    print_status = print(&options, collection);
    unread_status = tell_unread(collection);
    return print_status ? print_status : read_status ? read_status : unread_status;
}
