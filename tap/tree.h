/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -z tcpclose,tree and the statistics tree "Pattern Tree": patterns, and who closed first. */
#ifndef TCPCLOSE_TREE_H
#define TCPCLOSE_TREE_H

void tree_register(void);

#endif
