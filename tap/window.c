/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "window.h"

#include <epan/packet.h> /* first: the next ones need it */

#include <epan/funnel.h>
#include <epan/plugin_if.h>

#include "report.h"
#include "wscompat.h"

struct window {
    const funnel_ops_t *ops; /* what Wireshark's windows can do */
    funnel_text_window_t *shown;
    window_callback *closed;
    void *data;
};

struct button {
    funnel_bt_t funnel; /* first: what Wireshark passes around */
    window_callback *pressed;
    void *data;
    GDestroyNotify free_data;
};

static void
close_window(void *data)
{
    struct window *window = (struct window *)data;

    if (window->closed)
        window->closed(window->data);
    g_free(window);
}

struct window *
window_open(const char *title, window_callback *closed, void *data)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    struct window *window;

    if (!ops || !ops->new_text_window)
        return NULL;
    window = g_new(struct window, 1);
    *window = (struct window){
        .ops = ops,
        .shown = ops->new_text_window(ops->ops_id, title),
        .closed = closed,
        .data = data,
    };
    ops->set_close_cb(window->shown, close_window, window);
    return window;
}

void
window_set(struct window *window, const char *html)
{
    window->ops->set_text(window->shown, html);
}

static compat_bool
press(funnel_text_window_t *shown G_GNUC_UNUSED, void *data)
{
    const struct button *button = (const struct button *)data;

    button->pressed(button->data);
    return TRUE;
}

static void
free_button(void *data)
{
    struct button *button = (struct button *)data;

    if (button->free_data)
        button->free_data(button->data);
    g_free(button);
}

void
window_add_button(struct window *window, const char *label, window_callback *pressed, void *data,
                  GDestroyNotify free_data)
{
    struct button *button = g_new(struct button, 1);

    *button = (struct button){
        .funnel = {.tw = window->shown, .func = press, .data = button, .free_fcn = free_button},
        .pressed = pressed,
        .data = data,
        .free_data = free_data,
    };
    window->ops->add_button(window->shown, &button->funnel, label);
}

static void
apply(void *filter)
{
    plugin_if_apply_filter((const char *)filter, TRUE);
}

void
window_add_filter_button(struct window *window, const char *label, const char *filter)
{
    window_add_button(window, label, apply, g_strdup(filter), g_free);
}

void
window_retap(const struct window *window)
{
    window->ops->retap_packets(window->ops->ops_id);
}

void
window_register_menu(const char *entry, window_callback *chosen, void *data)
{
    char *name = g_strdup_printf(COMPAT_SUBMENU(REPORT_FAMILY, "%s"), entry);

    funnel_register_menu(name, REGISTER_PACKET_STAT_GROUP_UNSORTED, chosen, data, NULL, FALSE);
    g_free(name);
}
