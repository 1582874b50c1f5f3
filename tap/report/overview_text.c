/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary for a terminal. */
#include "overview.h"

static const char WORTH[] = "Worth a look";

enum { SENTENCE_WIDTH = 60, TITLE_WIDTH = 12 };

static unsigned
text_width(const char *text)
{
    return (unsigned)g_utf8_strlen(text, -1);
}

/* The lines of a sentence, broken between words; a word that is longer has its own. */
static GPtrArray *
lines_of(const char *sentence)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    GString *line = g_string_new(NULL);
    char **words = g_strsplit(sentence, " ", -1);

    for (char **word = words; *word; word++) {
        if (line->len > 0 && text_width(line->str) + 1 + text_width(*word) > SENTENCE_WIDTH) {
            g_ptr_array_add(lines, g_strdup(line->str));
            g_string_truncate(line, 0);
        }
        g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", *word);
    }
    g_ptr_array_add(lines, g_string_free(line, FALSE));
    g_strfreev(words);
    return lines;
}

static unsigned
sentences_width(const GPtrArray *findings)
{
    unsigned width = text_width(WORTH);

    for (unsigned i = 0; i < findings->len; i++) {
        const struct overview_finding *finding =
            (const struct overview_finding *)g_ptr_array_index(findings, i);
        GPtrArray *lines = lines_of(finding->sentence);

        for (unsigned j = 0; j < lines->len; j++)
            width = MAX(width, text_width((const char *)g_ptr_array_index(lines, j)));
        g_ptr_array_unref(lines);
    }
    return width;
}

static void
print_finding(FILE *out, const struct overview_finding *finding, unsigned width)
{
    GPtrArray *lines = lines_of(finding->sentence);

    for (unsigned i = 0; i < lines->len; i++) {
        const char *line = (const char *)g_ptr_array_index(lines, i);
        const char *mark = i > 0 ? " " : finding->breaks ? "!" : "-";

        fprintf(out, "%s %s", mark, line);
        if (i + 1 < lines->len)
            fputc('\n', out);
        else
            fprintf(out, "%*s  %7u  %7u  %s\n", (int)(width - text_width(line)), "",
                    finding->streams, finding->example, finding->filter);
    }
    g_ptr_array_unref(lines);
}

static void
print_findings(FILE *out, const struct overview_page *page)
{
    unsigned width = sentences_width(page->findings);

    if (page->findings->len == 0) {
        fputs("Nothing is worth a look.\n", out);
        return;
    }
    fprintf(out, "%s%*s  streams  example  filter\n", WORTH, (int)(width + 2 - text_width(WORTH)),
            "");
    for (unsigned i = 0; i < page->findings->len; i++)
        print_finding(out, (const struct overview_finding *)g_ptr_array_index(page->findings, i),
                      width);
    if (page->left_off > 0)
        fprintf(out, "  and %u more: see -z tcpclose,causes\n", page->left_off);
}

static void
print_lines(FILE *out, const GPtrArray *lines)
{
    for (unsigned i = 0; i < lines->len; i++) {
        const struct overview_line *line =
            (const struct overview_line *)g_ptr_array_index(lines, i);

        fprintf(out, "%-*s %s\n", TITLE_WIDTH, line->title, line->text);
    }
}

void
overview_print(FILE *out, struct rows *rows)
{
    const struct overview_page *page = overview_page(rows);

    fprintf(out, "\n%s %s\n", REPORT_FAMILY, rows->report->title);
    print_lines(out, page->head);
    fputc('\n', out);
    print_findings(out, page);
    if (page->notes->len > 0)
        fputc('\n', out);
    print_lines(out, page->notes);
}
