/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A window of Wireshark with a text and buttons below it: the one that Lua scripts get. Its text is
 * HTML as far as Qt's text widgets know it: tables, colours, pictures as data: addresses (SVG too).
 * All of 4.0, 4.4 and 4.6 render it. What comes from a capture goes through g_markup_escape_text().
 */
#ifndef TCPCLOSE_WINDOW_H
#define TCPCLOSE_WINDOW_H

#include <glib.h>

struct window;

typedef void window_callback(void *data);

/*
 * Shows an empty window; NULL: this program has none. closed is called once, when the user closes
 * it; the window is gone after that. NULL: nobody wants to know.
 */
struct window *window_open(const char *title, window_callback *closed, void *data);

/* Puts the text in place of the one before. It is HTML, in <html> tags. */
void window_set(struct window *window, const char *html);

/*
 * A button behind those that are there; none can be taken away. free_data is called when the window
 * closes; NULL: the data is not the button's.
 */
void window_add_button(struct window *window, const char *label, window_callback *pressed,
                       void *data, GDestroyNotify free_data);

/* A button that applies a display filter to the packet list. The filter is copied. */
void window_add_filter_button(struct window *window, const char *label, const char *filter);

/*
 * Wireshark reads the open capture again, for the tap listeners that there are, and returns when it
 * has. The user may close the window meanwhile.
 */
void window_retap(const struct window *window);

/*
 * An entry of Statistics, beside the reports' dialogs: chosen is called with data, which must stay
 * alive.
 */
void window_register_menu(const char *entry, window_callback *chosen, void *data);

#endif
