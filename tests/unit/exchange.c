/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "exchange.h"

#include <string.h>

#include "units.h"

static uint8_t
flags_of(const char *letters)
{
    return (uint8_t)((strchr(letters, 'S') ? FLAG_SYN : 0) | (strchr(letters, 'F') ? FLAG_FIN : 0) |
                     (strchr(letters, 'R') ? FLAG_RST : 0) | (strchr(letters, 'A') ? FLAG_ACK : 0));
}

struct segment
exchange_segment(const struct step_of_test *step, unsigned side_of_c, uint32_t frame, int64_t ns)
{
    static const uint32_t first[] = {0xffffff80U, 0xffffffffU}; /* of C and S */
    bool bare_rst = strcmp(step->flags, "R") == 0;
    struct segment seg = {
        .time_ns = ns,
        .frame = frame,
        .seq = first[step->from] + step->seq,
        .len = step->len,
        /* a RST that answers has none */
        .window = bare_rst || strchr(step->flags, '0') ? 0 : 1000,
        .flags = flags_of(step->flags),
        .is_alert = strchr(step->flags, 'T') != NULL,
        .side = (uint8_t)(step->from == C ? side_of_c : !side_of_c),
    };

    if (seg.flags & FLAG_ACK)
        seg.ack = first[!step->from] + step->ack;
    return seg;
}

void
exchange_play(const struct step_of_test *steps, void (*play)(const void *data, unsigned side_of_c),
              const void *data)
{
    play(data, 0);
    if (strchr(steps[0].flags, 'S'))
        play(data, 1);
}
