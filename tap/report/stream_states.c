/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream_states.h"

#include "stream_rows.h"

static const struct role_summary *
role_summary(const void *row, const struct column *column)
{
    return &stream_row(row)->summary.role[column->role];
}

struct value
stream_get_path(const void *row, const struct column *column)
{
    return (struct value){.text = stream_row(row)->path[column->role]};
}

struct value
stream_get_course(const void *row, const struct column *column)
{
    return text_or_absent(stream_row(row)->course[column->role]->str);
}

struct value
stream_get_final_state(const void *row, const struct column *column)
{
    return (struct value){.text = state_name(role_summary(row, column)->final_state)};
}

struct value
stream_get_dwell(const void *row, const struct column *column)
{
    const struct role_summary *role = role_summary(row, column);

    return (struct value){
        .absent = role->visits[column->state] == 0,
        .at_least = (role->censored & (1U << column->state)) != 0,
        .ns = role->dwell_ns[column->state],
    };
}

struct value
stream_get_censored(const void *row, const struct column *column)
{
    struct value dwell = stream_get_dwell(row, column);

    return (struct value){.absent = dwell.absent, .number = dwell.at_least};
}

struct value
stream_get_assumed(const void *row, const struct column *column)
{
    const struct role_summary *role = role_summary(row, column);

    return (struct value){
        .absent = role->visits[column->state] == 0,
        .number = (role->assumed & (1U << column->state)) != 0,
    };
}
