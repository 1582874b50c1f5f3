/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcpclose [REPORT] [OPTION...] FILE...: the reports of "tshark -z tcpclose,REPORT" without
 * Wireshark's dissection.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"
#include "capture_bounds.h"
#include "collect.h"
#include "files.h"
#include "interrupt.h"
#include "interval.h"
#include "options.h"
#include "output.h"
#include "progress.h"
#include "source.h"
#include "split.h"
#include "status.h"
#include "written.h"

/* The next packet of the files, if there is one; what goes wrong is told, and noted in the status.
 */
static bool
read_next(struct files *files, struct packet *packet, const struct progress *progress, int *status)
{
    char *problem;
    enum files_next next;

    while ((next = files_next(files, packet, &problem)) == FILES_PROBLEM) {
        if (!is_interrupted()) {
            progress_erase(progress);
            fprintf(stderr, "tcpclose: %s; the report is of what was read.\n", problem);
        }
        g_free(problem);
        *status = STATUS_CUT;
    }
    return next == FILES_PACKET;
}

static void
read_packets(struct collection *collection, struct files *files, const struct output *output,
             struct packet *packet, int *status)
{
    enum { TELL_EACH = 256 }; /* packets; of what comes slowly, each is told */
    struct progress *progress = progress_begin(output_is_in_parts(output));

    while (!is_interrupted() && !output_is_closed(output) &&
           read_next(files, packet, progress, status)) {
        collection_take(collection, packet);
        if (progress) {
            double part = files_part(files);

            if (packet->frame % TELL_EACH == 0 || part < 0)
                progress_tell(progress, packet->frame, part);
        }
    }
    progress_end(progress);
}

/* A filter that lets nothing through is more often a mistake than a question. */
static void
tell_unmatched(const struct bpf *bpf, uint32_t packets)
{
    if (bpf && packets > 0 && !bpf_has_matched(bpf))
        fprintf(stderr,
                "tcpclose: --bpf \"%s\" selects none of the %u packets (behind a VLAN tag they are "
                "those of \"vlan and ...\", see man pcap-filter).\n",
                bpf_expression(bpf), packets);
}

/* All packets of the files: a status. */
static int
read_all(struct collection *collection, const struct options *options, const struct output *output)
{
    char *problem;
    struct files *files = files_open(options->files, SOURCE_PACKETS, &problem);
    struct packet packet = {0};
    int status = EXIT_SUCCESS;

    if (files) {
        read_packets(collection, files, output, &packet, &status);
        files_close(files);
    } else {
        if (!is_interrupted())
            fprintf(stderr, "tcpclose: %s.\n", problem);
        g_free(problem);
        status = STATUS_REFUSED;
    }
    tell_unmatched(options->bpf, packet.frame);
    if (is_interrupted()) {
        fprintf(stderr, "tcpclose: interrupted after packet %u: the report is of what was read.\n",
                packet.frame);
        status = STATUS_CUT;
    }
    return status;
}

/* False: there is none, and the user has been told. */
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

/* False: the files go beyond the begin or the end that the user gave, and the user has been told.
 */
static bool
is_in_bounds(const struct collection *collection)
{
    const struct report_input input = collection_input(collection);
    char *problem = capture_begin_problem(&input);

    if (!problem)
        problem = capture_end_problem(&input);
    if (problem)
        fprintf(stderr, "tcpclose: there is no report: %s\n", problem);
    g_free(problem);
    return !problem;
}

static int
print(const struct options *options, const struct collection *collection, struct output *output)
{
    bool is_printed =
        options->stream_report ? print_stream(options, collection) : output_finish(output);

    return written_or_told("the report") && is_printed ? EXIT_SUCCESS : STATUS_REFUSED;
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

/* Somebody may wait for the rows: what comes in is no file that is there as a whole. */
static bool
is_live(char **files)
{
    for (char **name = files; *name; name++) {
        if (!source_is_regular(*name))
            return true;
    }
    return false;
}

int
main(int argc, char **argv)
{
    struct options options;
    /* Never freed: it lives as long as the process, which has nothing to do with the memory. */
    static struct collection *collection;
    struct output *output;
    int read_status;
    int print_status;
    int unread_status;

    setlocale(LC_CTYPE, ""); /* for GOption: what it reads and prints; numbers stay as they are */
    written_check_help();
    if (argc > 1 && strcmp(argv[1], "split") == 0)
        return split_main(argc - 1, argv + 1);
    options = options_read(argc, argv);
    collection = collection_new(&options.policy, &options.filter);
    collection_set_bpf(collection, options.bpf);
    output = output_new(&options, collection, is_live(options.files));
    if (bound_is_set(&options.bound))
        collection_set_bound(collection, &options.bound, output_take, output);
    interrupt_begin();
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    source_init();
    read_status = read_all(collection, &options, output);
    interrupt_end();
    collection_end(collection);
    if (read_status == STATUS_REFUSED)
        return STATUS_REFUSED;
    if (!is_in_bounds(collection))
        return STATUS_REFUSED;
    print_status = print(&options, collection, output);
    output_free(output);
    unread_status = tell_unread(collection);
    return print_status ? print_status : read_status ? read_status : unread_status;
}
