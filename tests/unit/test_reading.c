/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program reads straight from memory is what Wiretap reads: shipped captures, made-up ones
 * of each byte order, and damaged ones.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <gmodule.h>

#include "mapped.h"
#include "source.h"

/*
 * Wiretap loses the buffer of a block of pcapng that it gives up (of its pool, so it may have been
 * ours before). For LeakSanitizer, which calls this by its name; needs fast_unwind_on_malloc=0.
 */
G_MODULE_EXPORT const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
    return "leak:ws_buffer_init\n";
}

enum { ETHERNET = 1, RAW_IP = 101, IEEE_802_11 = 105 };

static char *made_name;

/* ---- the same packets ---- */

static void
assert_same_packet(const struct packet *packet, const struct packet *expected)
{
    g_assert_cmpmem(packet->slice.bytes, packet->slice.captured, expected->slice.bytes,
                    expected->slice.captured);
    g_assert_cmpuint(packet->slice.reported, ==, expected->slice.reported);
    g_assert_cmpint(packet->time_s, ==, expected->time_s);
    g_assert_cmpint(packet->time_ns, ==, expected->time_ns);
    g_assert_cmpint(packet->link, ==, expected->link);
    g_assert_cmpstr(packet->link_name, ==, expected->link_name);
}

/* Returns how many packets there are, and whether all of the file is right. */
static unsigned
assert_same_packets(struct source *source, struct source *wiretap, bool *is_whole)
{
    unsigned count = 0;
    char *error = NULL;
    char *expected_error = NULL;
    struct packet packet;
    struct packet expected;

    while (source_next(wiretap, &expected, &expected_error)) {
        g_assert_true(source_next(source, &packet, &error));
        assert_same_packet(&packet, &expected);
        count++;
    }
    g_assert_false(source_next(source, &packet, &error));
    g_assert_cmpstr(error, ==, expected_error);
    *is_whole = !error;
    g_free(error);
    g_free(expected_error);
    return count;
}

/* How many packets both have; 0: it cannot be opened. */
static unsigned
assert_same_file(const char *name, bool *is_whole)
{
    char *error = NULL;
    char *expected_error = NULL;
    struct source *wiretap = source_open(name, SOURCE_RECORDS, &expected_error);
    struct source *source = source_open(name, SOURCE_PACKETS, &error);
    unsigned count = 0;

    *is_whole = false;
    g_assert_cmpstr(error, ==, expected_error);
    if (wiretap) {
        count = assert_same_packets(source, wiretap, is_whole);
        source_close(source);
        source_close(wiretap);
    }
    g_free(error);
    g_free(expected_error);
    return count;
}

/* How many packets are read without Wiretap. */
static unsigned
count_direct(const char *name)
{
    struct mapped *mapped = mapped_open(name);
    struct packet packet;
    unsigned count = 0;

    if (!mapped)
        return 0;
    while (mapped_next(mapped, &packet) == MAPPED_PACKET)
        count++;
    mapped_close(mapped);
    return count;
}

/* The file is right, and so many of its packets are read without Wiretap. */
static void
assert_file(const char *name, unsigned packets, unsigned direct)
{
    bool is_whole;

    g_assert_cmpuint(assert_same_file(name, &is_whole), ==, packets);
    g_assert_true(is_whole);
    g_assert_cmpuint(count_direct(name), ==, direct);
}

static void
shipped_captures_are_read_without_wiretap(void)
{
    GDir *captures = g_dir_open(TCPCLOSE_CAPTURES, 0, NULL);
    unsigned files = 0;
    const char *name;

    while ((name = g_dir_read_name(captures))) {
        char *path = g_build_filename(TCPCLOSE_CAPTURES, name, NULL);
        bool is_whole;

        if (g_str_has_suffix(name, ".pcapng")) {
            g_assert_cmpuint(assert_same_file(path, &is_whole), ==, count_direct(path));
            g_assert_true(is_whole);
            files++;
        }
        g_free(path);
    }
    g_assert_cmpuint(files, >, 30);
    g_dir_close(captures);
}

/* ---- made-up files ---- */

struct made {
    GByteArray *bytes;
    bool is_swapped;
};

static void
put16(const struct made *made, uint16_t number)
{
    if (made->is_swapped)
        number = GUINT16_SWAP_LE_BE(number);
    g_byte_array_append(made->bytes, (const guint8 *)&number, sizeof(number));
}

static void
put32(const struct made *made, uint32_t number)
{
    if (made->is_swapped)
        number = GUINT32_SWAP_LE_BE(number);
    g_byte_array_append(made->bytes, (const guint8 *)&number, sizeof(number));
}

/* Padded with zeros to words of four bytes. */
static void
put_bytes(const struct made *made, const void *bytes, unsigned size)
{
    g_byte_array_append(made->bytes, bytes, size);
    g_byte_array_append(made->bytes, (const guint8 *)"\0\0\0", (4 - size % 4) % 4);
}

static void
put_option(const struct made *made, uint16_t code, const void *value, uint16_t length)
{
    put16(made, code);
    put16(made, length);
    put_bytes(made, value, length);
}

/* Returns where it begins, for block_end(). */
static unsigned
block_begin(const struct made *made, uint32_t type)
{
    unsigned at = made->bytes->len;

    put32(made, type);
    put32(made, 0);
    return at;
}

static void
block_end(const struct made *made, unsigned at)
{
    const struct made length = {g_byte_array_new(), made->is_swapped};

    put32(made, made->bytes->len + 4 - at);
    put32(&length, made->bytes->len - at);
    memcpy(made->bytes->data + at + 4, length.bytes->data, 4);
    g_byte_array_unref(length.bytes);
}

static void
put_section(const struct made *made)
{
    unsigned at = block_begin(made, 0x0A0D0D0A);

    put32(made, 0x1A2B3C4D);
    put16(made, 1);
    put16(made, 0);
    put32(made, UINT32_MAX);
    put32(made, UINT32_MAX);
    put_option(made, 4, "somebody", 8);
    put_option(made, 0, NULL, 0);
    block_end(made, at);
}

/* With one option, if code is not 0. */
static void
put_interface(const struct made *made, uint16_t link, uint32_t captured_max, uint16_t code,
              const void *value, uint16_t length)
{
    unsigned at = block_begin(made, 1);

    put16(made, link);
    put16(made, 0);
    put32(made, captured_max);
    put_option(made, 2, "eth0", 4);
    if (code)
        put_option(made, code, value, length);
    put_option(made, 0, NULL, 0);
    block_end(made, at);
}

/* Some bytes, of which no layer makes sense. */
static const char content[] = "content of a packet, some of which may be cut";

struct made_packet {
    uint32_t interface;
    uint64_t time;
    uint32_t captured;
    uint32_t reported;
    uint16_t code; /* of an option; 0: none */
    uint16_t length;
};

static void
put_packet(const struct made *made, struct made_packet packet)
{
    unsigned at = block_begin(made, 6);

    put32(made, packet.interface);
    put32(made, (uint32_t)(packet.time >> 32));
    put32(made, (uint32_t)packet.time);
    put32(made, packet.captured);
    put32(made, packet.reported);
    put_bytes(made, content, packet.captured);
    if (packet.code)
        put_option(made, packet.code, "\0\0\0\1\0\0\0\1", packet.length);
    block_end(made, at);
}

static void
put_simple_packet(const struct made *made, uint32_t captured, uint32_t reported)
{
    unsigned at = block_begin(made, 3);

    put32(made, reported);
    put_bytes(made, content, captured);
    block_end(made, at);
}

/* Names, statistics and secrets. */
static void
put_others(const struct made *made)
{
    unsigned at = block_begin(made, 4);

    put_option(made, 1, "\300\0\2\1name", 9);
    put_option(made, 0, NULL, 0);
    put_option(made, 1, "comment", 7);
    block_end(made, at);
    at = block_begin(made, 5);
    put32(made, 0);
    put32(made, 1);
    put32(made, 2);
    put_option(made, 4, "\0\0\0\0\0\0\0\7", 8);
    block_end(made, at);
    at = block_begin(made, 10);
    put32(made, 0x544C534B);
    put32(made, 7);
    put_bytes(made, "CLIENT_", 7);
    block_end(made, at);
}

static struct made
made_begin(bool is_swapped)
{
    return (struct made){g_byte_array_new(), is_swapped};
}

/* A section with an interface of microseconds, and a usual packet. */
static struct made
pcapng_begun(bool is_swapped)
{
    struct made made = made_begin(is_swapped);

    put_section(&made);
    put_interface(&made, ETHERNET, 40, 0, NULL, 0);
    put_packet(&made, (struct made_packet){.time = 1700000000123456, .captured = 5, .reported = 9});
    return made;
}

static void
save(const struct made *made)
{
    FILE *file;

    /* Nobody waits for the disk when a new file is closed. */
    g_remove(made_name);
    file = g_fopen(made_name, "wb");
    g_assert_cmpuint(fwrite(made->bytes->data, 1, made->bytes->len, file), ==, made->bytes->len);
    g_assert_cmpint(fclose(file), ==, 0);
}

static void
assert_made(struct made made, unsigned packets, unsigned direct)
{
    save(&made);
    g_byte_array_unref(made.bytes);
    assert_file(made_name, packets, direct);
}

static void
resolutions_of_time(const void *is_swapped)
{
    static const uint8_t resolutions[] = {0, 3, 6, 7, 9, 0x80, 0x80 + 10, 0x80 + 29};
    struct made made = pcapng_begun(is_swapped);
    unsigned count = 1;

    for (unsigned i = 0; i < G_N_ELEMENTS(resolutions); i++) {
        put_interface(&made, RAW_IP, 0, 9, &resolutions[i], 1);
        for (uint64_t time = 1; time < UINT64_MAX / 8 && count < 400; time *= 7, count++)
            put_packet(&made, (struct made_packet){i + 1, time, 8, 1000, 2, 4});
    }
    assert_made(made, count, count);
}

static void
all_kinds_of_blocks(const void *is_swapped)
{
    struct made made = pcapng_begun(is_swapped);

    put_simple_packet(&made, 11, 11);
    put_simple_packet(&made, 40, 41); /* as the interface says */
    put_others(&made);
    put_packet(&made, (struct made_packet){.time = 1, .captured = 5, .reported = 9, .code = 1, 7});
    assert_made(made, 4, 4);
}

static void
sections_of_both_byte_orders(const void *is_swapped)
{
    struct made made = pcapng_begun(is_swapped);

    made.is_swapped = !made.is_swapped;
    put_section(&made);
    put_interface(&made, RAW_IP, 0, 9, "\11", 1);
    put_packet(&made,
               (struct made_packet){.time = 1700000000123456789, .captured = 7, .reported = 7});
    made.is_swapped = !made.is_swapped;
    put_section(&made);
    put_interface(&made, ETHERNET, 0, 0, NULL, 0);
    put_packet(&made, (struct made_packet){.time = 17, .captured = 0, .reported = 7});
    assert_made(made, 3, 3);
}

/* ---- what is handed over ---- */

/* Behind the usual packets the one that was put, and another usual one. */
static void
assert_handed_over(struct made made, unsigned direct)
{
    put_packet(&made, (struct made_packet){.time = 5, .captured = 4, .reported = 4});
    assert_made(made, direct + 2, direct);
}

static struct made
twenty_packets(bool is_swapped)
{
    struct made made = pcapng_begun(is_swapped);

    for (unsigned i = 1; i < 20; i++)
        put_packet(&made, (struct made_packet){.time = i, .captured = 30, .reported = 30});
    return made;
}

static void
unusual_packets_are_handed_over(const void *is_swapped)
{
    struct made made = twenty_packets(is_swapped);

    put_packet(&made, (struct made_packet){.time = 1, .captured = 9, .reported = 5});
    assert_handed_over(made, 20);
    made = twenty_packets(is_swapped);
    put_packet(&made, (struct made_packet){.captured = 5, .reported = 5, .code = 5, .length = 8});
    assert_handed_over(made, 20);
}

static void
unusual_interfaces_are_handed_over(const void *is_swapped)
{
    static const struct {
        uint16_t link;
        uint16_t code;
        uint16_t length;
        const char *value;
    } unusual[] = {
        {IEEE_802_11, 0, 0, NULL},
        {ETHERNET, 9, 1, "\14"}, /* picoseconds */
        {ETHERNET, 14, 8, "\0\0\0\0\0\0\0\0"},
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(unusual); i++) {
        struct made made = twenty_packets(is_swapped);

        put_interface(&made, unusual[i].link, 0, unusual[i].code, unusual[i].value,
                      unusual[i].length);
        put_packet(&made, (struct made_packet){1, 1700000000123456, 5, 5, 0, 0});
        assert_handed_over(made, 20);
    }
}

static void
blocks_of_unknown_kinds_are_handed_over(const void *is_swapped)
{
    struct made made = twenty_packets(is_swapped);
    unsigned at = block_begin(&made, 0x12345678);

    put_bytes(&made, content, 8);
    block_end(&made, at);
    put_packet(&made, (struct made_packet){.time = 1, .captured = 9, .reported = 9});
    assert_handed_over(made, 20);
}

static struct made
pcap_of_twenty(bool is_swapped, uint32_t magic)
{
    struct made made = made_begin(is_swapped);

    put32(&made, magic);
    put16(&made, 2);
    put16(&made, 4);
    put_bytes(&made, "\0\0\0\0\0\0\0\0", 8);
    put32(&made, 262144);
    put32(&made, RAW_IP);
    for (unsigned i = 0; i < 20; i++) {
        put32(&made, 1700000000 + i);
        put32(&made, 999999 - i);
        put32(&made, 4 * i / 2);
        put32(&made, 40);
        g_byte_array_append(made.bytes, (const guint8 *)content, 4 * i / 2);
    }
    return made;
}

static void
pcap_of_both_resolutions(const void *is_swapped)
{
    assert_made(pcap_of_twenty(is_swapped, 0xA1B2C3D4), 20, 20);
    assert_made(pcap_of_twenty(is_swapped, 0xA1B23C4D), 20, 20);
}

/* ---- damage ---- */

/* Whatever a byte is, and wherever the file ends: the same packets, the same error. */
static void
assert_same_when_damaged(struct made made, GRand *random)
{
    enum { TIMES = 800 };
    GByteArray *whole = made.bytes;
    unsigned bad = 0;

    for (unsigned i = 0; i < TIMES; i++) {
        guint at = (guint)g_rand_int_range(random, 0, (gint32)whole->len);
        bool is_whole;

        made.bytes = g_byte_array_new();
        g_byte_array_append(made.bytes, whole->data, i % 4 ? whole->len : at);
        if (i % 4)
            made.bytes->data[at] = (guint8)(i % 8 < 4 ? g_rand_int_range(random, 0, 16)
                                                      : g_rand_int_range(random, 0, 256));
        save(&made);
        assert_same_file(made_name, &is_whole);
        bad += !is_whole;
        g_byte_array_unref(made.bytes);
    }
    g_assert_cmpuint(bad, >, TIMES / 4);
    g_assert_cmpuint(bad, <, TIMES);
    g_byte_array_unref(whole);
}

static void
damaged_files(const void *is_swapped)
{
    GRand *random = g_rand_new_with_seed(1);
    struct made made = twenty_packets(is_swapped);

    put_others(&made);
    put_interface(&made, RAW_IP, 0, 9, "\11", 1);
    put_packet(&made, (struct made_packet){1, 1700000000123456789, 5, 5, 2, 4});
    put_simple_packet(&made, 11, 11);
    put_section(&made);
    assert_same_when_damaged(made, random);
    assert_same_when_damaged(pcap_of_twenty(is_swapped, 0xA1B2C3D4), random);
    g_rand_free(random);
}

static void
add(const char *name, void (*test)(const void *is_swapped))
{
    for (unsigned swapped = 0; swapped < 2; swapped++) {
        char *path =
            g_strdup_printf("/command/reading/%s_byte_order/%s", swapped ? "other" : "own", name);

        g_test_add_data_func(path, swapped ? "swapped" : NULL, test);
        g_free(path);
    }
}

int
main(int argc, char **argv)
{
    int file;
    int status;

    g_test_init(&argc, &argv, NULL);
    source_init();
    file = g_file_open_tmp("tcpclose-reading-XXXXXX", &made_name, NULL);
    g_assert_cmpint(file, >=, 0);
    close(file);
    g_test_add_func("/command/reading/shipped_captures_are_read_without_wiretap",
                    shipped_captures_are_read_without_wiretap);
    add("resolutions_of_time", resolutions_of_time);
    add("all_kinds_of_blocks", all_kinds_of_blocks);
    add("sections_of_both_byte_orders", sections_of_both_byte_orders);
    add("unusual_packets_are_handed_over", unusual_packets_are_handed_over);
    add("unusual_interfaces_are_handed_over", unusual_interfaces_are_handed_over);
    add("blocks_of_unknown_kinds_are_handed_over", blocks_of_unknown_kinds_are_handed_over);
    add("pcap_of_both_resolutions", pcap_of_both_resolutions);
    add("damaged_files", damaged_files);
    status = g_test_run();
    g_remove(made_name);
    g_free(made_name);
    return status;
}
