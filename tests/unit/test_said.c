/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What segments say of the end in words of their own: MPTCP's options, RST payload, NetScaler
 * codes. */
#include <glib.h>
#include <string.h>

#include "said.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})

static bool
is_ending(const struct mptcp_said said, enum mptcp_end end)
{
    for (unsigned i = 0; i < MPTCP_END_COUNT; i++) {
        if (said.ends[i] != (i == (unsigned)end))
            return false;
    }
    return true;
}

static void
test_mptcp_options(void)
{
    struct mptcp_said said;

    /* DSS with DATA_FIN, mapping and data ACK; of no use without the mapping */
    g_assert_true(is_ending(mptcp_said(BYTES(30, 4, 0x20, 0x15)), MPTCP_DATA_FIN));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 4, 0x20, 0x11)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 4, 0x20, 0x05)), MPTCP_END_COUNT));
    /* behind others */
    g_assert_true(is_ending(mptcp_said(BYTES(1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 30, 12, 0x70, 0,
                                             1, 2, 3, 4, 5, 6, 7, 8)),
                            MPTCP_FASTCLOSE));
    said = mptcp_said(BYTES(30, 4, 0x80, 6));
    g_assert_true(is_ending(said, MPTCP_SUBFLOW_RESET));
    g_assert_cmpstr(mptcp_reason_text(said.reason), ==, "middlebox interference");
    g_assert_null(mptcp_reason_text(7));
    g_assert_cmpstr(mptcp_end_slug(MPTCP_SUBFLOW_RESET), ==, "subflow_reset");
    g_assert_cmpint(mptcp_end_event(MPTCP_SUBFLOW_RESET), ==, EVENT_mptcp_subflow_reset);
}

static void
test_malformed_mptcp_options_say_nothing(void)
{
    g_assert_true(is_ending(mptcp_said(NULL, 0), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 0, 0x80, 6)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 5, 0x80, 6)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 2)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(30, 3, 0x20)), MPTCP_END_COUNT));
    g_assert_true(is_ending(mptcp_said(BYTES(0, 30, 4, 0x80, 6)), MPTCP_END_COUNT));
}

static void
test_netscaler_codes(void)
{
    g_assert_cmpstr(netscaler_code_text(9811), ==, "after a fatal TLS alert");
    g_assert_null(netscaler_code_text(0));
    g_assert_null(netscaler_code_text(8192));
    g_assert_null(netscaler_code_text(65535));
}

static void
test_text_is_printable(void)
{
    const char *text = "No TCP/reset, please\r\n";

    g_assert_true(rst_payload_said((const uint8_t *)text, strlen(text)).is_text);
    g_assert_false(rst_payload_said(BYTES('a', 0, 'b')).is_text);
    g_assert_false(rst_payload_said(BYTES(0xc3, 0xbc)).is_text);
    g_assert_false(rst_payload_said(NULL, 0).is_text);
}

static void
test_binary_diagnostic(void)
{
    struct rst_payload said = rst_payload_said(BYTES(0x33, 0xaa, 0x04, 0xd2, 0, 0, 0x7e, 0xd9));

    g_assert_true(said.is_diagnostic && said.has_code && !said.is_text);
    g_assert_cmpuint(said.code, ==, 1234);
    g_assert_cmpuint(said.pen, ==, 32473);
    g_assert_false(rst_payload_said(BYTES(0x33, 0xaa, 0, 2, 0, 0, 0)).is_diagnostic);
    g_assert_false(rst_payload_said(BYTES(0x33, 0xaa, 0, 2, 0, 0, 0, 0, 0)).is_diagnostic);
}

static void
test_cbor_diagnostic(void)
{
    struct rst_payload said;

    /* as in the drafts: a sequence; an array of two; with enterprise number; with text */
    said = rst_payload_said(BYTES(0x19, 0x30, 0x39, 0xa1, 1, 2));
    g_assert_true(said.is_diagnostic && said.has_code);
    g_assert_cmpstr(diagnostic_code_text(said.code), ==, "desynchronized state");
    said = rst_payload_said(BYTES(0x82, 0x19, 0x30, 0x39, 0xa1, 1, 14));
    g_assert_cmpstr(diagnostic_code_text(said.code), ==, "connection timeout");
    said =
        rst_payload_said(BYTES(0x19, 0x30, 0x39, 0xa2, 1, 0x19, 0x04, 0xd2, 2, 0x19, 0x7e, 0xd9));
    g_assert_true(said.is_diagnostic);
    g_assert_cmpuint(said.code, ==, 1234);
    g_assert_cmpuint(said.pen, ==, 32473);
    said = rst_payload_said(BYTES(0x19, 0x30, 0x39, 0xa1, 3, 0x62, 'n', 'o'));
    g_assert_true(said.is_diagnostic && !said.has_code);
    g_assert_cmpuint(said.text_at, ==, 6);
    g_assert_cmpuint(said.text_size, ==, 2);
    g_assert_null(diagnostic_code_text(0));
    g_assert_null(diagnostic_code_text(18));
}

/* Cut off at any byte, and each byte changed to any other: read without harm, and texts fit. */
static void
test_malformed_cbor_says_nothing(void)
{
    static const uint8_t whole[] = {0x82, 0x19, 0x30, 0x39, 0xa3, 1,   2,   2,
                                    0x19, 0x7e, 0xd9, 3,    0x63, 'a', 'b', 'c'};
    uint8_t changed[sizeof(whole)];

    g_assert_true(rst_payload_said(whole, sizeof(whole)).is_diagnostic);
    for (size_t length = 0; length < sizeof(whole); length++)
        g_assert_false(rst_payload_said(whole, length).is_diagnostic);
    for (size_t at = 0; at < sizeof(whole); at++) {
        for (unsigned byte = 0; byte <= UINT8_MAX; byte++) {
            struct rst_payload said;

            memcpy(changed, whole, sizeof(whole));
            changed[at] = (uint8_t)byte;
            said = rst_payload_said(changed, sizeof(changed));
            g_assert_cmpuint(said.text_at + said.text_size, <=, sizeof(changed));
        }
    }
    /* a text, and a number of pairs, beyond all bounds */
    g_assert_false(rst_payload_said(BYTES(0x19, 0x30, 0x39, 0xa1, 3, 0x7b, 255, 255, 255, 255, 255,
                                          255, 255, 255, 'a'))
                       .is_diagnostic);
    g_assert_false(rst_payload_said(
                       BYTES(0x19, 0x30, 0x39, 0xbb, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2))
                       .is_diagnostic);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/said/mptcp/options", test_mptcp_options);
    g_test_add_func("/said/mptcp/malformed_options_say_nothing",
                    test_malformed_mptcp_options_say_nothing);
    g_test_add_func("/said/netscaler/codes", test_netscaler_codes);
    g_test_add_func("/said/payload/text_is_printable", test_text_is_printable);
    g_test_add_func("/said/payload/binary_diagnostic", test_binary_diagnostic);
    g_test_add_func("/said/payload/cbor_diagnostic", test_cbor_diagnostic);
    g_test_add_func("/said/payload/malformed_cbor_says_nothing", test_malformed_cbor_says_nothing);
    return g_test_run();
}
