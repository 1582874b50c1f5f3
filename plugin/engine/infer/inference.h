/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside infer/: one segment on its way. Sender and receiver are picked once; nothing below asks
 * for directions again.
 */
#ifndef TCPCLOSE_INFERENCE_H
#define TCPCLOSE_INFERENCE_H

#include "infer.h"
#include "stack.h"
#include "transitions.h"

struct inference {
    struct tcb *end; /* both, by side */
    struct tcb *from;
    struct tcb *to;
    const struct incarnation *incarnation;
    struct newest newest;
    const struct segment *seg;
    uint32_t seg_end; /* segment_end() of it */
    const struct policy *policy;
    struct step step;
};

/* How the endpoints' operating systems differ from others. */
static inline const struct stack *
infer_stack(const struct inference *in)
{
    return stack_of(in->policy->stack);
}

/* What the step says of an endpoint. */
static inline struct step_side *
infer_side(struct inference *in, const struct tcb *tcb)
{
    return &in->step.side[tcb == &in->end[1]];
}

static inline void
infer_event(struct inference *in, enum tcp_event event)
{
    in->step.events |= event_bit(event);
}

/* What a copy of a FIN repeats. */
static inline uint32_t
infer_mark(const struct segment *seg)
{
    return seg->options.has_ts ? seg->options.ts_val : seg->ip_id;
}

/*
 * Moves the endpoint as the table of transitions says; true if its state changed. All changes of a
 * state are made here, but for infer_restore().
 */
bool infer_apply(struct inference *in, struct tcb *tcb, enum stimulus stimulus);

/*
 * Takes back what was assumed: the sender is in that state. Its segment shows that it is alive, and
 * not how far it is: is_confirmed says whether others have. By hand, as the state is the one that a
 * RST or a SYN had ended: no cell of a table can know it.
 */
void infer_restore(struct inference *in, enum tcp_state state, enum reason reason,
                   bool is_confirmed);

/* A new socket in the endpoint's place, or the socket of an earlier stream: its FIN is another
 * one's. */
void infer_renew(struct inference *in, struct tcb *tcb);
void infer_copy(struct inference *in, struct tcb *tcb, const struct tcb *source);

/* What there is to say before the segment changes anything (before.c). */
void infer_before(struct inference *in);

/* What the segment proves about its sender (sender.c), and what it does to its receiver
 * (receiver.c). */
void infer_sender(struct inference *in);
void infer_receiver(struct inference *in);

/*
 * Parts of those two: the sender's own numbers (sender_numbers.c), and time stamp, payload and FIN,
 * which the receiver takes. receiver_take() sets nothing but control blocks. end: segment_end().
 */
void sender_numbers(struct tcb *from, const struct tcb *to, const struct segment *seg,
                    uint32_t end);
void receiver_take(struct tcb *to, const struct tcb *from, const struct segment *seg, uint32_t end);

/* Of a RST (forgery.c): what speaks against its sender's having sent it; */
piece_set forgery_pieces(const struct inference *in);

/* the same of what does not depend on the connection that it belongs to; */
piece_set signature_pieces(const struct inference *in);

/* of a FIN: they show somebody else; */
bool fin_shows_forgery(const struct inference *in);

/*
 * its number is behind what its sender has sent again last: after a timeout, some stacks go on from
 * there (BSD, Windows);
 */
bool follows_repeated(const struct tcb *from, const struct segment *seg);

/* and the frame of what it answers, if that is the newest segment; 0: not known. */
uint32_t answered_frame(const struct inference *in);

/*
 * What the sender sends again (repeats.c). It is noted; and the receiver would have sent what it
 * was sending again long ago, if it were still there: it has given up.
 */
void sender_repeats(struct inference *in);
bool receiver_has_given_up(const struct inference *in);

/* Parts of infer_sender: the sender of a SYN or SYN-ACK (sender_syn.c), */
void sender_syn(struct inference *in);
void sender_agrees_on_scaling(struct inference *in);

/*
 * Where the newest segment is fin_sender's FIN, and was captured before its sender's clock says
 * that it was sent, and this one as long behind, the two have changed places: the FIN counts as
 * captured now.
 */
void sender_follows_early_fin(struct inference *in, struct tcb *fin_sender);

/* of payload (sender_data.c), */
void sender_data(struct inference *in);

/* of a RST (sender_reset.c); */
void sender_rst(struct inference *in);

/* of one that talks on after a RST, and after one that was not its own (sender_survives.c). */
void sender_after_rst(struct inference *in);
void sender_disowns_rst(struct inference *in);

/*
 * When a RST closes receiver: behind all that sender has sent to that socket, so that whoever
 * acknowledges more is alive. unknown: if nothing is known of that.
 */
uint32_t infer_beyond(const struct tcb *receiver, const struct tcb *sender, uint32_t unknown);

/* The segment shows that its sender, which a RST has closed, is alive. */
bool survived_rst(const struct inference *in);

/*
 * It answers the peer's SYN-ACK with what it has said before: a challenge ACK (RFC 5961 section
 * 4.2) of a socket that has sent no SYN. One that has would acknowledge it.
 */
bool challenges_syn_ack(const struct inference *in);

/* The segment is not its sender's: if that has reset, the RST may be of whoever has sent this one.
 */
void sender_is_impersonated(const struct inference *in);

/*
 * The socket of a stream before goes on talking (sender_former.c): the SYN that replaced it was not
 * its own. True if the segment shows that; the sender is that socket again then.
 */
bool sender_resumes_former(struct inference *in);

/* A RST of the former socket: it may show that the SYN was not taken. */
void sender_former_resets(struct inference *in);

/*
 * Of a FIN (sender_fin.c): what it proves; the same of a first one that was captured after later
 * segments of its sender, and has been sent all the same. The caller has called
 * sender_refutes_fin().
 */
void sender_fin(struct inference *in);
void sender_late_fin(struct inference *in);

/* A FIN that an ACK has counted, captured after that: its ACK number says nothing of today. */
bool sender_is_late_fin(const struct inference *in);

/* It had not received the peer's FIN when it sent its own. */
void sender_crosses_fin(struct inference *in, enum reason reason);

/* The endpoint's FIN was not its own after all. */
void sender_forgets_fin(struct inference *in);

/*
 * Its ACK shows that it lacks what was taken as received (loss.c). An ACK that was sent before the
 * missing part came is no evidence.
 */
bool shows_loss(const struct inference *in);

/* Its state may be CLOSING where it looks like CLOSE_WAIT: its own FIN waits behind data
 * (sender.c).
 */
bool sender_may_have_closed(const struct inference *in);

/* The FIN that was taken as delivered to it was not: it has not lasted in CLOSE_WAIT either. */
void sender_lacks_fin(struct inference *in);

/*
 * What it sends again shows that no ACK of its FIN has reached it; true if that changes its state.
 * mark: infer_mark() of what it repeats, 0 if that is not known.
 */
bool sender_lacks_ack_of_fin(struct inference *in, uint32_t mark);

/*
 * FINs that were not captured, or later than their ACK (sender_unseen_fin.c): the peer has
 * acknowledged this end of the sender's numbers before; so there was a FIN, whose sender and
 * receiver are further than it seemed.
 */
bool sender_has_acked_fin(const struct inference *in, uint32_t end);
void sender_sent_acked_fin(struct inference *in, uint32_t end);

/* Its ACK number covers what was not captured of the peer: data or a FIN (sender_unseen.c). */
void sender_acks_unseen(struct inference *in);

/*
 * An ACK right behind the one number that is missing, acknowledged before or the first of the
 * peer's FIN, or the peer's FIN: that was a FIN, as it seems.
 */
void sender_assumes_fin(struct inference *in);
void sender_assumes_crossed_fin(struct inference *in);
void sender_answers_unseen_fin(struct inference *in);

/* Takes an assumed FIN back, if the segment shows that there was none. */
void sender_refutes_fin(struct inference *in);

/*
 * Numbers that are not the sender's (sender_stray.c): a closed socket's segment is elsewhere; note
 * one that is; the peer has done the same, and both agree on the numbers: they are of a new
 * connection, and it is begun; an ACK of the one that was noted takes it in.
 */
bool sender_is_stray(const struct inference *in);
void sender_strays(struct inference *in);
bool sender_answers_stray(struct inference *in);
void sender_acks_stray(struct inference *in);

/* Of two SYN-ACKs, or two connections: the peer's ACK will tell whether this is the one. */
void sender_may_begin_at(struct inference *in, uint32_t iss);

/* Parts of infer_receiver: a RST, and a copy of one (receiver_reset.c). */
void receiver_rst(struct inference *in);
void receiver_rst_copy(struct inference *in);

/*
 * What had seemed to be missing before the RST of its peer's is there: that was the next, and has
 * closed it.
 */
void receiver_takes_earlier_rst(struct inference *in, struct tcb *receiver,
                                const struct tcb *sender);

/* The socket that the connection before has left makes way for its sender's SYN, which came later.
 */
void receiver_takes_early_syn(struct inference *in);

/* A challenge ACK of the receiver is due: RFC 5961 sections 3.2 and 4.2. */
void receiver_challenge(struct inference *in);

/* RFC 7323 section 5 (PAWS): a timestamp older than what was taken last marks an old segment. */
bool receiver_fails_paws(const struct inference *in);

#endif
