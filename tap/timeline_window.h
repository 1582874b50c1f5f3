/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statistics, TCP Close, Timeline: the picture and the story of the selected packet's stream in a
 * window, with buttons that show its packets and go on to the next stream with the same cause.
 */
#ifndef TCPCLOSE_TIMELINE_WINDOW_H
#define TCPCLOSE_TIMELINE_WINDOW_H

void timeline_window_register(void);

#endif
