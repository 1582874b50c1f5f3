/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a segment means: RFC 9293 section 3.10.7 read by an observer between the endpoints, with RFC
 * 5961, RFC 7323 and what Linux does. Two control blocks, their former incarnations, the segment
 * and the policy in; a step out. Knows of no stream and keeps nothing but the control blocks.
 */
#ifndef TCPCLOSE_INFER_H
#define TCPCLOSE_INFER_H

#include "policy.h"
#include "step.h"
#include "tcb.h"

/* Which connection on its pair of endpoints the control blocks are of: RFC 9293 section 3.4. */
struct incarnation {
    /*
     * By side: the last socket before this stream's that was ever synchronized; NULL: none. Not
     * owned.
     */
    const struct tcb *former[2];
    bool has_former; /* there was a stream before: its sockets are those that this one began with */
    bool resumed;    /* this stream's SYN was not real: the connection before goes on in it */
};

/* The newest segment of both sides before this one; frame 0: there is none, the stream begins. */
struct newest {
    int64_t ns;
    uint32_t frame;
};

/*
 * Takes in the connection's next segment. Total: any bytes have a defined effect. O(1); allocates
 * only for what is out of order, repeated, challenged or reset.
 */
struct step infer(struct tcb end[2], const struct incarnation *incarnation, struct newest newest,
                  const struct segment *seg, const struct policy *policy);

/*
 * The short way, for most segments: the next one in order, on an ESTABLISHED connection where
 * nothing is missing, due or in doubt. True: taken in, and the step would be empty. False: nothing
 * was done. It has to be the first stream on its endpoints.
 */
bool infer_ordinary(struct tcb end[2], const struct segment *seg);

#endif
