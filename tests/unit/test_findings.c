/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the summary tells of problems: which streams are one finding, its filter, its sentence. */
#include <glib.h>
#include <string.h>

#include "findings.h"
#include "small_capture.h"
#include "time_waits.h"
#include "units.h"

struct fixture {
    struct stream_entries entries;
    GArray *records;
};

static void
set_up(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    fixture->entries = (struct stream_entries){0};
    fixture->records = g_array_new(FALSE, FALSE, sizeof(struct problem_record));
}

static void
tear_down(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    g_array_unref(fixture->records);
    stream_entries_clear(&fixture->entries);
}

static void
name_it(struct stream_entry *entry, enum role role, const char *address, uint16_t port)
{
    char *service = g_strdup_printf("%u", port);
    struct endpoint_names names = {
        .host = address, .service = service, .address = address, .port = port};

    stream_entry_name(entry, role, &names);
    g_free(service);
}

static const struct problem *
problem_of(enum cause_kind cause)
{
    for (unsigned i = 0; i < problem_count; i++) {
        if (problems[i].cause == cause)
            return &problems[i];
    }
    g_assert_not_reached();
}

/* The next stream, with that problem; the server's doing. */
static struct problem_record *
add(struct fixture *fixture, enum cause_kind cause, const char *client, const char *server,
    uint16_t port)
{
    uint32_t id = fixture->records->len;
    struct stream_entry *entry = stream_entries_add(&fixture->entries, id, NULL, 0);
    struct problem_record record = {
        .problem = problem_of(cause),
        .entry = entry,
        .actor = ROLE_SERVER,
        .side = CAUSE_BY_SERVER,
    };

    name_it(entry, ROLE_CLIENT, client, 50000);
    name_it(entry, ROLE_SERVER, server, port);
    g_array_append_val(fixture->records, record);
    return &g_array_index(fixture->records, struct problem_record, id);
}

static void
add_refused(struct fixture *fixture, const char *server, uint16_t port)
{
    add(fixture, CAUSE_refused, "10.0.0.1", server, port);
}

/* A line a finding: streams, example, filter. */
static void
assert_filters(const struct fixture *fixture, const char *selected, const char *wanted)
{
    GPtrArray *findings = findings_of(fixture->records, selected);
    GString *found = g_string_new(NULL);

    for (unsigned i = 0; i < findings->len; i++) {
        const struct overview_finding *finding =
            (const struct overview_finding *)g_ptr_array_index(findings, i);

        g_string_append_printf(found, "%u %u %s\n", finding->streams, finding->example,
                               finding->filter);
    }
    g_assert_cmpstr(found->str, ==, wanted);
    g_string_free(found, TRUE);
    g_ptr_array_unref(findings);
}

static void
assert_sentence(const struct fixture *fixture, const char *wanted)
{
    GPtrArray *findings = findings_of(fixture->records, NULL);

    g_assert_cmpuint(findings->len, ==, 1);
    g_assert_cmpstr(((const struct overview_finding *)g_ptr_array_index(findings, 0))->sentence, ==,
                    wanted);
    g_ptr_array_unref(findings);
}

/* ---- filters ---- */

static void
test_one_service_needs_the_problem_alone(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    add_refused(fixture, "10.0.0.2", 80);
    assert_filters(fixture, NULL, "2 0 tcpclose.cause == \"refused\"\n");
}

static void
test_two_hosts_need_the_address(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    add_refused(fixture, "fd00::2", 80);
    add_refused(fixture, "fd00::2", 80);
    assert_filters(fixture, NULL,
                   "2 1 tcpclose.cause == \"refused\" && ipv6.addr == fd00::2\n"
                   "1 0 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.2\n");
}

static void
test_two_services_of_a_host_need_the_port(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    add_refused(fixture, "10.0.0.2", 443);
    assert_filters(fixture, NULL,
                   "1 0 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.2 && tcp.port == 80\n"
                   "1 1 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.2 && tcp.port == 443\n");
}

static void
test_two_sides_need_the_side(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    struct problem_record *record;

    add(fixture, CAUSE_abort, "10.0.0.1", "10.0.0.2", 80);
    record = add(fixture, CAUSE_abort, "10.0.0.1", "10.0.0.2", 80);
    record->actor = ROLE_CLIENT;
    record->side = CAUSE_BY_CLIENT;
    assert_filters(fixture, NULL,
                   "1 0 tcpclose.cause == \"abort\" && tcpclose.cause.side == \"server\"\n"
                   "1 1 tcpclose.cause == \"abort\" && tcpclose.cause.side == \"client\"\n");
}

/* The server of the one is a client of the other, with a port that is the same. */
static void
test_what_addresses_do_not_tell_apart_is_told_by_number(struct fixture *fixture,
                                                        const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    add(fixture, CAUSE_refused, "10.0.0.2", "10.0.0.3", 80);
    add_refused(fixture, "10.0.0.2", 80);
    add_refused(fixture, "10.0.0.2", 80);
    assert_filters(fixture, NULL,
                   "3 0 tcp.stream in {0, 2..3}\n"
                   "1 1 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.3\n");
}

static void
test_an_address_that_is_no_ip_address_is_told_by_number(struct fixture *fixture,
                                                        const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "00:00:5e:00:53:01", 80);
    add_refused(fixture, "", 80);
    assert_filters(fixture, NULL, "1 0 tcp.stream in {0}\n1 1 tcp.stream in {1}\n");
}

static void
test_what_selected_goes_before(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    assert_filters(fixture, "tcp.port == 80 || udp",
                   "1 0 (tcp.port == 80 || udp) && tcpclose.cause == \"refused\"\n");
}

/* With two passes it may select others than it did with one. */
static void
test_what_selected_by_what_is_found_in_hindsight_is_told_by_number(struct fixture *fixture,
                                                                   const void *data G_GNUC_UNUSED)
{
    add_refused(fixture, "10.0.0.2", 80);
    assert_filters(fixture, "tcpclose.pattern == \"open\"", "1 0 tcp.stream in {0}\n");
}

/* Not every segment of these streams has what their filter asks for. */
static void
test_what_selected_and_a_filter_of_frames_are_told_by_number(struct fixture *fixture,
                                                             const void *data G_GNUC_UNUSED)
{
    add(fixture, CAUSE_COUNT, "10.0.0.1", "10.0.0.2", 80);
    assert_filters(fixture, "tcp", "1 0 tcp.stream in {0}\n");
}

/* ---- groups ---- */

static void
test_many_services_of_a_host_are_the_hosts(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    for (uint16_t port = 80; port < 84; port++)
        add_refused(fixture, "10.0.0.2", port);
    add_refused(fixture, "10.0.0.3", 80);
    assert_filters(fixture, NULL,
                   "4 0 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.2\n"
                   "1 4 tcpclose.cause == \"refused\" && ip.addr == 10.0.0.3\n");
}

static void
test_many_hosts_are_one(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    static const char *const servers[] = {"10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"};

    for (unsigned i = 0; i < G_N_ELEMENTS(servers); i++)
        add_refused(fixture, servers[i], 80);
    assert_filters(fixture, NULL, "4 0 tcpclose.cause == \"refused\"\n");
    assert_sentence(fixture, "each of 4 servers refuses connections: RST to the SYN");
}

static void
test_what_breaks_applications_comes_first(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add(fixture, CAUSE_abort, "10.0.0.1", "10.0.0.2", 80);
    add(fixture, CAUSE_abort, "10.0.0.1", "10.0.0.2", 80);
    add_refused(fixture, "10.0.0.2", 80);
    assert_filters(fixture, NULL,
                   "1 2 tcpclose.cause == \"refused\"\n"
                   "2 0 tcpclose.cause == \"abort\"\n");
}

/* ---- sentences ---- */

static void
test_the_longest_time_is_told(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add(fixture, CAUSE_application_did_not_close, "10.0.0.1", "fd00::2", 80)->time =
        (struct problem_time){.ns = 31 * NS_PER_S};
    add(fixture, CAUSE_application_did_not_close, "10.0.0.1", "fd00::2", 80)->time =
        (struct problem_time){.ns = 299980 * NS_PER_MS, .at_least = true};
    assert_sentence(fixture, "[fd00::2]:80 does not close: CLOSE_WAIT up to >=299.9s");
}

static void
test_the_shortest_silence_is_told_too(struct fixture *fixture, const void *data G_GNUC_UNUSED)
{
    add(fixture, CAUSE_idle_close_race, "10.0.0.1", "10.0.0.2", 80)->time =
        (struct problem_time){.ns = 65 * NS_PER_S};
    add(fixture, CAUSE_idle_close_race, "10.0.0.3", "10.0.0.2", 80)->time =
        (struct problem_time){.ns = 20 * NS_PER_MS};
    assert_sentence(fixture,
                    "10.0.0.2:80 had closed idle connections after 20.0ms to 65.00s when each "
                    "of 2 clients used them again: reset, a request has likely failed");
}

static void
test_a_problem_of_clients_is_told_with_the_service(struct fixture *fixture,
                                                   const void *data G_GNUC_UNUSED)
{
    add(fixture, CAUSE_abort, "10.0.0.1", "10.0.0.2", 80)->actor = ROLE_CLIENT;
    assert_sentence(fixture, "10.0.0.1 resets connections by its own decision (connections to "
                             "10.0.0.2:80)");
}

/* ---- TIME_WAIT ---- */

/* Each of the client's takes a port; the server's take none. */
static void
test_time_waits_of_a_client_are_a_share_of_its_ports(struct fixture *fixture,
                                                     const void *data G_GNUC_UNUSED)
{
    const struct stream_entry *entry =
        add(fixture, CAUSE_refused, "10.0.0.1", "10.0.0.2", 80)->entry;
    struct time_waits *time_waits = time_waits_new();
    struct visit visit = {.role = ROLE_CLIENT, .state = STATE_TIME_WAIT, .open = true};
    char *text = time_waits_text(time_waits, 28232);

    g_assert_null(text);
    for (unsigned i = 0; i < 300; i++)
        time_waits_add(time_waits, entry, &visit);
    visit.role = ROLE_SERVER;
    time_waits_add(time_waits, entry, &visit);
    text = time_waits_text(time_waits, 28232);
    g_assert_cmpstr(text, ==,
                    "10.0.0.1 holds up to 300 to 10.0.0.2:80 (1 % of 28232 ports); 10.0.0.2:80 "
                    "holds up to 1");
    g_free(text);
    time_waits_free(time_waits);
}

/* ---- the page ---- */

static struct rows *
finished(const struct small_capture *capture)
{
    struct rows *rows = rows_begin(&summary_report, &capture->input);

    rows_collect_all(rows, &capture->entries);
    g_assert_null(rows_finish(rows));
    return rows;
}

static void
test_page_says_how_streams_ended(void)
{
    struct small_capture capture;
    struct rows *rows;
    const struct overview_page *page;
    const struct overview_line *line;

    small_capture_make(&capture);
    rows = finished(&capture);
    page = overview_page(rows);
    line = (const struct overview_line *)g_ptr_array_index(page->head, 1);
    g_assert_cmpstr(line->title, ==, "Ended by");
    g_assert_cmpstr(line->text, ==, "FIN 1 (client first 1), refused 1, not closed at the end 1");
    g_assert_cmpuint(rows_count(rows), ==, 2);
    g_assert_cmpstr(((const struct overview_finding *)rows_row(rows, 0))->filter, ==,
                    "tcpclose.cause == \"refused\"");
    g_assert_cmpstr(((const struct overview_finding *)rows_row(rows, 1))->filter, ==,
                    "tcpclose.cause == \"idle_close\"");
    line = (const struct overview_line *)g_ptr_array_index(page->notes, 0);
    g_assert_cmpstr(line->title, ==, "TIME_WAIT");
    g_assert_cmpstr(line->text, ==,
                    "laptop\uFFFD holds up to 1 to 10.0.0.2:http (1 % of 100 ports)");
    rows_free(rows);
    small_capture_clear(&capture);
}

static void
test_html_holds_no_markup_of_the_capture(void)
{
    static const struct endpoint_names evil = {
        .host = "<img src=x>&\"", .service = "80", .address = "10.0.0.9", .port = 80};
    struct small_capture capture;
    struct stream_entry *entry;
    struct rows *rows;
    char *html;

    small_capture_make(&capture);
    entry = stream_entries_find(&capture.entries, 1);
    stream_entry_name(entry, ROLE_SERVER, &evil);
    rows = finished(&capture);
    html = overview_html(rows);
    g_assert_nonnull(strstr(html, "&lt;img src=x&gt;&amp;&quot;:80 refuses connections"));
    g_assert_null(strstr(html, "<img"));
    g_free(html);
    rows_free(rows);
    small_capture_clear(&capture);
}

static void
add_test(const char *path, void (*test)(struct fixture *fixture, const void *data))
{
    g_test_add(path, struct fixture, NULL, set_up, test, tear_down);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_test("/findings/one_service/problem_alone", test_one_service_needs_the_problem_alone);
    add_test("/findings/two_hosts/address", test_two_hosts_need_the_address);
    add_test("/findings/two_services/port", test_two_services_of_a_host_need_the_port);
    add_test("/findings/two_sides/side", test_two_sides_need_the_side);
    add_test("/findings/same_addresses/numbers",
             test_what_addresses_do_not_tell_apart_is_told_by_number);
    add_test("/findings/no_ip_address/numbers",
             test_an_address_that_is_no_ip_address_is_told_by_number);
    add_test("/findings/selected/goes_before", test_what_selected_goes_before);
    add_test("/findings/selected_in_hindsight/numbers",
             test_what_selected_by_what_is_found_in_hindsight_is_told_by_number);
    add_test("/findings/selected_and_filter_of_frames/numbers",
             test_what_selected_and_a_filter_of_frames_are_told_by_number);
    add_test("/findings/many_services/host", test_many_services_of_a_host_are_the_hosts);
    add_test("/findings/many_hosts/one", test_many_hosts_are_one);
    add_test("/findings/order/what_breaks_first", test_what_breaks_applications_comes_first);
    add_test("/findings/sentence/longest_time", test_the_longest_time_is_told);
    add_test("/findings/sentence/shortest_silence", test_the_shortest_silence_is_told_too);
    add_test("/findings/sentence/service_of_clients",
             test_a_problem_of_clients_is_told_with_the_service);
    add_test("/time_waits/client/share_of_its_ports",
             test_time_waits_of_a_client_are_a_share_of_its_ports);
    g_test_add_func("/overview/page/says_how_streams_ended", test_page_says_how_streams_ended);
    g_test_add_func("/overview/html/no_markup_of_the_capture",
                    test_html_holds_no_markup_of_the_capture);
    return g_test_run();
}
