/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several files as one: how far reading has come. What comes of them is tested with the program. */
#include <glib.h>

#include "files.h"

static void
part_grows_from_file_to_file_up_to_one(void)
{
    char *names[] = {(char *)TCPCLOSE_CAPTURES "/storm_clean.pcapng",
                     (char *)TCPCLOSE_CAPTURES "/refused.pcapng",
                     (char *)TCPCLOSE_CAPTURES "/storm_lossy.pcapng", NULL};
    char *problem;
    struct files *files = files_open(names, SOURCE_PACKETS, &problem);
    struct packet packet;
    double part = 0;
    unsigned in_thirds[3] = {0};

    g_assert_nonnull(files);
    while (files_next(files, &packet, &problem) == FILES_PACKET) {
        const double now = files_part(files);

        g_assert_cmpfloat(now, >=, part);
        g_assert_cmpfloat(now, <=, 1);
        part = now;
        in_thirds[MIN((unsigned)(part * 3), 2)]++;
    }
    g_assert_null(problem);
    g_assert_cmpfloat(part, >, 0.99);
    for (unsigned i = 0; i < G_N_ELEMENTS(in_thirds); i++)
        g_assert_cmpuint(in_thirds[i], >, 0);
    files_close(files);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    source_init();
    g_test_add_func("/command/files/part_grows_from_file_to_file_up_to_one",
                    part_grows_from_file_to_file_up_to_one);
    return g_test_run();
}
