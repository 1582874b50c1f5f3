/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stack.h"

static const struct stack stacks[] = {
    /* tcp_validate_incoming, tcp_reset_check, tcp_timewait_state_process */
    [STACK_LINUX] =
        {
            .rst_at_fin = true,
            .rst_at_sack_edge = true, /* RFC 5961, errata 4772 */
            .rst_at_last_ack = false,
            .rst_at_edge = true,
            .orphan_takes_rst = true,
            .time_wait_takes_rst = true,
            .time_wait_takes_syn_fin = true,
            .time_wait_reads_timestamps = true,
            .time_wait_challenges_syn = true,
            .time_wait_renewed_by_ack = true,
            .ack_of_old_counts = false, /* tcp_sequence drops all of it */
            .fin_ack_waits = true,      /* tcp_fin enters pingpong mode */
        },
    /* FreeBSD: tcp_do_segment, syncache_chkrst, tcp_twcheck */
    [STACK_BSD] =
        {
            .rst_at_fin = false,
            .rst_at_sack_edge = false,
            .rst_at_last_ack = true, /* last_ack_sent, "to take into account delayed ACKs" */
            .rst_at_edge = false,    /* SEQ_LT(th_seq, last_ack_sent + rcv_wnd) */
            .orphan_takes_rst = false,
            .time_wait_takes_rst = false,
            .time_wait_takes_syn_fin = false, /* drop_synfin; without it a SYN-ACK shows */
            .time_wait_reads_timestamps = false,
            .time_wait_challenges_syn = false, /* dropped: it has no ACK */
            .time_wait_renewed_by_ack = false,
            .ack_of_old_counts = true, /* "keep on processing for RST or ACK" */
            .fin_ack_waits = false,    /* TF_ACKNOW */
        },
};

const struct stack *
stack_of(enum tcp_stack stack)
{
    return &stacks[stack];
}
