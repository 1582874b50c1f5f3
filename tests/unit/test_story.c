/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One stream told and drawn, without Wireshark; and the parts that both are made of. */
#include <glib.h>
#include <string.h>

#include "scale.h"
#include "small_capture.h"
#include "sentence.h"
#include "story.h"
#include "timeline.h"
#include "units.h"

/* Freed by the caller. */
static char *
told(unsigned stream, void (*append)(GString *out, const struct history *history))
{
    struct small_capture capture;
    struct history *history;
    GString *text = g_string_new(NULL);

    small_capture_make(&capture);
    history = history_new(stream_entries_find(&capture.entries, stream), &capture.input);
    append(text, history);
    history_free(history);
    small_capture_clear(&capture);
    return g_string_free(text, FALSE);
}

static void
test_four_way_is_told_step_by_step(void)
{
    char *text = told(0, story_append);

    g_assert_cmpstr(
        text, ==,
        "   Frame       Time (s)  What happened, and the states that begin\n"
        "       1       0.000000  SYN: the client opens the connection.\n"
        "                         client SYN_SENT 10.0ms: waits for the SYN-ACK.\n"
        "                         server SYN_RECEIVED 20.0ms: has the SYN of the client, waits "
        "for the ACK of its own.\n"
        "       2       0.010000  SYN-ACK: the server takes the connection.\n"
        "                         client ESTABLISHED 90.0ms: both directions are open.\n"
        "       3       0.020000  ACK of the SYN of the server: the connection is established.\n"
        "                         server ESTABLISHED 80.0ms: both directions are open.\n"
        "       9       0.100000  First of four, FIN: the client has no more data, and waits for "
        "the ACK.\n"
        "                         client FIN_WAIT_1 20.0ms: waits for the ACK of its FIN: a "
        "round trip, if nothing is lost.\n"
        "                         server CLOSE_WAIT 520.0ms: has the FIN of the client, waits "
        "for its own application to close.\n"
        "      10       0.120000  Second of four, ACK: the FIN of the client has reached the "
        "server, which may still send.\n"
        "                         client FIN_WAIT_2? 500.0ms: has the ACK, waits for the FIN of "
        "the server: until that side closes.\n"
        "      11       0.620000  Third of four, FIN: the server has no more data either, and "
        "waits for the last ACK.\n"
        "                         client TIME_WAIT >=890.0ms: waits 2MSL, to answer the FIN of "
        "the server again, and for old segments to die.\n"
        "                         server LAST_ACK 20.0ms: has sent its own FIN, too, waits for "
        "the last ACK.\n"
        "      12       0.640000  Fourth of four, ACK: the FIN of the server has reached the "
        "client, and the close is complete.\n"
        "                         server CLOSED?: no connection any more.\n"
        "? assumed, not proved: nothing of the endpoint's own shows it. >= the end was not "
        "seen.\n");
    g_free(text);
}

static void
test_an_unfinished_close_has_no_numbers(void)
{
    char *text = told(2, story_append);

    g_assert_nonnull(strstr(text, "FIN: the client has no more data, and waits for the ACK.\n"));
    g_assert_null(strstr(text, " of four"));
    g_assert_nonnull(strstr(text, "server CLOSE_WAIT >=10.0ms: "));
    g_free(text);
}

static void
test_head_says_who_how_and_why(void)
{
    char *text = told(1, story_append_head);

    g_assert_cmpstr(text, ==,
                    "Stream 1: client laptop\uFFFD:40000, server 10.0.0.2:http\n"
                    "Pattern refused; closed by none, reset by server; the close took 0s\n"
                    "Cause refused: the server answered the SYN with a RST (frames 4, 5)\n");
    g_free(text);
}

static void
append_timeline(GString *out, const struct history *history)
{
    timeline_append(out, history, true);
}

/* Reads it as XML, and counts the elements of a name. */
struct count {
    const char *name;
    unsigned found;
};

static void
count_element(GMarkupParseContext *context G_GNUC_UNUSED, const char *name,
              const char **names G_GNUC_UNUSED, const char **values G_GNUC_UNUSED, void *data,
              GError **error G_GNUC_UNUSED)
{
    struct count *count = (struct count *)data;

    count->found += strcmp(name, count->name) == 0;
}

static unsigned
elements(const char *xml, const char *name)
{
    static const GMarkupParser parser = {.start_element = count_element};
    struct count count = {.name = name};
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, (GMarkupParseFlags)0, &count, NULL);

    g_assert_true(g_markup_parse_context_parse(context, xml, -1, NULL));
    g_assert_true(g_markup_parse_context_end_parse(context, NULL));
    g_markup_parse_context_free(context);
    return count.found;
}

static void
test_picture_is_xml_with_a_bar_a_visit_and_an_arrow_a_segment(void)
{
    for (unsigned stream = 0; stream < SMALL_CAPTURE_STREAMS; stream++) {
        static const unsigned visits[] = {10, 4, 7};
        static const unsigned segments[] = {7, 2, 5};
        char *svg = told(stream, append_timeline);

        g_assert_true(g_str_has_prefix(svg, "<svg xmlns="));
        g_assert_cmpuint(elements(svg, "svg"), ==, 1);
        g_assert_cmpuint(elements(svg, "title"), ==, visits[stream]);
        g_assert_cmpuint(elements(svg, "line"), ==, segments[stream]);
        g_free(svg);
    }
}

static void
test_markup_in_a_name_is_text(void)
{
    static const struct endpoint_names evil = {
        .host = "</text><script>&\"'", .service = "40000", .address = "10.0.0.1", .port = 40000};
    struct small_capture capture;
    struct stream_entry *entry;
    struct history *history;
    GString *svg = g_string_new(NULL);

    small_capture_make(&capture);
    entry = stream_entries_find(&capture.entries, 0);
    stream_entry_name(entry, ROLE_CLIENT, &evil);
    history = history_new(entry, &capture.input);
    append_timeline(svg, history);
    g_assert_cmpuint(elements(svg->str, "script"), ==, 0);
    g_assert_nonnull(strstr(svg->str, "client &lt;/text&gt;&lt;script&gt;&amp;&quot;"));
    history_free(history);
    g_string_free(svg, TRUE);
    small_capture_clear(&capture);
}

/* ---- parts ---- */

static void
test_sentence_names_both_sides(void)
{
    GString *text = g_string_new(NULL);

    sentence_append(text, "@ waits for #", ROLE_SERVER);
    g_assert_cmpstr(text->str, ==, "the server waits for the client");
    g_string_free(text, TRUE);
}

static void
test_gaps_are_to_one_scale(void)
{
    static const int64_t times[] = {0, 100, 300, 600};
    struct scale scale = scale_make(times, 4, 0, 600);

    g_assert_cmpint(scale.x[1], ==, 100);
    g_assert_cmpint(scale.x[2], ==, 300);
    g_assert_cmpint(scale.x[3], ==, 600);
    g_assert_cmpfloat_with_epsilon(scale.px_per_ns, 1, 1e-9);
    scale_clear(&scale);
}

static void
test_a_gap_that_could_not_be_seen_is_stretched(void)
{
    static const int64_t times[] = {0, 0, 1, 1000, 2000};
    struct scale scale = scale_make(times, 5, 0, 1000);

    g_assert_cmpint(scale.x[1], ==, SCALE_GAP_MIN);
    g_assert_cmpint(scale.x[2], ==, 2 * SCALE_GAP_MIN);
    g_assert_cmpint(scale.x[4], <=, 1000);
    g_assert_cmpint(scale.x[4], >, 990);
    scale_clear(&scale);
}

static void
test_a_gap_in_which_nothing_happens_is_broken(void)
{
    static const int64_t times[] = {0, 100, 300, 60 * NS_PER_S};
    struct scale scale = scale_make(times, 4, 0, 600);

    g_assert_false(scale.broken[0] || scale.broken[1]);
    g_assert_true(scale.broken[2]);
    g_assert_cmpint(scale.x[3] - scale.x[2], ==, SCALE_BREAK);
    scale_clear(&scale);
}

static void
test_before_what_matters_a_gap_is_broken_sooner(void)
{
    static const int64_t times[] = {0, 200, 300, 400};
    struct scale scale = scale_make(times, 4, 1, 600);

    g_assert_true(scale.broken[0]);
    g_assert_false(scale.broken[1] || scale.broken[2]);
    scale_clear(&scale);
}

static void
test_a_single_moment_and_no_time_at_all_have_a_place(void)
{
    static const int64_t times[] = {5, 5, 5};
    struct scale one = scale_make(times, 1, 0, 600);
    struct scale three = scale_make(times, 3, 0, 600);

    g_assert_cmpint(one.x[0], ==, 0);
    g_assert_cmpint(three.x[2], ==, 2 * SCALE_GAP_MIN);
    scale_clear(&one);
    scale_clear(&three);
}

static void
test_the_widest_times_do_not_overflow(void)
{
    static const int64_t times[] = {-INT64_C(4000000000000000000), 0, INT64_C(4000000000000000000)};
    struct scale scale = scale_make(times, 3, 0, 600);

    g_assert_cmpint(scale.x[2], >, scale.x[1]);
    g_assert_cmpint(scale.x[2], <=, 600);
    scale_clear(&scale);
}

/* ---- anything ---- */

static struct segment
random_segment(GRand *random, int64_t time_ns, uint32_t frame)
{
    static const uint8_t flags[] = {FLAG_ACK,
                                    FLAG_ACK,
                                    FLAG_ACK,
                                    FLAG_FIN | FLAG_ACK,
                                    FLAG_FIN | FLAG_ACK,
                                    FLAG_RST,
                                    FLAG_RST | FLAG_ACK,
                                    FLAG_SYN,
                                    FLAG_SYN | FLAG_ACK,
                                    0};

    return (struct segment){
        .time_ns = time_ns,
        .frame = frame,
        .seq = (uint32_t)g_rand_int_range(random, -4, 8),
        .ack = (uint32_t)g_rand_int_range(random, -4, 8),
        .len = (uint32_t)g_rand_int_range(random, 0, 3),
        .window = (uint16_t)g_rand_int_range(random, 0, 65536),
        .flags = flags[g_rand_int_range(random, 0, G_N_ELEMENTS(flags))],
        .side = (uint8_t)g_rand_int_range(random, 0, 2),
    };
}

/* What is told of a stream has each of its visits and is whole. */
static void
assert_is_told(const struct stream *stream, uint32_t id, int64_t end_ns)
{
    char name[] = "a";
    const struct stream_entry entry = {.stream = stream, .id = id, .address = {name, name}};
    const struct report_input input = {.end_ns = end_ns};
    struct history *history = history_new(&entry, &input);
    GString *svg = g_string_new(NULL);
    GString *text = g_string_new(NULL);

    story_append(text, history);
    append_timeline(svg, history);
    g_assert_null(strstr(text->str, "frame 0"));
    for (unsigned i = 0; i < history->stays->len; i++) {
        const struct stay *stay = history_stay(history, i);
        const struct moment *moment = history_moment(history, stay->moment);

        g_assert_cmpuint(stay->visit.from.frame, ==, moment->at.frame);
        g_assert_true(i == 0 || stay[-1].moment <= stay->moment);
    }
    g_assert_cmpuint(elements(svg->str, "svg"), ==, 1);
    g_string_free(text, TRUE);
    g_string_free(svg, TRUE);
    history_free(history);
}

static void
feed_and_tell(GRand *random)
{
    static const struct policy policy = {.two_msl_ns = 2 * NS_PER_S,
                                         .close_wait_alarm_ns = NS_PER_S};
    enum { SEGMENTS = 150, STREAMS = 4 };
    const struct host hosts[2] = {{.address = (const uint8_t *)"a", .length = 1, .port = 2},
                                  {.address = (const uint8_t *)"b", .length = 1, .port = 1}};
    struct capture *capture = capture_new(&policy);
    int64_t time_ns = 0;

    for (uint32_t i = 0; i < SEGMENTS; i++) {
        struct segment segment = random_segment(random, time_ns, i + 1);

        capture_feed(capture, i * STREAMS / SEGMENTS, hosts, &segment);
        time_ns += g_rand_int_range(random, -1, 12) * (NS_PER_S / 8);
    }
    for (uint32_t id = 0; id < STREAMS; id++)
        assert_is_told(capture_stream(capture, id), id, capture_end_ns(capture));
    capture_free(capture);
}

static void
test_any_segments_can_be_told_and_drawn(void)
{
    for (guint32 seed = 1; seed <= 500; seed++) {
        GRand *random = g_rand_new_with_seed(seed);

        feed_and_tell(random);
        g_rand_free(random);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/story/four_way_is_told_step_by_step",
                    test_four_way_is_told_step_by_step);
    g_test_add_func("/report/story/an_unfinished_close_has_no_numbers",
                    test_an_unfinished_close_has_no_numbers);
    g_test_add_func("/report/story/head_says_who_how_and_why", test_head_says_who_how_and_why);
    g_test_add_func("/report/timeline/picture_is_xml_with_a_bar_a_visit_and_an_arrow_a_segment",
                    test_picture_is_xml_with_a_bar_a_visit_and_an_arrow_a_segment);
    g_test_add_func("/report/timeline/markup_in_a_name_is_text", test_markup_in_a_name_is_text);
    g_test_add_func("/words/sentence/names_both_sides", test_sentence_names_both_sides);
    g_test_add_func("/report/scale/gaps_are_to_one_scale", test_gaps_are_to_one_scale);
    g_test_add_func("/report/scale/a_gap_that_could_not_be_seen_is_stretched",
                    test_a_gap_that_could_not_be_seen_is_stretched);
    g_test_add_func("/report/scale/a_gap_in_which_nothing_happens_is_broken",
                    test_a_gap_in_which_nothing_happens_is_broken);
    g_test_add_func("/report/scale/before_what_matters_a_gap_is_broken_sooner",
                    test_before_what_matters_a_gap_is_broken_sooner);
    g_test_add_func("/report/scale/a_single_moment_and_no_time_at_all_have_a_place",
                    test_a_single_moment_and_no_time_at_all_have_a_place);
    g_test_add_func("/report/scale/the_widest_times_do_not_overflow",
                    test_the_widest_times_do_not_overflow);
    g_test_add_func("/report/story/any_segments_can_be_told_and_drawn",
                    test_any_segments_can_be_told_and_drawn);
    return g_test_run();
}
