/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the streams of a service tell together of its idle timeout. test_cause.c: each of them. */
#include <glib.h>

#include "idle.h"
#include "segment.h"
#include "units.h"

enum { TIMES_MAX = 20 };

struct timeout_case {
    const char *name;
    int64_t ended_ms[TIMES_MAX]; /* by the server; 0 ends the list */
    int64_t unused_ms[TIMES_MAX];
    int64_t survived_ms[TIMES_MAX];
    int64_t timeout_ms; /* 0: none is named */
    uint32_t agree;
    int64_t shortest_ms;
    int64_t longest_ms;
};

/* clang-format off */
static const struct timeout_case cases[] = {
    {"nothing_is_known_of_nothing", .timeout_ms = 0},
    {"three_that_agree_name_it", {5010, 5000, 5090}, .survived_ms = {3000},
     .timeout_ms = 5010, .agree = 3, .shortest_ms = 5000, .longest_ms = 3000},
    {"two_do_not", {5000, 5001}, .shortest_ms = 5000},
    {"three_do_not_that_are_too_far_apart", {5000, 5050, 5101}, .shortest_ms = 5000},
    {"most_have_to_agree", {1000, 2000, 3000, 5000, 5001, 5002}, .shortest_ms = 1000},
    {"a_few_closes_before_do_no_harm", {1000, 2000, 5000, 5001, 5002}, .timeout_ms = 5001, .agree = 3,
     .shortest_ms = 1000},
    {"no_timeout_that_as_many_survive", {5000, 5001, 5002}, .survived_ms = {9000, 8000, 7000},
     .shortest_ms = 5000, .longest_ms = 9000},
    {"survivors_of_just_that_time_do_not_count", {5000, 5001, 5002}, .survived_ms = {5050, 5060, 5070},
     .timeout_ms = 5001, .agree = 3, .shortest_ms = 5000, .longest_ms = 5070},
    {"unused_streams_are_under_another_one", {5000, 5001, 5002}, .unused_ms = {60000, 60000, 60000, 60000},
     .timeout_ms = 5001, .agree = 3, .shortest_ms = 5000},
    {"unused_streams_alone_tell", .unused_ms = {60000, 60001, 60002}, .timeout_ms = 60001, .agree = 3,
     .shortest_ms = 60000},
};
/* clang-format on */

static void
add_ends(struct idle_service *service, const int64_t *ms, bool was_used)
{
    for (; *ms != 0; ms++) {
        struct idle idle = {
            .has_end = true, .by = ROLE_SERVER, .ns = *ms * NS_PER_MS, .was_used = was_used};

        idle_service_add(service, &idle, ROLE_SERVER);
    }
}

static void
test_case(gconstpointer data)
{
    const struct timeout_case *of = (const struct timeout_case *)data;
    struct idle_service service = {.survived = NULL};
    struct idle_bracket bracket;

    add_ends(&service, of->ended_ms, true);
    add_ends(&service, of->unused_ms, false);
    for (const int64_t *ms = of->survived_ms; *ms != 0; ms++)
        idle_service_add(&service, &(struct idle){.survived_ns = {[ROLE_SERVER] = *ms * NS_PER_MS}},
                         ROLE_SERVER);
    bracket = idle_service_bracket(&service);
    g_assert_cmpint(bracket.timeout_ns, ==, of->timeout_ms * NS_PER_MS);
    g_assert_cmpuint(bracket.agree, ==, of->agree);
    g_assert_cmpint(bracket.ended_ns, ==, of->shortest_ms * NS_PER_MS);
    g_assert_cmpint(bracket.survived_ns, ==, of->longest_ms * NS_PER_MS);
    idle_service_clear(&service);
    g_assert_null(service.survived);
}

static void
test_other_side_has_its_own(void)
{
    struct idle idle = {.has_end = true, .by = ROLE_CLIENT, .ns = NS_PER_S, .was_used = true};
    struct idle_service service = {.survived = NULL};

    idle_service_add(&service, &idle, ROLE_SERVER);
    g_assert_cmpuint(idle_service_bracket(&service).ends, ==, 0);
    idle_service_add(&service, &idle, ROLE_CLIENT);
    g_assert_cmpuint(idle_service_bracket(&service).ends, ==, 1);
    idle_service_clear(&service);
}

/* ---- the alert that ends TLS ---- */

static bool
is_alert(const uint8_t *record, uint32_t captured, uint32_t length)
{
    uint8_t bytes[LAYER_BYTES_MAX] = {[12] = 5 << 4, [13] = FLAG_ACK};
    struct captured_layer layer = {
        .bytes = bytes, .length = 20 + captured, .reported_length = 20 + length};
    struct segment segment;

    for (unsigned i = 0; i < captured; i++)
        bytes[20 + i] = record[i];
    g_assert_true(segment_read(&segment, &layer));
    return segment.is_alert;
}

static void
test_tls_alert(void)
{
    g_assert_true(is_alert((const uint8_t[]){21, 3, 3, 0, 26}, 5, 31));  /* TLS 1.2, AES-GCM */
    g_assert_true(is_alert((const uint8_t[]){21, 3, 1, 0, 2}, 5, 7));    /* in the clear */
    g_assert_true(is_alert((const uint8_t[]){23, 3, 3, 0, 19}, 5, 24));  /* TLS 1.3 */
    g_assert_false(is_alert((const uint8_t[]){23, 3, 3, 0, 26}, 5, 31)); /* data */
    g_assert_false(is_alert((const uint8_t[]){21, 3, 3, 0, 26}, 5, 60)); /* more behind it */
    g_assert_false(is_alert((const uint8_t[]){21, 3, 3, 0, 26}, 4, 31)); /* cut off */
    g_assert_false(is_alert((const uint8_t[]){'G', 'E', 'T', ' ', '/'}, 5, 31));
    g_assert_false(is_alert((const uint8_t[]){21, 3, 3, 0, 1}, 5, 6));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *path = g_strconcat("/engine/idle/", cases[i].name, NULL);

        g_test_add_data_func(path, &cases[i], test_case);
        g_free(path);
    }
    g_test_add_func("/engine/idle/other_side_has_its_own", test_other_side_has_its_own);
    g_test_add_func("/engine/segment/tls_alert", test_tls_alert);
    return g_test_run();
}
