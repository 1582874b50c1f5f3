/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "said.h"

static uint64_t
read_number(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* ---- MPTCP, RFC 8684 ---- */

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MPTCP = 30 };
enum { SUBTYPE_DSS = 2, SUBTYPE_FASTCLOSE = 7, SUBTYPE_TCPRST = 8 };
enum { DSS_DATA_FIN = 0x10, DSS_MAPPING = 0x04 };

/* An option, with kind and length. */
static void
read_mptcp(struct mptcp_said *said, const uint8_t *option, size_t length)
{
    switch (option[2] >> 4) {
    case SUBTYPE_DSS:
        /* Section 3.3: without a mapping the flag means nothing. */
        if (length >= 4 && (option[3] & DSS_DATA_FIN) && (option[3] & DSS_MAPPING))
            said->ends[MPTCP_DATA_FIN] = true;
        break;
    case SUBTYPE_FASTCLOSE:
        said->ends[MPTCP_FASTCLOSE] = true;
        break;
    case SUBTYPE_TCPRST:
        if (length == 4) {
            said->ends[MPTCP_SUBFLOW_RESET] = true;
            said->reason = option[3];
        }
        break;
    }
}

struct mptcp_said
mptcp_said(const uint8_t *bytes, size_t length)
{
    struct mptcp_said said = {.reason = 0};
    size_t at = 0;

    while (at < length && bytes[at] != OPTION_END) {
        size_t size = bytes[at] == OPTION_NOP ? 1 : at + 1 < length ? bytes[at + 1] : 0;

        if (size == 0 || at + size > length || (bytes[at] != OPTION_NOP && size < 2))
            break;
        if (bytes[at] == OPTION_MPTCP && size >= 3)
            read_mptcp(&said, bytes + at, size);
        at += size;
    }
    return said;
}

enum tcp_event
mptcp_end_event(enum mptcp_end end)
{
#define X(id, slug) [MPTCP_##id] = EVENT_mptcp_##slug,
    static const enum tcp_event events[] = {MPTCP_END_LIST(X)};
#undef X

    return events[end];
}

uint8_t
mptcp_option_ends(const uint8_t *option, size_t length)
{
    struct mptcp_said said = {.reason = 0};
    uint8_t ends = 0;

    read_mptcp(&said, option, length);
    for (unsigned i = 0; i < MPTCP_END_COUNT; i++)
        ends |= (uint8_t)(said.ends[i] << i);
    return ends;
}

const char *
mptcp_end_slug(enum mptcp_end end)
{
#define X(id, slug) [MPTCP_##id] = #slug,
    static const char *const slugs[] = {MPTCP_END_LIST(X)};
#undef X

    return slugs[end];
}

const char *
mptcp_reason_text(uint8_t reason)
{
    static const char *const texts[] = {
        "unspecified",
        "MPTCP-specific error",
        "lack of resources",
        "administratively prohibited",
        "too much outstanding data",
        "unacceptable performance",
        "middlebox interference",
    };

    return reason < sizeof(texts) / sizeof(texts[0]) ? texts[reason] : NULL;
}

/* ---- NetScaler ---- */

/* Those that Citrix documents (CTX200852) and that say something of a connection's end. */
static const struct {
    uint16_t code;
    const char *text;
} netscaler_codes[] = {
    {8196, "bad SSL record"},
    {8201, "segment for a socket that is closed already"},
    {8202, "data without a connection, and the SYN cookie has expired"},
    {8204, "SYN sent again with another sequence number"},
    {8205, "wrong acknowledgment number at the end of the handshake"},
    {8206, "unexpected segment in SYN_SENT, perhaps of an old connection"},
    {8207, "SYN inside the window of an established connection"},
    {8208, "too many retransmissions"},
    {8209, "out of memory"},
    {8210, "bad request, found by the HTTP DoS protection"},
    {8211, "idle or zombie connection cleaned up"},
    {8212, "stray segment: no listening service, or no valid SYN cookie"},
    {8213, "POST on a connection that is closing (SureConnect)"},
    {8214, "MSS of the SYN exceeds that of the interface"},
    {9100, "orphaned HTTP connection"},
    {9201, "response of a previous transaction"},
    {9202, "wrong sequence number in the first data on a reused connection"},
    {9203, "FIN of a previous client on a reused connection"},
    {9205, "bad chunked encoding in the response"},
    {9206, "invalid HTTP request or response header"},
    {9207, "invalid header while reassembling"},
    {9208, "incomplete response"},
    {9209, "chunk tracking failed"},
    {9210, "corrupt packets"},
    {9212, "invalid HTTP request"},
    {9217, "more body than the content length says"},
    {9218, "extra data without a transaction"},
    {9219, "out of buffers"},
    {9220, "out of buffers"},
    {9222, "response that violates HTTP"},
    {9300, "idle or zombie timeout"},
    {9301, "idle or zombie timeout"},
    {9302, "idle or zombie timeout"},
    {9303, "idle or zombie timeout"},
    {9304, "zero window probes unanswered, or the linked connection given up"},
    {9305, "the ACK of its SYN has a wrong number"},
    {9307, "small window protection"},
    {9308, "small window protection"},
    {9309, "small window protection"},
    {9310, "keep-alive probes failed"},
    {9400, "connection of the reuse pool that cannot be reused"},
    {9401, "capacity reached, or the configured entity removed"},
    {9600, "too many segments with wrong numbers"},
    {9601, "too much data with wrong numbers"},
    {9700, "RST of the other side passed on"},
    {9701, "RST with ACK of the other side passed on"},
    {9702, "data after a FIN"},
    {9800, "monitor probe timed out"},
    {9811, "after a fatal TLS alert"},
    {9812, "its IP address was removed"},
    {9814, "a policy with action RESET matched"},
    {9816, "bad SSL record"},
    {9818, "bad SSL header"},
    {9820, "SSL operation failed"},
    {9821, "SSL feature disabled"},
    {9827, "SSL configuration changed"},
    {9829, "GSLB: other site down or out of reach"},
    {9830, "an access list denies the session"},
    {9832, "application error"},
    {9833, "fatal SSL error"},
    {9838, "no SSL record found for the request or response"},
    {9845, "application security policy"},
    {9855, "surge queue overflow"},
    {9862, "duplicate server connection"},
    {9863, "new connection in place of an old one"},
    {9875, "the client connection is closed"},
    {9951, "incomplete SSL record"},
    {9952, "fatal SSL alert received"},
    {9953, "timeout action"},
    {9968, "MPTCP fast close received"},
};

const char *
netscaler_code_text(uint16_t window)
{
    for (size_t i = 0; i < sizeof(netscaler_codes) / sizeof(netscaler_codes[0]); i++) {
        if (netscaler_codes[i].code == window)
            return netscaler_codes[i].text;
    }
    return NULL;
}

/* ---- payload of a RST ---- */

/* An item of CBOR, RFC 8949 section 3: its head. size 0: it is cut off, or not of the known kinds.
 */
struct cbor_head {
    size_t size;
    uint8_t type; /* major */
    uint64_t value;
};

enum { CBOR_UNSIGNED = 0, CBOR_TEXT = 3, CBOR_ARRAY = 4, CBOR_MAP = 5 };

static struct cbor_head
read_cbor(const uint8_t *bytes, size_t length)
{
    enum { SHORT_MAX = 23, ONE_BYTE = 24, EIGHT_BYTES = 27 };
    struct cbor_head head = {.size = 0};
    uint8_t info;
    size_t more = 0;

    if (length == 0)
        return head;
    info = bytes[0] & 0x1f;
    if (info > EIGHT_BYTES)
        return head;
    if (info > SHORT_MAX)
        more = (size_t)1 << (info - ONE_BYTE);
    if (1 + more > length)
        return head;
    head.size = 1 + more;
    head.type = bytes[0] >> 5;
    head.value = more ? read_number(bytes + 1, more) : info;
    return head;
}

/* Of the map: reason-code 1, pen 2, reason-description 3; drafts before ietf-01. */
static bool
read_reason(struct rst_payload *said, const uint8_t *bytes, size_t length, size_t at)
{
    struct cbor_head map = read_cbor(bytes + at, length - at);

    if (map.size == 0 || map.type != CBOR_MAP)
        return false;
    at += map.size;
    for (uint64_t i = 0; i < map.value; i++) {
        struct cbor_head key = read_cbor(bytes + at, length - at);
        struct cbor_head value;

        if (key.size == 0 || key.type != CBOR_UNSIGNED)
            return false;
        at += key.size;
        value = read_cbor(bytes + at, length - at);
        if (value.size == 0)
            return false;
        at += value.size;
        if (key.value == 1 && value.type == CBOR_UNSIGNED) {
            said->has_code = true;
            said->code = value.value;
        } else if (key.value == 2 && value.type == CBOR_UNSIGNED) {
            said->pen = value.value;
        } else if (key.value == 3 && value.type == CBOR_TEXT && value.value <= length - at) {
            said->text_at = at;
            said->text_size = (size_t)value.value;
            at += said->text_size;
        } else {
            return false;
        }
    }
    return said->has_code || said->text_size > 0;
}

/* The magic cookie of those drafts, alone or in an array of two. */
static struct rst_payload
read_cbor_diagnostic(const uint8_t *bytes, size_t length)
{
    enum { MAGIC_COOKIE = 12345 };
    struct rst_payload said = {.is_text = false};
    struct cbor_head head = read_cbor(bytes, length);
    size_t at = 0;

    if (head.size > 0 && head.type == CBOR_ARRAY && head.value == 2) {
        at = head.size;
        head = read_cbor(bytes + at, length - at);
    }
    if (head.size == 0 || head.type != CBOR_UNSIGNED || head.value != MAGIC_COOKIE)
        return said;
    if (!read_reason(&said, bytes, length, at + head.size))
        return (struct rst_payload){.is_text = false};
    said.is_diagnostic = true;
    return said;
}

static bool
is_printable(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool is_blank = bytes[i] == '\t' || bytes[i] == '\r' || bytes[i] == '\n';

        if (!is_blank && (bytes[i] < 0x20 || bytes[i] > 0x7e))
            return false;
    }
    return length > 0;
}

struct rst_payload
rst_payload_said(const uint8_t *bytes, size_t length)
{
    enum { MAGIC = 0x33aa, SIZE = 8 };
    struct rst_payload said;

    if (length == SIZE && read_number(bytes, 2) == MAGIC)
        return (struct rst_payload){
            .is_diagnostic = true,
            .has_code = true,
            .code = read_number(bytes + 2, 2),
            .pen = read_number(bytes + 4, 4),
        };
    said = read_cbor_diagnostic(bytes, length);
    if (!said.is_diagnostic)
        said.is_text = is_printable(bytes, length);
    return said;
}

const char *
diagnostic_code_text(uint64_t code)
{
    static const char *const texts[] = {
        NULL,
        "illegal option length",
        "desynchronized state",
        "new data after CLOSE",
        "ABORT",
        "unexpected ACK in a state that is not synchronized",
        "unexpected SYN in the window",
        "unexpected security compartment",
        "malformed message",
        "not authorized",
        "resource exceeded",
        "network failure",
        "reset received from the peer",
        "destination unreachable",
        "connection timeout",
        "too much outstanding data",
        "unacceptable performance",
        "middlebox interference",
    };

    return code < sizeof(texts) / sizeof(texts[0]) ? texts[code] : NULL;
}
