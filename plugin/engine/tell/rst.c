/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rst.h"

#include "role.h"
#include "stream.h"

/* Not taken after all: it was not exact where it arrived, or nobody had sent it. */
static enum rst_verdict
final_verdict(enum rst_verdict verdict, const struct rst_facts *facts)
{
    if (!facts->not_taken || verdict != RST_ACCEPTED)
        return verdict;
    return pieces_show_forgery(facts->pieces) ? RST_SUSPECT : RST_IGNORED;
}

/* Who goes on after its first RST has not sent the others either. */
static struct rst_facts
facts_at(const struct memory *memory, uint32_t frame)
{
    struct rst_facts facts = memory_rst_at(memory, frame);
    struct rst_facts first = memory_rst_at(memory, facts.follows_frame);

    if (!(first.pieces & piece_bit(PIECE_GOES_ON)))
        return facts;
    facts.pieces |= piece_bit(PIECE_GOES_ON);
    if (facts.refuted_frame == 0)
        facts.refuted_frame = first.refuted_frame;
    return facts;
}

bool
rst_is_forged(const struct memory *memory, uint32_t frame)
{
    return pieces_show_forgery(facts_at(memory, frame).pieces);
}

struct rst_told
rst_told_at(const struct stream *stream, uint32_t frame, const struct snapshot *shown)
{
    struct rst_facts facts;

    if (shown->rst == RST_NONE)
        return (struct rst_told){.verdict = RST_NONE};
    facts = facts_at(&stream->memory, frame);
    return (struct rst_told){
        .verdict = final_verdict(shown->rst, &facts),
        .pieces = facts.pieces,
        .forged = pieces_show_forgery(facts.pieces),
        .trigger_frame = shown->about_frame,
        .challenge_frame = facts.challenge_frame,
        .refuted_frame = facts.refuted_frame,
    };
}

unsigned
rst_count_suspect(const struct stream *stream, enum role role)
{
    const GArray *rsts = memory_extra(&stream->memory)->ending.rsts;
    unsigned count = 0;

    for (guint i = 0; rsts && i < rsts->len; i++) {
        const struct rst_record *rst = &g_array_index(rsts, struct rst_record, i);
        struct snapshot shown = snapshot_at(stream, rst->frame, rst->layer, rst->time_ns);

        count += role_of_side(stream, rst->side) == role &&
                 rst_told_at(stream, rst->frame, &shown).verdict == RST_SUSPECT;
    }
    return count;
}
