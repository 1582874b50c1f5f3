/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every form of every report, without Wireshark. */
#include <glib.h>
#include <string.h>

#include "print.h"
#include "small_capture.h"
#include "text.h"

/* What a file holds from its begin. Freed by the caller. */
static char *
content(FILE *file)
{
    GString *text = g_string_new(NULL);

    rewind(file);
    for (int c = getc(file); c != EOF; c = getc(file))
        g_string_append_c(text, (char)c);
    return g_string_free(text, FALSE);
}

static char *
printed(const struct report *report, const struct small_capture *capture, const char *filter)
{
    struct report_input input = capture->input;
    struct rows *rows;
    FILE *out = tmpfile();
    char *text;

    g_assert_nonnull(out);
    input.selected = filter;
    rows = rows_begin(report, &input);
    rows_collect_all(rows, &capture->entries);
    g_assert_null(rows_finish(rows));
    report_print(out, rows, false);
    g_assert_true(report_is_written(out));
    text = content(out);
    fclose(out);
    rows_free(rows);
    return text;
}

/* The lines of the rows, below the head and above the legend. Freed by the caller. */
static char **
row_lines(const char *text, unsigned count)
{
    char **lines = g_strsplit(text, "\n", -1);
    unsigned end = 5; /* the first line is empty, then rule, title, filter, and some head */

    while (*lines[end] != '\0' && *lines[end] != '=')
        end++;
    g_assert_cmpuint(end, >, count);
    for (unsigned i = 0; i < end - count; i++)
        g_free(lines[i]);
    memmove(lines, lines + end - count, sizeof(*lines) * (g_strv_length(lines + end - count) + 1));
    return lines;
}

/* The last lines of a table's rows, one blank between two cells; NULL ends them. */
static void
assert_rows(const struct report *report, const char *const *wanted)
{
    struct small_capture capture;
    char *text;
    char **lines;

    small_capture_make(&capture);
    text = printed(report, &capture, NULL);
    lines = row_lines(text, g_strv_length((char **)wanted));
    for (unsigned i = 0; wanted[i]; i++) {
        GRegex *blanks = g_regex_new(" +", (GRegexCompileFlags)0, (GRegexMatchFlags)0, NULL);
        char *row =
            g_regex_replace_literal(blanks, lines[i], -1, 0, " ", (GRegexMatchFlags)0, NULL);

        g_assert_cmpstr(g_strstrip(row), ==, wanted[i]);
        g_free(row);
        g_regex_unref(blanks);
    }
    g_strfreev(lines);
    g_free(text);
    small_capture_clear(&capture);
}

/* ---- each report ---- */

static void
test_table_is_as_wide_as_its_cells(void)
{
    struct small_capture capture;
    char *text;

    small_capture_make(&capture);
    text = printed(&patterns_report, &capture, "tcp");
    g_assert_cmpstr(
        text, ==,
        "\n"
        "===============================================================================\n"
        "TCP Close Patterns\n"
        "Filter: tcp\n"
        "                             Teardown  Teardown  Teardown  Teardown\n"
        "                      Share       min    median       p95       max  Half-close\n"
        "Pattern      Streams    (%)       (s)       (s)       (s)       (s)     (bytes)\n"
        "refused            1   33.3  0.000000  0.000000  0.000000  0.000000           0\n"
        "half_closed        1   33.3         -         -         -         -           0\n"
        "four_way           1   33.3  0.540000  0.540000  0.540000  0.540000           0\n"
        "===============================================================================\n");
    g_free(text);
    small_capture_clear(&capture);
}

/* A line end in a name is not printed. The courses do not fit: they are below their rows. */
static void
test_streams(void)
{
    static const char *const rows[] = {
        "Stream Client Server Pattern by by Teardown",
        "Client course Server course Cause",
        "0 laptop\uFFFD:40000 10.0.0.2:http four_way client - 540.0ms",
        "FW1 20.0ms > FW2? 500.0ms > TW >=890.0ms CW 520.0ms > LA 20.0ms normal_close",
        "1 laptop\uFFFD:40000 10.0.0.2:http refused - server 0s",
        "- - refused",
        "2 laptop\uFFFD:40000 [fd00::2]:http half_closed client - >=10.0ms",
        "FW1 10.0ms > FW2? >=0s CW >=10.0ms idle_close",
        NULL,
    };

    assert_rows(&streams_report, rows);
}

static void
test_wide_streams_have_all_columns(void)
{
    static const char *const rows[] = {
        "Stream Client Server Pattern by by (s) course course state state (s) (s) (s) (s) (s) "
        "(bytes) retransmissions RSTs Cause",
        "0 laptop\uFFFD:40000 10.0.0.2:http four_way client - 0.540000 "
        "FW1 20.0ms > FW2? 500.0ms > TW >=890.0ms CW 520.0ms > LA 20.0ms TIME_WAIT CLOSED "
        "0.020000 0.500000 >=0.890000 0.520000 0.020000 0 0 0 normal_close",
        "1 laptop\uFFFD:40000 10.0.0.2:http refused - server 0.000000 - - CLOSED CLOSED - - - - - "
        "0 "
        "0 1 refused",
        "2 laptop\uFFFD:40000 [fd00::2]:http half_closed client - >=0.010000 "
        "FW1 10.0ms > FW2? >=0s CW >=10.0ms FIN_WAIT_2 CLOSE_WAIT "
        "0.010000 >=0.000000 - >=0.010000 - 0 0 0 idle_close",
        NULL,
    };

    assert_rows(streams_report.longer, rows);
}

/* A row whose cells are texts of so many letters as the column's .percent says. */
static struct value
letters(const void *row G_GNUC_UNUSED, const struct column *column)
{
    static char text[TEXT_WIDTH];
    unsigned count = column->percent;

    memset(text, 'x', count);
    text[count] = '\0';
    return (struct value){.absent = count == 0, .text = text};
}

static unsigned
one_row(const struct rows *rows G_GNUC_UNUSED)
{
    return 1;
}

static const void *
same_row(struct rows *rows, unsigned index G_GNUC_UNUSED)
{
    return rows;
}

static void
own_nothing(struct rows *rows G_GNUC_UNUSED)
{
}

/* How long each line of a row is, with cells as long as that; the last three columns fold. */
static void
assert_line_lengths(const unsigned cells[4], const char *wanted)
{
    static const struct row_source source = {
        .size = sizeof(struct rows), .count = one_row, .row = same_row, .clear = own_nothing};
    struct column columns[4];
    const struct report report = {
        .title = "T", .columns = columns, .column_count = G_N_ELEMENTS(columns), .source = &source};
    const struct report_input input = {0};
    struct rows *rows = rows_begin(&report, &input);
    GString *lengths = g_string_new(NULL);
    FILE *out = tmpfile();
    char *text;
    char **lines;

    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        columns[i] =
            (struct column){.title = "T", .get = letters, .percent = cells[i], .folds = i > 0};
    text_print(out, rows);
    text = content(out);
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (strchr(*line, 'x'))
            g_string_append_printf(lengths, "%zu ", strlen(*line));
    }
    g_assert_cmpstr(g_strchomp(lengths->str), ==, wanted);
    fclose(out);
    g_strfreev(lines);
    g_free(text);
    g_string_free(lengths, TRUE);
    rows_free(rows);
}

static void
test_columns_fold_only_where_the_table_is_too_wide(void)
{
    assert_line_lengths((const unsigned[4]){10, 50, 50, 4}, "120");
    assert_line_lengths((const unsigned[4]){10, 50, 50, 5}, "10 114 17");
    assert_line_lengths((const unsigned[4]){10, 50, 50, 0}, "114");
}

static void
test_folded_columns_go_on_where_they_are_too_wide(void)
{
    assert_line_lengths((const unsigned[4]){10, 52, 54, 60}, "10 120 72");
    assert_line_lengths((const unsigned[4]){10, 100, 100, 5}, "10 112 119");
    assert_line_lengths((const unsigned[4]){10, 100, 0, 40}, "10 112 52");
}

static void
test_states(void)
{
    static const char *const rows[] = {
        "ESTABLISHED server 2 2 0 0 0.080000 0.755000 0.080000 1.430000 1.430000 1.430000",
        "FIN_WAIT_1 client 2 2 0 0 0.010000 0.015000 0.010000 0.020000 0.020000 0.020000",
        /* Nothing of the client shows that the ACK of its FIN has reached it. */
        "FIN_WAIT_2 client 2 0 2 0 - - - - - -",
        "CLOSE_WAIT server 2 1 0 1 0.520000 0.520000 0.520000 0.520000 0.520000 0.520000",
        "LAST_ACK server 1 1 0 0 0.020000 0.020000 0.020000 0.020000 0.020000 0.020000",
        "TIME_WAIT client 1 0 0 1 - - - - - -",
        "CLOSED client 1 0 1 0 - - - - - -",
        "CLOSED server 2 0 1 1 - - - - - -",
        NULL,
    };

    assert_rows(&states_report, rows);
}

static void
test_hosts(void)
{
    static const char *const rows[] = {
        "address laptop\uFFFD 3 66.7 0.0 - 0 0 1 1 - - -",
        "address 10.0.0.2 2 0.0 50.0 0.520000 0 0 0 0 - - -",
        "address fd00::2 1 0.0 0.0 - 1 0 0 0 - - -",
        "service 10.0.0.2:http 2 0.0 50.0 0.520000 0 0 0 0 - - -",
        "service [fd00::2]:http 1 0.0 0.0 - 1 0 0 0 - 1.440000 client",
        "ports laptop\uFFFD>10.0.0.2:http 1 - - - - - 1 1 1.0 - -",
        NULL,
    };

    assert_rows(&hosts_report, rows);
}

static void
test_causes(void)
{
    static const char *const rows[] = {
        "refused server 10.0.0.2:http 1 33.3 0.010000 0.010000 0.010000 1 1",
        "idle_close client [fd00::2]:http 1 33.3 1.440000 1.440000 1.440000 1 2",
        "normal_close client 10.0.0.2:http 1 33.3 0.090000 0.090000 0.090000 1 0",
        NULL,
    };

    assert_rows(&causes_report, rows);
}

static void
test_resets(void)
{
    static const char *const rows[] = {
        "Frame Stream Sender Verdict answer Cause to",
        "5 1 10.0.0.2:http accepted answer refused 4",
        NULL,
    };

    assert_rows(&resets_report, rows);
}

static void
test_occupancy(void)
{
    static const char *const rows[] = {
        "(s) (s) end peak end peak end peak end peak end peak end peak",
        "0.000000 1.000000 0 1 0 1 0 1 0 0 0 1 1 1",
        "1.000000 1.510000 0 1 1 1 1 1 0 0 0 0 1 1",
        NULL,
    };

    assert_rows(&occupancy_report, rows);
}

/* ---- all of them ---- */

static void
test_nothing_selected_is_said(void)
{
    const struct small_capture none = {.input = {.interval_ns = 1}};

    for (const struct report *const *at = reports; *at; at++) {
        char *text = printed(*at, &none, NULL);

        if (*at == &resets_report)
            g_assert_nonnull(strstr(text, "\nFilter: <none>\nNo RST.\n=="));
        else if ((*at)->form == FORM_TEXT)
            g_assert_nonnull(strstr(text, "\nFilter: <none>\nNo TCP stream.\n=="));
        else if ((*at)->form == FORM_PAGE)
            g_assert_nonnull(strstr(text, "TCP streams  none\n\nNothing is worth a look.\n"));
        else if ((*at)->form == FORM_CSV)
            g_assert_true((g_str_has_prefix(text, "stream,client_address,") ||
                           g_str_has_prefix(text, "frame,stream,time_s,")) &&
                          strchr(text, '\n') == text + strlen(text) - 1);
        else
            g_assert_cmpstr(text, ==, "");
        g_free(text);
    }
}

/* tshark finds a report by how what is asked for begins. */
static void
test_no_name_begins_with_another(void)
{
    for (const struct report *const *at = reports; *at; at++) {
        for (const struct report *const *other = reports; *other; other++)
            g_assert_true(at == other || !g_str_has_prefix((*at)->name, (*other)->name));
    }
}

/* The value that a form for programs has in a column of the first row. Freed by the caller. */
static char *
csv_cell(const char *csv, const char *name)
{
    char **csv_lines = g_strsplit(csv, "\r\n", -1);
    char **names = g_strsplit(csv_lines[0], ",", -1);
    char **cells = g_strsplit(csv_lines[1], ",", -1);
    char *cell = NULL;

    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(names[i], name) == 0)
            cell = g_strdup(cells[i]);
    }
    g_strfreev(cells);
    g_strfreev(names);
    g_strfreev(csv_lines);
    return cell;
}

static void
assert_same_columns(const struct report *as_csv, const struct report *as_json)
{
    struct small_capture capture;
    char *csv;
    char *json;

    small_capture_make(&capture);
    csv = printed(as_csv, &capture, NULL);
    json = printed(as_json, &capture, NULL);
    for (unsigned i = 0; i < as_csv->column_count; i++) {
        const struct column *column = &as_csv->columns[i];
        char *cell = column->name ? csv_cell(csv, column->name) : NULL;
        const char *quote = column->kind == COLUMN_TEXT && cell && *cell ? "\"" : "";
        char *member = g_strdup_printf("\"%s\":%s%s%s", column->name, quote,
                                       cell && *cell ? cell : "null", quote);

        g_assert_true(!column->name || strstr(json, member));
        g_free(member);
        g_free(cell);
    }
    g_free(json);
    g_free(csv);
    small_capture_clear(&capture);
}

static void
test_csv_and_json_agree_in_every_column(void)
{
    assert_same_columns(&csv_report, &json_report);
    assert_same_columns(&rsts_csv_report, &rsts_json_report);
}

static void
test_csv_is_exact(void)
{
    static const char *const cells[][2] = {
        {"stream", "0"},
        {"client_address", "10.0.0.1"},
        {"server_port", "80"},
        {"role_guessed", "false"},
        {"last_seen_s", "0.640000000"},
        {"pattern", "four_way"},
        {"closed_by", "client"},
        {"teardown_s", "0.540000000"},
        {"client_state", "TIME_WAIT"},
        {"client_fin_wait_2_s", "0.500000000"},
        {"client_time_wait_s", "0.890000000"},
        {"client_time_wait_censored", "true"},
        {"client_closing_s", ""},
        {"server_close_wait_s", "0.520000000"},
    };
    struct small_capture capture;
    char *csv;

    small_capture_make(&capture);
    csv = printed(&csv_report, &capture, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(cells); i++) {
        char *cell = csv_cell(csv, cells[i][0]);

        g_assert_cmpstr(cell, ==, cells[i][1]);
        g_free(cell);
    }
    g_free(csv);
    small_capture_clear(&capture);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/streams/is_a_row_a_stream", test_streams);
    g_test_add_func("/report/text/table_is_as_wide_as_its_cells",
                    test_table_is_as_wide_as_its_cells);
    g_test_add_func("/report/streams/wide_ones_have_all_columns",
                    test_wide_streams_have_all_columns);
    g_test_add_func("/report/text/columns_fold_only_where_the_table_is_too_wide",
                    test_columns_fold_only_where_the_table_is_too_wide);
    g_test_add_func("/report/text/folded_columns_go_on_where_they_are_too_wide",
                    test_folded_columns_go_on_where_they_are_too_wide);
    g_test_add_func("/report/states/is_a_row_a_state_and_role", test_states);
    g_test_add_func("/report/hosts/addresses_before_services", test_hosts);
    g_test_add_func("/report/causes/is_a_row_a_cause_side_and_service", test_causes);
    g_test_add_func("/report/resets/is_a_row_a_rst", test_resets);
    g_test_add_func("/report/occupancy/is_a_row_an_interval", test_occupancy);
    g_test_add_func("/report/nothing_selected_is_said", test_nothing_selected_is_said);
    g_test_add_func("/report/no_name_begins_with_another", test_no_name_begins_with_another);
    g_test_add_func("/report/csv_and_json_agree_in_every_column",
                    test_csv_and_json_agree_in_every_column);
    g_test_add_func("/report/csv_is_exact", test_csv_is_exact);
    return g_test_run();
}
