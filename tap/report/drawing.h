/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the timeline: the picture that is being drawn, and what its parts share. */
#ifndef TCPCLOSE_DRAWING_H
#define TCPCLOSE_DRAWING_H

#include "history.h"
#include "scale.h"

enum {
    MOMENTS_MAX = 100, /* that are drawn */
    WIDTH = 980,       /* in pixels, if the moments have room */
    MARGIN = 20,
    LETTER = 7, /* at most that wide, as a rule */
    SMALL_LETTER = 6,
    LINE_HEIGHT = 16,
    LINE_LETTERS = 150, /* letters */
    BAR = 28,
    TITLE_Y = 20,
    CLIENT_Y = 56, /* the upper edges of the bars */
    LABELS = 8,    /* heights for the arrows' labels */
    LABEL_LINE = 15,
    SERVER_Y = CLIENT_Y + BAR + 20 + LABELS * LABEL_LINE,
    AXIS_Y = SERVER_Y + BAR + 36,
    LEGEND_Y = AXIS_Y + 26,
    WORDS_Y = LEGEND_Y + 4 * LINE_HEIGHT,
};

/* How a state looks: the closing ones as in the profile's I/O graphs. */
struct state_look {
    const char *fill;
    const char *ink;
    const char *abbreviation; /* where the name has no room */
};

struct drawing {
    GString *out;
    GString *top; /* what is drawn last, over the rest */
    const struct history *history;
    struct scale scale;    /* the moments that are drawn, and the end */
    unsigned first;        /* the first of them */
    int label_end[LABELS]; /* how far each height is taken */
    int width;
    unsigned states; /* a bit each: they are in the picture */
};

/* Static, never NULL. */
const struct state_look *state_look(enum tcp_state state);

/* Room for a text, in pixels. */
int drawing_text_width(const char *text, int letter);

/* The text, escaped. */
void drawing_append_escaped(GString *out, const char *text);

/* A text, over what is drawn; more: further attributes, each with a blank before. */
void drawing_text(struct drawing *drawing, int x, int y, const char *more, const char *text);

/* Title and legend, when the rest is drawn. Returns where the legend ends. */
void drawing_title(struct drawing *drawing);
int drawing_legend(struct drawing *drawing);

/* Below the picture, the cause and a line for each step. Returns where they end. */
int drawing_words(struct drawing *drawing);

#endif
