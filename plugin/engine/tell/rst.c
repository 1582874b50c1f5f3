/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rst.h"

#include "role.h"
#include "stream.h"

/* Not taken after all: it was not exact where it arrived, or nobody had sent it. */
static enum rst_verdict
final_verdict(const struct rst_record *rst)
{
    if (!rst->not_taken || rst->verdict != RST_ACCEPTED)
        return rst->verdict;
    return pieces_show_forgery(rst->pieces) ? RST_SUSPECT : RST_IGNORED;
}

static struct rst_told
tell(const struct stream *stream, const struct rst_record *rst)
{
    return (struct rst_told){
        .verdict = final_verdict(rst),
        .origin = rst->origin,
        .sender = role_of_side(stream, rst->side),
        .pieces = rst->pieces,
        .forged = pieces_show_forgery(rst->pieces),
        .layer = rst->layer,
        .frame = rst->frame,
        .time_ns = rst->time_ns,
        .trigger_frame = rst->trigger_frame,
        .challenge_frame = rst->challenge_frame,
        .refuted_frame = rst->refuted_frame,
        .sender_frame = rst->sender_frame,
        .receiver_frame = rst->answered_frame,
    };
}

unsigned
rst_count(const struct stream *stream)
{
    return resets_count(&memory_extra(&stream->memory)->resets);
}

struct rst_told
rst_told(const struct stream *stream, unsigned index)
{
    return tell(stream, resets_record(&memory_extra(&stream->memory)->resets, index));
}

struct rst_told
rst_told_at(const struct stream *stream, uint32_t frame, uint8_t layer)
{
    const struct rst_record *rst = resets_at(&memory_extra(&stream->memory)->resets, frame, layer);

    return rst ? tell(stream, rst) : (struct rst_told){.verdict = RST_NONE};
}

unsigned
rst_count_suspect(const struct stream *stream, enum role role)
{
    unsigned count = 0;

    for (unsigned i = 0; i < rst_count(stream); i++) {
        const struct rst_told rst = rst_told(stream, i);

        count += rst.sender == role && rst.verdict == RST_SUSPECT;
    }
    return count;
}

bool
rst_is_any_forged(const struct stream *stream)
{
    for (unsigned i = 0; i < rst_count(stream); i++) {
        if (rst_told(stream, i).forged)
            return true;
    }
    return false;
}

/* ---- words ---- */

struct frames {
    uint32_t first;
    uint32_t second;
};

/* What the piece compares the RST with, or what shows it. */
static struct frames
frames_of(const struct rst_told *rst, enum forgery_piece piece)
{
    switch (piece) {
    case PIECE_NUMBER:
    case PIECE_UNPROVOKED:
        return (struct frames){rst->sender_frame, rst->receiver_frame};
    case PIECE_GOES_ON:
        return (struct frames){rst->refuted_frame, 0};
    case PIECE_TTL:
    case PIECE_IP_ID:
    case PIECE_TIMESTAMP:
    case PIECE_WINDOW:
        return (struct frames){rst->sender_frame, 0};
    case PIECE_SPEED:
        return (struct frames){rst->receiver_frame, 0};
    case PIECE_COUNT:
        break;
    }
    return (struct frames){0, 0};
}

char *
rst_evidence(const struct rst_told *rst, enum forgery_piece piece)
{
    const char *text = forgery_piece_text(piece);
    struct frames frames = frames_of(rst, piece);
    uint32_t low = MIN(frames.first, frames.second);
    uint32_t high = MAX(frames.first, frames.second);

    if (high == 0)
        return g_strdup(text);
    if (low == 0)
        return g_strdup_printf("%s (frame %u)", text, high);
    return g_strdup_printf("%s (frames %u, %u)", text, low, high);
}
