/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

static const char EMPTY[] = "-"; /* so that a line has as many words as there are columns */
static const char GAP[] = "  ";

/* How a column is printed. */
struct layout {
    unsigned width; /* 0: the column is left out */
    char **head;    /* the words of the title, a line each */
    unsigned head_lines;
};

static unsigned
text_width(const char *text)
{
    return (unsigned)g_utf8_strlen(text, -1);
}

static void
lay_out_title(struct layout *layout, const char *title)
{
    layout->head = g_strsplit(title, " ", -1);
    layout->head_lines = g_strv_length(layout->head);
    for (unsigned i = 0; i < layout->head_lines; i++)
        layout->width = MAX(layout->width, text_width(layout->head[i]));
}

static struct layout *
lay_out(struct rows *rows)
{
    const struct column *columns = rows->report->columns;
    unsigned count = rows->report->column_count;
    struct layout *layouts = g_new0(struct layout, count);
    GString *text = g_string_new(NULL);

    for (unsigned index = 0; index < rows_count(rows); index++) {
        const void *row = rows_row(rows, index);

        for (unsigned i = 0; i < count; i++) {
            struct value value;

            if (!columns[i].title)
                continue;
            value = columns[i].get(row, &columns[i]);
            g_string_truncate(text, 0);
            value_append(text, &columns[i], &value);
            layouts[i].width = MAX(layouts[i].width, text_width(text->str));
        }
    }
    g_string_free(text, TRUE);
    for (unsigned i = 0; i < count; i++) {
        if (layouts[i].width > 0)
            lay_out_title(&layouts[i], columns[i].title);
    }
    return layouts;
}

static void
free_layouts(struct layout *layouts, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        g_strfreev(layouts[i].head);
    g_free(layouts);
}

static void
append_cell(GString *line, const struct column *column, unsigned width, const char *text)
{
    int pad = (int)(width - text_width(text));

    if (line->len > 0)
        g_string_append(line, GAP);
    if (column_is_numeric(column))
        g_string_append_printf(line, "%*s%s", pad, "", text);
    else
        g_string_append_printf(line, "%s%*s", text, pad, "");
}

static void
print_line(FILE *out, GString *line)
{
    g_strchomp(line->str);
    fprintf(out, "%s\n", line->str);
    g_string_truncate(line, 0);
}

/* left: lines of the head still to come, with this one; all titles end on the last. */
static const char *
head_line(const struct layout *layout, unsigned left)
{
    return left > layout->head_lines ? "" : layout->head[layout->head_lines - left];
}

static void
print_head(FILE *out, const struct report *report, const struct layout *layouts)
{
    unsigned count = report->column_count;
    GString *line = g_string_new(NULL);
    unsigned height = 0;

    for (unsigned i = 0; i < count; i++)
        height = MAX(height, layouts[i].head_lines);
    for (unsigned left = height; left > 0; left--) {
        for (unsigned i = 0; i < count; i++) {
            const struct layout *layout = &layouts[i];

            if (layout->width > 0)
                append_cell(line, &report->columns[i], layout->width, head_line(layout, left));
        }
        print_line(out, line);
    }
    g_string_free(line, TRUE);
}

static void
print_rows(FILE *out, struct rows *rows, const struct layout *layouts)
{
    const struct column *columns = rows->report->columns;
    GString *line = g_string_new(NULL);
    GString *text = g_string_new(NULL);

    for (unsigned index = 0; index < rows_count(rows); index++) {
        const void *row = rows_row(rows, index);

        for (unsigned i = 0; i < rows->report->column_count; i++) {
            struct value value = columns[i].get(row, &columns[i]);

            if (layouts[i].width == 0)
                continue;
            g_string_truncate(text, 0);
            value_append(text, &columns[i], &value);
            append_cell(line, &columns[i], layouts[i].width, text->len ? text->str : EMPTY);
        }
        print_line(out, line);
    }
    g_string_free(text, TRUE);
    g_string_free(line, TRUE);
}

/* Of the whole table. */
static unsigned
table_width(const struct layout *layouts, unsigned count)
{
    unsigned width = 0;

    for (unsigned i = 0; i < count; i++)
        width += layouts[i].width ? layouts[i].width + (width ? text_width(GAP) : 0) : 0;
    return width;
}

void
text_print(FILE *out, const char *filter, struct rows *rows)
{
    const struct report *report = rows->report;
    struct layout *layouts = lay_out(rows);
    char *title = g_strconcat(REPORT_FAMILY, " ", report->title, NULL);
    char *rule =
        g_strnfill(MAX(text_width(title), table_width(layouts, report->column_count)), '=');

    fprintf(out, "\n%s\n%s\nFilter: %s\n", rule, title, filter ? filter : "<none>");
    if (rows_count(rows) == 0)
        fputs("No TCP stream.\n", out);
    print_head(out, report, layouts);
    print_rows(out, rows, layouts);
    fprintf(out, "%s\n", rule);
    g_free(rule);
    g_free(title);
    free_layouts(layouts, report->column_count);
}
