/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "span.h"

#include "units.h"

/* A unit with decimals: the first one in which the time has fewer than so many steps is taken. */
static const struct {
    const char *suffix;
    int decimals;
    int64_t step_ns; /* the last decimal */
    int64_t steps;
} units[] = {
    {"ns", 0, 1, 1000},
    {"us", 0, NS_PER_US, 1000},
    {"ms", 1, NS_PER_MS / 10, 10000},
    {"s", 2, NS_PER_S / 100, 10000},
    {"s", 1, NS_PER_S / 10, 10000},
    {"s", 0, NS_PER_S, INT64_MAX},
};

static int64_t
steps_of(int64_t ns, int64_t step_ns, bool up)
{
    return ns / step_ns + (up && ns % step_ns >= step_ns - step_ns / 2);
}

void
span_append(GString *out, int64_t ns, bool at_least)
{
    unsigned i = ns == 0 ? G_N_ELEMENTS(units) - 1 : 0;
    int64_t steps = steps_of(ns, units[i].step_ns, !at_least);
    int64_t per_unit = 1;

    while (steps >= units[i].steps) {
        i++;
        steps = steps_of(ns, units[i].step_ns, !at_least);
    }
    for (int decimal = 0; decimal < units[i].decimals; decimal++)
        per_unit *= 10;
    g_string_append_printf(out, "%s%" G_GINT64_FORMAT, at_least ? ">=" : "", steps / per_unit);
    if (units[i].decimals > 0)
        g_string_append_printf(out, ".%0*d", units[i].decimals, (int)(steps % per_unit));
    g_string_append(out, units[i].suffix);
}
