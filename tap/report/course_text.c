/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "course_text.h"

#include "span.h"

/* None: the state is no part of a close. */
static const char *const short_name[STATE_COUNT] = {
    [STATE_CLOSE_WAIT] = "CW", [STATE_FIN_WAIT_1] = "FW1", [STATE_CLOSING] = "CG",
    [STATE_LAST_ACK] = "LA",   [STATE_FIN_WAIT_2] = "FW2", [STATE_TIME_WAIT] = "TW",
};

static void
add_visit(void *context, const struct visit *visit)
{
    GString *text = ((GString *const *)context)[visit->role];

    if (!short_name[visit->state])
        return;
    g_string_append_printf(text, "%s%s%s ", text->len > 0 ? " > " : "", short_name[visit->state],
                           visit->proved ? "" : "?");
    span_append(text, visit->to.ns - visit->from.ns, visit->censored);
}

void
course_text(const struct course *course, int64_t end_ns, GString *const text[ROLE_COUNT])
{
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        g_string_truncate(text[role], 0);
    course_walk(course, end_ns, add_visit, (void *)text);
}
