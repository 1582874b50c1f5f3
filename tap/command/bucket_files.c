/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bucket_files.h"

#include <errno.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "source.h"
#include "wtcompat.h"

/* Where the interfaces of a file are among those of the buckets. */
struct origin {
    GArray *interfaces;  /* unsigned: numbers in the buckets, of all sections */
    GHashTable *alike;   /* description, owned -> how many the file has of it */
    unsigned section;    /* of the last packet */
    unsigned section_at; /* where its interfaces begin */
};

struct bucket_files {
    char *folder;
    unsigned count;
    unsigned opened; /* the first so many of them */
    bool is_forced;
    bool is_finished;
    wtap_dumper **dumpers; /* by bucket; NULL: not open */
    GHashTable *origins;   /* number of a file -> struct origin, owned */
    GHashTable *known;     /* description of an interface, owned -> its number */
};

/* ---- names ---- */

static char *
name_of(const struct bucket_files *files, unsigned bucket, const char *suffix)
{
    const int digits = files->count > 100 ? 3 : 2;

    return g_strdup_printf("%s" G_DIR_SEPARATOR_S "bucket-%0*u.pcapng%s", files->folder, digits,
                           bucket, suffix);
}

static bool
is_bucket_name(const char *name)
{
    return g_str_has_prefix(name, "bucket-") && g_str_has_suffix(name, ".pcapng") &&
           strspn(name + strlen("bucket-"), "0123456789") ==
               strlen(name) - strlen("bucket-") - strlen(".pcapng");
}

/* Of whatever number of buckets: they would be taken for some of these. */
static GPtrArray *
list_buckets(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    GDir *listing = g_dir_open(folder, 0, NULL);
    const char *name;

    while (listing && (name = g_dir_read_name(listing))) {
        if (is_bucket_name(name))
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
    }
    if (listing)
        g_dir_close(listing);
    return paths;
}

/* ---- opening ---- */

static bool
is_in_the_way(const struct bucket_files *files, char **error)
{
    GPtrArray *old = list_buckets(files->folder);
    const bool is_taken = old->len > 0 && !files->is_forced;

    if (is_taken)
        *error = g_strdup_printf("\"%s\" is there already: name another folder, or give --force to "
                                 "replace all buckets of this one",
                                 (const char *)g_ptr_array_index(old, 0));
    g_ptr_array_unref(old);
    return is_taken;
}

static char *
cannot_write(const struct bucket_files *files, unsigned bucket, int code, char *detail)
{
    char *name = name_of(files, bucket, "");
    char *why = source_reason(code, detail);
    char *error = g_strdup_printf("\"%s\" cannot be written: %s", name, why);

    g_free(name);
    g_free(why);
    return error;
}

/*
 * Interfaces are added as they come. Without any, Wiretap would make one up, of no packet: a block
 * that is not copied keeps it from that.
 */
static bool
open_bucket(struct bucket_files *files, unsigned bucket, char **error)
{
    GArray *blocks = g_array_new(FALSE, FALSE, sizeof(wtap_block_t));
    wtap_block_t block = wtap_block_create(WTAP_BLOCK_IF_ID_AND_INFO);
    wtapng_iface_descriptions_t interfaces = {.interface_data = blocks};
    const wtap_dump_params params = {
        .encap = WTAP_ENCAP_PER_PACKET,
        .tsprec = WTAP_TSPREC_PER_PACKET,
        .idb_inf = &interfaces,
        .dont_copy_idbs = TRUE,
    };
    char *name = name_of(files, bucket, ".part");
    int code = 0;
    char *detail = NULL;

    g_array_append_val(blocks, block);
    files->dumpers[bucket] = wtap_dump_open(name, wtap_pcapng_file_type_subtype(),
                                            WTAP_UNCOMPRESSED, &params, &code, &detail);
    if (!files->dumpers[bucket])
        *error = cannot_write(files, bucket, code, detail);
    g_free(name);
    wtap_block_unref(block);
    g_array_unref(blocks);
    return files->dumpers[bucket];
}

static void
origin_free(void *data)
{
    struct origin *origin = (struct origin *)data;

    g_array_unref(origin->interfaces);
    g_hash_table_unref(origin->alike);
    g_free(origin);
}

static bool
open_all(struct bucket_files *files, char **error)
{
    if (g_mkdir_with_parents(files->folder, 0777) != 0) {
        *error = g_strdup_printf("The folder \"%s\" cannot be made: %s", files->folder,
                                 g_strerror(errno));
        return false;
    }
    if (is_in_the_way(files, error))
        return false;
    for (unsigned bucket = 0; bucket < files->count; bucket++) {
        if (!open_bucket(files, bucket, error))
            return false;
        files->opened++;
    }
    return true;
}

struct bucket_files *
bucket_files_new(const char *folder, unsigned count, bool is_forced, char **error)
{
    struct bucket_files *files = g_new0(struct bucket_files, 1);

    files->folder = g_strdup(folder);
    files->count = count;
    files->is_forced = is_forced;
    files->dumpers = g_new0(wtap_dumper *, count);
    files->origins = g_hash_table_new_full(NULL, NULL, NULL, origin_free);
    files->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (open_all(files, error))
        return files;
    bucket_files_free(files);
    return NULL;
}

/* ---- interfaces ---- */

static struct origin *
origin_of(struct bucket_files *files, unsigned number)
{
    struct origin *origin =
        (struct origin *)g_hash_table_lookup(files->origins, GUINT_TO_POINTER(number));

    if (origin)
        return origin;
    origin = g_new0(struct origin, 1);
    origin->interfaces = g_array_new(FALSE, FALSE, sizeof(unsigned));
    origin->alike = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(files->origins, GUINT_TO_POINTER(number), origin);
    return origin;
}

/* What an interface is known by: those of one file are several, those of several files are one. */
static char *
describe(struct origin *origin, wtap_block_t block)
{
    char *text = wtap_get_debug_if_descr(block, 0, "\n");
    const unsigned before = GPOINTER_TO_UINT(g_hash_table_lookup(origin->alike, text));
    char *description = g_strdup_printf("%u\n%s", before, text);

    g_hash_table_replace(origin->alike, text, GUINT_TO_POINTER(before + 1));
    return description;
}

static bool
add_to_all(struct bucket_files *files, wtap_block_t block, char **error)
{
    int code = 0;
    char *detail = NULL;

    for (unsigned bucket = 0; bucket < files->count; bucket++) {
        if (!wtap_dump_add_idb(files->dumpers[bucket], block, &code, &detail)) {
            *error = cannot_write(files, bucket, code, detail);
            return false;
        }
    }
    return true;
}

static bool
add_interface(struct bucket_files *files, struct origin *origin, wtap_block_t block, char **error)
{
    char *description = describe(origin, block);
    void *found;
    unsigned number;

    if (g_hash_table_lookup_extended(files->known, description, NULL, &found)) {
        number = GPOINTER_TO_UINT(found);
        g_free(description);
    } else {
        number = g_hash_table_size(files->known);
        g_hash_table_insert(files->known, description, GUINT_TO_POINTER(number));
        if (!add_to_all(files, block, error))
            return false;
    }
    g_array_append_val(origin->interfaces, number);
    return true;
}

bool
bucket_files_take_interface(struct bucket_files *files, unsigned number, struct wtap *from,
                            struct compat_record *record, char **error)
{
    wtap_rec *rec = &record->record;
    wtap_packet_header *header = &rec->rec_header.packet_header;
    struct origin *origin = origin_of(files, number);
    wtap_block_t block;
    unsigned at;

    if ((rec->presence_flags & WTAP_HAS_SECTION_NUMBER) && rec->section_number != origin->section) {
        origin->section = rec->section_number;
        origin->section_at = origin->interfaces->len;
    }
    while ((block = wtap_get_next_interface_description(from))) {
        if (!add_interface(files, origin, block, error))
            return false;
    }
    at = origin->section_at +
         (rec->presence_flags & WTAP_HAS_INTERFACE_ID ? header->interface_id : 0);
    if (at >= origin->interfaces->len) {
        *error = g_strdup("A packet is of an interface that its file does not describe");
        return false;
    }
    header->interface_id = g_array_index(origin->interfaces, unsigned, at);
    rec->presence_flags |= WTAP_HAS_INTERFACE_ID;
    rec->presence_flags &= ~(uint32_t)WTAP_HAS_SECTION_NUMBER;
    return true;
}

/* ---- packets ---- */

bool
bucket_files_write(struct bucket_files *files, unsigned bucket, const struct compat_record *record,
                   char **error)
{
    int code = 0;
    char *detail = NULL;

    if (compat_record_write(files->dumpers[bucket], record, &code, &detail))
        return true;
    *error = cannot_write(files, bucket, code, detail);
    return false;
}

/* ---- the end ---- */

static bool
close_bucket(struct bucket_files *files, unsigned bucket, char **error)
{
    int code = 0;
    char *detail = NULL;
    wtap_dumper *dumper = files->dumpers[bucket];

    files->dumpers[bucket] = NULL;
    if (!dumper || wtap_dump_close(dumper, NULL, &code, &detail))
        return true;
    *error = cannot_write(files, bucket, code, detail);
    return false;
}

static bool
name_bucket(const struct bucket_files *files, unsigned bucket, char **error)
{
    char *part = name_of(files, bucket, ".part");
    char *name = name_of(files, bucket, "");
    const bool is_named = g_rename(part, name) == 0;

    if (!is_named)
        *error = cannot_write(files, bucket, errno, NULL);
    g_free(part);
    g_free(name);
    return is_named;
}

static void
remove_old(const struct bucket_files *files)
{
    GPtrArray *old = list_buckets(files->folder);

    for (unsigned i = 0; i < old->len; i++)
        g_remove((const char *)g_ptr_array_index(old, i));
    g_ptr_array_unref(old);
}

bool
bucket_files_finish(struct bucket_files *files, char **error)
{
    for (unsigned bucket = 0; bucket < files->count; bucket++) {
        if (!close_bucket(files, bucket, error))
            return false;
    }
    remove_old(files);
    for (unsigned bucket = 0; bucket < files->count; bucket++) {
        if (!name_bucket(files, bucket, error))
            return false;
    }
    files->is_finished = true;
    return true;
}

static void
discard(struct bucket_files *files)
{
    for (unsigned bucket = 0; bucket < files->opened; bucket++) {
        char *part = name_of(files, bucket, ".part");
        char *ignored = NULL;

        close_bucket(files, bucket, &ignored);
        g_free(ignored);
        g_remove(part);
        g_free(part);
    }
}

void
bucket_files_free(struct bucket_files *files)
{
    if (!files->is_finished)
        discard(files);
    g_hash_table_unref(files->origins);
    g_hash_table_unref(files->known);
    g_free(files->dumpers);
    g_free(files->folder);
    g_free(files);
}
