/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,states and the dialog "TCP Close States": a row for each state and role. */
#ifndef TCPCLOSE_STATES_H
#define TCPCLOSE_STATES_H

void states_register(void);

#endif
