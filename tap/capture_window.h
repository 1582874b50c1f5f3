/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window on the streams of the open capture, which is read again each time that it is to show
 * something else. The user may close it at any time, also while the capture is read.
 */
#ifndef TCPCLOSE_CAPTURE_WINDOW_H
#define TCPCLOSE_CAPTURE_WINDOW_H

#include "selection.h"
#include "window.h"

/* It frees itself when the user closes it, but not during capture_window_read(). */
struct capture_window {
    struct window *window;
    struct selection selection; /* all streams, from capture_window_read() on */
    struct report_input input;  /* likewise */
    uint32_t frame;             /* whose stream is to be found when the capture is read; 0: none */
    uint32_t stream_id;         /* that stream */
    bool has_stream;            /* it is known */
    bool is_reading;
};

/* Shows an empty window; NULL: this program has none. */
struct capture_window *capture_window_open(const char *title);

/*
 * Reads the capture. False: there is nothing to show; the window says why, or it was closed, and is
 * freed. Else the selection is to be cleared when it is shown: its streams end with the capture.
 */
bool capture_window_read(struct capture_window *self);

#endif
