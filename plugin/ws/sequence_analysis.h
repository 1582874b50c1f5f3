/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this plugin needs of Wireshark's epan/sequence_analysis.h, which is in no development
 * package. Wireshark makes and frees both structures: they are declared as far as they are used
 * here, and what comes after (in 4.4 other than in 4.0) does not matter.
 */
#ifndef TCPCLOSE_SEQUENCE_ANALYSIS_H
#define TCPCLOSE_SEQUENCE_ANALYSIS_H

#include <epan/packet_info.h>
#include <epan/tap.h>

#include "wscompat.h"

/* An arrow. Its texts are freed with g_free, and so is info_ptr. */
typedef struct _seq_analysis_item {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label; /* on the arrow */
    char *time_str;
    char *comment; /* beside it */
    uint16_t conv_num;
    unsigned fg_color;
    unsigned bg_color;
    compat_bool has_color_filter;
    compat_bool display;
    unsigned src_node;
    unsigned dst_node;
    uint16_t line_style; /* width of the arrow in pixels */
    uint32_t info_type;  /* 0: info_ptr is nothing that Wireshark knows */
    void *info_ptr;
} seq_analysis_item_t;

/* A flow graph. */
typedef struct _seq_analysis_info {
    const char *name;
    compat_bool any_addr;
    int nconv;
    GQueue *items;  /* seq_analysis_item_t, in the order in which they are drawn */
    GHashTable *ht; /* for the use of who makes the items; emptied with them; tshark makes none */
} seq_analysis_info_t;

/* name: of -z flow,NAME; ui_name: in the list of the Flow Graph dialog */
WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, const int proto_id,
                                         const char *tap_listener, unsigned tap_flags,
                                         tap_packet_cb tap_func);

/* An arrow between the frame's addresses, with the frame's time; NULL if it has no addresses. */
WS_DLL_PUBLIC seq_analysis_item_t *
sequence_analysis_create_sai_with_addresses(packet_info *pinfo, seq_analysis_info_t *sainfo);

#endif
