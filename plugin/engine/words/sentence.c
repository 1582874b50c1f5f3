/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sentence.h"

void
sentence_append(GString *out, const char *text, enum role actor)
{
    for (const char *at = text; *at; at++) {
        if (*at == '@')
            g_string_append_printf(out, "the %s", role_name(actor));
        else if (*at == '#')
            g_string_append_printf(out, "the %s", role_name(role_peer(actor)));
        else
            g_string_append_c(out, *at);
    }
}
