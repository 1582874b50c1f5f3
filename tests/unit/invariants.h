/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds whatever is fed to the engine: the one list for random tests and for the fuzzer. It
 * knows what the engine promises in its headers, and nothing of how a close should look.
 */
#ifndef TCPCLOSE_TESTS_INVARIANTS_H
#define TCPCLOSE_TESTS_INVARIANTS_H

#include "stream.h"

enum { PAIRS_MAX = 4 };

/* A segment on its way to its stream: the newest on its pair of endpoints. */
struct captured {
    struct segment seg;
    uint8_t pair;    /* below PAIRS_MAX */
    bool new_stream; /* the segment begins another stream on the pair */
};

/* what: one line, static; NULL if everything holds. at: index of the segment that shows it. */
struct breach {
    const char *what;
    unsigned at;
};

/*
 * Plays the segments as the dissector does, frame by frame (frame and layer ascending), and again,
 * and once more with the sides swapped; says what does not hold.
 *
 * - States, events and verdicts are valid, times are not negative.
 * - Transitions are an unbroken chain: what a segment's snapshot calls previous is what was
 * shown before.
 * - A frame looked up at the end shows what it showed when it was fed.
 * - The times in all states add up to the life of the stream, if time stamps never go back.
 * - Pattern, closer and counts are those of the segments and events shown.
 * - What other systems would say agrees with the pattern.
 * - The census is what counting the sockets one by one says, when fed and looked up.
 * - Without the short way for ordinary segments all is the same after each segment.
 * - The same segments give the same answers, and swapped sides the same answers swapped.
 */
struct breach invariants_check(const struct captured *segments, unsigned count,
                               const struct policy *policy);

#endif
