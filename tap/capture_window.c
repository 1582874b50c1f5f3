/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture_window.h"

#include <epan/packet.h> /* first: the next one needs it */

#include <epan/tap.h>

static void
closed(void *data)
{
    struct capture_window *self = (struct capture_window *)data;

    self->window = NULL;
    if (!self->is_reading)
        g_free(self);
}

struct capture_window *
capture_window_open(const char *title)
{
    struct capture_window *self = g_new0(struct capture_window, 1);

    self->window = window_open(title, closed, self);
    if (self->window)
        return self;
    g_free(self);
    return NULL;
}

static tap_packet_status
take_segment(void *data, packet_info *pinfo, epan_dissect_t *edt G_GNUC_UNUSED, const void *tapped,
             tap_flags_t flags G_GNUC_UNUSED)
{
    struct capture_window *self = (struct capture_window *)data;
    const struct tcpclose_tap *tap = (const struct tcpclose_tap *)tapped;

    self->input = selection_input(pinfo, tap);
    selection_note(&self->selection, pinfo, tap);
    if (!self->has_stream && pinfo->num == self->frame) {
        self->has_stream = true;
        self->stream_id = tap->stream_id;
    }
    return TAP_PACKET_DONT_REDRAW;
}

bool
capture_window_read(struct capture_window *self)
{
    GString *error = register_tap_listener("tcpclose", self, NULL, TL_REQUIRES_NOTHING, NULL,
                                           take_segment, NULL, NULL);

    if (error) {
        window_set(self->window, error->str);
        g_string_free(error, TRUE);
        return false;
    }
    self->is_reading = true;
    window_retap(self->window);
    self->is_reading = false;
    remove_tap_listener(self);
    if (self->window)
        return true;
    selection_clear(&self->selection);
    g_free(self);
    return false;
}
