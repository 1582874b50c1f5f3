/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "telling.h"

#include "sentence.h"
#include "span.h"

/* ---- states ---- */

const char *
state_sentence(enum tcp_state state)
{
    static const char *const sentences[STATE_COUNT] = {
        [STATE_CLOSED] = "no connection any more",
        [STATE_SYN_SENT] = "waits for the SYN-ACK",
        [STATE_SYN_RECEIVED] = "has the SYN of #, waits for the ACK of its own",
        [STATE_ESTABLISHED] = "both directions are open",
        [STATE_FIN_WAIT_1] = "waits for the ACK of its FIN: a round trip, if nothing is lost",
        [STATE_FIN_WAIT_2] = "has the ACK, waits for the FIN of #: until that side closes",
        [STATE_CLOSE_WAIT] = "has the FIN of #, waits for its own application to close",
        [STATE_CLOSING] = "has the FIN of #, which crossed its own, waits for the ACK of that",
        [STATE_LAST_ACK] = "has sent its own FIN, too, waits for the last ACK",
        [STATE_TIME_WAIT] = "waits 2MSL, to answer the FIN of # again, and for old segments to die",
    };

    return sentences[state];
}

void
visit_append_span(GString *out, const struct visit *visit)
{
    span_append(out, visit->to.ns - visit->from.ns, visit->censored);
}

/* ---- opening ---- */

static const struct {
    const char *label;
    const char *sentence; /* of the endpoint that changed; NULL: the reason says it */
} openings[REASON_COUNT] = {
    [REASON_SENT_SYN] = {"SYN", "SYN: @ opens the connection"},
    [REASON_SENT_SYN_AGAIN] = {"SYN again", "SYN again: no answer has reached @"},
    [REASON_SENT_SYN_ACK] = {"SYN-ACK", "SYN-ACK: @ takes the connection"},
    [REASON_SENT_SYN_ACK_AGAIN] = {"SYN-ACK again", "SYN-ACK again: no ACK of it has reached @"},
    [REASON_GOT_SYN_ACK] = {"SYN-ACK", "SYN-ACK: # takes the connection"},
    [REASON_GOT_ACK_OF_SYN] = {"ACK", "ACK of the SYN of @: the connection is established"},
    [REASON_SENT_ACK_OF_SYN] = {"ACK", "ACK of the SYN of #"},
    [REASON_FIRST_SEEN] = {"", "the connection began before the capture"},
};

/* The one whose change the segment is told by: its sender, else its receiver. False: neither. */
static bool
has_changed(const struct moment *moment, enum role *role)
{
    *role = moment->mark.sender;
    if (!moment->mark.shown.end[*role].changed)
        *role = role_peer(*role);
    return moment->mark.shown.end[*role].changed;
}

static void
append_change(GString *out, const struct moment *moment)
{
    enum role role;
    const struct endpoint_snapshot *end;

    if (!has_changed(moment, &role))
        return;
    end = &moment->mark.shown.end[role];
    if (openings[end->reason].sentence) {
        sentence_append(out, openings[end->reason].sentence, role);
        return;
    }
    g_string_append_printf(out, "%s: ", role_name(role));
    sentence_append_reason(out, end->reason, end->reason_frame);
}

/* ---- RSTs ---- */

static const char *
rst_effect(const struct moment *moment)
{
    if (moment_has(moment, EVENT_time_wait_reset))
        return "it ends TIME_WAIT of # early";
    switch (moment->mark.rst.verdict) {
    case RST_ACCEPTED:
        return "# must take it, and the connection is aborted";
    case RST_CHALLENGE:
        return "it is not exact, so that # keeps the connection and sends a challenge ACK";
    case RST_IGNORED:
        return "# does not take it";
    case RST_AFTER_CLOSE:
        return "# is closed already, and nothing changes";
    case RST_SUSPECT:
        return "no stack makes such a one now, and # does not take it";
    case RST_NONE:
    case RST_VERDICT_COUNT:
        break;
    }
    return "";
}

static void
append_rst(GString *out, const struct moment *moment)
{
    const struct rst_told *rst = &moment->mark.rst;
    const enum role sender = moment->mark.sender;

    sentence_append(out, rst->forged ? "RST in the name of @, which has not sent it" : "RST of @",
                    sender);
    if (rst->trigger_frame != 0 && !rst->forged)
        g_string_append_printf(out, " in answer to frame %u", rst->trigger_frame);
    g_string_append(out, ": ");
    sentence_append(out, rst_effect(moment), sender);
    if (rst->challenge_frame != 0)
        g_string_append_printf(out, " (frame %u)", rst->challenge_frame);
    if (rst->refuted_frame != 0)
        g_string_append_printf(out, ", as frame %u shows", rst->refuted_frame);
}

/* ---- the close ---- */

/* Which step of a complete close it is, counted from 1, and of how many; 0: none of them. */
struct step_number {
    unsigned step;
    unsigned steps;
};

static bool
is_complete_by_fins(enum tcp_pattern pattern)
{
    return pattern == PATTERN_four_way || pattern == PATTERN_half_close ||
           pattern == PATTERN_three_way || pattern == PATTERN_simultaneous;
}

static struct step_number
step_number(const struct history *history, uint32_t frame)
{
    const struct fin_frames *fins = &history->fins;
    const uint32_t frames[] = {fins->fin[0], fins->fin[1], fins->acked[0], fins->acked[1]};
    struct step_number number = {.step = 0};
    bool is_step = false;

    if (!is_complete_by_fins(history->outcome.pattern))
        return number;
    for (unsigned i = 0; i < G_N_ELEMENTS(frames); i++) {
        bool is_new = true;

        if (frames[i] == 0)
            return (struct step_number){.step = 0};
        for (unsigned j = 0; j < i; j++)
            is_new = is_new && frames[j] != frames[i];
        number.steps += is_new;
        number.step += is_new && frames[i] <= frame;
        is_step = is_step || frames[i] == frame;
    }
    return is_step ? number : (struct step_number){.step = 0};
}

static void
append_number(GString *out, const struct history *history, const struct moment *moment)
{
    static const char *const words[] = {"", "first", "second", "third", "fourth"};
    static const char *const counts[] = {"", "one", "two", "three", "four"};
    const struct step_number number = step_number(history, moment->at.frame);

    if (number.step != 0)
        g_string_append_printf(out, "%s of %s, ", words[number.step], counts[number.steps]);
}

/* It acknowledges the other side's FIN for the first time. */
static bool
is_first_ack(const struct history *history, const struct moment *moment)
{
    return moment_has(moment, EVENT_fin_ack) &&
           history->fins.acked[role_peer(moment->mark.sender)] == moment->at.frame;
}

/* What a FIN that counts, sent for the first time, says. */
static const char *
first_fin_sentence(const struct history *history, const struct moment *moment)
{
    const uint32_t other = history->fins.fin[role_peer(moment->mark.sender)];

    if (moment->mark.shown.end[moment->mark.sender].state == STATE_CLOSED)
        return "FIN of @, sent before it was closed: it closes nothing any more";
    if (moment_has(moment, EVENT_fin_out_of_order))
        return "FIN of @ beyond missing data: # cannot take it yet";
    if (moment_has(moment, EVENT_simultaneous_close))
        return "FIN: @ has no more data either; the FIN of # had not reached it: they cross";
    if (is_first_ack(history, moment))
        return "FIN with the ACK of the FIN of #: @ has no more data either, and waits for the "
               "last ACK";
    if (other != 0 && other < moment->at.frame)
        return "FIN: @ has no more data either, and waits for the last ACK";
    return "FIN: @ has no more data, and waits for the ACK";
}

/* A FIN that is not its sender's, as far as is known in the end. */
static void
append_doubt(GString *out, const struct history *history, const struct moment *moment)
{
    const enum role sender = moment->mark.sender;
    const uint32_t stands = history->fins.fin[sender];

    sentence_append(out, "FIN in the name of @ that does not count: ", sender);
    if (history->disowned_frame[sender] > moment->at.frame)
        g_string_append_printf(out, "frame %u shows that it has not sent it",
                               history->disowned_frame[sender]);
    else if (stands != 0)
        g_string_append_printf(out, "that in frame %u does", stands);
    else
        g_string_append(out, "nothing shows that it has sent it");
}

static void
append_fin(GString *out, const struct history *history, const struct moment *moment)
{
    const enum role sender = moment->mark.sender;
    const uint32_t stands = history->fins.fin[sender];

    if (!moment_fin_stands(history, moment)) {
        append_doubt(out, history, moment);
    } else if (stands != moment->at.frame && moment->mark.shown.fin_retransmission_of == stands) {
        sentence_append(out, "FIN again: no ACK of it has reached @", sender);
        g_string_append_printf(out, " (first in frame %u)", stands);
    } else {
        append_number(out, history, moment);
        sentence_append(out, first_fin_sentence(history, moment), sender);
    }
}

static const char *
fin_ack_sentence(const struct history *history, const struct moment *moment)
{
    const uint32_t own = history->fins.fin[moment->mark.sender];

    if (moment_has(moment, EVENT_time_wait_reack))
        return "ACK of the FIN of # again, whose ACK was lost: that is what TIME_WAIT is for";
    if (!is_first_ack(history, moment))
        return "ACK of the FIN of # again";
    if (moment_has(moment, EVENT_close_complete))
        return "ACK: the FIN of # has reached @, and the close is complete";
    if (own == 0 || own > moment->at.frame)
        return "ACK: the FIN of # has reached @, which may still send";
    return "ACK: the FIN of # has reached @";
}

/* ---- all else ---- */

/* What no other part of the sentence says. */
static const enum tcp_event remarks[] = {
    EVENT_data_after_fin, EVENT_time_wait_reuse, EVENT_challenge_ack,
    EVENT_data_to_closed, EVENT_capture_loss,    EVENT_close_wait_alarm,
    EVENT_syn_fin,        EVENT_fin_rst,         EVENT_stale_incarnation,
    EVENT_mptcp_data_fin, EVENT_mptcp_fastclose, EVENT_mptcp_subflow_reset,
};

/* That it is not its own FIN the change says already. */
static bool
says_remark(const struct moment *moment, enum tcp_event event)
{
    const struct endpoint_snapshot *end = &moment->mark.shown.end[moment->mark.sender];

    return event == EVENT_data_after_fin && end->changed && end->reason == REASON_SENT_WITHOUT_FIN;
}

static void
append_remarks(GString *out, const struct moment *moment)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(remarks); i++) {
        if (!moment_has(moment, remarks[i]) || says_remark(moment, remarks[i]))
            continue;
        g_string_append_printf(out, "%s%s", out->len > 0 ? "; " : "", event_text(remarks[i]));
        if (remarks[i] == EVENT_challenge_ack && moment->mark.shown.about_frame != 0)
            g_string_append_printf(out, " for the RST in frame %u", moment->mark.shown.about_frame);
    }
}

/* It has changed nothing: what is there to tell is what it shows of its sender. */
static void
append_proof(GString *out, const struct moment *moment)
{
    const enum role sender = moment->mark.sender;
    const struct endpoint_snapshot *end = &moment->mark.shown.end[sender];

    sentence_append(out, "segment of @", sender);
    if (end->confirmed)
        g_string_append_printf(out, ", which shows that it is %s%s",
                               end->state == STATE_ESTABLISHED ? "" : "in ",
                               state_name(end->state));
}

static void
append_segment(GString *out, const struct history *history, const struct moment *moment)
{
    if (moment->mark.rst.verdict != RST_NONE) {
        append_rst(out, moment);
    } else if (moment_has_fin(moment)) {
        append_fin(out, history, moment);
    } else if (moment_has(moment, EVENT_fin_ack)) {
        append_number(out, history, moment);
        sentence_append(out, fin_ack_sentence(history, moment), moment->mark.sender);
    } else if (moment_has(moment, EVENT_half_close_data)) {
        sentence_append(out, "data of @, which may send until it closes (half-close)",
                        moment->mark.sender);
    } else {
        append_change(out, moment);
    }
    append_remarks(out, moment);
    if (out->len == 0)
        append_proof(out, moment);
}

char *
moment_sentence(const struct history *history, const struct moment *moment)
{
    GString *out = g_string_new(NULL);

    if (moment->segments == 0)
        g_string_append(out, "2MSL have passed: TIME_WAIT ends by time");
    else
        append_segment(out, history, moment);
    out->str[0] = g_ascii_toupper(out->str[0]);
    return g_string_free(out, FALSE);
}

const char *
moment_label(const struct moment *moment)
{
    enum role role;

    if (moment->mark.rst.verdict != RST_NONE)
        return moment->mark.rst.forged ? "RST forged" : "RST";
    if (moment_has_fin(moment) && moment->mark.shown.fin_retransmission_of != 0)
        return "FIN again";
    if (moment_has_fin(moment))
        return moment_has(moment, EVENT_fin_ack) ? "FIN, ACK of FIN" : "FIN";
    if (moment_has(moment, EVENT_fin_ack))
        return "ACK of FIN";
    if (moment_has(moment, EVENT_half_close_data))
        return "data";
    if (moment_has(moment, EVENT_challenge_ack))
        return "challenge ACK";
    if (moment_has(moment, EVENT_mptcp_fastclose))
        return "MP_FASTCLOSE";
    if (moment_has(moment, EVENT_mptcp_data_fin))
        return "DATA_FIN";
    if (!has_changed(moment, &role) || !openings[moment->mark.shown.end[role].reason].label)
        return "";
    return openings[moment->mark.shown.end[role].reason].label;
}
