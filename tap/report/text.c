/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

static const char EMPTY[] = "-"; /* so that a line has as many words as there are columns */
static const char GAP[] = "  ";

/* How a column is printed. */
struct layout {
    unsigned width; /* 0: the column is left out */
    unsigned line;  /* of those that a row has, from 0 */
    char **head;    /* the words of the title, a line each */
    unsigned head_lines;
};

/* How a table is printed. */
struct table {
    const struct report *report;
    struct layout *layouts; /* a column each */
    unsigned lines;         /* that a row has: 1, and more where columns fold */
    unsigned width;         /* of the longest line */
};

static unsigned
text_width(const char *text)
{
    return (unsigned)g_utf8_strlen(text, -1);
}

/* Of a column that folds, the title is one line. */
static void
lay_out_title(struct layout *layout, const struct column *column)
{
    layout->head = g_strsplit(column->title, " ", column->folds ? 1 : -1);
    layout->head_lines = g_strv_length(layout->head);
    for (unsigned i = 0; i < layout->head_lines; i++)
        layout->width = MAX(layout->width, text_width(layout->head[i]));
}

static void
lay_out_columns(struct table *table, struct rows *rows)
{
    const struct column *columns = table->report->columns;
    unsigned count = table->report->column_count;
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
            table->layouts[i].width = MAX(table->layouts[i].width, text_width(text->str));
        }
    }
    g_string_free(text, TRUE);
    for (unsigned i = 0; i < count; i++) {
        if (table->layouts[i].width > 0)
            lay_out_title(&table->layouts[i], &columns[i]);
    }
}

/* Puts the columns into lines: those that fold below the others if fold is set. */
static void
lay_out_lines(struct table *table, bool fold)
{
    const unsigned gap = text_width(GAP);
    unsigned used = 0;

    table->lines = 1;
    table->width = 0;
    for (unsigned i = 0; i < table->report->column_count; i++) {
        struct layout *layout = &table->layouts[i];
        bool folds = fold && table->report->columns[i].folds;

        if (layout->width == 0)
            continue;
        if (folds && (table->lines == 1 || used + gap + layout->width > TEXT_WIDTH)) {
            used = table->layouts[0].width; /* they stand indented by the first column */
            table->lines++;
        }
        used += (used > 0 ? gap : 0) + layout->width;
        layout->line = table->lines - 1;
        table->width = MAX(table->width, used);
    }
}

static struct table
lay_out(struct rows *rows)
{
    struct table table = {
        .report = rows->report,
        .layouts = g_new0(struct layout, rows->report->column_count),
    };

    lay_out_columns(&table, rows);
    lay_out_lines(&table, false);
    if (table.width > TEXT_WIDTH)
        lay_out_lines(&table, true);
    return table;
}

static void
free_layouts(const struct table *table)
{
    for (unsigned i = 0; i < table->report->column_count; i++)
        g_strfreev(table->layouts[i].head);
    g_free(table->layouts);
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

/* Begins a line of a row. */
static void
begin_line(GString *line, const struct table *table, unsigned number)
{
    g_string_printf(line, "%*s", number > 0 ? (int)table->layouts[0].width : 0, "");
}

static void
print_line(FILE *out, GString *line)
{
    g_strchomp(line->str);
    fprintf(out, "%s\n", line->str);
}

/* left: lines of the head still to come, with this one; all titles end on the last. */
static const char *
head_line(const struct layout *layout, unsigned left)
{
    return left > layout->head_lines ? "" : layout->head[layout->head_lines - left];
}

/* Above the cells of that line of a row. */
static void
print_head(FILE *out, const struct table *table, unsigned number)
{
    unsigned count = table->report->column_count;
    GString *line = g_string_new(NULL);
    unsigned height = 0;

    for (unsigned i = 0; i < count; i++) {
        if (table->layouts[i].line == number)
            height = MAX(height, table->layouts[i].head_lines);
    }
    for (unsigned left = height; left > 0; left--) {
        begin_line(line, table, number);
        for (unsigned i = 0; i < count; i++) {
            const struct layout *layout = &table->layouts[i];

            if (layout->width > 0 && layout->line == number)
                append_cell(line, &table->report->columns[i], layout->width,
                            head_line(layout, left));
        }
        print_line(out, line);
    }
    g_string_free(line, TRUE);
}

static void
print_row(FILE *out, const struct table *table, const void *row, unsigned number)
{
    const struct column *columns = table->report->columns;
    GString *line = g_string_new(NULL);
    GString *text = g_string_new(NULL);

    begin_line(line, table, number);
    for (unsigned i = 0; i < table->report->column_count; i++) {
        const struct layout *layout = &table->layouts[i];
        struct value value;

        if (layout->width == 0 || layout->line != number)
            continue;
        value = columns[i].get(row, &columns[i]);
        g_string_truncate(text, 0);
        value_append(text, &columns[i], &value);
        append_cell(line, &columns[i], layout->width, text->len ? text->str : EMPTY);
    }
    print_line(out, line);
    g_string_free(text, TRUE);
    g_string_free(line, TRUE);
}

static void
print_table(FILE *out, const struct table *table, struct rows *rows)
{
    for (unsigned number = 0; number < table->lines; number++)
        print_head(out, table, number);
    for (unsigned index = 0; index < rows_count(rows); index++) {
        const void *row = rows_row(rows, index);

        for (unsigned number = 0; number < table->lines; number++)
            print_row(out, table, row, number);
    }
    if (table->report->legend)
        fprintf(out, "\n%s", table->report->legend);
}

static void
print_selection(FILE *out, const struct report_input *input)
{
    fprintf(out, "Filter: %s", input->selected ? input->selected : input->bpf ? "" : "<none>");
    if (input->bpf)
        fprintf(out, "%s--bpf \"%s\"", input->selected ? " of " : "", input->bpf);
    fputc('\n', out);
}

void
text_print(FILE *out, struct rows *rows)
{
    struct table table = lay_out(rows);
    char *title = g_strconcat(REPORT_FAMILY, " ", rows->report->title, NULL);
    char *rule = g_strnfill(MAX(text_width(title), table.width), '=');

    fprintf(out, "\n%s\n%s\n", rule, title);
    print_selection(out, &rows->input);
    if (rows_count(rows) > 0)
        print_table(out, &table, rows);
    else
        fprintf(out, "%s\n", rows->report->nothing ? rows->report->nothing : "No TCP stream.");
    fprintf(out, "%s\n", rule);
    g_free(rule);
    g_free(title);
    free_layouts(&table);
}
