/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exchanges of segments between two endpoints, C and S, step by step, as tables have them: with
 * numbers that are relative, as Wireshark shows them, and lie just before the wrap in truth.
 */
#ifndef TCPCLOSE_EXCHANGE_H
#define TCPCLOSE_EXCHANGE_H

#include "segment.h"

enum who { C, S };

struct step_of_test {
    int64_t ms; /* after the step before */
    enum who from;
    const char *flags; /* of S F R A; 0: no window, T: a TLS alert; NULL ends the exchange */
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
};

/* clang-format off */
#define STEPS(...) (const struct step_of_test[]){__VA_ARGS__, {.flags = NULL}}
#define SYNS {1, C, "S", 0, 0, 0}, {1, S, "SA", 0, 1, 0}
#define HANDSHAKE SYNS, {1, C, "A", 1, 1, 0}

/* A request of 200 bytes and an answer of 200; next: frame 7, numbers 201 and 201. */
#define TALKED HANDSHAKE, {1, C, "A", 1, 1, 200}, {1, S, "A", 1, 201, 200}, {1, C, "A", 201, 201, 0}
/* clang-format on */

/* The segment of a step. */
struct segment exchange_segment(const struct step_of_test *step, unsigned side_of_c, uint32_t frame,
                                int64_t ns);

/*
 * Plays it with C as side 0; and if a SYN says that C is the client, as side 1, too: without one
 * the client is the side with the higher port, side 0.
 */
void exchange_play(const struct step_of_test *steps,
                   void (*play)(const void *data, unsigned side_of_c), const void *data);

#endif
