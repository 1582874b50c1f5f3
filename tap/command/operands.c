/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "operands.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

/* "NAME" or "NAME,wide" and the like, as -z has them. */
static const struct report *
find_report(const char *argument)
{
    for (const struct report *const *at = reports; *at; at++) {
        const char *rest = argument + strlen((*at)->name);

        if (!g_str_has_prefix(argument, (*at)->name))
            continue;
        if (*rest == '\0')
            return *at;
        if ((*at)->longer && strcmp(rest, (*at)->longer->suffix) == 0)
            return (*at)->longer;
    }
    return NULL;
}

static const struct stream_report *
find_stream_report(const char *argument)
{
    for (const struct stream_report *at = stream_reports; at->name; at++)
        if (strcmp(argument, at->name) == 0)
            return at;
    return NULL;
}

char *
operands_reports(void)
{
    GString *list = g_string_new(NULL);

    for (const struct report *const *at = reports; *at; at++)
        g_string_append_printf(list, "%s%s%s%s%s", list->len ? " " : "", (*at)->name,
                               (*at)->longer ? "[" : "", (*at)->longer ? (*at)->longer->suffix : "",
                               (*at)->longer ? "]" : "");
    g_string_append(list, "; of one --stream:");
    for (const struct stream_report *at = stream_reports; at->name; at++)
        g_string_append_printf(list, " %s", at->name);
    return g_string_free(list, FALSE);
}

/* "occupancy,1" and "story,3" are for tshark. */
G_GNUC_NORETURN static void
refuse_name(const char *name)
{
    char **words = g_strsplit(name, ",", 2);

    if (words[0] && words[1] && (find_report(words[0]) || find_stream_report(words[0])))
        options_refuse("\"%s\" is neither a report nor a file. What tshark takes behind \"%s,\" "
                       "is an option here: --interval, --stream, --address, --port or --bpf.",
                       name, words[0]);
    options_refuse("\"%s\" is neither a report nor a file. The reports are: %s.", name,
                   operands_reports());
}

/* What cannot be opened for another reason is a file, and opening it tells why. */
static bool
is_missing(const char *name)
{
    return strcmp(name, "-") != 0 && access(name, F_OK) != 0 && errno == ENOENT;
}

/* No report has that in its name. */
static bool
is_path(const char *name)
{
    return strpbrk(name, "./") != NULL;
}

/* is_named: there was one before the files. */
static void
refuse_more_reports(char **files, bool is_named)
{
    for (char **name = files; *name; name++) {
        if (!(find_report(*name) || find_stream_report(*name)) || !is_missing(*name))
            continue;
        options_refuse("\"%s\" is %s report, and there is no file of that name: %s.", *name,
                       is_named ? "another" : "a",
                       is_named ? "one report is made at a time" : "it goes before the files");
    }
}

struct operands
operands_of(char **rest)
{
    const char *first = rest && rest[0] ? rest[0] : NULL;
    const struct report *report = first ? find_report(first) : NULL;
    const struct stream_report *stream_report = first ? find_stream_report(first) : NULL;
    const bool is_named = report || stream_report;
    char **files = first && is_named ? rest + 1 : rest;

    if (first && !is_named && is_missing(first) && !is_path(first))
        refuse_name(first);
    if (!files || !files[0])
        options_refuse("There is no FILE: it has to be \"tcpclose [REPORT] [OPTION...] FILE...\".");
    refuse_more_reports(files, is_named);
    return (struct operands){
        .report = is_named ? report : reports[0],
        .stream_report = stream_report,
        .files = files,
    };
}
