/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports with a row a RST: a table for people, CSV and JSON for programs. */
#include "cause.h"
#include "rows.h"
#include "rst.h"

struct reset_row {
    const struct stream_entry *entry;
    struct rst_told rst;
    struct cause cause;
    GString *endpoint[ROLE_COUNT]; /* for people: "" in the forms for programs */
    GString *cause_text;           /* for people: ? behind one that is not sure */
    GString *piece_text;           /* for people: the strongest, and how many more */
    GString *pieces;               /* all, apart by blanks */
    GString *evidence;             /* a sentence each */
    GString *cause_frames;         /* apart by blanks */
};

/* ---- columns ---- */

static const struct reset_row *
reset_row(const void *row)
{
    return (const struct reset_row *)row;
}

/* Of a column's role, the client is the sender: a column says whose side it is on. */
static enum role
role_of(const void *row, const struct column *column)
{
    enum role sender = reset_row(row)->rst.sender;

    return column->role == ROLE_CLIENT ? sender : role_peer(sender);
}

static struct value
get_frame(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(reset_row(row)->rst.frame);
}

static struct value
get_stream(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = reset_row(row)->entry->id};
}

static struct value
get_time(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.ns = reset_row(row)->rst.time_ns};
}

static struct value
get_endpoint(const void *row, const struct column *column)
{
    return (struct value){.text = reset_row(row)->endpoint[role_of(row, column)]->str};
}

static struct value
get_role(const void *row, const struct column *column)
{
    return (struct value){.text = role_name(role_of(row, column))};
}

static struct value
get_address(const void *row, const struct column *column)
{
    return text_or_absent(reset_row(row)->entry->address[role_of(row, column)]);
}

static struct value
get_port(const void *row, const struct column *column)
{
    return (struct value){.number = reset_row(row)->entry->port[role_of(row, column)]};
}

static struct value
get_verdict(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = rst_verdict_name(reset_row(row)->rst.verdict)};
}

static struct value
get_origin(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = rst_origin_name(reset_row(row)->rst.origin)};
}

/* The same in less room. */
static struct value
get_origin_in_short(const void *row, const struct column *column G_GNUC_UNUSED)
{
    enum rst_origin origin = reset_row(row)->rst.origin;

    return (struct value){
        .absent = origin == RST_ORIGIN_UNKNOWN,
        .text = origin == RST_DECISION ? "own" : rst_origin_name(origin),
    };
}

static struct value
get_cause_in_short(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(reset_row(row)->cause_text->str);
}

static struct value
get_cause(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.text = cause_slug(reset_row(row)->cause.kind)};
}

static struct value
get_cause_sure(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = reset_row(row)->cause.sure};
}

static struct value
get_cause_hint(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(hint_slug(reset_row(row)->cause.hint));
}

static struct value
get_cause_frames(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(reset_row(row)->cause_frames->str);
}

static struct value
get_trigger(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(reset_row(row)->rst.trigger_frame);
}

static struct value
get_challenge(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(reset_row(row)->rst.challenge_frame);
}

static struct value
get_refuted(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return count_or_absent(reset_row(row)->rst.refuted_frame);
}

static struct value
get_forged(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return (struct value){.number = reset_row(row)->rst.forged};
}

static struct value
get_pieces_in_short(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(reset_row(row)->piece_text->str);
}

static struct value
get_pieces(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(reset_row(row)->pieces->str);
}

static struct value
get_evidence(const void *row, const struct column *column G_GNUC_UNUSED)
{
    return text_or_absent(reset_row(row)->evidence->str);
}

/* For people, narrow enough for 120 columns with IPv4. */
/* clang-format off */
#define SENDER   .role = ROLE_CLIENT /* see role_of() */
#define RECEIVER .role = ROLE_SERVER

static const struct column columns[] = {
    {.title = "Frame", .name = "frame", .kind = COLUMN_COUNT, .get = get_frame},
    {.title = "Stream", .name = "stream", .kind = COLUMN_COUNT, .get = get_stream},
    {.name = "time_s", .kind = COLUMN_TIME, .get = get_time},
    {.title = "Sender", .kind = COLUMN_TEXT, .get = get_endpoint, SENDER},
    {.name = "sender", .kind = COLUMN_TEXT, .get = get_role, SENDER},
    {.name = "sender_address", .kind = COLUMN_TEXT, .get = get_address, SENDER},
    {.name = "sender_port", .kind = COLUMN_COUNT, .get = get_port, SENDER},
    {.name = "receiver_address", .kind = COLUMN_TEXT, .get = get_address, RECEIVER},
    {.name = "receiver_port", .kind = COLUMN_COUNT, .get = get_port, RECEIVER},
    {.title = "Verdict", .name = "verdict", .kind = COLUMN_TEXT, .get = get_verdict},
    {.title = "Own or answer", .kind = COLUMN_TEXT, .get = get_origin_in_short},
    {.name = "origin", .kind = COLUMN_TEXT, .get = get_origin},
    {.title = "Cause", .kind = COLUMN_TEXT, .get = get_cause_in_short},
    {.name = "cause", .kind = COLUMN_TEXT, .get = get_cause},
    {.name = "cause_sure", .kind = COLUMN_BOOL, .get = get_cause_sure},
    {.name = "cause_hint", .kind = COLUMN_TEXT, .get = get_cause_hint},
    {.name = "cause_frames", .kind = COLUMN_TEXT, .get = get_cause_frames},
    {.title = "Answer to", .name = "trigger_frame", .kind = COLUMN_COUNT, .get = get_trigger},
    {.title = "Drew ACK", .name = "challenge_frame", .kind = COLUMN_COUNT, .get = get_challenge},
    {.title = "Refuted in", .name = "refuted_frame", .kind = COLUMN_COUNT, .get = get_refuted},
    {.name = "forged", .kind = COLUMN_BOOL, .get = get_forged},
    {.title = "Against it", .kind = COLUMN_TEXT, .get = get_pieces_in_short},
    {.name = "pieces", .kind = COLUMN_TEXT, .get = get_pieces},
    {.name = "evidence", .kind = COLUMN_TEXT, .get = get_evidence},
};
/* clang-format on */

/* ---- rows ---- */

/* Where a RST is told. */
struct place {
    const struct stream_entry *entry;
    unsigned index; /* among the stream's RSTs */
    uint32_t frame;
    uint8_t layer;
};

struct reset_rows {
    struct rows rows;   /* first */
    GArray *places;     /* struct place: row n is of the n-th */
    unsigned old_count; /* without the newest stream's */
    struct reset_row row;
};

static void
begin(struct rows *rows)
{
    struct reset_rows *resets = (struct reset_rows *)rows;

    resets->places = g_array_new(FALSE, FALSE, sizeof(struct place));
    resets->row.cause_text = g_string_new(NULL);
    resets->row.piece_text = g_string_new(NULL);
    resets->row.pieces = g_string_new(NULL);
    resets->row.evidence = g_string_new(NULL);
    resets->row.cause_frames = g_string_new(NULL);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        resets->row.endpoint[role] = g_string_new(NULL);
}

static void
collect(struct rows *rows, const struct stream_entry *entry)
{
    struct reset_rows *resets = (struct reset_rows *)rows;

    resets->old_count = resets->places->len;
    for (unsigned i = 0; i < rst_count(entry->stream); i++) {
        struct rst_told rst = rst_told(entry->stream, i);
        struct place place = {entry, i, rst.frame, rst.layer};

        if (rst.verdict != RST_NONE)
            g_array_append_val(resets->places, place);
    }
}

static int
compare(const void *a, const void *b)
{
    const struct place *place = (const struct place *)a;
    const struct place *other = (const struct place *)b;

    if (place->frame != other->frame)
        return place->frame < other->frame ? -1 : 1;
    return place->layer - other->layer;
}

/* As they were captured, whatever their streams. */
static char *
finish(struct rows *rows)
{
    g_array_sort(((struct reset_rows *)rows)->places, compare);
    return NULL;
}

static unsigned
count(const struct rows *rows)
{
    return ((const struct reset_rows *)rows)->places->len;
}

static void
say_pieces(struct reset_row *row)
{
    unsigned said = 0;

    g_string_truncate(row->pieces, 0);
    g_string_truncate(row->evidence, 0);
    g_string_truncate(row->piece_text, 0);
    for (unsigned i = 0; i < PIECE_COUNT; i++) {
        enum forgery_piece piece = (enum forgery_piece)i;
        char *sentence;

        if (!(row->rst.pieces & piece_bit(piece)))
            continue;
        sentence = rst_evidence(&row->rst, piece);
        g_string_append_printf(row->pieces, "%s%s", said ? " " : "", forgery_piece_slug(piece));
        g_string_append_printf(row->evidence, "%s%s", said ? "; " : "", sentence);
        g_free(sentence);
        if (said++ == 0)
            g_string_assign(row->piece_text, forgery_piece_slug(piece));
    }
    if (said > 1)
        g_string_append_printf(row->piece_text, "+%u", said - 1);
}

static void
say_endpoints(struct reset_row *row)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        g_string_truncate(row->endpoint[role], 0);
        stream_entry_append_endpoint(row->endpoint[role], row->entry, (enum role)role);
    }
}

static const void *
row(struct rows *rows, unsigned index)
{
    struct reset_rows *resets = (struct reset_rows *)rows;
    struct reset_row *now = &resets->row;
    const struct place *place = &g_array_index(resets->places, struct place, index);

    now->entry = place->entry;
    now->rst = rst_told(place->entry->stream, place->index);
    now->cause = cause_of_rst(place->entry->stream, place->frame, place->layer);
    g_string_printf(now->cause_text, "%s%s", cause_slug(now->cause.kind),
                    now->cause.sure || now->cause.kind == CAUSE_unknown ? "" : "?");
    g_string_truncate(now->cause_frames, 0);
    cause_append_frames(now->cause_frames, &now->cause);
    say_pieces(now);
    if (rows->report->form == FORM_TEXT)
        say_endpoints(now);
    return now;
}

static void
changed(struct rows *rows, take_row *take, void *context)
{
    for (unsigned i = ((struct reset_rows *)rows)->old_count; i < count(rows); i++)
        take(context, i, row(rows, i));
}

static void
clear(struct rows *rows)
{
    struct reset_rows *resets = (struct reset_rows *)rows;

    g_array_unref(resets->places);
    g_string_free(resets->row.cause_text, TRUE);
    g_string_free(resets->row.piece_text, TRUE);
    g_string_free(resets->row.pieces, TRUE);
    g_string_free(resets->row.evidence, TRUE);
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        g_string_free(resets->row.endpoint[role], TRUE);
    g_string_free(resets->row.cause_frames, TRUE);
}

static const struct row_source source = {
    .size = sizeof(struct reset_rows),
    .begin = begin,
    .collect = collect,
    .changed = changed,
    .finish = finish,
    .count = count,
    .row = row,
    .clear = clear,
};

/* ---- reports ---- */

/* No name begins another one's: Wireshark finds reports by how the argument begins. */
#define RESET_REPORT(name_, title_, form_)                                              \
    {                                                                                   \
        .name = name_, .title = title_, .form = form_, .columns = columns,              \
        .column_count = G_N_ELEMENTS(columns), .source = &source, .nothing = "No RST.", \
    }

const struct report resets_report = RESET_REPORT("resets", "Resets", FORM_TEXT);
const struct report rsts_csv_report = RESET_REPORT("rsts_csv", "Resets (CSV)", FORM_CSV);
const struct report rsts_json_report = RESET_REPORT("rsts_json", "Resets (JSON)", FORM_JSON);
