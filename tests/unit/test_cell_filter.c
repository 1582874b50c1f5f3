/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter of the packets that a cell of a report is about. */
#include "cell_filter.h"

#include <glib.h>

static const struct {
    const char *cell;
    const char *filter; /* NULL: none */
} cells[] = {
    {"0", "tcp.stream == 0"},
    {" 4294967295 ", "tcp.stream == 4294967295"},
    {"4294967296", NULL},
    {"-1", NULL},
    {"four_way", "tcpclose.pattern == \"four_way\""},
    {"idle_close_race", "tcpclose.cause == \"idle_close_race\""},
    {"refused", "tcpclose.pattern == \"refused\" || tcpclose.cause == \"refused\""},
    {"close_wait_alarm", "tcpclose.event == \"close_wait_alarm\""},
    {"CLOSE_WAIT", "tcpclose.client.in.close_wait || tcpclose.server.in.close_wait"},
    {"fin_wait_1", "tcpclose.client.in.fin_wait_1 || tcpclose.server.in.fin_wait_1"},
    {"SYN_SENT", "tcpclose.client.state == \"SYN_SENT\" || tcpclose.server.state == \"SYN_SENT\""},
    {"192.0.2.1", "ip.addr == 192.0.2.1 && tcpclose"},
    {"2001:db8::1", "ipv6.addr == 2001:db8::1 && tcpclose"},
    {"192.0.2.1:80", "(ip.src == 192.0.2.1 && tcp.srcport == 80) || "
                     "(ip.dst == 192.0.2.1 && tcp.dstport == 80)"},
    {"[2001:db8::1]:443", "(ipv6.src == 2001:db8::1 && tcp.srcport == 443) || "
                          "(ipv6.dst == 2001:db8::1 && tcp.dstport == 443)"},
    {"192.0.2.1:65536", NULL},
    {"192.0.2.1:", NULL},
    {"[]:80", NULL},
    {"]:80", NULL},
    {":", NULL},
    {"", NULL},
    {"192.0.2.1 || frame", NULL},
    {"\" || frame", NULL},
};

static void
test_cells(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(cells); i++) {
        char *filter = filter_of_cell(cells[i].cell);

        g_assert_cmpstr(filter, ==, cells[i].filter);
        g_free(filter);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/cell_filter/every_kind_of_cell", test_cells);
    return g_test_run();
}
