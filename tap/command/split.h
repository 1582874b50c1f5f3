/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpclose split: the packets of captures sorted into files by their streams. */
#ifndef TCPCLOSE_SPLIT_H
#define TCPCLOSE_SPLIT_H

/* What follows "tcpclose", as main() gets it: an exit status. */
int split_main(int argc, char **argv);

#endif
