/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "said_fields.h"

#include "draw.h"
#include "said.h"
#include "segment.h"
#include "wscompat.h"

static int hf_netscaler = -1;
static int hf_payload = -1;
static int hf_diagnostic = -1;
static int hf_diagnostic_pen = -1;
static int hf_mptcp = -1;
static int hf_mptcp_reason = -1;

static hf_register_info hf[] = {
    {&hf_netscaler,
     {"NetScaler code", "tcpclose.rst.netscaler", FT_UINT16, BASE_DEC, NULL, 0,
      "The window of this RST is a code, if a NetScaler (Citrix ADC) has sent it", HFILL}},
    {&hf_payload,
     {"RST says", "tcpclose.rst.payload", FT_STRING, BASE_NONE, NULL, 0,
      "Text in the payload of this RST", HFILL}},
    {&hf_diagnostic,
     {"Diagnostic payload", "tcpclose.rst.diagnostic", FT_UINT64, BASE_DEC, NULL, 0,
      "Reason code in the payload of this RST, draft-ietf-tcpm-rst-diagnostic-payload", HFILL}},
    {&hf_diagnostic_pen,
     {"Diagnostic payload's enterprise", "tcpclose.rst.diagnostic.pen", FT_UINT64, BASE_DEC, NULL,
      0, "Private enterprise number of whoever has assigned the reason code", HFILL}},
    {&hf_mptcp,
     {"MPTCP", "tcpclose.mptcp", FT_STRING, BASE_NONE, NULL, 0,
      "What this segment does to its MPTCP connection: data_fin ends one direction, fastclose "
      "aborts it, subflow_reset resets this subflow alone",
      HFILL}},
    {&hf_mptcp_reason,
     {"MPTCP reset reason", "tcpclose.mptcp.reason", FT_UINT8, BASE_DEC, NULL, 0,
      "Reason in the option MP_TCPRST", HFILL}},
};

void
said_fields_register(int proto)
{
    proto_register_field_array(proto, hf, array_length(hf));
}

/* text: what the number means; NULL: nobody knows. */
static void
explain(proto_item *item, const char *text)
{
    if (text)
        proto_item_append_text(item, " (%s)", text);
}

static void
draw_mptcp(tvbuff_t *tvb, proto_tree *tree, tvbuff_t *segment, unsigned length)
{
    const uint8_t *options = tvb_get_ptr(segment, TCP_HEADER_MIN, (int)length);
    struct mptcp_said said = mptcp_said(options, length);

    for (unsigned i = 0; i < MPTCP_END_COUNT; i++) {
        if (said.ends[i])
            draw_string(tree, hf_mptcp, tvb, mptcp_end_slug((enum mptcp_end)i));
    }
    if (said.ends[MPTCP_SUBFLOW_RESET])
        explain(draw_uint(tree, hf_mptcp_reason, tvb, said.reason), mptcp_reason_text(said.reason));
}

static void
draw_text(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, tvbuff_t *segment, unsigned at,
          unsigned size)
{
    draw_string(tree, hf_payload, tvb,
                (const char *)tvb_format_text(pinfo->pool, segment, (int)at, (int)size));
}

static void
draw_payload(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, tvbuff_t *segment, unsigned at)
{
    unsigned size = tvb_captured_length(segment) - at;
    struct rst_payload said = rst_payload_said(tvb_get_ptr(segment, (int)at, (int)size), size);

    if (said.is_text)
        draw_text(pinfo, tvb, tree, segment, at, size);
    if (!said.is_diagnostic)
        return;
    if (said.text_size > 0)
        draw_text(pinfo, tvb, tree, segment, at + (unsigned)said.text_at, (unsigned)said.text_size);
    if (said.has_code)
        explain(draw_uint64(tree, hf_diagnostic, tvb, said.code),
                said.pen == 0 ? diagnostic_code_text(said.code) : NULL);
    if (said.pen != 0)
        draw_uint64(tree, hf_diagnostic_pen, tvb, said.pen);
}

static void
draw_netscaler(tvbuff_t *tvb, proto_tree *tree, uint16_t window)
{
    const char *text = netscaler_code_text(window);

    if (text)
        explain(draw_uint(tree, hf_netscaler, tvb, window), text);
}

void
said_fields_draw(packet_info *pinfo, tvbuff_t *tvb, proto_tree *tree, tvbuff_t *segment)
{
    unsigned header = (unsigned)(compat_tvb_uint8(segment, 12) >> 4) * 4;

    if (header > tvb_captured_length(segment))
        return;
    if (header > TCP_HEADER_MIN)
        draw_mptcp(tvb, tree, segment, header - TCP_HEADER_MIN);
    if (!(compat_tvb_uint8(segment, 13) & FLAG_RST))
        return;
    draw_netscaler(tvb, tree, tvb_get_ntohs(segment, 14));
    /* What is cut off may say something else. */
    if (tvb_captured_length(segment) > header &&
        tvb_captured_length(segment) == tvb_reported_length(segment))
        draw_payload(pinfo, tvb, tree, segment, header);
}
