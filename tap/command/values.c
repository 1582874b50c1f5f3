/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "values.h"

#include <glib.h>

#include "options.h"

int64_t
value_number(const char *option, const char *text, struct number_form form)
{
    gint64 number = 0;

    /* GOption's own numbers take "010" for 8, and say of "1.5" only that it is wrong. */
    if (!g_ascii_string_to_signed(text, 10, form.least, form.most, &number, NULL))
        options_refuse("%s is \"%s\": it has to be %s.", option, text, form.words);
    return number;
}

const char *
value_once(const char *option, char *const *given)
{
    if (!given || !given[0])
        return NULL;
    if (given[1])
        options_refuse("%s is given twice, \"%s\" and \"%s\", and takes one value: a --bpf such as "
                       "\"tcp port 80 or tcp port 443\" selects more.",
                       option, given[0], given[1]);
    return given[0];
}
