/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the engine: the record of one stream (one value of tcp.stream), the only place that knows
 * both what is inferred and what is remembered. Everybody else reads it through tell/.
 */
#ifndef TCPCLOSE_STREAM_H
#define TCPCLOSE_STREAM_H

#include "infer.h"
#include "memory.h"

/* What a stream has to do with others on the same endpoints. */
struct kinship {
    struct incarnation incarnation;
    struct log_start start; /* what the sockets were in before the first segment */
    struct stream *newer; /* the stream after, which goes on with the sockets; or NULL; not owned */
    uint32_t older_number; /* of the stream before */
    struct tcb *kept[2];   /* copies for incarnation.former, of streams forgotten; owned */
};

/* Without padding: there are many. */
struct stream {
    struct memory memory;
    struct kinship *kinship; /* NULL: the only one on its endpoints; owned */
    struct tcb end[2];

    int64_t census_end_ns; /* the end of TIME_WAIT that the census waits for; INT64_MAX: none */
    uint32_t number;       /* where a capture numbers streams */
    /* Of the policy that it was fed with first, rounded up; up to 48 days. */
    uint32_t close_wait_alarm_s : 22;
    uint32_t client : 1; /* the client's side */
    uint32_t role_guessed : 1;
    uint8_t counted; /* enum tcp_state, 4 bits a side: what the census counts it as */
};

enum { COUNTED_BITS = 4 };
_Static_assert(STATE_COUNT <= 1 << COUNTED_BITS, "a state fits");

static inline enum tcp_state
stream_counted(const struct stream *stream, unsigned side)
{
    return (enum tcp_state)(stream->counted >> (COUNTED_BITS * side) & ((1U << COUNTED_BITS) - 1));
}

static inline void
stream_count_as(struct stream *stream, unsigned side, enum tcp_state state)
{
    const uint32_t others = stream->counted & ((1U << COUNTED_BITS) - 1) << (COUNTED_BITS * !side);

    stream->counted = (uint8_t)(others | (uint32_t)state << (COUNTED_BITS * side));
}

/*
 * Prepares a record in zeroed memory. previous is the newest stream on the same pair of endpoints
 * or NULL; it must live as long as this one, and gets no more segments.
 */
void stream_init(struct stream *stream, struct stream *previous);

/*
 * Before the record is freed while later streams go on with its sockets: these keep copies of what
 * they have of it. There is no older stream. O(1) for each of them.
 */
void stream_leave(struct stream *stream);

/* Frees what the record owns, not the record. */
void stream_clear(struct stream *stream);

/*
 * Takes in the stream's next segment. Total: any bytes have a defined effect. O(1), and no memory
 * for a segment that changes nothing.
 */
void stream_feed(struct stream *stream, const struct segment *seg, const struct policy *policy);

/* The same without the short way of infer_ordinary(): for tests that compare the two. */
void stream_feed_at_length(struct stream *stream, const struct segment *seg,
                           const struct policy *policy);

static inline bool
stream_is_empty(const struct stream *stream)
{
    return stream->memory.log.count == 0;
}

/*
 * The newest segment is the first RST, and all before it is from its receiver: somebody who goes on
 * with a connection that the sender of the RST does not know.
 */
bool stream_is_strange(const struct stream *stream, const struct segment *seg);

/*
 * The receiver of the RST in seg goes on with the numbers of the other stream, whose side is the
 * sender of the RST: the same connection under two names.
 */
bool stream_goes_on_with(const struct stream *stream, const struct segment *seg,
                         const struct stream *other, unsigned side);

/* Remembers that. */
void stream_note_twin(struct stream *stream, const struct stream *other);

/* What was before the first segment. */
struct log_start stream_start(const struct stream *stream);

/* The stream after on the same endpoints; NULL: none. */
static inline const struct stream *
stream_newer(const struct stream *stream)
{
    return stream->kinship ? stream->kinship->newer : NULL;
}

#endif
