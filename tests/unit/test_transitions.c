/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every cell of the state machine against a second table, written from RFC 9293 figure 5 and
 * section 3.10.7 and from what Linux does, not from the engine's.
 */
#include "transitions.h"

#include <glib.h>

/* Columns in the order of the RFC's list; __ : nothing moves. */
enum column { CL, SS, SR, ES, F1, F2, CW, CG, LA, TW, COLUMN_COUNT, __ };

static const enum tcp_state state_of[COLUMN_COUNT] = {
    [CL] = STATE_CLOSED,      [SS] = STATE_SYN_SENT,   [SR] = STATE_SYN_RECEIVED,
    [ES] = STATE_ESTABLISHED, [F1] = STATE_FIN_WAIT_1, [F2] = STATE_FIN_WAIT_2,
    [CW] = STATE_CLOSE_WAIT,  [CG] = STATE_CLOSING,    [LA] = STATE_LAST_ACK,
    [TW] = STATE_TIME_WAIT,
};

/* clang-format off */
static const struct row {
    const char *name;
    enum stimulus stimulus;
    enum column next[COLUMN_COUNT];
} rows[] = {
    /*                                                CL  SS  SR  ES  F1  F2  CW  CG  LA  TW */
    /* OPEN call. The own SYN again undoes whatever an answer did that never arrived: SYN_RECEIVED
     * (crossing SYN), ESTABLISHED (SYN-ACK), CLOSE_WAIT (SYN-ACK and a Fast Open server's FIN).
     * After the own FIN a SYN is a copy. */
    {"sent_syn", SENT_SYN,                           {SS, __, SS, SS, __, __, SS, __, __, __}},
    /* Again: the ACK of it, and a FIN after that, did not arrive. A Fast Open server repeats it in
     * FIN_WAIT_1 and stays there (tcp_fastopen_synack_timer). */
    {"sent_syn_ack", SENT_SYN_ACK,                   {SR, SR, __, SR, __, __, SR, __, __, __}},
    {"sent_as_synchronized", SENT_AS_SYNCHRONIZED,   {ES, ES, ES, __, __, __, __, __, __, __}},
    /* Section 3.10.7.4, eighth: the arrows of "rcv FIN", proved by the sender itself. */
    {"sent_ack_of_fin", SENT_ACK_OF_FIN,             {__, __, CW, CW, CG, TW, __, __, __, __}},
    /* CLOSE call, section 3.10.4. */
    {"sent_fin", SENT_FIN,                           {__, __, F1, F1, __, __, LA, __, __, __}},
    /* ABORT call, section 3.10.5. */
    {"sent_rst", SENT_RST,                           {__, CL, CL, CL, CL, CL, CL, CL, CL, CL}},
    {"sent_rst_before_ack", SENT_RST_BEFORE_ACK,     {__, __, __, __, __, CL, __, __, __, CL}},
    {"sent_rst_without_fin", SENT_RST_WITHOUT_FIN,   {__, __, __, __, __, __, CL, CL, __, CL}},
    /* Against the arrows of "rcv ACK of FIN". */
    {"showed_fin_unacked", SHOWED_FIN_UNACKED,       {LA, __, __, __, __, F1, __, __, __, CG}},
    /* Against the arrows of "rcv FIN". LAST_ACK's own FIN has proved that it had the peer's. */
    {"showed_fin_not_received", SHOWED_FIN_NOT_RECEIVED, {__, __, __, __, __, __, ES, F1, __, F2}},
    /* The arrows of "rcv FIN", as they were before its own FIN. */
    {"showed_fin_covered", SHOWED_FIN_COVERED,       {__, __, __, __, LA, CL, __, LA, __, CL}},
    /* Neither FIN is an ACK of the other. */
    {"showed_fins_crossed", SHOWED_FINS_CROSSED,     {TW, __, __, __, __, __, __, __, CG, CG}},
    /* Against the arrows of "CLOSE" and, with the end that followed, of "rcv FIN". */
    {"showed_byte_for_fin", SHOWED_BYTE_FOR_FIN,     {CW, __, __, __, ES, ES, __, CW, CW, CW}},
    {"got_byte_for_fin", GOT_BYTE_FOR_FIN,           {F2, __, __, __, __, __, ES, F1, F1, F2}},
    {"showed_no_fin", SHOWED_NO_FIN,                 {__, __, __, __, ES, ES, __, CW, CW, CW}},
    /* A listener; simultaneous open; reuse (3.10.7.4, fourth). Elsewhere a challenge ACK. */
    {"got_syn", GOT_SYN,                             {SR, SR, __, __, __, __, __, __, __, SR}},
    {"got_syn_fin", GOT_SYN_FIN,                     {__, __, __, __, __, __, __, __, __, CL}},
    {"got_syn_ack", GOT_SYN_ACK,                     {__, ES, ES, __, __, __, __, __, __, __}},
    {"got_ack_of_syn", GOT_ACK_OF_SYN,               {__, __, ES, __, __, __, __, __, __, __}},
    {"got_ack_of_fin", GOT_ACK_OF_FIN,               {__, __, __, __, F2, __, __, TW, CL, __}},
    {"got_fin", GOT_FIN,                             {__, __, CW, CW, CG, TW, __, __, __, __}},
    {"got_rst", GOT_RST,                             {__, CL, CL, CL, CL, CL, CL, CL, CL, CL}},
    {"two_msl_passed", TWO_MSL_PASSED,               {__, __, __, __, __, __, __, __, __, CL}},
};
/* clang-format on */

static void
test_row(gconstpointer data)
{
    const struct row *row = data;

    for (unsigned column = 0; column < COLUMN_COUNT; column++) {
        enum tcp_state from = state_of[column];
        enum tcp_state next = row->next[column] == __ ? from : state_of[row->next[column]];
        struct transition cell = transition_of(row->stimulus, from);

        if (cell.next != next) {
            g_test_message("%s in %s goes to %s, not %s", row->name, state_name(from),
                           state_name(cell.next), state_name(next));
            g_test_fail();
        }
        if ((cell.reason != REASON_NONE) != (next != from)) {
            g_test_message("%s in %s: reason \"%s\"", row->name, state_name(from),
                           reason_text(cell.reason));
            g_test_fail();
        }
    }
}

/* Each stimulus has its row here, once, and each state its column. */
static void
test_every_cell_is_expected(void)
{
    unsigned stimuli = 0;
    unsigned states = 0;

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_assert_cmpuint(stimuli & (1U << rows[i].stimulus), ==, 0);
        stimuli |= 1U << rows[i].stimulus;
    }
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        states |= 1U << state_of[i];
    g_assert_cmpuint(stimuli, ==, (1U << STIMULUS_COUNT) - 1);
    g_assert_cmpuint(states, ==, (1U << STATE_COUNT) - 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/engine/transitions/%s", rows[i].name);

        g_test_add_data_func(path, &rows[i], test_row);
        g_free(path);
    }
    g_test_add_func("/engine/transitions/every_cell_is_expected", test_every_cell_is_expected);
    return g_test_run();
}
