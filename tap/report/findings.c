/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "findings.h"

#include <string.h>

#include "group_filter.h"
#include "span.h"

/* More groups of one problem than that are put together. */
enum { GROUPS_MAX = 3 };

static void
free_finding(void *data)
{
    struct overview_finding *finding = (struct overview_finding *)data;

    g_free(finding->sentence);
    g_free(finding->filter);
    g_free(finding);
}

/* ---- sentences ---- */

static unsigned
host_count(const GPtrArray *group, enum role role)
{
    GHashTable *hosts = g_hash_table_new(g_str_hash, g_str_equal);
    unsigned count;

    for (unsigned i = 0; i < group->len; i++)
        g_hash_table_add(hosts, problem_record_at(group, i)->entry->address[role]);
    count = g_hash_table_size(hosts);
    g_hash_table_destroy(hosts);
    return count;
}

/* Several are told so that the verb is right for one, too. */
static void
append_endpoint(GString *out, const GPtrArray *group, enum grouping grouping, enum role role)
{
    const struct stream_entry *model = problem_record_at(group, 0)->entry;
    unsigned hosts = host_count(group, role);

    if (hosts > 1)
        g_string_append_printf(out, "each of %u %ss", hosts, role_name(role));
    else if (role == ROLE_SERVER && grouping == BY_SERVICE)
        stream_entry_append_endpoint(out, model, role);
    else
        g_string_append(out, stream_entry_host(model, role));
}

static char *
span_text(struct problem_time time)
{
    GString *text = g_string_new(NULL);

    span_append(text, time.ns, time.at_least);
    return g_string_free(text, FALSE);
}

static void
append_times(GString *out, const GPtrArray *group)
{
    struct problem_time least = problem_record_at(group, 0)->time;
    struct problem_time most = least;
    char *shortest;
    char *longest;

    for (unsigned i = 1; i < group->len; i++) {
        struct problem_time time = problem_record_at(group, i)->time;

        if (time.ns < least.ns)
            least = time;
        if (time.ns > most.ns)
            most = time;
    }
    shortest = span_text(least);
    longest = span_text(most);
    if (problem_record_at(group, 0)->problem->is_from_the_shortest &&
        strcmp(shortest, longest) != 0)
        g_string_append_printf(out, "%s to ", shortest);
    g_string_append(out, longest);
    g_free(shortest);
    g_free(longest);
}

/* "10.0.0.1 (client of 10.0.0.2:80)": a problem of clients is told with their service. */
static char *
sentence_of(const GPtrArray *group, enum grouping grouping)
{
    const struct problem_record *model = problem_record_at(group, 0);
    GString *out = g_string_new(NULL);
    bool tells_server = false;

    for (const char *at = model->problem->sentence; *at; at++) {
        if (*at == '%') {
            append_times(out, group);
        } else if (*at == '@' || *at == '#') {
            enum role role = *at == '@' ? model->actor : role_peer(model->actor);

            tells_server |= role == ROLE_SERVER;
            append_endpoint(out, group, grouping, role);
        } else {
            g_string_append_c(out, *at);
        }
    }
    if (!tells_server) {
        g_string_append(out, " (connections to ");
        append_endpoint(out, group, grouping, ROLE_SERVER);
        g_string_append_c(out, ')');
    }
    return g_string_free(out, FALSE);
}

/* ---- groups ---- */

static GPtrArray *
group_in(GHashTable *groups, GPtrArray *order, char *key)
{
    GPtrArray *group = (GPtrArray *)g_hash_table_lookup(groups, key);

    if (group) {
        g_free(key);
        return group;
    }
    group = g_ptr_array_new();
    g_hash_table_insert(groups, key, group);
    g_ptr_array_add(order, group);
    return group;
}

static char *
key_of(const struct problem_record *record, enum grouping grouping)
{
    const struct stream_entry *entry = record->entry;

    switch (grouping) {
    case BY_SERVICE:
        return g_strdup_printf("%s %u", entry->address[ROLE_SERVER], entry->port[ROLE_SERVER]);
    case BY_HOST:
        return g_strdup(entry->address[ROLE_SERVER]);
    case BY_NOTHING:
        break;
    }
    return g_strdup("");
}

/* Records in groups, in the order in which they were met. */
static GPtrArray *
groups_by(const GPtrArray *records, enum grouping grouping)
{
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *order = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    for (unsigned i = 0; i < records->len; i++)
        g_ptr_array_add(group_in(groups, order, key_of(problem_record_at(records, i), grouping)),
                        g_ptr_array_index(records, i));
    g_hash_table_destroy(groups);
    return order;
}

/* Of the records of one problem those in which the same side does it. */
static void
add_findings(GPtrArray *findings, const GPtrArray *same, const GPtrArray *all, const char *selected)
{
    enum grouping grouping = BY_SERVICE;
    GPtrArray *groups = groups_by(same, grouping);

    while (groups->len > GROUPS_MAX && grouping != BY_NOTHING) {
        grouping = (enum grouping)(grouping + 1);
        g_ptr_array_unref(groups);
        groups = groups_by(same, grouping);
    }
    for (unsigned i = 0; i < groups->len; i++) {
        const GPtrArray *group = (const GPtrArray *)g_ptr_array_index(groups, i);
        struct overview_finding *finding = g_new(struct overview_finding, 1);

        *finding = (struct overview_finding){
            .breaks = problem_record_at(group, 0)->problem->breaks,
            .sentence = sentence_of(group, grouping),
            .streams = group->len,
            .example = problem_record_at(group, 0)->entry->id,
            .filter = group_filter(group, all, grouping, selected),
        };
        g_ptr_array_add(findings, finding);
    }
    g_ptr_array_unref(groups);
}

/* Of the records those in which that role does it, for that side. */
static GPtrArray *
records_of(const GPtrArray *records, enum role actor, enum cause_side side)
{
    GPtrArray *same = g_ptr_array_new();

    for (unsigned i = 0; i < records->len; i++) {
        const struct problem_record *record = problem_record_at(records, i);

        if (record->actor == actor && record->side == side)
            g_ptr_array_add(same, g_ptr_array_index(records, i));
    }
    return same;
}

static void
add_all_findings(GPtrArray *findings, const GPtrArray *all, const char *selected)
{
    for (unsigned actor = 0; actor < ROLE_COUNT; actor++) {
        for (unsigned side = 0; side <= CAUSE_BY_BOTH; side++) {
            GPtrArray *same = records_of(all, (enum role)actor, (enum cause_side)side);

            if (same->len > 0)
                add_findings(findings, same, all, selected);
            g_ptr_array_unref(same);
        }
    }
}

/* Those that break applications; of these, those with the most streams. */
static int
compare(const void *a, const void *b)
{
    const struct overview_finding *finding = *(struct overview_finding *const *)a;
    const struct overview_finding *other = *(struct overview_finding *const *)b;

    if (finding->breaks != other->breaks)
        return finding->breaks ? -1 : 1;
    if (finding->streams != other->streams)
        return finding->streams > other->streams ? -1 : 1;
    return finding->example < other->example ? -1 : finding->example > other->example;
}

GPtrArray *
findings_of(const GArray *records, const char *selected)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(free_finding);

    for (unsigned i = 0; i < problem_count; i++) {
        GPtrArray *all = g_ptr_array_new();

        for (unsigned j = 0; j < records->len; j++) {
            struct problem_record *record = &g_array_index(records, struct problem_record, j);

            if (record->problem == &problems[i])
                g_ptr_array_add(all, record);
        }
        add_all_findings(findings, all, selected);
        g_ptr_array_unref(all);
    }
    g_ptr_array_sort(findings, compare);
    return findings;
}
