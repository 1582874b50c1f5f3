/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timeline.h"

#include <string.h>

#include "drawing.h"
#include "sentence.h"
#include "span.h"
#include "telling.h"
#include "units.h"

/* ---- where things are ---- */

/* A moment before the first that is drawn is at the left edge. */
static int
x_of(const struct drawing *drawing, unsigned moment)
{
    return MARGIN + drawing->scale.x[moment < drawing->first ? 0 : moment - drawing->first];
}

static int
y_of(enum role role)
{
    return role == ROLE_CLIENT ? CLIENT_Y : SERVER_Y;
}

/* The inner edge of a bar, where arrows begin and end. */
static int
edge_of(enum role role)
{
    return role == ROLE_CLIENT ? CLIENT_Y + BAR : SERVER_Y;
}

/* The last thing that is known of a stream: an open state lasts up to the capture's end. */
static int64_t
end_of(const struct history *history)
{
    int64_t end_ns = history_moment(history, history->moments->len - 1)->at.ns;

    for (unsigned i = 0; i < history->stays->len; i++)
        end_ns = MAX(end_ns, history_stay(history, i)->visit.to.ns);
    return end_ns;
}

/* The first moment of the close, not before the first that is drawn. */
static unsigned
close_of(const struct history *history, unsigned first)
{
    const uint32_t fin = history->outcome.first_fin_frame;
    const uint32_t rst = history->outcome.first_rst_frame;
    const uint32_t frame = fin != 0 ? fin : rst;
    unsigned i = first;

    while (i < history->moments->len && history_moment(history, i)->at.frame < frame)
        i++;
    return i < history->moments->len ? i : first;
}

static void
lay_out(struct drawing *drawing)
{
    const struct history *history = drawing->history;
    const unsigned count = history->moments->len;
    const unsigned first = count > MOMENTS_MAX ? count - MOMENTS_MAX : 0;
    int64_t times_ns[MOMENTS_MAX + 1];

    for (unsigned i = first; i < count; i++)
        times_ns[i - first] = history_moment(history, i)->at.ns;
    times_ns[count - first] = end_of(history);
    drawing->first = first;
    drawing->scale = scale_make(times_ns, count - first + 1, close_of(history, first) - first,
                                WIDTH - 2 * MARGIN);
    drawing->width = MAX(WIDTH, drawing->scale.x[count - first] + 2 * MARGIN);
}

/* ---- bars ---- */

/* As much of the visit's name and time as there is room for. Freed by the caller. */
static char *
visit_text(const struct visit *visit, int width)
{
    const char *mark = visit->proved ? "" : "?";
    GString *text = g_string_new(state_name(visit->state));

    g_string_append(text, mark);
    if (drawing_text_width(text->str, LETTER) > width) {
        g_string_printf(text, "%s%s", state_look(visit->state)->abbreviation, mark);
    } else if (visit->state != STATE_CLOSED || !visit->open) {
        const size_t length = text->len;

        g_string_append_c(text, ' ');
        visit_append_span(text, visit);
        if (drawing_text_width(text->str, LETTER) > width)
            g_string_truncate(text, length);
    }
    return g_string_free(text, FALSE);
}

/* A browser shows it where the mouse is. */
static void
append_tip(GString *out, const struct visit *visit)
{
    GString *tip = g_string_new(NULL);

    g_string_printf(tip, "%s %s%s ", role_name(visit->role), state_name(visit->state),
                    visit->proved ? "" : "?");
    visit_append_span(tip, visit);
    g_string_append(tip, ": ");
    sentence_append(tip, state_sentence(visit->state), visit->role);
    g_string_append(out, "<title>");
    drawing_append_escaped(out, tip->str);
    g_string_append(out, "</title>");
    g_string_free(tip, TRUE);
}

static void
draw_visit(struct drawing *drawing, const struct visit *visit, int from, int to)
{
    enum { SLICE = 4 }; /* of one that ends as it begins, before the next one */
    const int width = MAX(to - from, SLICE);
    GString *out = from == to ? drawing->top : drawing->out;
    const int y = y_of(visit->role);
    char *text = visit_text(visit, width - 8);
    char *style = g_strdup_printf(" font-size=\"11\" fill=\"%s\"", state_look(visit->state)->ink);

    drawing->states |= 1U << visit->state;
    g_string_append_printf(out,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" "
                           "stroke=\"#555753\"%s>",
                           from, y, width, BAR, state_look(visit->state)->fill,
                           visit->proved ? "" : " stroke-dasharray=\"4,3\" stroke-width=\"2\"");
    append_tip(out, visit);
    g_string_append(out, "</rect>\n");
    if (drawing_text_width(text, LETTER) <= width)
        drawing_text(drawing, from + 4, y + 18, style, text);
    g_free(style);
    g_free(text);
}

/* Each visit lasts until the next one of its side begins, and the last one to the end. */
static void
draw_bar(struct drawing *drawing, enum role role)
{
    const struct history *history = drawing->history;
    const struct stay *stay = NULL;
    GString *who = g_string_new(role_name(role));

    g_string_append_c(who, ' ');
    stream_entry_append_endpoint(who, history->entry, role);
    drawing_text(drawing, MARGIN, role == ROLE_CLIENT ? CLIENT_Y - 8 : SERVER_Y + BAR + 16,
                 " font-size=\"12\" font-weight=\"bold\"", who->str);
    g_string_free(who, TRUE);
    for (unsigned i = 0; i < history->stays->len; i++) {
        const struct stay *next = history_stay(history, i);

        if (next->visit.role != role)
            continue;
        if (stay && (next->moment >= drawing->first))
            draw_visit(drawing, &stay->visit, x_of(drawing, stay->moment),
                       x_of(drawing, next->moment));
        stay = next;
    }
    if (stay)
        draw_visit(drawing, &stay->visit, x_of(drawing, stay->moment),
                   x_of(drawing, history->moments->len));
}

/* ---- arrows ---- */

struct arrow_look {
    const char *colour;
    const char *more;
    bool from_network; /* it begins between the bars */
    bool misses;       /* it ends before the receiver's bar */
};

static struct arrow_look
arrow_look(const struct history *history, const struct moment *moment)
{
    const struct rst_told *rst = &moment->mark.rst;

    if (rst->verdict != RST_NONE)
        return (struct arrow_look){
            .colour = "#a40000",
            .more = rst->forged ? " stroke-width=\"2\" stroke-dasharray=\"5,3\""
                                : " stroke-width=\"2\"",
            .from_network = rst->forged,
            .misses = rst->verdict != RST_ACCEPTED,
        };
    if (moment_has_fin(moment) && !moment_fin_stands(history, moment))
        return (struct arrow_look){.colour = "#204a87",
                                   .more = " stroke-width=\"2\" stroke-dasharray=\"5,3\"",
                                   .from_network = true};
    if (moment_has_fin(moment))
        return (struct arrow_look){.colour = "#204a87", .more = " stroke-width=\"2\""};
    if (moment_has(moment, EVENT_fin_ack))
        return (struct arrow_look){.colour = "#204a87", .more = ""};
    return (struct arrow_look){.colour = "#888a85", .more = ""};
}

/* The first height where it covers no other label; the first of all if each is taken. */
static unsigned
label_height(struct drawing *drawing, int x, int width)
{
    unsigned height = 0;

    while (height < LABELS && drawing->label_end[height] > x)
        height++;
    height %= LABELS;
    drawing->label_end[height] = x + width;
    return height;
}

static void
draw_label(struct drawing *drawing, const struct moment *moment, int x, const char *colour)
{
    char *more = moment->segments > 1 ? g_strdup_printf(" x%u", moment->segments) : g_strdup("");
    char *text = g_strdup_printf("%u %s%s", moment->at.frame, moment_label(moment), more);
    const int width = drawing_text_width(g_strchomp(text), SMALL_LETTER) + 8;
    const bool is_left = x + width > drawing->width;
    const int from = is_left ? x - width : x + 1;
    const int y = CLIENT_Y + BAR + 22 + (int)label_height(drawing, from, width) * LABEL_LINE;
    char *style = g_strdup_printf(" font-size=\"11\" fill=\"%s\"", colour);

    g_string_append_printf(drawing->top,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#ffffff\" "
                           "fill-opacity=\"0.85\"/>\n",
                           from, y - 11, width - 3, LABEL_LINE - 1);
    drawing_text(drawing, from + 3, y, style, text);
    g_free(style);
    g_free(text);
    g_free(more);
}

/* A line with a head, or with a cross where it is not taken. */
static void
draw_arrow(struct drawing *drawing, const struct moment *moment, int x)
{
    const struct arrow_look look = arrow_look(drawing->history, moment);
    const enum role sender = moment->mark.sender;
    const int down = sender == ROLE_CLIENT ? 1 : -1;
    const int middle = (edge_of(ROLE_CLIENT) + edge_of(ROLE_SERVER)) / 2;
    const int from = look.from_network ? middle : edge_of(sender);
    const int to = edge_of(role_peer(sender)) - (look.misses ? 12 * down : 0);

    g_string_append_printf(drawing->out,
                           "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\"%s/>\n", x,
                           from, x, to, look.colour, look.more);
    if (look.misses)
        g_string_append_printf(drawing->out,
                               "<path d=\"M%d %dL%d %dM%d %dL%d %d\" fill=\"none\" stroke=\"%s\" "
                               "stroke-width=\"2\"/>\n",
                               x - 4, to - 4, x + 4, to + 4, x - 4, to + 4, x + 4, to - 4,
                               look.colour);
    else
        g_string_append_printf(drawing->out,
                               "<polygon points=\"%d,%d %d,%d %d,%d\" fill=\"%s\"/>\n", x, to,
                               x - 4, to - 9 * down, x + 4, to - 9 * down, look.colour);
    draw_label(drawing, moment, x, look.colour);
}

static void
draw_arrows(struct drawing *drawing)
{
    for (unsigned i = drawing->first; i < drawing->history->moments->len; i++) {
        const struct moment *moment = history_moment(drawing->history, i);

        if (moment->segments > 0)
            draw_arrow(drawing, moment, x_of(drawing, i));
    }
}

/* ---- time ---- */

/* A slanted slit through the edges of the bars; their texts stay. */
static void
draw_slit(struct drawing *drawing, int x, int y)
{
    enum { HEIGHT = 9 };

    g_string_append_printf(drawing->out,
                           "<polygon points=\"%d,%d %d,%d %d,%d %d,%d\" fill=\"#ffffff\" "
                           "stroke=\"#555753\"/>\n",
                           x - 2, y, x + 6, y, x + 4, y + HEIGHT, x - 4, y + HEIGHT);
}

static void
draw_break(struct drawing *drawing, int x, int64_t ns)
{
    GString *text = g_string_new(NULL);

    span_append(text, ns, false);
    for (enum role role = ROLE_CLIENT; role < ROLE_COUNT; role++) {
        draw_slit(drawing, x, y_of(role) - 3);
        draw_slit(drawing, x - 4, y_of(role) + BAR - 6);
    }
    drawing_text(drawing, x, AXIS_Y, " font-size=\"10\" fill=\"#555753\" text-anchor=\"middle\"",
                 text->str);
    g_string_free(text, TRUE);
}

/* The longest of 1, 2 and 5 times a power of ten that is not too long; 0: nothing is to scale. */
static int64_t
ruler_ns(const struct scale *scale)
{
    enum { RULER = 120 };
    static const int64_t digits[] = {5, 2, 1};

    for (int64_t power = 1000 * NS_PER_S; power > 0 && scale->px_per_ns > 0; power /= 10) {
        for (unsigned i = 0; i < G_N_ELEMENTS(digits); i++) {
            if ((double)(digits[i] * power) * scale->px_per_ns <= RULER)
                return digits[i] * power;
        }
    }
    return 0;
}

/* Of a round time. Freed by the caller. */
static char *
ruler_text(int64_t ns)
{
    static const struct {
        int64_t ns;
        const char *name;
    } units[] = {{NS_PER_S, "s"}, {NS_PER_MS, "ms"}, {NS_PER_US, "us"}, {1, "ns"}};
    unsigned unit = 0;

    while (ns < units[unit].ns)
        unit++;
    return g_strdup_printf("to scale: %" G_GINT64_FORMAT " %s", ns / units[unit].ns,
                           units[unit].name);
}

static void
draw_ruler(struct drawing *drawing)
{
    const int64_t ns = ruler_ns(&drawing->scale);
    const int px = (int)((double)ns * drawing->scale.px_per_ns);
    const int right = drawing->width - MARGIN;
    char *text;

    if (px <= 0)
        return;
    text = ruler_text(ns);
    g_string_append_printf(drawing->out,
                           "<path d=\"M%d %dv6h%dv-6\" fill=\"none\" stroke=\"#000000\"/>\n",
                           right - px, TITLE_Y, px);
    drawing_text(drawing, right - px - 6, TITLE_Y + 6, " font-size=\"11\" text-anchor=\"end\"",
                 text);
    g_free(text);
}

static void
draw_breaks(struct drawing *drawing)
{
    const struct history *history = drawing->history;
    const struct scale *scale = &drawing->scale;

    for (unsigned i = 0; i + 1 < scale->count; i++) {
        const unsigned next = drawing->first + i + 1;
        const int64_t to_ns =
            next < history->moments->len ? history_moment(history, next)->at.ns : end_of(history);

        if (scale->broken[i])
            draw_break(drawing, MARGIN + scale->x[i + 1] - 16,
                       to_ns - history_moment(history, drawing->first + i)->at.ns);
    }
}

void
timeline_append(GString *out, const struct history *history, bool with_words)
{
    struct drawing drawing = {
        .out = g_string_new(NULL), .top = g_string_new(NULL), .history = history};
    int height;

    lay_out(&drawing);
    drawing_title(&drawing);
    draw_ruler(&drawing);
    draw_bar(&drawing, ROLE_CLIENT);
    draw_bar(&drawing, ROLE_SERVER);
    draw_breaks(&drawing);
    draw_arrows(&drawing);
    height = drawing_legend(&drawing);
    if (with_words)
        height = drawing_words(&drawing);
    g_string_append_printf(out,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                           "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\">\n"
                           "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n%s%s</svg>\n",
                           drawing.width, height, drawing.width, height, drawing.width, height,
                           drawing.out->str, drawing.top->str);
    g_string_free(drawing.out, TRUE);
    g_string_free(drawing.top, TRUE);
    scale_clear(&drawing.scale);
}
