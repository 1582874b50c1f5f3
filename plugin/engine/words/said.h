/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment says of the end in words of its own, beside flags and numbers: options of MPTCP,
 * and codes and payload of a RST. Nothing is concluded from it, as anybody may say anything.
 */
#ifndef TCPCLOSE_SAID_H
#define TCPCLOSE_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state.h"

/* RFC 8684: DATA_FIN ends one direction of the MPTCP connection (section 3.3.3), MP_FASTCLOSE
 * aborts all of it (3.5), MP_TCPRST resets a subflow (3.6). */
#define MPTCP_END_LIST(X)   \
    X(DATA_FIN, data_fin)   \
    X(FASTCLOSE, fastclose) \
    X(SUBFLOW_RESET, subflow_reset)

#define X(id, slug) MPTCP_##id,
enum mptcp_end { MPTCP_END_LIST(X) MPTCP_END_COUNT };
#undef X

struct mptcp_said {
    bool ends[MPTCP_END_COUNT];
    uint8_t reason; /* with SUBFLOW_RESET */
};

/* Reads the options of a TCP header, as tcp_options_parse() does. */
struct mptcp_said mptcp_said(const uint8_t *bytes, size_t length);

/* The event that a segment with it shows. */
enum tcp_event mptcp_end_event(enum mptcp_end end);

/* Of one option of kind 30, its length bytes from the kind on, at least 3: a bit for each. */
uint8_t mptcp_option_ends(const uint8_t *option, size_t length);

/* "fastclose"; what a reason of MP_TCPRST means, NULL: it is not assigned. */
const char *mptcp_end_slug(enum mptcp_end end);
const char *mptcp_reason_text(uint8_t reason);

/* What the window of a RST means if a NetScaler (Citrix ADC) has sent it; NULL: it is no code. */
const char *netscaler_code_text(uint16_t window);

/* Of a RST's payload. */
struct rst_payload {
    bool is_text;       /* printable ASCII, RFC 9293 section 3.5.3 */
    bool is_diagnostic; /* draft-ietf-tcpm-rst-diagnostic-payload; the rest is valid only then */
    bool has_code;
    uint64_t code;
    uint64_t pen;     /* private enterprise number of who has assigned the code; 0: IANA */
    size_t text_at;   /* of the description, in the payload */
    size_t text_size; /* 0: there is none */
};

/* Reads it: of length bytes, all of the payload. */
struct rst_payload rst_payload_said(const uint8_t *bytes, size_t length);

/* What a code of the draft means, of pen 0; NULL: it is not assigned. */
const char *diagnostic_code_text(uint64_t code);

#endif
