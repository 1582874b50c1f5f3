/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands behind the options of a command line. Where it is wrong, the process ends as
 * options_refuse() has it. */
#ifndef TCPCLOSE_VALUES_H
#define TCPCLOSE_VALUES_H

#include <stdint.h>

/* What a number has to be: from least to most, and that in words. */
struct number_form {
    int64_t least;
    int64_t most;
    const char *words;
};

/* A decimal number; option as users write it, "--port". */
int64_t value_number(const char *option, const char *text, struct number_form form);

/* The value of an option that GOption has collected in an array, which may be NULL: NULL, if it was
 * not given. One that would leave the others out may not be given twice. Lives as long as the
 * array. */
const char *value_once(const char *option, char *const *given);

#endif
