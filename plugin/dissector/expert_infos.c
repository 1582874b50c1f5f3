/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "expert_infos.h"

#include <epan/column-info.h>
#include <epan/expert.h>
#include <epan/tap.h>

#include "wscompat.h"

static expert_field ei_event[EVENT_COUNT];

/* The causes that have an expert info, at the frame where one would look. */
static expert_field ei_cause[CAUSE_COUNT];
static const bool is_raised[CAUSE_COUNT] = {
    [CAUSE_middlebox_reset] = true,
    [CAUSE_idle_close_race] = true,
    [CAUSE_connection_lost] = true,
    [CAUSE_application_did_not_close] = true,
};

static const int severities[] = {
    [SEVERITY_CHAT] = PI_CHAT,
    [SEVERITY_NOTE] = PI_NOTE,
    [SEVERITY_WARNING] = PI_WARN,
};
static event_set of_severity[array_length(severities)]; /* the events that have it */

/* Of no stream in particular. */
static char *
cause_summary(enum cause_kind kind)
{
    wmem_strbuf_t *summary = wmem_strbuf_new(wmem_epan_scope(), "");

    for (const char *at = cause_text(kind); *at; at++) {
        if (*at == '@')
            wmem_strbuf_append(summary, "one side");
        else if (*at == '#')
            wmem_strbuf_append(summary, "the other");
        else
            wmem_strbuf_append_c(summary, *at);
    }
    return wmem_strbuf_finalize(summary);
}

static void
register_causes(expert_module_t *module)
{
    static ei_register_info ei[CAUSE_COUNT];
    int count = 0;

    for (unsigned i = 0; i < CAUSE_COUNT; i++) {
        if (!is_raised[i])
            continue;
        ei_cause[i] = (expert_field)EI_INIT;
        ei[count].ids = &ei_cause[i];
        ei[count].eiinfo.name = wmem_strdup_printf(wmem_epan_scope(), "tcpclose.expert.%s",
                                                   cause_slug((enum cause_kind)i));
        ei[count].eiinfo.group = PI_SEQUENCE;
        ei[count].eiinfo.severity = PI_WARN;
        ei[count].eiinfo.summary = cause_summary((enum cause_kind)i);
        count++;
    }
    expert_register_field_array(module, ei, count);
}

void
expert_infos_register(int proto)
{
    expert_module_t *module = expert_register_protocol(proto);
    static ei_register_info ei[EVENT_COUNT];

    for (unsigned i = 0; i < EVENT_COUNT; i++) {
        ei_event[i] = (expert_field)EI_INIT;
        ei[i].ids = &ei_event[i];
        ei[i].eiinfo.name = wmem_strdup_printf(wmem_epan_scope(), "tcpclose.expert.%s",
                                               event_slug((enum tcp_event)i));
        ei[i].eiinfo.group = PI_SEQUENCE;
        ei[i].eiinfo.severity = severities[event_severity((enum tcp_event)i)];
        of_severity[event_severity((enum tcp_event)i)] |= event_bit((enum tcp_event)i);
        ei[i].eiinfo.summary = event_text((enum tcp_event)i);
    }
    expert_register_field_array(module, ei, EVENT_COUNT);
    register_causes(module);
}

/* A RST that ends TIME_WAIT breaks nothing: that event speaks for it. */
static event_set
worth_an_expert_info(event_set events)
{
    bool ends_time_wait = (events & event_bit(EVENT_time_wait_reset)) != 0;

    return ends_time_wait ? events & ~event_bit(EVENT_rst_accepted) : events;
}

static void
raise_events(packet_info *pinfo, proto_item *item, event_set events)
{
    event_set worth = worth_an_expert_info(events);

    for (unsigned i = 0; worth >> i; i++) {
        if (worth & event_bit((enum tcp_event)i))
            expert_add_info(pinfo, item, &ei_event[i]);
    }
}

/* The events of a frame at which one would look for a cause. */
#define LOOKED_AT                                                                            \
    (event_bit(EVENT_fin) | event_bit(EVENT_rst_accepted) | event_bit(EVENT_rst_challenge) | \
     event_bit(EVENT_rst_ignored))

static void
raise_cause(packet_info *pinfo, proto_item *item, const struct cause *cause, uint32_t frame)
{
    if (is_raised[cause->kind] && cause->look_frame == frame)
        expert_add_info(pinfo, item, &ei_cause[cause->kind]);
}

void
expert_infos_raise_drawn(packet_info *pinfo, proto_item *item, const struct drawn_layer *layer,
                         const struct cause *cause)
{
    raise_events(pinfo, item, layer->shown.events);
    raise_cause(pinfo, item, cause, layer->frame);
}

/*
 * Expert infos are seen in the tree, by the tap "expert" and in a column; and the highest severity
 * of the file, by the GUI's status bar.
 */
static bool
shows_expert_infos(const packet_info *pinfo, proto_tree *tree, event_set events)
{
    static int tap_expert;
    event_set worth = worth_an_expert_info(events);

    if (tap_expert == 0)
        tap_expert = find_tap_id("expert"); /* made later than the protocols */
    if (proto_field_is_referenced(tree, proto_expert) || have_tap_listener(tap_expert) ||
        (pinfo->cinfo && pinfo->cinfo->col_first[COL_EXPERT] >= 0))
        return true;
    for (unsigned i = 0; i < array_length(severities); i++) {
        if ((worth & of_severity[i]) && severities[i] > expert_get_highest_severity())
            return true;
    }
    return false;
}

void
expert_infos_raise(packet_info *pinfo, proto_tree *tree, const struct stream *stream,
                   const struct segment *segment, int64_t end_ns)
{
    const event_set events = snapshot_events_at(stream, segment->frame, segment->layer);

    if (!events || !shows_expert_infos(pinfo, tree, events))
        return;
    raise_events(pinfo, tree, events);
    if (events & LOOKED_AT) {
        struct cause cause = cause_of(stream, end_ns);

        raise_cause(pinfo, tree, &cause, segment->frame);
    }
}
