/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bucket.h"

#include <string.h>

#include <glib.h>

/* The endpoints of a connection of a site: which client, and which of its ports, goes up. */
struct connection {
    uint8_t addresses[2][4];
    struct host hosts[2];
};

enum { CONNECTIONS = 1 << 16 };

static void
connection_make(struct connection *made, unsigned clients, unsigned port_step, unsigned number)
{
    const uint8_t client[4] = {10, 1, (uint8_t)(number % clients >> 8),
                               (uint8_t)(number % clients)};
    const uint8_t server[4] = {10, 2, 0, 1};

    memcpy(made->addresses[0], client, 4);
    memcpy(made->addresses[1], server, 4);
    made->hosts[0] = (struct host){.address = made->addresses[0],
                                   .length = 4,
                                   .port = (uint16_t)(1024 + number / clients * port_step)};
    made->hosts[1] = (struct host){.address = made->addresses[1], .length = 4, .port = 443};
}

static unsigned
bucket_in(struct bucket_choice choice, const struct connection *connection)
{
    return bucket_of(choice, &connection->hosts[0], &connection->hosts[1]);
}

/* Of all buckets that there can be, one split after another is the split into all of them. */
static void
test_split_again_is_the_split_into_more(void)
{
    static const struct bucket_choice first = {.count = 256, .after = 1};
    static const struct bucket_choice second = {.count = 16, .after = 256};
    static const struct bucket_choice third = {.count = 4, .after = 4096};
    static const struct bucket_choice at_once = {.count = 64, .after = 256};
    struct connection connection;

    for (unsigned number = 0; number < CONNECTIONS; number++) {
        connection_make(&connection, 64, 2, number);
        g_assert_cmpuint(bucket_in(second, &connection) * third.count +
                             bucket_in(third, &connection),
                         ==, bucket_in(at_once, &connection));
        g_assert_cmpuint(bucket_in(second, &connection), <, second.count);
        g_assert_cmpuint(bucket_of(second, &connection.hosts[1], &connection.hosts[0]), ==,
                         bucket_in(second, &connection));
        g_assert_cmpuint(bucket_in(first, &connection), <, first.count);
    }
}

/* The fullest bucket has at most twice what it had if all were equal. */
static void
assert_even(struct bucket_choice choice, unsigned of_first, unsigned clients, unsigned port_step)
{
    const struct bucket_choice first = {.count = choice.after, .after = 1};
    unsigned *counts = g_new0(unsigned, choice.count);
    unsigned total = 0;
    struct connection connection;

    for (unsigned number = 0; number < CONNECTIONS; number++) {
        connection_make(&connection, clients, port_step, number);
        if (bucket_in(first, &connection) != of_first)
            continue;
        counts[bucket_in(choice, &connection)]++;
        total++;
    }
    g_assert_cmpuint(total, >, choice.count * 10);
    for (unsigned bucket = 0; bucket < choice.count; bucket++)
        g_assert_cmpuint(counts[bucket], <=, 2 * total / choice.count);
    g_free(counts);
}

/* Also where the ports go up by two, as Linux gives them to clients, and where clients are many. */
static void
test_buckets_of_a_bucket_are_even(void)
{
    for (unsigned bucket = 0; bucket < 64; bucket += 9) {
        assert_even((struct bucket_choice){.count = 8, .after = 64}, bucket, 1024, 1);
        assert_even((struct bucket_choice){.count = 8, .after = 64}, bucket, 1024, 2);
        assert_even((struct bucket_choice){.count = 8, .after = 64}, bucket, 4, 2);
        assert_even((struct bucket_choice){.count = 8, .after = 64}, bucket, 16384, 2);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bucket/split_again_is_the_split_into_more",
                    test_split_again_is_the_split_into_more);
    g_test_add_func("/bucket/buckets_of_a_bucket_are_even", test_buckets_of_a_bucket_are_even);
    return g_test_run();
}
