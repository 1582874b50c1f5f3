/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sentence.h"

#include <string.h>

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

void
sentence_append_reason(GString *out, enum reason reason, uint32_t frame)
{
    static const char IN_FRAME[] = " in frame %u";
    const char *text = reason_text(reason);
    const char *gap = strstr(text, IN_FRAME);

    if (!gap) {
        g_string_append(out, text);
        return;
    }
    g_string_append_len(out, text, gap - text);
    if (frame != 0)
        g_string_append_printf(out, " in frame %u", frame);
    g_string_append(out, gap + strlen(IN_FRAME));
}
