/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "split.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#include "bucket.h"
#include "bucket_files.h"
#include "decode.h"
#include "files.h"
#include "held.h"
#include "interrupt.h"
#include "options.h"
#include "status.h"
#include "values.h"
#include "written.h"

struct split_options {
    char *n; /* as it was given, and the same of --after */
    char *m;
    int count;
    int after;
    char *folder;
    gboolean all;
    gboolean force;
    gboolean as_bpf;
    char **names;
};

struct split {
    const struct split_options *options;
    struct bucket_files *buckets;
    struct held *held;
    struct fragments *fragments;
    struct tally *unread;
    int bucket;      /* of the packet that is looked at: of its first TCP header */
    bool has_others; /* and its other ones are of other buckets */
    uint64_t mixed;  /* such packets */
    uint64_t late;   /* fragments that could not wait for the others */
    char *error;     /* NULL: none yet */
};

/* ---- the command line ---- */

static void
read_arguments(struct split_options *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"buckets", 'n', 0, G_OPTION_ARG_STRING, &options->n,
         "How many files: a power of two, 2 to 256", "N"},
        {"after", 0, 0, G_OPTION_ARG_STRING, &options->m,
         "Split again: the files are buckets of a split into M", "M"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options->folder,
         "Where they are made: bucket-00.pcapng and so on", "FOLDER"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options->all,
         "Packets without TCP, too: they go to bucket 0", NULL},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options->force,
         "Replace the bucket files that are in FOLDER", NULL},
        {"as-bpf", 0, 0, G_OPTION_ARG_NONE, &options->as_bpf,
         "Only print the split as filters for tcpdump, a line a bucket", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->names, NULL, "FILE..."},
        {0},
    };
    GOptionContext *context =
        g_option_context_new("- the packets of captures, sorted into files by their streams");
    GError *error = NULL;

    g_set_prgname("tcpclose split"); /* as users call it, in messages */
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        options_refuse("%s.", error->message);
    g_option_context_free(context);
}

static int
power_of_two(const char *option, const char *text, struct number_form form)
{
    const int64_t number = value_number(option, text, form);

    if ((number & (number - 1)) != 0)
        options_refuse("%s is \"%s\": it has to be %s.", option, text, form.words);
    return (int)number;
}

static void
read_numbers(struct split_options *options)
{
    char *words = g_strdup_printf("a power of two, 2 to %d", BUCKETS_MAX);

    if (!options->n)
        options_refuse("There is no -n N: how many buckets, %s.", words);
    options->count = power_of_two("-n", options->n, (struct number_form){2, BUCKETS_MAX, words});
    g_free(words);
    options->after = 1;
    if (!options->m)
        return;
    words = g_strdup_printf("a power of two, the number of buckets that the splits before have "
                            "made, with -n %d at most %d",
                            options->count, BUCKETS_IN_ALL / options->count);
    options->after = power_of_two("--after", options->m,
                                  (struct number_form){1, BUCKETS_IN_ALL / options->count, words});
    g_free(words);
}

static void
check(const struct split_options *options)
{
    if (options->as_bpf && (options->names || options->folder))
        options_refuse("--as-bpf reads no FILE and writes no FOLDER.");
    if (options->as_bpf)
        return;
    if (!options->folder)
        options_refuse("There is no -o FOLDER for the buckets.");
    if (!options->names)
        options_refuse("There is no FILE: it has to be \"tcpclose split -n N -o FOLDER FILE...\".");
}

static struct bucket_choice
choice_of(const struct split_options *options)
{
    return (struct bucket_choice){(unsigned)options->count, (unsigned)options->after};
}

static int
print_filters(struct bucket_choice choice)
{
    for (unsigned bucket = 0; bucket < choice.count; bucket++) {
        char *filter = bucket_filter(choice, bucket);

        puts(filter);
        g_free(filter);
    }
    return written_or_told("the filters") ? EXIT_SUCCESS : STATUS_REFUSED;
}

/* ---- a packet ---- */

static void
take_header(void *context, const struct packet *packet, const struct found_header *found)
{
    struct split *split = (struct split *)context;
    const int bucket = (int)bucket_of(choice_of(split->options), &found->sender, &found->receiver);

    (void)packet;
    if (split->bucket == BUCKET_NONE)
        split->bucket = bucket;
    else if (bucket != split->bucket)
        split->has_others = true;
}

/* What may hold TCP and shows none is kept, so that nothing is lost: in bucket 0. */
static int
find_bucket(struct split *split, const struct packet *packet)
{
    const guint64 unread = tally_total(split->unread);

    split->bucket = BUCKET_NONE;
    split->has_others = false;
    decode_packet(packet, split->fragments, split->unread, take_header, split);
    split->mixed += split->has_others;
    if (split->bucket != BUCKET_NONE)
        return split->bucket;
    if (fragments_is_kept(split->fragments))
        return BUCKET_UNKNOWN;
    return split->options->all || tally_total(split->unread) > unread ? 0 : BUCKET_NONE;
}

/* The fragments that waited for this one. */
static void
decide_earlier(struct split *split, uint32_t frame, int bucket)
{
    const GArray *earlier = fragments_earlier(split->fragments);

    for (unsigned i = 0; i < earlier->len; i++) {
        const uint32_t other = g_array_index(earlier, uint32_t, i);

        if (other != frame && !held_decide(split->held, other, bucket))
            split->late += bucket > 0;
    }
}

static bool
write_packet(void *context, unsigned bucket, const struct compat_record *record)
{
    struct split *split = (struct split *)context;

    return bucket_files_write(split->buckets, bucket, record, &split->error);
}

static bool
take_packet(struct split *split, const struct files *files, const struct packet *packet)
{
    struct source *source = files_source(files);
    struct compat_record *record = source_record(source);
    int bucket;

    if (packet->link == LINK_NONE)
        return true;
    bucket = find_bucket(split, packet);
    if (!bucket_files_take_interface(split->buckets, files_index(files), source_wiretap(source),
                                     record, &split->error))
        return false;
    if (bucket != BUCKET_UNKNOWN)
        decide_earlier(split, packet->frame, bucket);
    return held_add(split->held, packet, record, bucket);
}

/* ---- all of them ---- */

/* A status. After an error of writing: STATUS_REFUSED, and split->error is set. */
static int
take_all(struct split *split, struct files *files)
{
    enum files_next next = FILES_PACKET;
    int status = EXIT_SUCCESS;
    struct packet packet;

    while (next != FILES_END) {
        char *problem;

        next = files_next(files, &packet, &problem);
        if (is_interrupted()) {
            g_free(problem);
            split->error = g_strdup("Interrupted: no bucket is written");
            return STATUS_REFUSED;
        }
        if (next == FILES_PACKET && !take_packet(split, files, &packet))
            return STATUS_REFUSED;
        if (next == FILES_PROBLEM) {
            fprintf(stderr, "tcpclose: %s; the buckets have what was read.\n", problem);
            g_free(problem);
            status = STATUS_CUT;
        }
    }
    if (!held_flush(split->held) || !bucket_files_finish(split->buckets, &split->error))
        return STATUS_REFUSED;
    return status;
}

static int
tell_unread(const struct split *split)
{
    char *text;

    if (split->mixed > 0)
        fprintf(stderr,
                "tcpclose: packets with segments of several buckets: %" G_GUINT64_FORMAT
                ". Each is in the bucket of its first segment.\n",
                (guint64)split->mixed);
    if (split->late > 0)
        fprintf(stderr,
                "tcpclose: fragments that waited too long for the others of their packet: "
                "%" G_GUINT64_FORMAT ". They are in bucket 0.\n",
                (guint64)split->late);
    if (tally_total(split->unread) > 0) {
        text = tally_text(split->unread);
        fprintf(stderr,
                "tcpclose: not looked at, and may hold TCP: packets: %s. Those in which no TCP "
                "header was seen are in bucket 0.\n",
                text);
        g_free(text);
    }
    return split->mixed + split->late + tally_total(split->unread) > 0 ? STATUS_UNREAD
                                                                       : EXIT_SUCCESS;
}

static int
refused(char *error)
{
    fprintf(stderr, "tcpclose: %s.\n", error);
    g_free(error);
    return STATUS_REFUSED;
}

static int
split_files(struct split *split, struct files *files)
{
    int status;
    int unread_status;

    split->buckets = bucket_files_new(split->options->folder, (unsigned)split->options->count,
                                      split->options->force, &split->error);
    if (!split->buckets)
        return refused(split->error);
    split->held = held_new(write_packet, split);
    split->fragments = fragments_new();
    split->unread = tally_new();
    status = take_all(split, files);
    held_free(split->held);
    fragments_free(split->fragments);
    bucket_files_free(split->buckets);
    if (split->error)
        return refused(split->error);
    unread_status = tell_unread(split);
    return status ? status : unread_status;
}

int
split_main(int argc, char **argv)
{
    struct split_options options = {0};
    struct split split = {.options = &options};
    struct files *files;
    char *error;
    int status;

    read_arguments(&options, argc, argv);
    read_numbers(&options);
    check(&options);
    if (options.as_bpf)
        return print_filters(choice_of(&options));
    interrupt_begin();
    source_init();
    files = files_open(options.names, SOURCE_RECORDS, &error);
    if (!files)
        return refused(error);
    status = split_files(&split, files);
    files_close(files);
    g_free(options.folder);
    g_strfreev(options.names);
    return status;
}
