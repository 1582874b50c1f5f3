/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,occupancy,SECONDS: a row an interval, with the endpoints in each closing state. */
#ifndef TCPCLOSE_OCCUPANCY_H
#define TCPCLOSE_OCCUPANCY_H

void occupancy_register(void);

#endif
