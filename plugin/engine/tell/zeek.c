/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "zeek.h"

#include <ctype.h>

#include "role.h"
#include "stream.h"

_Static_assert(ZEEK_HISTORY_SIZE >= HISTORY_MAX + 2, "a flip, the letters and the end fit");

/* ---- the originator ---- */

/* The TCP ports in likely_server_ports as Zeek's base scripts fill it; ascending. */
static const uint16_t server_ports[] = {
    21,   22,   25,   53,   79,   80,   81,   88,   110,  135,  139,  143,  389,  443,  445,  502,
    563,  585,  587,  614,  631,  636,  989,  990,  992,  993,  995,  1080, 1434, 1883, 2811, 3128,
    3268, 3306, 3389, 5222, 5223, 5269, 5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000,
};

static bool
is_server_port(uint16_t port)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(server_ports) && server_ports[i] <= port; i++) {
        if (server_ports[i] == port)
            return true;
    }
    return false;
}

static uint16_t
port_of(const struct stream *stream, const uint16_t port[ROLE_COUNT], unsigned side)
{
    return port[role_of_side(stream, side)];
}

/*
 * TCPAnalyzer::WantConnection: without a SYN, the first sender is no originator if its port is a
 * server's. A SYN-ACK is a responder's whatever the port, by the definition of RSTRH and SHR.
 */
static bool
is_flipped(const struct stream *stream, const uint16_t port[ROLE_COUNT])
{
    struct history_entry first = history_at(&stream->memory, 0);
    uint16_t from = port_of(stream, port, first.side);
    uint16_t to = port_of(stream, port, !first.side);

    switch (first.letter) {
    case LETTER_SYN:
    case LETTER_SYN_FIN:
    case LETTER_SYN_RST:
        return false;
    case LETTER_SYN_ACK:
        return true;
    case LETTER_NONE:
    case LETTER_ACK:
    case LETTER_DATA:
    case LETTER_FIN:
    case LETTER_RST:
    case LETTER_FIN_RST:
    case LETTER_RETRANSMISSION:
    case LETTER_ZERO_WINDOW:
    case LETTER_GAP:
    case LETTER_COUNT:
        break;
    }
    return is_server_port(from) && (!is_server_port(to) || from < to);
}

/* ---- endpoints ---- */

/* TCP_Endpoint.h: EndpointState. */
enum endpoint_state { INACTIVE, SYN_SENT, SYN_ACK_SENT, PARTIAL, ESTABLISHED, CLOSED, RESET };

struct endpoint {
    enum endpoint_state state;
    enum endpoint_state before;
    bool has_sent; /* payload */
};

struct connection {
    struct endpoint end[2]; /* by side */
    unsigned originator;
    bool gives_up; /* the originator sent a RST, and nothing but its SYN and payload before */
};

static void
enter(struct endpoint *end, enum endpoint_state state)
{
    if (end->state == state)
        return;
    end->before = end->state;
    end->state = state;
}

static bool
is_syn(enum history_letter letter)
{
    return letter == LETTER_SYN || letter == LETTER_SYN_ACK || letter == LETTER_SYN_FIN ||
           letter == LETTER_SYN_RST;
}

static bool
is_fin(enum history_letter letter)
{
    return letter == LETTER_FIN || letter == LETTER_SYN_FIN;
}

static bool
is_rst(enum history_letter letter)
{
    return letter == LETTER_RST || letter == LETTER_FIN_RST || letter == LETTER_SYN_RST;
}

/* UpdateInactiveState: the SYN of a side. */
static void
take_syn(struct endpoint *from, struct endpoint *to, bool is_originator, enum history_letter letter)
{
    if (is_originator) {
        enter(from, letter == LETTER_SYN_ACK ? SYN_ACK_SENT : SYN_SENT);
        return;
    }
    if (to->state == SYN_SENT)
        enter(to, ESTABLISHED);
    enter(from, ESTABLISHED);
}

/* UpdateInactiveState: data or a bare ACK of a side that was not heard before. */
static void
take_first(struct endpoint *from, const struct endpoint *to, bool is_originator,
           enum history_letter letter)
{
    /* Some stacks acknowledge the SYN before they send their own. */
    if (!is_originator && letter == LETTER_ACK && to->state == SYN_SENT)
        return;
    enter(from, to->state == ESTABLISHED ? ESTABLISHED : PARTIAL);
}

/* TCPSessionAdapter::UpdateStateMachine. */
static void
take_letter(struct endpoint *from, struct endpoint *to, bool is_originator,
            enum history_letter letter)
{
    switch (from->state) {
    case INACTIVE:
        if (is_syn(letter))
            take_syn(from, to, is_originator, letter);
        if (is_fin(letter))
            enter(from, CLOSED);
        else if (is_rst(letter))
            enter(from, RESET);
        else if (!is_syn(letter))
            take_first(from, to, is_originator, letter);
        return;
    case PARTIAL:
        if (letter == LETTER_SYN && to->state == INACTIVE)
            enter(from, SYN_SENT);
        /* fall through */
    case SYN_SENT:
    case SYN_ACK_SENT:
    case ESTABLISHED:
        if (is_rst(letter)) {
            enter(from, RESET);
        } else if (is_fin(letter)) {
            enter(from, CLOSED);
            /* A FIN, then a RST, and now the other side's FIN: an ordinary end. */
            if (to->state == RESET && to->before == CLOSED)
                enter(to, CLOSED);
        }
        return;
    case CLOSED:
        if (is_rst(letter) && to->state != CLOSED)
            enter(from, RESET);
        return;
    case RESET:
        return;
    }
}

/* ---- segments that do not count ---- */

/* Of a RST that its apparent sender did not send Zeek knows nothing: it believes every one. */
static bool
has_rst_of(const struct stream *stream, unsigned side)
{
    const struct resets *resets = &memory_extra(&stream->memory)->resets;
    const struct reset_facts *reset = &memory_extra(&stream->memory)->reset;

    if (reset->frame != 0 && reset->side == side)
        return true;
    for (unsigned i = 0; i < resets_count(resets); i++) {
        const struct rst_record *rst = resets_record(resets, i);

        if (rst->verdict != RST_NONE && rst->side == side && !pieces_show_forgery(rst->pieces))
            return true;
    }
    return false;
}

/* The side's FIN was taken back, and there is no other. */
static bool
has_lost_fin(const struct memory *memory, unsigned side)
{
    return memory->close.fin_frame[side] == 0 && memory_rare(memory)->fin_history[side] &&
           memory->close.first_fin_side != side;
}

/* No RST ended it, nor did a FIN whose apparent sender goes on. */
static bool
is_left_out(const struct stream *stream, enum tcp_pattern pattern, struct history_entry entry)
{
    bool is_open = pattern == PATTERN_open;
    bool is_half_closed = pattern == PATTERN_half_closed;

    if (is_rst(entry.letter))
        return is_open || is_half_closed || !has_rst_of(stream, entry.side);
    if (is_fin(entry.letter))
        return is_open || (is_half_closed && has_lost_fin(&stream->memory, entry.side));
    return false;
}

/* ---- words ---- */

static struct connection
connection_of(const struct stream *stream, enum tcp_pattern pattern, unsigned originator)
{
    const struct memory *memory = &stream->memory;
    struct connection connection = {.originator = originator};
    unsigned count = history_count(memory);
    bool only_syn = true;

    for (unsigned i = 0; i < count; i++) {
        struct history_entry entry = history_at(memory, i);
        struct endpoint *from = &connection.end[entry.side];
        bool is_originator = entry.side == originator;

        if (entry.letter >= LETTER_RETRANSMISSION || is_left_out(stream, pattern, entry))
            continue;
        take_letter(from, &connection.end[!entry.side], is_originator, entry.letter);
        from->has_sent |= entry.letter == LETTER_DATA;
        if (!is_originator)
            continue;
        if (entry.letter == LETTER_RST && only_syn && i > 0)
            connection.gives_up = true;
        only_syn &= entry.letter == LETTER_SYN || entry.letter == LETTER_DATA;
    }
    return connection;
}

static bool
is_unheard(const struct endpoint *end)
{
    return end->state == INACTIVE || end->state == PARTIAL;
}

/* scripts/base/protocols/conn/main.zeek: conn_state. */
static const char *
conn_state_of(const struct connection *connection)
{
    const struct endpoint *o = &connection->end[connection->originator];
    const struct endpoint *r = &connection->end[!connection->originator];

    if (r->state == RESET) {
        if (o->state == SYN_SENT || o->state == SYN_ACK_SENT ||
            (o->state == RESET && !o->has_sent && !r->has_sent))
            return "REJ";
        return is_unheard(o) ? "RSTRH" : "RSTR";
    }
    if (o->state == RESET) {
        if (!is_unheard(r))
            return "RSTO";
        return connection->gives_up ? "RSTOS0" : "OTH";
    }
    if (o->state == CLOSED && r->state == CLOSED)
        return "SF";
    if (o->state == CLOSED)
        return is_unheard(r) ? "SH" : "S2";
    if (r->state == CLOSED)
        return is_unheard(o) ? "SHR" : "S3";
    if (o->state == SYN_SENT && r->state == INACTIVE)
        return "S0";
    return o->state == ESTABLISHED && r->state == ESTABLISHED ? "S1" : "OTH";
}

/* What needs no look at the letters, whatever strays there were; NULL: the others do. */
static const char *const of_pattern[PATTERN_COUNT] = {
    [PATTERN_refused] = "REJ",   [PATTERN_last_ack_missing] = "SF", [PATTERN_simultaneous] = "SF",
    [PATTERN_half_close] = "SF", [PATTERN_three_way] = "SF",        [PATTERN_four_way] = "SF",
};

static void
write_history(char *text, const struct memory *memory, unsigned originator, bool flipped)
{
    static const char letters[LETTER_COUNT] = {
        [LETTER_SYN] = 'S',
        [LETTER_SYN_ACK] = 'H',
        [LETTER_ACK] = 'A',
        [LETTER_DATA] = 'D',
        [LETTER_FIN] = 'F',
        [LETTER_RST] = 'R',
        [LETTER_FIN_RST] = 'I',
        [LETTER_SYN_FIN] = 'Q',
        [LETTER_SYN_RST] = 'Q',
        [LETTER_GAP] = 'G',
        [LETTER_RETRANSMISSION] = 'T',
        [LETTER_ZERO_WINDOW] = 'W',
    };

    unsigned count = history_count(memory);

    if (flipped)
        *text++ = '^';
    for (unsigned i = 0; i < count; i++) {
        struct history_entry entry = history_at(memory, i);
        char letter = letters[entry.letter];

        *text++ = entry.side == originator ? letter : (char)tolower(letter);
    }
    *text = '\0';
}

struct zeek_words
zeek_words_of(const struct stream *stream, enum tcp_pattern pattern,
              const uint16_t port[ROLE_COUNT])
{
    const struct memory *memory = &stream->memory;
    struct zeek_words words = {.conn_state = "OTH"};
    bool flipped;
    unsigned originator;

    if (history_count(memory) == 0)
        return words;
    flipped = is_flipped(stream, port);
    originator = history_at(memory, 0).side ^ flipped;
    words.conn_state = of_pattern[pattern];
    if (!words.conn_state) {
        struct connection connection = connection_of(stream, pattern, originator);

        words.conn_state = conn_state_of(&connection);
    }
    write_history(words.history, memory, originator, flipped);
    return words;
}
