/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of the report `hosts`, and how a stream is added to those that it belongs to. */
#ifndef TCPCLOSE_HOST_ROWS_H
#define TCPCLOSE_HOST_ROWS_H

#include "aggregate.h"
#include "idle.h"
#include "peak.h"

/*
 * An address, in whatever role; a service, an address and the port that it serves; or the ports of
 * a client that its TIME_WAITs hold from connections to a service, if there are any.
 */
enum host_kind { HOST_ADDRESS, HOST_SERVICE, HOST_PORTS };

struct host_row {
    struct aggregate_row row; /* first; count: streams; times: CLOSE_WAITs that were left */
    enum host_kind kind;
    char *shown; /* interned GRefString: as Wireshark shows it */
    uint32_t closed_first;
    uint32_t resets;
    uint32_t open_close_waits;
    uint32_t time_waits;
    struct peak peak; /* of the TIME_WAITs */
    int64_t first_ns; /* with time_waits: when the first began, and the last */
    int64_t last_ns;
    uint32_t suspect_rsts;
    uint32_t reuses; /* inside TIME_WAIT */
    uint32_t accepted_reuses;
    int64_t youngest_ns;                  /* with reuses: the least age of a TIME_WAIT */
    struct idle_service idle[ROLE_COUNT]; /* of a service: by who may end an idle connection */
};

/* What aggregate_rule asks for. Addresses stand before services; those with the most streams first.
 */
void host_row_clear(struct aggregate_row *row);
int host_row_compare(const struct aggregate_row *row, const struct aggregate_row *other);
void host_rows_add(struct aggregate *aggregate, const struct stream_entry *entry, int64_t end_ns);

#endif
