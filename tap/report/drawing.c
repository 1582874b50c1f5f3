/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "drawing.h"

#include "telling.h"

static const struct state_look looks[STATE_COUNT] = {
    [STATE_CLOSED] = {"#ffffff", "#000000", "C"},
    [STATE_SYN_SENT] = {"#eeeeec", "#000000", "SS"},
    [STATE_SYN_RECEIVED] = {"#eeeeec", "#000000", "SR"},
    [STATE_ESTABLISHED] = {"#d3d7cf", "#000000", "E"},
    [STATE_CLOSE_WAIT] = {"#cc0000", "#ffffff", "CW"},
    [STATE_FIN_WAIT_1] = {"#c4a000", "#000000", "FW1"},
    [STATE_CLOSING] = {"#75507b", "#ffffff", "CG"},
    [STATE_LAST_ACK] = {"#4e9a06", "#ffffff", "LA"},
    [STATE_FIN_WAIT_2] = {"#ce5c00", "#ffffff", "FW2"},
    [STATE_TIME_WAIT] = {"#3465a4", "#ffffff", "TW"},
};

const struct state_look *
state_look(enum tcp_state state)
{
    return &looks[state];
}

int
drawing_text_width(const char *text, int letter)
{
    return (int)g_utf8_strlen(text, -1) * letter;
}

void
drawing_append_escaped(GString *out, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);

    g_string_append(out, escaped);
    g_free(escaped);
}

void
drawing_text(struct drawing *drawing, int x, int y, const char *more, const char *text)
{
    g_string_append_printf(drawing->top, "<text x=\"%d\" y=\"%d\"%s>", x, y, more);
    drawing_append_escaped(drawing->top, text);
    g_string_append(drawing->top, "</text>\n");
}

/* ---- words ---- */

void
drawing_title(struct drawing *drawing)
{
    const struct history *history = drawing->history;
    char *title = g_strdup_printf(
        "Stream %u: %s, %s%s", history->entry->id, pattern_name(history->outcome.pattern),
        cause_slug(history->cause.kind), history->cause.sure ? "" : " (not sure)");

    drawing_text(drawing, MARGIN, TITLE_Y, " font-size=\"14\" font-weight=\"bold\"", title);
    g_free(title);
}

int
drawing_legend(struct drawing *drawing)
{
    int x = MARGIN;
    int y = LEGEND_Y;

    for (unsigned i = 0; i < STATE_COUNT; i++) {
        if (!(drawing->states & 1U << i))
            continue;
        g_string_append_printf(drawing->out,
                               "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\" "
                               "stroke=\"#555753\"/>\n",
                               x, y - 10, looks[i].fill);
        drawing_text(drawing, x + 16, y, " font-size=\"11\"", state_name((enum tcp_state)i));
        x += 30 + drawing_text_width(state_name((enum tcp_state)i), LETTER + 1);
    }
    y += LINE_HEIGHT;
    drawing_text(
        drawing, MARGIN, y, " font-size=\"11\" fill=\"#555753\"",
        "Dashed, ?: assumed, not proved. Slanted: a break, where nothing happens. Gaps too "
        "short to be seen are stretched. Cross: not taken.");
    if (drawing->first > 0) {
        char *left_out = g_strdup_printf("The first %u steps are not drawn.", drawing->first);

        y += LINE_HEIGHT;
        drawing_text(drawing, MARGIN, y, " font-size=\"11\" fill=\"#a40000\"", left_out);
        g_free(left_out);
    }
    return y + LINE_HEIGHT;
}

/* Where a line of at most so many letters ends: at a blank, if there is one. */
static const char *
line_end(const char *text)
{
    const char *end = text;
    const char *blank = NULL;

    for (unsigned i = 0; i < LINE_LETTERS && *end != '\0'; i++, end = g_utf8_next_char(end)) {
        if (*end == ' ')
            blank = end;
    }
    return *end == '\0' || !blank ? end : blank;
}

/* Returns the height of the next line. */
static int
draw_sentence(struct drawing *drawing, const char *text, int y)
{
    int x = MARGIN;

    while (*text != '\0') {
        const char *end = line_end(text);
        char *line = g_strndup(text, (size_t)(end - text));

        drawing_text(drawing, x, y, " font-size=\"12\"", line);
        g_free(line);
        text = *end == ' ' ? end + 1 : end;
        x = MARGIN + 24;
        y += LINE_HEIGHT;
    }
    return y;
}

int
drawing_words(struct drawing *drawing)
{
    const struct history *history = drawing->history;
    char *evidence = cause_evidence(&history->cause);
    char *cause = g_strdup_printf("Cause %s: %s.", cause_slug(history->cause.kind), evidence);
    int y = draw_sentence(drawing, cause, WORDS_Y);

    g_free(cause);
    g_free(evidence);
    for (unsigned i = drawing->first; i < history->moments->len; i++) {
        const struct moment *moment = history_moment(history, i);
        char *sentence = moment_sentence(history, moment);
        char *text = moment->segments > 0
                         ? g_strdup_printf("Frame %u: %s.", moment->at.frame, sentence)
                         : g_strdup_printf("%s.", sentence);

        y = draw_sentence(drawing, text, y);
        g_free(text);
        g_free(sentence);
    }
    return y;
}
