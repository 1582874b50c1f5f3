/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "group_filter.h"

#include <string.h>

#include "address_protocol.h"

/* What a filter compares, besides the problem; zeros: nothing. */
struct terms {
    bool side;
    bool address;
    bool port;
};

/* From the shortest on. */
static const struct terms choices[] = {
    {.side = false},
    {.side = true},
    {.address = true},
    {.address = true, .port = true},
    {.side = true, .address = true},
    {.side = true, .address = true, .port = true},
};

/* A filter with the address and the port finds them at either end. */
static bool
has_endpoint(const struct stream_entry *entry, const struct stream_entry *model,
             const struct terms *terms)
{
    bool has_address = false;
    bool has_port = false;

    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        has_address |= strcmp(entry->address[role], model->address[ROLE_SERVER]) == 0;
        has_port |= entry->port[role] == model->port[ROLE_SERVER];
    }
    return (has_address || !terms->address) && (has_port || !terms->port);
}

/* Of all streams with the problem, it selects as many as the group has. */
static bool
selects_the_group(const struct terms *terms, const GPtrArray *group, const GPtrArray *all)
{
    const struct problem_record *model = problem_record_at(group, 0);
    unsigned selected = 0;

    for (unsigned i = 0; i < all->len; i++) {
        const struct problem_record *record = problem_record_at(all, i);

        selected += (record->side == model->side || !terms->side) &&
                    has_endpoint(record->entry, model->entry, terms);
    }
    return selected == group->len;
}

/* The streams have to be in order: 1, 3..5. */
static void
append_numbers(GString *out, const GPtrArray *group)
{
    g_string_append(out, "tcp.stream in {");
    for (unsigned i = 0; i < group->len; i++) {
        uint32_t first = problem_record_at(group, i)->entry->id;
        uint32_t last = first;

        g_string_append_printf(out, "%s%u", i > 0 ? ", " : "", first);
        for (; i + 1 < group->len && problem_record_at(group, i + 1)->entry->id == last + 1; i++)
            last++;
        if (last > first)
            g_string_append_printf(out, "..%u", last);
    }
    g_string_append_c(out, '}');
}

static void
append_terms(GString *out, const struct terms *terms, const struct problem_record *model)
{
    const char *address = model->entry->address[ROLE_SERVER];

    g_string_append(out, model->problem->filter);
    if (terms->side)
        g_string_append_printf(out, " && tcpclose.cause.side == \"%s\"",
                               cause_side_name(model->side));
    if (terms->address)
        g_string_append_printf(out, " && %s.addr == %s", address_protocol(address), address);
    if (terms->port)
        g_string_append_printf(out, " && tcp.port == %u", model->entry->port[ROLE_SERVER]);
}

/*
 * The filter that selected the streams goes before the problem's, where it selects the same with
 * two passes, and where every segment of a stream has what the problem's asks for.
 */
static bool
can_select_again(const struct problem_record *model, const char *selected)
{
    return !selected || (!model->problem->is_of_frames && !strstr(selected, "tcpclose."));
}

char *
group_filter(const GPtrArray *group, const GPtrArray *all, enum grouping grouping,
             const char *selected)
{
    const struct problem_record *model = problem_record_at(group, 0);
    bool has_address = address_protocol(model->entry->address[ROLE_SERVER]) != NULL;
    bool by_number = !can_select_again(model, selected);
    const struct terms *found = NULL;
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(choices) && !found && !by_number; i++) {
        const struct terms *terms = &choices[i];
        bool is_possible = (!terms->address || (has_address && grouping != BY_NOTHING)) &&
                           (!terms->port || grouping == BY_SERVICE);

        if (is_possible && selects_the_group(terms, group, all))
            found = terms;
    }
    if (found && selected)
        g_string_append_printf(out, "(%s) && ", selected);
    if (found)
        append_terms(out, found, model);
    else
        append_numbers(out, group);
    return g_string_free(out, FALSE);
}
