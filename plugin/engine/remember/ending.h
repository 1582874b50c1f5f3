/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of the exchange that ends a connection, for those who ask why it ended: what
 * was sent again and again without an answer, and payload that came after the other side's FIN. All
 * of it is made when it is needed first: most streams have none.
 */
#ifndef TCPCLOSE_ENDING_H
#define TCPCLOSE_ENDING_H

#include <glib.h>

#include "segment.h"
#include "step.h"

/* What a side has sent again since the other side was last heard. */
struct unanswered {
    int64_t last_ns;      /* of the newest repeat */
    int64_t first_gap_ns; /* between the first two that were sent; 0: there is one only */
    int64_t last_gap_ns;  /* between the newest two */
    uint32_t peer_frame;  /* the other side's newest segment when it began; 0: none */
    uint32_t first_frame; /* of the first repeat, and the newest */
    uint32_t last_frame;
    uint32_t end;   /* the number after the newest repeat */
    uint32_t count; /* how often it was sent, with the first time; 0: nothing is repeated */
    enum repeat repeat;
    bool is_growing; /* each gap at least as long as the one before */
    bool is_even;    /* all gaps alike */
};

/* Payload that came after the FIN of its receiver, which has not acknowledged it. */
struct late_payload {
    int64_t silence_ns; /* without payload either way before it */
    int64_t first_ns;   /* when it came, */
    int64_t last_ns;    /* when it, or more of it, came last, */
    int64_t heard_ns;   /* and anything of its sender */
    uint32_t frame;
    uint32_t end;        /* the number after it */
    uint32_t last_frame; /* what came last of it, */
    uint32_t last_end;   /* and the number after that */
    uint32_t ack;        /* the acknowledgment number of what came last: an answer has it */
    bool covers_fin;     /* it acknowledges the FIN, */
    bool may_cross_fin;  /* within a round trip, if at all */
    bool covers_rest;    /* it acknowledges all that came before the FIN, and not that */
    bool is_new;         /* it was not sent before */
    bool is_alert;       /* it is a TLS alert */
    bool is_before_fin;  /* it was captured before the FIN, which does not acknowledge it */
};

/*
 * A TLS alert after a silence. That of a side that is about to close says nothing to the
 * application: the silence goes on.
 */
struct alert {
    int64_t ns;         /* when it came; valid with frame */
    int64_t since_ns;   /* when payload last came before it, */
    uint32_t frame;     /* 0: there is none */
    uint8_t side;       /* its sender's */
    uint8_t after_side; /* whose payload that was */
};

struct memory;

struct ending_facts {
    struct unanswered *unanswered[2]; /* by side; NULL: it has repeated nothing; owned */
    struct late_payload *late[2];     /* by side, of the receiver; NULL: there is none; owned */
    struct alert alert;
    int64_t silence_ns[2]; /* by side: the longest after its payload that the other side's ended */
    int64_t pause_ns;      /* the longest between two payloads of a side that has the other's FIN */
};

/* With what it owns; NULL: there is none. */
void ending_free(struct ending_facts *ending);

/* A segment, before anything else of the memory takes it in. */
void ending_take(struct memory *memory, const struct segment *seg, const struct step *step);

/* When payload was last seen either way, or the stream began: before the segment of the step. */
int64_t ending_payload_ns(const struct memory *memory, const struct segment *seg,
                          const struct step *step);

#endif
