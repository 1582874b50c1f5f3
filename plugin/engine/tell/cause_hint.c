/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a reset may have come about. A stack sends the same RST for a linger time of 0, unread data
 * and a killed process (Linux: tcp_send_active_reset()); what was under way says which of them is
 * likely, and no more.
 */
#include "cause_rules.h"
#include "role.h"
#include "units.h"

/* What was under way before the RST: before the FIN of its receiver, if that came first. */
struct lull {
    int64_t ns; /* without payload either way */
    bool receiver_spoke_last;
    bool receiver_speaks; /* its payload lacks an ACK */
};

static struct lull
lull_before(const struct inquiry *in)
{
    const struct close_facts *close = &in->memory->close;
    const struct step_before *sender = &in->rst->sender;
    const struct step_before *receiver = &in->rst->receiver;

    if (receiver->has_fin && close->first_fin_side != in->rst->side)
        return (struct lull){
            .ns = close->idle_ns,
            .receiver_spoke_last = close->closer_spoke_last,
            .receiver_speaks = close->fin_has_payload,
        };
    return (struct lull){
        .ns = in->rst->time_ns - MAX(sender->sent_ns, receiver->sent_ns),
        .receiver_spoke_last =
            receiver->has_payload && (!sender->has_payload || receiver->sent_ns > sender->sent_ns),
        .receiver_speaks = receiver->has_payload && !receiver->is_acked,
    };
}

/* The server has said what it had to say: only then is a connection idle. */
static enum cause_hint
hint_of_silence(bool by_client, bool receiver_spoke_last)
{
    if (receiver_spoke_last == by_client)
        return HINT_after_idle;
    return by_client ? HINT_waiting : HINT_unread_data;
}

static enum cause_hint
hint_of_abort(const struct inquiry *in)
{
    const struct lull lull = lull_before(in);

    if (in->rst->sender.has_fin)
        return HINT_after_own_fin;
    if (lull.receiver_speaks)
        return HINT_while_receiving;
    if (lull.ns >= SILENCE_NS)
        return hint_of_silence(in->rst->side == role_side(in->stream, ROLE_CLIENT),
                               lull.receiver_spoke_last);
    return lull.receiver_spoke_last ? HINT_unread_data : HINT_NONE;
}

/* What it answers is the first that came after a silence, or its payload ended that. */
static enum cause_hint
hint_of_loss(const struct inquiry *in)
{
    const struct rst_record *rst = in->rst;
    const int64_t ended_ns = memory_ending(in->memory)->silence_ns[rst->side];

    if (lull_before(in).ns >= SILENCE_NS)
        return HINT_after_idle;
    return ended_ns >= SILENCE_NS && rst->receiver.sent_ns - rst->sender.sent_ns == ended_ns
               ? HINT_after_idle
               : HINT_NONE;
}

enum cause_hint
find_hint(const struct inquiry *in, enum cause_kind kind)
{
    if (!in->rst)
        return HINT_NONE;
    if (kind == CAUSE_data_after_full_close)
        return in->rst->late->is_alert ? HINT_tls_alert : HINT_NONE;
    if (kind == CAUSE_connection_lost)
        return hint_of_loss(in);
    if (kind == CAUSE_abort && in->rst->origin == RST_DECISION)
        return hint_of_abort(in);
    return HINT_NONE;
}
