/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "displayable.h"

#include <glib.h>
#include <stdbool.h>

static bool
is_plain(const char *name)
{
    while (g_ascii_isprint(*name))
        name++;
    return *name == '\0';
}

char *
displayable(const char *name)
{
    static const char REPLACEMENT[] = "\uFFFD";
    char *valid;
    GString *shown;

    if (is_plain(name))
        return g_strdup(name); /* as nearly all are */
    valid = g_utf8_make_valid(name, -1);
    shown = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        if (g_unichar_isprint(g_utf8_get_char(at)))
            g_string_append_len(shown, at, g_utf8_next_char(at) - at);
        else
            g_string_append(shown, REPLACEMENT);
    }
    g_free(valid);
    return g_string_free(shown, FALSE);
}
