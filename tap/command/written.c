/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "written.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#include "print.h"
#include "status.h"

bool
written_or_told(const char *what)
{
    if (report_is_written(stdout))
        return true;
    fprintf(stderr, "tcpclose: %s cannot be written: %s.\n", what, g_strerror(errno));
    return false;
}

/* In the characters that there are, as g_print() does. */
static void
print_help(const char *text)
{
    const char *charset;
    char *shown = g_get_charset(&charset)
                      ? g_strdup(text)
                      : g_convert_with_fallback(text, -1, charset, "UTF-8", "?", NULL, NULL, NULL);

    fputs(shown ? shown : text, stdout);
    g_free(shown);
    if (!written_or_told("the help"))
        exit(STATUS_REFUSED);
}

void
written_check_help(void)
{
    g_set_print_handler(print_help);
}
