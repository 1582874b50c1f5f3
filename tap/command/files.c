/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <string.h>
#include <sys/stat.h>

#include <glib.h>
#include <glib/gstdio.h>

struct file {
    const char *name;
    unsigned index;        /* of the name */
    struct source *source; /* NULL: not open now */
    struct packet head;    /* the next one; of a file that is not open its time only */
    uint32_t count;        /* of packets read, head included */
    char *problem;         /* met while its first packet was looked for; NULL: none, or told */
};

struct files {
    struct file *all; /* in the order of their first packets */
    unsigned count;
    unsigned opened;      /* so many of them had their turn */
    GPtrArray *active;    /* of struct file: those with a head, in the same order */
    struct file *current; /* whose head is the last packet; NULL: there was none */
    enum source_use use;
    uint32_t frames;
};

static bool
is_earlier(const struct packet *a, const struct packet *b)
{
    return a->time_s != b->time_s ? a->time_s < b->time_s : a->time_ns < b->time_ns;
}

/* ---- which files ---- */

static bool
identify(const char *name, GStatBuf *status)
{
    if (strcmp(name, "-") == 0)
        return fstat(0, status) == 0;
    return g_stat(name, status) == 0;
}

/* Systems without inodes have 0 there. */
static bool
is_same(const GStatBuf *a, const GStatBuf *b)
{
    return a->st_ino != 0 && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Two names of one file; NULL: there are none. */
static char *
named_twice(char **names, unsigned count)
{
    GStatBuf *statuses = g_new0(GStatBuf, count);
    char *error = NULL;

    for (unsigned i = 0; i < count && !error; i++) {
        if (!identify(names[i], &statuses[i]))
            memset(&statuses[i], 0, sizeof(statuses[i])); /* opening it will tell why */
        for (unsigned j = 0; j < i && !error; j++) {
            if (is_same(&statuses[i], &statuses[j]))
                error = g_strdup_printf("\"%s\" and \"%s\" are the same file: its packets would "
                                        "count twice",
                                        names[j], names[i]);
        }
    }
    g_free(statuses);
    return error;
}

/* It can be opened again, and begins with the same packets then. */
static bool
is_lasting(const char *name)
{
    return strcmp(name, "-") != 0 && source_is_regular(name);
}

/* ---- one file ---- */

static bool
open_file(const struct files *files, struct file *file, char **error)
{
    char *why;

    file->source = source_open(file->name, files->use, &why);
    if (file->source)
        return true;
    *error = g_strdup_printf("\"%s\" cannot be opened: %s", file->name, why);
    g_free(why);
    return false;
}

static void
close_file(struct file *file)
{
    if (file->source)
        source_close(file->source);
    file->source = NULL;
}

/* False: there is none. Then *problem is NULL at the end of the file. */
static bool
read_head(struct file *file, char **problem)
{
    char *why;

    *problem = NULL;
    if (source_next(file->source, &file->head, &why)) {
        file->count++;
        return true;
    }
    if (why)
        *problem = g_strdup_printf("\"%s\" cannot be read after packet %u: %s", file->name,
                                   file->count, why);
    g_free(why);
    return false;
}

/* When it begins. A file without packets is as one that begins first: its turn tells. */
static bool
probe(const struct files *files, struct file *file, char **error)
{
    if (!open_file(files, file, error))
        return false;
    if (!read_head(file, &file->problem)) {
        file->head.time_s = INT64_MIN;
    } else if (is_lasting(file->name)) {
        close_file(file);
        file->count = 0;
    }
    return true;
}

/* ---- all of them ---- */

static int
by_begin(const void *a, const void *b)
{
    const struct file *file_a = (const struct file *)a;
    const struct file *file_b = (const struct file *)b;

    if (is_earlier(&file_a->head, &file_b->head))
        return -1;
    if (is_earlier(&file_b->head, &file_a->head))
        return 1;
    return file_a->index < file_b->index ? -1 : 1;
}

static bool
begin(struct files *files, char **error)
{
    if (files->count == 1)
        return open_file(files, &files->all[0], error);
    for (unsigned i = 0; i < files->count; i++) {
        if (!probe(files, &files->all[i], error))
            return false;
    }
    qsort(files->all, files->count, sizeof(*files->all), by_begin);
    return true;
}

struct files *
files_open(char **names, enum source_use use, char **error)
{
    struct files *files = g_new0(struct files, 1);

    files->use = use;
    files->count = g_strv_length(names);
    files->all = g_new0(struct file, files->count);
    files->active = g_ptr_array_new();
    for (unsigned i = 0; i < files->count; i++)
        files->all[i] = (struct file){.name = names[i], .index = i};
    *error = named_twice(names, files->count);
    if (!*error && begin(files, error))
        return files;
    files_close(files);
    return NULL;
}

void
files_close(struct files *files)
{
    for (unsigned i = 0; i < files->count; i++) {
        close_file(&files->all[i]);
        g_free(files->all[i].problem);
    }
    g_ptr_array_unref(files->active);
    g_free(files->all);
    g_free(files);
}

/* The one that goes on first; NULL: all are at their ends. On equal times the file that began
 * first. */
static struct file *
earliest(const struct files *files)
{
    struct file *found = NULL;

    for (unsigned i = 0; i < files->active->len; i++) {
        struct file *file = (struct file *)g_ptr_array_index(files->active, i);

        if (!found || is_earlier(&file->head, &found->head))
            found = file;
    }
    return found;
}

/* The next file in order begins before any of the others goes on. */
static bool
is_due(const struct files *files)
{
    const struct file *first = earliest(files);

    return files->opened < files->count &&
           (!first || is_earlier(&files->all[files->opened].head, &first->head));
}

/* False: it has a problem. */
static bool
begin_next(struct files *files, char **problem)
{
    struct file *file = &files->all[files->opened++];
    const bool has_head = file->count > 0; /* a pipe, whose first packet was read to sort it */

    *problem = file->problem;
    file->problem = NULL;
    if (*problem || (!file->source && !open_file(files, file, problem)))
        return false;
    if (has_head || read_head(file, problem)) {
        g_ptr_array_add(files->active, file);
        return true;
    }
    close_file(file);
    return !*problem;
}

/* Past the last packet. False: a problem. */
static bool
advance(struct files *files, char **problem)
{
    struct file *file = files->current;

    files->current = NULL;
    if (!file || read_head(file, problem))
        return true;
    g_ptr_array_remove(files->active, file);
    close_file(file);
    return !*problem;
}

enum files_next
files_next(struct files *files, struct packet *packet, char **problem)
{
    *problem = NULL;
    if (!advance(files, problem))
        return FILES_PROBLEM;
    while (is_due(files)) {
        if (!begin_next(files, problem))
            return FILES_PROBLEM;
    }
    files->current = earliest(files);
    if (!files->current)
        return FILES_END;
    *packet = files->current->head;
    packet->frame = ++files->frames;
    return FILES_PACKET;
}

double
files_part(const struct files *files)
{
    double sum = files->opened - files->active->len; /* those that are at their ends */

    for (unsigned i = 0; i < files->active->len; i++) {
        const struct file *file = (const struct file *)g_ptr_array_index(files->active, i);
        const double part = source_part(file->source);

        if (part < 0)
            return part;
        sum += part;
    }
    return sum / files->count;
}

unsigned
files_index(const struct files *files)
{
    return files->current->index;
}

struct source *
files_source(const struct files *files)
{
    return files->current->source;
}
