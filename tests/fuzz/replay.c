/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The corpus without libFuzzer: each file given, or each file of a folder given, once. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/engine.h"

static void
replay_file(const char *path)
{
    char *data;
    gsize size;
    GError *error = NULL;

    if (!g_file_get_contents(path, &data, &size, &error)) {
        fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput((const uint8_t *)data, size);
    g_free(data);
}

/* Answers how many files it held. */
static unsigned
replay_folder(const char *path)
{
    GError *error = NULL;
    GDir *folder = g_dir_open(path, 0, &error);
    const char *name;
    unsigned count = 0;

    if (!folder) {
        fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    while ((name = g_dir_read_name(folder))) {
        char *file = g_build_filename(path, name, NULL);

        replay_file(file);
        g_free(file);
        count++;
    }
    g_dir_close(folder);
    return count;
}

int
main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++) {
        if (g_file_test(argv[i], G_FILE_TEST_IS_DIR)) {
            count += replay_folder(argv[i]);
        } else {
            replay_file(argv[i]);
            count++;
        }
    }
    fprintf(stderr, "%u inputs, nothing found\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
