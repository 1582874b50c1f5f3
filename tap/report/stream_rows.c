/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_rows.h"

#include "course_text.h"
#include "events.h"
#include "said.h"

struct stream_rows {
    struct rows rows;      /* first */
    GPtrArray *entries;    /* struct stream_entry; row n is of the n-th */
    struct course *course; /* of the row; NULL: there was none yet */
    struct stream_row row;
};

/* The slugs, apart by blanks: what was said on any of the stream's segments. */
static void
append_mptcp(GString *out, const struct stream *stream)
{
    const event_set events = events_of(stream);

    for (unsigned i = 0; i < MPTCP_END_COUNT; i++) {
        if (events & event_bit(mptcp_end_event((enum mptcp_end)i)))
            g_string_append_printf(out, "%s%s", out->len > 0 ? " " : "",
                                   mptcp_end_slug((enum mptcp_end)i));
    }
}

static void
begin(struct rows *rows)
{
    struct stream_rows *streams = (struct stream_rows *)rows;

    streams->entries = g_ptr_array_new();
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        streams->row.endpoint[role] = g_string_new(NULL);
        streams->row.course[role] = g_string_new(NULL);
    }
    streams->row.mptcp = g_string_new(NULL);
    streams->row.cause_frames = g_string_new(NULL);
}

static void
collect(struct rows *rows, const struct stream_entry *entry)
{
    g_ptr_array_add(((struct stream_rows *)rows)->entries, (void *)entry);
}

static unsigned
count(const struct rows *rows)
{
    return ((const struct stream_rows *)rows)->entries->len;
}

static const struct course *
course_of(struct stream_rows *streams, const struct stream *stream)
{
    if (streams->course)
        course_restart(streams->course, stream);
    else
        streams->course = course_new(stream);
    return streams->course;
}

static void
say_for_people(struct stream_row *row, const struct course *course)
{
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        g_string_truncate(row->endpoint[role], 0);
        stream_entry_append_endpoint(row->endpoint[role], row->entry, (enum role)role);
    }
    course_text(course, row->input->end_ns, row->course);
}

static const void *
row(struct rows *rows, unsigned index)
{
    struct stream_rows *streams = (struct stream_rows *)rows;
    const struct stream_entry *entry =
        (const struct stream_entry *)g_ptr_array_index(streams->entries, index);
    const struct course *course = course_of(streams, entry->stream);

    stream_entries_ahead(streams->entries, index);
    streams->row.entry = entry;
    streams->row.input = &rows->input;
    streams->row.summary = summary_of_course(entry->stream, course, rows->input.end_ns);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        streams->row.path[role] = course_path(course, (enum role)role);
        streams->row.numbers[role] = numbers_of(entry->stream, (enum role)role);
    }
    if (rows->report->form == FORM_TEXT)
        say_for_people(&streams->row, course);
    streams->row.cause =
        cause_of_course(entry->stream, course, &streams->row.summary.outcome, rows->input.end_ns);
    streams->row.foreign = foreign_of(entry->stream, &streams->row.summary.outcome,
                                      &streams->row.cause, entry->port, rows->input.end_ns);
    streams->row.reuse = reuse_of(entry->stream);
    g_string_truncate(streams->row.mptcp, 0);
    append_mptcp(streams->row.mptcp, entry->stream);
    g_string_truncate(streams->row.cause_frames, 0);
    cause_append_frames(streams->row.cause_frames, &streams->row.cause);
    return &streams->row;
}

static void
changed(struct rows *rows, take_row *take, void *context)
{
    unsigned newest = count(rows) - 1;

    take(context, newest, row(rows, newest));
}

static void
clear(struct rows *rows)
{
    struct stream_rows *streams = (struct stream_rows *)rows;

    g_ptr_array_unref(streams->entries);
    g_string_free(streams->row.cause_frames, TRUE);
    g_string_free(streams->row.mptcp, TRUE);
    course_free(streams->course);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        g_string_free(streams->row.endpoint[role], TRUE);
        g_string_free(streams->row.course[role], TRUE);
    }
}

const struct row_source stream_row_source = {
    .size = sizeof(struct stream_rows),
    .begin = begin,
    .collect = collect,
    .changed = changed,
    .count = count,
    .row = row,
    .clear = clear,
    .is_of_streams = true,
};
