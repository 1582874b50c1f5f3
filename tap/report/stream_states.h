/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of the states that a stream's endpoints were in. PERSON and PROGRAM: what an endpoint
 * is called to people and to programs.
 */
#ifndef TCPCLOSE_STREAM_STATES_H
#define TCPCLOSE_STREAM_STATES_H

#include "columns.h"

/* Of a struct stream_row, and of the column's role. */
struct value stream_get_path(const void *row, const struct column *column);
struct value stream_get_course(const void *row, const struct column *column);
struct value stream_get_final_state(const void *row, const struct column *column);

/* And of its state. The time in it, absent where it never was: whether that is a lower bound, and
 * whether some of it is only assumed. */
struct value stream_get_dwell(const void *row, const struct column *column);
struct value stream_get_censored(const void *row, const struct column *column);
struct value stream_get_assumed(const void *row, const struct column *column);

/* clang-format off */
#define COURSE_COLUMN(ROLE, PERSON, FOLDS) \
    {.title = PERSON " course", .kind = COLUMN_TEXT, .get = stream_get_course, .role = ROLE, \
     .folds = FOLDS}
#define PATH_COLUMN(ROLE, PROGRAM) \
    {.name = PROGRAM "_path", .kind = COLUMN_TEXT, .get = stream_get_path, .role = ROLE, \
     .is_plain = true}
#define FINAL_STATE_COLUMN(ROLE, PERSON, PROGRAM) \
    {.title = PERSON " state", .name = PROGRAM "_state", .kind = COLUMN_TEXT, \
     .get = stream_get_final_state, .role = ROLE, .is_plain = true}
#define DWELL_COLUMN(ROLE, PERSON, PROGRAM, STATE, state_)                                \
    {.title = PERSON " " #STATE " (s)", .name = PROGRAM "_" state_ "_s",                  \
     .kind = COLUMN_DURATION, .get = stream_get_dwell, .role = ROLE, .state = STATE_##STATE},    \
    {.name = PROGRAM "_" state_ "_censored", .kind = COLUMN_BOOL, .get = stream_get_censored,    \
     .role = ROLE, .state = STATE_##STATE},                                               \
    {.name = PROGRAM "_" state_ "_assumed", .kind = COLUMN_BOOL, .get = stream_get_assumed,      \
     .role = ROLE, .state = STATE_##STATE}
#define DWELL_COLUMNS(ROLE, PERSON, PROGRAM)                       \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, FIN_WAIT_1, "fin_wait_1"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, FIN_WAIT_2, "fin_wait_2"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, CLOSE_WAIT, "close_wait"), \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, CLOSING, "closing"),       \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, LAST_ACK, "last_ack"),     \
    DWELL_COLUMN(ROLE, PERSON, PROGRAM, TIME_WAIT, "time_wait")
/* clang-format on */

#endif
