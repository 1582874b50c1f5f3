/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "story.h"

#include "sentence.h"
#include "span.h"
#include "telling.h"
#include "units.h"

/* Below the sentence of a step, the visits that begin with it. */
static const char INDENT[] = "                         ";

/* ---- head ---- */

static void
append_ending(GString *out, const struct history *history)
{
    const struct outcome *outcome = &history->outcome;

    g_string_append_printf(out, "Pattern %s; closed by %s, reset by %s",
                           pattern_name(outcome->pattern), closer_name(outcome->closed_by),
                           resetter_name(outcome->reset_by));
    if (outcome->has_teardown) {
        g_string_append(out,
                        outcome->teardown_censored ? "; the close takes " : "; the close took ");
        span_append(out, outcome->teardown_ns, outcome->teardown_censored);
    }
    g_string_append_c(out, '\n');
}

static void
append_cause(GString *out, const struct cause *cause)
{
    char *evidence = cause_evidence(cause);

    g_string_append_printf(out, "Cause %s%s: %s\n", cause_slug(cause->kind),
                           cause->sure ? "" : " (not sure)", evidence);
    g_free(evidence);
}

/* What was not captured, and is told by guess or not at all. */
static void
append_reservations(GString *out, const struct outcome *outcome)
{
    if (outcome->role_guessed)
        g_string_append(out, "No SYN was captured: who is the client is a guess.\n");
    if (outcome->directions != DIRECTIONS_BOTH)
        g_string_append_printf(out, "Only segments of the %s were captured.\n",
                               directions_name(outcome->directions));
}

void
story_append_head(GString *out, const struct history *history)
{
    g_string_append_printf(out, "Stream %u: client ", history->entry->id);
    stream_entry_append_endpoint(out, history->entry, ROLE_CLIENT);
    g_string_append(out, ", server ");
    stream_entry_append_endpoint(out, history->entry, ROLE_SERVER);
    g_string_append_c(out, '\n');
    append_ending(out, history);
    append_cause(out, &history->cause);
    append_reservations(out, &history->outcome);
}

/* ---- steps ---- */

static void
append_frames(GString *out, const struct moment *moment)
{
    if (moment->segments == 0)
        g_string_append_printf(out, "%8s", "-");
    else
        g_string_append_printf(out, "%8u", moment->at.frame);
}

/* Since the first frame of the capture, as Wireshark shows it. */
static void
append_time(GString *out, int64_t ns)
{
    const uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    char *text = g_strdup_printf("%s%" G_GUINT64_FORMAT ".%06u", ns < 0 ? "-" : "", size / NS_PER_S,
                                 (unsigned)(size % NS_PER_S / NS_PER_US));

    g_string_append_printf(out, "  %13s  ", text);
    g_free(text);
}

static void
append_step(GString *out, const struct history *history, const struct moment *moment)
{
    char *sentence = moment_sentence(history, moment);

    append_frames(out, moment);
    append_time(out, moment->at.ns - history->begin_ns);
    g_string_append(out, sentence);
    if (moment->segments > 1)
        g_string_append_printf(out, " (%u segments, the last in frame %u)", moment->segments,
                               moment->last_frame);
    g_string_append(out, ".\n");
    g_free(sentence);
}

static void
append_visit(GString *out, const struct visit *visit)
{
    g_string_append_printf(out, "%s%s %s%s", INDENT, role_name(visit->role),
                           state_name(visit->state), visit->proved ? "" : "?");
    if (visit->state != STATE_CLOSED || !visit->open) {
        g_string_append_c(out, ' ');
        visit_append_span(out, visit);
    }
    g_string_append(out, ": ");
    sentence_append(out, state_sentence(visit->state), visit->role);
    g_string_append(out, ".\n");
}

void
story_append(GString *out, const struct history *history)
{
    unsigned next = 0;

    g_string_append(out, "   Frame       Time (s)  What happened, and the states that begin\n");
    for (unsigned i = 0; i < history->moments->len; i++) {
        append_step(out, history, history_moment(history, i));
        for (; next < history->stays->len && history_stay(history, next)->moment == i; next++)
            append_visit(out, &history_stay(history, next)->visit);
    }
    g_string_append(out, "? assumed, not proved: nothing of the endpoint's own shows it. "
                         ">= the end was not seen.\n");
}
