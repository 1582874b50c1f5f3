/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rst_fields.h"

#include "cause.h"
#include "draw.h"
#include "rst.h"

static int hf_rst_verdict = -1;
static int hf_rst_forged = -1;
static int hf_rst_origin = -1;
static int hf_rst_evidence = -1;
static int hf_rst_trigger = -1;
static int hf_rst_challenge = -1;
static int hf_rst_refuted_in = -1;
static int hf_rst_cause = -1;
static int hf_rst_cause_sure = -1;
static int hf_rst_cause_hint = -1;

static hf_register_info hf[] = {
    {&hf_rst_verdict,
     {"RST verdict", "tcpclose.rst.verdict", FT_STRING, BASE_NONE, NULL, 0,
      "What the receiver does with this RST: accepted, challenge, ignored, after_close or suspect",
      HFILL}},
    {&hf_rst_forged,
     {"RST forged", "tcpclose.rst.forged", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Its number is impossible, its apparent sender goes on, or two other pieces of evidence say "
      "that somebody else has sent it",
      HFILL}},
    {&hf_rst_origin,
     {"RST origin", "tcpclose.rst.origin", FT_STRING, BASE_NONE, NULL, 0,
      "By its numbers, its sender's own decision (own_decision), an answer to a segment that it "
      "has no use for (answer), or unknown",
      HFILL}},
    {&hf_rst_evidence,
     {"RST evidence", "tcpclose.rst.evidence", FT_STRING, BASE_NONE, NULL, 0,
      "What speaks against its apparent sender's having sent it, with the frames", HFILL}},
    {&hf_rst_trigger,
     {"RST answers", "tcpclose.rst.trigger", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the segment that this RST answers", HFILL}},
    {&hf_rst_challenge,
     {"RST challenged in", "tcpclose.rst.challenge", FT_FRAMENUM, BASE_NONE,
      FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0, "Frame of the challenge ACK that this RST drew",
      HFILL}},
    {&hf_rst_refuted_in,
     {"RST refuted in", "tcpclose.rst.refuted_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
      "Frame of the segment that shows that this RST was not taken, or not sent by its apparent "
      "sender",
      HFILL}},
    {&hf_rst_cause,
     {"RST cause", "tcpclose.rst.cause", FT_STRING, BASE_NONE, NULL, 0,
      "Why this RST was sent, as far as an observer can tell", HFILL}},
    {&hf_rst_cause_sure,
     {"RST cause is sure", "tcpclose.rst.cause.sure", FT_BOOLEAN, BASE_NONE, NULL, 0,
      "Every alternative to that cause is excluded", HFILL}},
    {&hf_rst_cause_hint,
     {"RST cause hint", "tcpclose.rst.cause.hint", FT_STRING, BASE_NONE, NULL, 0, CAUSE_HINT_BLURB,
      HFILL}},
};

void
rst_fields_register(int proto)
{
    proto_register_field_array(proto, hf, array_length(hf));
}

static void
draw_piece(tvbuff_t *tvb, proto_tree *tree, const struct rst_told *rst, enum forgery_piece piece)
{
    char *sentence = rst_evidence(rst, piece);

    draw_string(tree, hf_rst_evidence, tvb, sentence);
    g_free(sentence);
}

void
rst_fields_draw(tvbuff_t *tvb, proto_tree *tree, const struct drawn_layer *layer)
{
    struct rst_told rst = rst_told_at(layer->stream, layer->frame, layer->layer);
    struct cause cause;

    if (rst.verdict == RST_NONE)
        return;
    cause = cause_of_rst(layer->stream, layer->frame, layer->layer);
    draw_string(tree, hf_rst_verdict, tvb, rst_verdict_name(rst.verdict));
    draw_string(tree, hf_rst_origin, tvb, rst_origin_name(rst.origin));
    draw_bool(tree, hf_rst_forged, tvb, rst.forged);
    for (unsigned i = 0; i < PIECE_COUNT; i++) {
        if (rst.pieces & piece_bit((enum forgery_piece)i))
            draw_piece(tvb, tree, &rst, (enum forgery_piece)i);
    }
    draw_frame(tree, hf_rst_trigger, tvb, rst.trigger_frame);
    draw_frame(tree, hf_rst_challenge, tvb, rst.challenge_frame);
    draw_frame(tree, hf_rst_refuted_in, tvb, rst.refuted_frame);
    draw_string(tree, hf_rst_cause, tvb, cause_slug(cause.kind));
    draw_bool(tree, hf_rst_cause_sure, tvb, cause.sure);
    draw_hint(tree, hf_rst_cause_hint, tvb, cause.hint);
}
