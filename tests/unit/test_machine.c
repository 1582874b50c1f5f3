/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CSV and JSON with texts and numbers that no capture has. */
#include <glib.h>

#include "machine.h"

/* A row is an array of values, and column n shows the one at .percent == n. */
static struct value
nth(const void *row, const struct column *column)
{
    return ((const struct value *)row)[column->percent];
}

typedef void (*append_row)(GString *out, const struct column *columns, unsigned count,
                           const void *row);

static void
check_row(append_row append, const struct column *columns, unsigned count,
          const struct value *values, const char *wanted)
{
    GString *line = g_string_new(NULL);

    append(line, columns, count, values);
    g_assert_cmpstr(line->str, ==, wanted);
    g_assert_true(g_utf8_validate(line->str, (gssize)line->len, NULL));
    g_string_free(line, TRUE);
}

static void
check_text(append_row append, const char *text, const char *wanted)
{
    static const struct column column = {.name = "x", .kind = COLUMN_TEXT, .get = nth};
    struct value value = {.text = text};

    check_row(append, &column, 1, &value, wanted);
}

static void
test_csv_quotes_only_where_it_must(void)
{
    check_text(csv_append_row, "plain text; 'so'", "plain text; 'so'\r\n");
    check_text(csv_append_row, "a,b", "\"a,b\"\r\n");
    check_text(csv_append_row, "say \"so\"", "\"say \"\"so\"\"\"\r\n");
    check_text(csv_append_row, "two\nlines", "\"two\nlines\"\r\n");
    check_text(csv_append_row, "\r", "\"\r\"\r\n");
    check_text(csv_append_row, "", "\r\n");
}

static void
test_json_escapes_what_it_must(void)
{
    check_text(json_append_row, "plain/text", "{\"v\":2,\"x\":\"plain/text\"}\n");
    check_text(json_append_row, "\"\\", "{\"v\":2,\"x\":\"\\\"\\\\\"}\n");
    check_text(json_append_row, "\x01\t\r\n\x1f\x7f",
               "{\"v\":2,\"x\":\"\\u0001\\u0009\\u000d\\u000a\\u001f\x7f\"}\n");
    check_text(json_append_row, "\xc3\xa9\xf0\x9f\x90\x9f",
               "{\"v\":2,\"x\":\"\xc3\xa9\xf0\x9f\x90\x9f\"}\n");
}

static void
test_bytes_that_are_no_utf8_are_replaced(void)
{
    check_text(csv_append_row, "a\xff,b", "\"a\xef\xbf\xbd,b\"\r\n");
    check_text(json_append_row, "a\xc3", "{\"v\":2,\"x\":\"a\xef\xbf\xbd\"}\n");
    check_text(json_append_row, "\xed\xa0\x80",
               "{\"v\":2,\"x\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}\n");
}

static const struct column every_kind[] = {
    {.title = "For people", .kind = COLUMN_TEXT, .get = nth, .percent = 0},
    {.name = "count", .kind = COLUMN_COUNT, .get = nth, .percent = 1},
    {.name = "bytes", .kind = COLUMN_BYTES, .get = nth, .percent = 2},
    {.name = "s", .kind = COLUMN_DURATION, .get = nth, .percent = 3},
    {.name = "at", .kind = COLUMN_TIME, .get = nth, .percent = 4},
    {.name = "yes", .kind = COLUMN_BOOL, .get = nth, .percent = 5},
    {.title = "For people too", .kind = COLUMN_TEXT, .get = nth, .percent = 0},
    {.name = "text", .kind = COLUMN_TEXT, .get = nth, .percent = 6},
};

static void
test_header_has_the_columns_with_a_name(void)
{
    GString *line = g_string_new(NULL);

    csv_append_header(line, every_kind, G_N_ELEMENTS(every_kind));
    g_assert_cmpstr(line->str, ==, "count,bytes,s,at,yes,text\r\n");
    g_string_free(line, TRUE);
}

static void
test_largest_values_are_exact(void)
{
    static const struct value values[] = {
        {.text = "never"},      {.number = UINT32_MAX},
        {.number = UINT64_MAX}, {.ns = INT64_MAX, .at_least = true},
        {.ns = INT64_MIN},      {.number = 1},
        {.text = "t"},
    };

    check_row(csv_append_row, every_kind, G_N_ELEMENTS(every_kind), values,
              "4294967295,18446744073709551615,9223372036.854775807,-9223372036.854775808,true,"
              "t\r\n");
    check_row(json_append_row, every_kind, G_N_ELEMENTS(every_kind), values,
              "{\"v\":2,\"count\":4294967295,\"bytes\":18446744073709551615,"
              "\"s\":9223372036.854775807,\"at\":-9223372036.854775808,\"yes\":true,"
              "\"text\":\"t\"}\n");
}

static void
test_zeros_are_values(void)
{
    static const struct value values[] = {
        {.text = "never"}, {.number = 0}, {.number = 0}, {.ns = 0},
        {.ns = -1},        {.number = 0}, {.text = ""},
    };

    check_row(csv_append_row, every_kind, G_N_ELEMENTS(every_kind), values,
              "0,0,0.000000000,-0.000000001,false,\r\n");
    check_row(json_append_row, every_kind, G_N_ELEMENTS(every_kind), values,
              "{\"v\":2,\"count\":0,\"bytes\":0,\"s\":0.000000000,\"at\":-0.000000001,"
              "\"yes\":false,\"text\":\"\"}\n");
}

static void
test_nothing_is_empty_or_null(void)
{
    static const struct value values[] = {
        {.text = "never"}, {.absent = true}, {.absent = true}, {.absent = true},
        {.absent = true},  {.absent = true}, {.absent = true},
    };

    check_row(csv_append_row, every_kind, G_N_ELEMENTS(every_kind), values, ",,,,,\r\n");
    check_row(json_append_row, every_kind, G_N_ELEMENTS(every_kind), values,
              "{\"v\":2,\"count\":null,\"bytes\":null,\"s\":null,\"at\":null,\"yes\":null,"
              "\"text\":null}\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machine/csv/quotes_only_where_it_must", test_csv_quotes_only_where_it_must);
    g_test_add_func("/machine/csv/header_has_the_columns_with_a_name",
                    test_header_has_the_columns_with_a_name);
    g_test_add_func("/machine/json/escapes_what_it_must", test_json_escapes_what_it_must);
    g_test_add_func("/machine/bytes_that_are_no_utf8_are_replaced",
                    test_bytes_that_are_no_utf8_are_replaced);
    g_test_add_func("/machine/largest_values_are_exact", test_largest_values_are_exact);
    g_test_add_func("/machine/zeros_are_values", test_zeros_are_values);
    g_test_add_func("/machine/nothing_is_empty_or_null", test_nothing_is_empty_or_null);
    return g_test_run();
}
