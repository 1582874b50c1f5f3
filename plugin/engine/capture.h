/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The streams of a capture: what a reader of captures feeds, segment by segment, and then asks
 * through tell/. It knows which endpoint is side 0, and which stream goes on with the sockets of
 * which.
 */
#ifndef TCPCLOSE_CAPTURE_H
#define TCPCLOSE_CAPTURE_H

#include "census.h"
#include "course.h"
#include "policy.h"
#include "rest.h"
#include "segment.h"

/* An endpoint as it was captured; address: of length bytes, of whatever type the reader calls type.
 */
struct host {
    const uint8_t *address;
    uint16_t port;
    uint8_t type;
    uint8_t length;
};

struct capture;

/* Without streams; the policy is copied. Freed with capture_free(). */
struct capture *capture_new(const struct policy *policy);

/*
 * Before the first segment: capture_census_at() will not be asked for. Then streams can be
 * forgotten.
 */
void capture_take_no_census(struct capture *capture);

/* With all its streams; NULL is nothing to free. */
void capture_free(struct capture *capture);

/* The sender's side, 0 or 1: see SIDE_OF_HIGHER_PORT. */
uint8_t capture_side(const struct host *sender, const struct host *receiver);

/*
 * Takes in the next segment in capture order: of the stream of that number, between the hosts (by
 * side). A new number between hosts that have a stream goes on with the sockets of the newest one.
 * Numbers may have gaps. Returns the stream, which lives as long as the capture, or until it is
 * forgotten.
 */
const struct stream *capture_feed(struct capture *capture, uint32_t number,
                                  const struct host hosts[2], const struct segment *seg);

/* The stream of a number; NULL: none was fed. O(1). */
const struct stream *capture_stream(const struct capture *capture, uint32_t number);

/* What a stream that was fed still waits for. O(1). */
struct stream_rest capture_rest(const struct capture *capture, uint32_t number);

/* The number, from this one on, of a stream that was fed and is there; UINT32_MAX: there is none.
 */
uint32_t capture_next(const struct capture *capture, uint32_t number);

/* Between whom a stream is that was fed, by side; the addresses live as long as it. */
void capture_hosts(const struct capture *capture, uint32_t number, struct host hosts[2]);

/*
 * Frees a stream that was fed, which has no older one (see capture_rest()): its number is as if it
 * had never been, and what comes next between its hosts begins with new sockets, unless a newer
 * stream has them. O(1).
 */
void capture_forget(struct capture *capture, uint32_t number);

/* The newest time stamp; INT64_MIN: nothing was fed. */
int64_t capture_newest_ns(const struct capture *capture);

/* When the capture ends: the policy says it, or it is the newest time stamp; INT64_MIN: nothing was
 * fed. */
int64_t capture_end_ns(const struct capture *capture);

/*
 * The course of a stream that was fed, up to date. It is kept from the first time that it is asked
 * for; valid until the next segment.
 */
const struct course *capture_course(struct capture *capture, uint32_t number);

/* How many endpoints were in each closing state after a frame that has been fed: see census_at().
 */
struct census_counts capture_census_at(const struct capture *capture, uint32_t frame);

#endif
