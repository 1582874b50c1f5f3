/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The course of each endpoint in hindsight: what it went through, and what of it is only assumed.
 */
#include "course.h"

#include <glib.h>

#include "role.h"
#include "stream.h"
#include "units.h"
#include "usual_policy.h"

/*
 * Side 0 is the client; numbers relative to the first ones; a row without flags ends the list. A
 * SYN with another number begins a stream, as in Wireshark; the courses are those of the last one.
 */
struct row {
    int64_t at_ms;
    uint8_t side;
    uint8_t flags;
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
    uint32_t window; /* 0: 60000 */
};

struct exchange {
    const char *name;
    const char *client;
    const char *server;
    struct row rows[16];
};

#define SYN FLAG_SYN
#define ACK FLAG_ACK
#define FIN (FLAG_FIN | FLAG_ACK)
#define RST FLAG_RST
#define HANDSHAKE                                            \
    {0, 0, SYN, 0, 0, 0, 0}, {10, 1, SYN | ACK, 0, 1, 0, 0}, \
    {                                                        \
        20, 0, ACK, 1, 1, 0, 0                               \
    }
/* The server has shown that it is ESTABLISHED. */
#define TALK                                                          \
    HANDSHAKE, {30, 0, ACK, 1, 1, 10, 0}, {40, 1, ACK, 1, 11, 10, 0}, \
    {                                                                 \
        50, 0, ACK, 11, 11, 0, 0                                      \
    }
#define ZERO 0xffffffff

#define OPENED "SYN_SENT>ESTABLISHED"
#define SERVED "SYN_RECEIVED>ESTABLISHED"

/* clang-format off */
#define FIN_ACKED_BEHIND_FOREIGN_SYN "FIN_WAIT_1>FIN_WAIT_2?", "CLOSE_WAIT",                            \
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 0, SYN, 5011, 0, 0, 0}, {110, 1, ACK, 11, 12, 0, 0},     \
      {300, 1, ACK, 11, 12, 10, 0}, {400, 0, ACK, 12, 21, 0, 0}}

static const struct exchange exchanges[] = {
    {"four_way", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT", SERVED ">CLOSE_WAIT>LAST_ACK>CLOSED?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {500, 1, FIN, 11, 12, 0, 0},
      {510, 0, ACK, 12, 12, 0, 0}}},
    /* The server says nothing of the FIN. */
    {"fin_unanswered", OPENED ">FIN_WAIT_1", SERVED ">CLOSE_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}}},
    /* Its ACK shows the state that it acknowledges from, and the one before. */
    {"ack_proves_close_wait", OPENED ">FIN_WAIT_1>FIN_WAIT_2?", SERVED ">CLOSE_WAIT",
     {HANDSHAKE, {100, 0, FIN, 1, 1, 0, 0}, {110, 1, ACK, 1, 2, 0, 0}}},
    /* FINs that cross: nobody was in CLOSE_WAIT. */
    {"fins_cross", OPENED ">FIN_WAIT_1>CLOSING>TIME_WAIT?", SERVED ">FIN_WAIT_1>CLOSING>TIME_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}, {102, 0, ACK, 12, 12, 0, 0},
      {103, 1, ACK, 12, 12, 0, 0}}},
    /* So late, the server's ACK says no more of the order in which it had the FIN and the ACK. */
    {"fins_cross_and_one_is_late", OPENED ">FIN_WAIT_1>CLOSING>TIME_WAIT?", SERVED ">FIN_WAIT_1>CLOSING?>TIME_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}, {102, 0, ACK, 12, 12, 0, 0},
      {120, 1, ACK, 12, 12, 0, 0}}},
    /* A RST of its own decision that does not cover the FIN, */
    {"rst_crosses_fin", OPENED ">FIN_WAIT_1>CLOSED?", SERVED ">CLOSED",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, RST | ACK, 11, 11, 0, 0}}},
    /* one that covers it, */
    {"rst_covers_fin", OPENED ">FIN_WAIT_1>CLOSED?", SERVED ">CLOSE_WAIT?>CLOSED",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, RST | ACK, 11, 12, 0, 0}}},
    /* and an answer, as of a socket that is no more. */
    {"rst_answers_fin", OPENED ">FIN_WAIT_1>CLOSED?", SERVED ">CLOSED",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, RST, 11, 0, 0, ZERO}}},
    /* What it has shown to be in stays. */
    {"rst_after_close_wait", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>CLOSED?", SERVED ">CLOSE_WAIT>CLOSED",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {120, 1, RST | ACK, 11, 12, 0, 0}}},
    /* Its ACK crosses the RST that answers its data. */
    {"ack_crosses_rst", OPENED ">CLOSE_WAIT>CLOSED?", SERVED ">FIN_WAIT_1>CLOSED",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 11, 11, 50, 0}, {110, 1, RST, 12, 0, 0, ZERO},
      {111, 0, ACK, 61, 12, 0, 0}}},
    /* Its FIN, sent before it had the client's, is captured behind the RST that it drew. */
    {"fin_crosses_rst", OPENED ">FIN_WAIT_1>CLOSING>CLOSED?", SERVED ">FIN_WAIT_1>CLOSED",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 11, 11, 50, 0}, {101, 1, RST, 11, 0, 0, ZERO},
      {102, 0, FIN, 61, 11, 0, 0}, {111, 0, ACK, 62, 12, 0, 0}}},
    /* Its FIN, captured behind the RST that closed it: a dead socket sends none. */
    {"fin_behind_rst", OPENED ">CLOSED", SERVED ">FIN_WAIT_1>CLOSED?",
     {TALK, {100, 0, RST | ACK, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}, {102, 0, RST, 11, 0, 0, ZERO}}},
    {"last_fin_behind_rst", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>CLOSED", SERVED ">CLOSE_WAIT>LAST_ACK>CLOSED?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 10, 0}, {111, 0, RST, 12, 0, 0, ZERO},
      {112, 1, FIN, 21, 12, 0, 0}}},
    /* Not its FIN, but somebody's beyond its window. */
    {"foreign_fin_behind_rst", OPENED ">CLOSED", SERVED ">CLOSED?",
     {TALK, {100, 0, RST | ACK, 11, 11, 0, 0}, {101, 1, FIN, 900011, 11, 0, 0}}},
    /* Nor does a dead socket's come behind bytes that nobody has seen. */
    {"fin_behind_gap_and_rst", OPENED ">CLOSED", SERVED ">CLOSED?",
     {TALK, {100, 0, RST | ACK, 11, 11, 0, 0}, {101, 1, FIN, 51, 11, 0, 0}}},
    /* It lacked the FIN that it covers here, and had it when it sent this. */
    {"covering_fin_behind_rst", OPENED ">FIN_WAIT_1>CLOSED", SERVED ">CLOSE_WAIT?>LAST_ACK?>CLOSED?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {150, 1, ACK, 11, 11, 10, 0}, {151, 0, RST, 11, 0, 0, ZERO},
      {152, 1, FIN, 21, 12, 0, 0}}},
    /* Its challenge ACK shows that it is alive, and not whether it has the ACK of its FIN. */
    {"challenge_in_fin_wait_2", OPENED ">FIN_WAIT_1>FIN_WAIT_2?", SERVED ">CLOSE_WAIT",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {150, 1, RST, 41, 0, 0, ZERO},
      {200, 0, ACK, 12, 11, 0, 0}}},
    /* What it lacked long after the RST shows that this was lost, too; its FIN may have waited behind
     * its data all the same, as nothing had shown CLOSE_WAIT before. */
    {"covering_fin_of_a_living_socket", OPENED ">FIN_WAIT_1>CLOSED", SERVED ">CLOSE_WAIT?>LAST_ACK?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, ACK, 11, 11, 10, 0}, {102, 0, RST, 11, 0, 0, ZERO},
      {200, 1, ACK, 21, 11, 0, 0}, {201, 0, RST, 11, 0, 0, ZERO}, {205, 1, FIN, 21, 12, 0, 0}}},
    /* Here its ACK had shown it, and it goes on in what it was. */
    {"close_wait_of_a_living_socket", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>CLOSED", SERVED ">CLOSE_WAIT>LAST_ACK",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {120, 1, ACK, 11, 12, 10, 0},
      {121, 0, RST, 12, 0, 0, ZERO}, {400, 1, FIN, 21, 12, 0, 0}}},
    /* It has received neither the RST nor the FIN before that, */
    {"lacks_fin_before_rst", OPENED ">FIN_WAIT_1>CLOSED", SERVED,
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 0, RST, 12, 0, 0, ZERO}, {400, 1, ACK, 11, 11, 10, 0}}},
    /* and here not the RST, as it acknowledges the FIN behind it; */
    {"acks_fin_behind_rst", OPENED ">FIN_WAIT_1>FIN_WAIT_2?", SERVED ">CLOSE_WAIT",
     {TALK, {100, 0, RST, 11, 0, 0, ZERO}, {400, 0, FIN, 11, 11, 0, 0}, {410, 1, ACK, 11, 12, 0, 0}}},
    /* neither the ACK of its FIN nor the peer's. */
    {"lacks_fin_and_ack", OPENED ">FIN_WAIT_1>TIME_WAIT", SERVED ">FIN_WAIT_1>CLOSING>TIME_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}, {111, 1, ACK, 12, 12, 0, 0},
      {400, 0, FIN, 11, 11, 0, 0}, {410, 1, FIN, 11, 12, 0, 0}, {411, 0, ACK, 12, 12, 0, 0}}},
    /* What README says that nobody can know: whether it crossed, or the other was lost behind the
     * capture. The FINs, */
    {"unknown_whether_fin_crossed", OPENED ">FIN_WAIT_1>CLOSING?", SERVED ">FIN_WAIT_1>CLOSING?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}}},
    {"unknown_whether_fin_crossed_ack", OPENED ">FIN_WAIT_1>CLOSING", SERVED ">FIN_WAIT_1>CLOSING?>TIME_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, FIN, 11, 11, 0, 0}, {102, 0, ACK, 12, 12, 0, 0}}},
    /* data and a FIN, */
    {"unknown_whether_data_crossed_fin", OPENED ">FIN_WAIT_1", SERVED ">CLOSE_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 1, ACK, 11, 11, 10, 0}}},
    /* also where data came in one burst with that; what came before may have been lost alone; */
    {"unknown_whether_data_crossed_burst", OPENED ">FIN_WAIT_1", SERVED ">CLOSE_WAIT?",
     {TALK, {100, 0, ACK, 11, 11, 10, 0}, {101, 0, FIN, 21, 11, 0, 0}, {121, 1, ACK, 11, 11, 10, 0}}},
    {"data_before_fin_lost", OPENED ">FIN_WAIT_1", SERVED,
     {TALK, {100, 0, ACK, 11, 11, 10, 0}, {103, 0, FIN, 21, 11, 0, 0}, {121, 1, ACK, 11, 11, 10, 0}}},
    /* and a RST. */
    {"unknown_whether_data_crossed_rst", OPENED ">CLOSED", SERVED ">CLOSED?",
     {TALK, {100, 0, RST | ACK, 11, 11, 0, 0}, {101, 1, ACK, 11, 11, 10, 0}}},
    {"unknown_whether_fin_crossed_rst", OPENED ">FIN_WAIT_1>CLOSED", SERVED ">CLOSE_WAIT?>CLOSED?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 0, RST | ACK, 12, 11, 0, 0}, {102, 1, ACK, 11, 11, 10, 0}}},
    /* What it answers does not count its FIN, and the ACK that does is behind. */
    {"rst_answers_before_ack_of_fin", OPENED ">CLOSE_WAIT?>CLOSED?", SERVED ">FIN_WAIT_1>CLOSED",
     {TALK, {99, 0, ACK, 11, 11, 10, 0}, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 21, 12, 0, 0},
      {105, 1, RST, 11, 0, 0, ZERO}}},
    /* It answers what was late, and had the ACK. */
    {"rst_answers_late_data", OPENED ">CLOSE_WAIT?>CLOSED?", SERVED ">FIN_WAIT_1>FIN_WAIT_2?>CLOSED",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 21, 12, 0, 0}, {102, 0, ACK, 11, 11, 10, 0},
      {105, 1, RST, 11, 0, 0, ZERO}}},
    /* Of its own decision, without the data that came with the ACK of its FIN; */
    {"rst_decided_before_ack_of_fin", OPENED ">CLOSE_WAIT>CLOSED?", SERVED ">FIN_WAIT_1>CLOSED",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 11, 12, 10, 0}, {105, 1, RST | ACK, 12, 11, 0, 0}}},
    /* where the data came later, nothing tells. */
    {"rst_decided_before_data", OPENED ">CLOSE_WAIT>CLOSED?", SERVED ">FIN_WAIT_1>FIN_WAIT_2?>CLOSED",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 11, 12, 0, 0}, {102, 0, ACK, 11, 12, 10, 0},
      {105, 1, RST | ACK, 12, 11, 0, 0}}},
    /* Its FIN, and one before that was somebody else's. */
    {"fin_after_foreign_fin", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT", SERVED ">CLOSE_WAIT>LAST_ACK>CLOSED?",
     {TALK, {100, 1, FIN, 12, 11, 0, 0}, {300, 0, FIN, 11, 11, 0, 0}, {400, 1, FIN, 51, 12, 0, 0},
      {410, 0, ACK, 12, 52, 0, 0}}},
    /* A bare ACK from beyond the FIN, which was somebody else's then. */
    {"ack_from_beyond_fin", OPENED ">FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT", SERVED ">CLOSE_WAIT>LAST_ACK>CLOSED?",
     {TALK, {100, 1, FIN, 12, 11, 0, 0}, {140, 0, ACK, 11, 11, 10, 0}, {150, 1, ACK, 51, 21, 0, 0},
      {160, 0, ACK, 21, 51, 0, 0}, {300, 0, FIN, 21, 51, 0, 0}, {310, 1, ACK, 51, 22, 0, 0},
      {400, 1, FIN, 51, 22, 0, 0}, {410, 0, ACK, 22, 52, 0, 0}}},
    /* A minute later it has not had the FIN: that was lost, and nothing crossed. */
    {"fin_lost", OPENED ">FIN_WAIT_1>CLOSING?", SERVED ">FIN_WAIT_1",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {60100, 1, FIN, 11, 11, 0, 0}}},
    /* Its data waits for room: a FIN of its own may wait behind it, and come before the peer's. */
    {"zero_window_hides_fin", OPENED ">CLOSE_WAIT?>LAST_ACK?>CLOSED?", SERVED ">FIN_WAIT_1>FIN_WAIT_2>TIME_WAIT",
     {TALK, {60, 1, ACK, 11, 11, 0, ZERO}, {100, 1, FIN, 11, 11, 0, ZERO}, {101, 0, ACK, 11, 12, 0, 0},
      {200, 1, ACK, 12, 11, 0, 0}, {201, 0, ACK, 11, 12, 100, 0}, {210, 1, ACK, 12, 111, 0, 0},
      {211, 0, FIN, 111, 12, 0, 0}, {220, 1, ACK, 12, 112, 0, 0}}},
    /* Nothing waits: what comes later was written later. */
    {"late_data_proves_close_wait", OPENED ">CLOSE_WAIT>LAST_ACK>CLOSED?", SERVED ">FIN_WAIT_1>FIN_WAIT_2>TIME_WAIT",
     {TALK, {60, 1, ACK, 11, 11, 0, ZERO}, {100, 1, FIN, 11, 11, 0, ZERO}, {101, 0, ACK, 11, 12, 0, 0},
      {200, 1, ACK, 12, 11, 0, 0}, {900, 0, ACK, 11, 12, 100, 0}, {910, 1, ACK, 12, 111, 0, 0},
      {911, 0, FIN, 111, 12, 0, 0}, {920, 1, ACK, 12, 112, 0, 0}}},
    /* It acknowledges the FIN from behind its own, which was lost before the capture: they crossed. */
    {"fin_sent_before_ack", OPENED ">FIN_WAIT_1>CLOSING>TIME_WAIT?", SERVED ">FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, ACK, 12, 12, 0, 0}, {300, 0, FIN, 11, 12, 0, 0},
      {301, 1, ACK, 12, 12, 0, 0}}},
    /* Of a FIN that came twice, the first ACK may have been lost: nothing tells. */
    {"fin_sent_after_lost_ack", OPENED ">CLOSE_WAIT?>LAST_ACK?>CLOSED?", SERVED ">FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {105, 1, FIN, 11, 11, 0, 0}, {106, 0, ACK, 12, 12, 0, 0},
      {600, 0, FIN, 11, 12, 0, 0}, {601, 1, ACK, 12, 12, 0, 0}}},
    /* Older than the capture, and silent since: the server may have closed before. */
    {"begun_in_the_middle", "ESTABLISHED>FIN_WAIT_1?>FIN_WAIT_2?", "ESTABLISHED>CLOSE_WAIT?",
     {{0, 0, ACK, 1, 1, 10, 0}, {10, 1, ACK, 1, 11, 0, 0}, {100, 0, FIN, 11, 1, 0, 0},
      {110, 1, ACK, 1, 12, 0, 0}}},
    /* It goes on talking: it had not. */
    {"begun_in_the_middle_of_talk", "ESTABLISHED>FIN_WAIT_1>FIN_WAIT_2", "ESTABLISHED>CLOSE_WAIT",
     {{0, 0, ACK, 1, 1, 10, 0}, {10, 1, ACK, 1, 11, 0, 0}, {100, 0, FIN, 11, 1, 0, 0},
      {110, 1, ACK, 1, 12, 0, 0}, {500, 1, ACK, 1, 12, 10, 0}, {510, 0, ACK, 12, 11, 0, 0}}},
    /* Its FIN is seen: the same. */
    {"begun_in_the_middle_and_closed", "ESTABLISHED>FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT", "ESTABLISHED>CLOSE_WAIT>LAST_ACK>CLOSED?",
     {{0, 0, ACK, 1, 1, 10, 0}, {10, 1, ACK, 1, 11, 0, 0}, {100, 0, FIN, 11, 1, 0, 0},
      {110, 1, ACK, 1, 12, 0, 0}, {500, 1, FIN, 1, 12, 0, 0}, {510, 0, ACK, 12, 2, 0, 0}}},
    /* It crossed, or was lost behind the capture and came the second time: nothing tells. */
    {"first_ack_after_fin_again", OPENED ">FIN_WAIT_1>CLOSING?>TIME_WAIT", SERVED ">FIN_WAIT_1>CLOSING>TIME_WAIT?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, FIN, 11, 11, 0, 0}, {102, 1, ACK, 12, 12, 0, 0},
      {900, 1, FIN, 11, 12, 0, 0}, {901, 0, ACK, 12, 12, 0, 0}}},
    /* An ACK that is sent before the FIN has come does not show that it has. */
    {"ack_of_data_before_fin", OPENED ">FIN_WAIT_1>CLOSING?", SERVED ">FIN_WAIT_1>CLOSING?",
     {TALK, {100, 0, ACK, 11, 11, 1000, 0}, {101, 0, FIN, 1011, 11, 0, 0}, {102, 1, FIN, 11, 11, 0, 0},
      {103, 1, ACK, 12, 511, 0, 0}}},
    /* The ACK that was due was not captured, nor, perhaps, the same FIN for the first time: */
    {"fin_after_due_ack", OPENED ">CLOSE_WAIT?>LAST_ACK?>CLOSED?", SERVED ">FIN_WAIT_1>TIME_WAIT",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {301, 0, FIN, 11, 12, 0, 0}, {302, 1, ACK, 12, 12, 0, 0}}},
    {"fin_within_delayed_ack", OPENED ">CLOSE_WAIT>LAST_ACK>CLOSED?", SERVED ">FIN_WAIT_1>TIME_WAIT",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {299, 0, FIN, 11, 12, 0, 0}, {302, 1, ACK, 12, 12, 0, 0}}},
    {"fin_after_fin_again", OPENED ">CLOSE_WAIT?>LAST_ACK?>CLOSED?", SERVED ">FIN_WAIT_1>TIME_WAIT",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {150, 1, FIN, 11, 11, 0, 0}, {151, 0, FIN, 11, 12, 0, 0},
      {152, 1, ACK, 12, 12, 0, 0}}},
    /* and the same FIN again shows no more, */
    {"fin_again_shows_no_more", OPENED ">CLOSE_WAIT?>LAST_ACK?", SERVED ">FIN_WAIT_1>TIME_WAIT?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {301, 0, FIN, 11, 12, 0, 0}, {501, 0, FIN, 11, 12, 0, 0}}},
    /* What was acknowledged with the FIN is sent again: that ACK was lost. */
    {"data_before_fin_again", OPENED ">CLOSE_WAIT", SERVED ">FIN_WAIT_1",
     {TALK, {100, 1, ACK, 11, 11, 100, 0}, {101, 1, FIN, 111, 11, 0, 0}, {102, 0, ACK, 11, 112, 0, 0},
      {602, 1, ACK, 11, 11, 100, 0}}},
    /* A FIN behind bytes that nobody has seen may be anybody's, */
    {"fin_behind_gap", OPENED ">FIN_WAIT_1?", SERVED, {TALK, {100, 0, FIN, 3011, 11, 0, 0}}},
    /* until they come. */
    {"fin_behind_filled_gap", OPENED ">FIN_WAIT_1", SERVED ">CLOSE_WAIT?",
     {TALK, {100, 0, FIN, 111, 11, 0, 0}, {101, 0, ACK, 11, 11, 100, 0}}},
    /* Its own FIN is elsewhere: that one led nowhere. */
    {"foreign_fin_before_own", OPENED ">CLOSE_WAIT>LAST_ACK>CLOSED?", SERVED ">FIN_WAIT_1>TIME_WAIT",
     {TALK, {100, 0, FIN, 3011, 11, 0, 0}, {101, 1, ACK, 11, 11, 0, 0}, {200, 1, FIN, 11, 11, 0, 0},
      {201, 0, FIN, 11, 12, 0, 0}, {202, 1, ACK, 12, 12, 0, 0}}},
    /* In SYN_SENT nobody acknowledges a FIN: the SYN was not its own, and its FIN was acknowledged. */
    {"foreign_syn_at_fin", "FIN_WAIT_1>FIN_WAIT_2?>TIME_WAIT", "CLOSE_WAIT>LAST_ACK>CLOSED?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 0, SYN, 11, 0, 0, 0}, {110, 1, ACK, 11, 12, 0, 0},
      {400, 1, FIN, 11, 12, 0, 0}, {410, 0, ACK, 12, 12, 0, 0}}},
    /* Behind a SYN that was not its own, the socket went on. */
    {"ack_of_fin_behind_foreign_syn", FIN_ACKED_BEHIND_FOREIGN_SYN},
    {"fin_behind_foreign_syn", "ESTABLISHED>CLOSE_WAIT", "ESTABLISHED>FIN_WAIT_1>FIN_WAIT_2?",
     {TALK, {100, 0, SYN, 5011, 0, 0, 0}, {110, 1, FIN, 11, 11, 0, 0}, {400, 0, ACK, 11, 12, 0, 0}}},
    /* The SYN was not its own, and the socket sends its FIN now: it was where a FIN comes from. */
    {"fin_after_foreign_syn", "ESTABLISHED?>FIN_WAIT_1", "ESTABLISHED>CLOSE_WAIT?",
     {TALK, {100, 0, SYN, 5011, 0, 0, 0}, {101, 1, ACK, 11, 11, 0, 0}, {400, 0, FIN, 11, 11, 0, 0}}},
    {"fin_of_close_wait_after_foreign_syn", "CLOSE_WAIT>LAST_ACK", "FIN_WAIT_2?>TIME_WAIT?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {110, 0, ACK, 11, 12, 0, 0}, {200, 0, SYN, 5011, 0, 0, 0},
      {400, 0, FIN, 11, 12, 0, 0}}},
    {"fins_cross_after_foreign_syn", "ESTABLISHED?>FIN_WAIT_1>CLOSING?", "FIN_WAIT_1>CLOSING?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {101, 0, SYN, 5011, 0, 0, 0}, {102, 0, FIN, 11, 11, 0, 0}}},
    /* It had sent the FIN before. */
    {"fin_again_after_foreign_syn", "FIN_WAIT_1", "CLOSE_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {101, 0, SYN, 5011, 0, 0, 0}, {400, 0, FIN, 11, 11, 0, 0}}},
    /* The port is used again, and the old socket of the server had died without a word: it begins
     * with the SYN. */
    {"port_reused_after_silent_death", OPENED, SERVED "?",
     {TALK, {900000, 0, SYN, 100000, 0, 0, 0}, {900010, 1, SYN | ACK, 200000, 100001, 0, 0},
      {900020, 0, ACK, 100001, 200001, 0, 0}}},
    /* What it sends again was due and did not come: it has given up. */
    {"port_reused_after_last_retransmission", "SYN_SENT", "SYN_RECEIVED?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {400, 1, FIN, 11, 11, 0, 0}, {1000, 1, FIN, 11, 11, 0, 0},
      {2350, 0, SYN, 100000, 0, 0, 0}}},
    /* It is not long overdue, or not known to be: once may be a probe's. */
    {"port_reused_before_retransmission", "SYN_SENT", "FIN_WAIT_1?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {400, 1, FIN, 11, 11, 0, 0}, {1000, 1, FIN, 11, 11, 0, 0},
      {2349, 0, SYN, 100000, 0, 0, 0}}},
    {"port_reused_after_first_retransmission", "SYN_SENT", "FIN_WAIT_1?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {400, 1, FIN, 11, 11, 0, 0}, {9000, 0, SYN, 100000, 0, 0, 0}}},
    {"port_reused_after_quick_retransmissions", "SYN_SENT", "FIN_WAIT_1?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {120, 1, FIN, 11, 11, 0, 0}, {140, 1, FIN, 11, 11, 0, 0},
      {1139, 0, SYN, 100000, 0, 0, 0}}},
    /* It was acknowledged. */
    {"port_reused_after_acked_retransmissions", "SYN_SENT", "FIN_WAIT_2?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {400, 1, FIN, 11, 11, 0, 0}, {1000, 1, FIN, 11, 11, 0, 0},
      {1010, 0, ACK, 11, 12, 0, 0}, {9000, 0, SYN, 100000, 0, 0, 0}}},
    /* It lives: the one that was due was lost before the capture. */
    {"port_reused_under_retransmitting_socket", "SYN_SENT", "FIN_WAIT_1",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {400, 1, FIN, 11, 11, 0, 0}, {1000, 1, FIN, 11, 11, 0, 0},
      {3000, 0, SYN, 100000, 0, 0, 0}, {3100, 1, ACK, 12, 11, 0, 0}}},
    /* What README says that nobody can know: whether a socket that was silent is there still, until
     * it answers the SYN. One that was never answered, */
    {"unknown_whether_unheard_socket_is_there", "SYN_SENT", "ESTABLISHED?",
     {TALK, {100, 0, ACK, 11, 11, 10, 0}, {400, 0, ACK, 11, 11, 10, 0}, {1000, 0, ACK, 11, 11, 10, 0},
      {9000, 0, SYN, 100000, 0, 0, 0}}},
    /* an orphan, which a timer ends, */
    {"unknown_whether_orphan_is_there", "SYN_SENT", "FIN_WAIT_2?",
     {TALK, {100, 1, FIN, 11, 11, 0, 0}, {110, 0, ACK, 11, 12, 0, 0}, {9000, 0, SYN, 100000, 0, 0, 0}}},
    /* and one whose application may have closed it. */
    {"unknown_whether_close_wait_is_there", "SYN_SENT", "CLOSE_WAIT?",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {9000, 0, SYN, 100000, 0, 0, 0}}},
    {"known_close_wait_is_there", "SYN_SENT", "CLOSE_WAIT",
     {TALK, {100, 0, FIN, 11, 11, 0, 0}, {110, 1, ACK, 11, 12, 0, 0}, {9000, 0, SYN, 100000, 0, 0, 0},
      {9010, 1, ACK, 11, 12, 0, 0}}},
    /* It lives, and challenges the SYN; that it is gone shows later. */
    {"port_reused_under_living_socket", "SYN_SENT>ESTABLISHED", "ESTABLISHED>SYN_RECEIVED>ESTABLISHED?",
     {TALK, {9000, 0, SYN, 100000, 0, 0, 0}, {9010, 1, ACK, 11, 11, 0, 0},
      {19010, 1, SYN | ACK, 200000, 100001, 0, 0}, {19020, 0, ACK, 100001, 200001, 0, 0}}},
};
/* clang-format on */

static void
feed(struct stream *stream, const struct row *row, uint32_t frame)
{
    static const uint32_t iss[2] = {0xfffffff0, 0xffffff80};
    const struct segment seg = {
        .time_ns = row->at_ms * NS_PER_MS,
        .frame = frame,
        .seq = iss[row->side] + row->seq,
        .ack = iss[!row->side] + row->ack,
        .len = row->len,
        .window = row->window == ZERO ? 0 : 60000,
        .flags = row->flags,
        .side = row->side,
    };

    stream_feed(stream, &seg, &usual_policy);
}

/* Plays it; returns the last of two streams. */
static struct stream *
play(const struct exchange *exchange, struct stream streams[2])
{
    struct stream *stream = &streams[0];

    stream_init(stream, NULL);
    for (uint32_t i = 0; i < G_N_ELEMENTS(exchange->rows) && exchange->rows[i].flags; i++) {
        if (exchange->rows[i].flags == SYN && exchange->rows[i].seq != 0) {
            stream = &streams[1];
            stream_init(stream, &streams[0]);
        }
        feed(stream, &exchange->rows[i], i + 1);
    }
    return stream;
}

static void
run(gconstpointer data)
{
    const struct exchange *exchange = data;
    struct stream streams[2] = {{.client = 0}, {.client = 0}};
    struct course *course = course_new(play(exchange, streams));

    g_assert_cmpstr(course_path(course, ROLE_CLIENT), ==, exchange->client);
    g_assert_cmpstr(course_path(course, ROLE_SERVER), ==, exchange->server);
    course_free(course);
    stream_clear(&streams[0]);
    stream_clear(&streams[1]);
}

/* More stays than a course has room for at first: the client's SYN is answered with a RST each
 * time.
 */
static void
many_stays_are_kept(void)
{
    enum { TRIES = 40 };
    struct stream stream = {.client = 0};
    GString *client = g_string_new(NULL);
    struct course *course;

    stream_init(&stream, NULL);
    for (uint32_t i = 0; i < TRIES; i++) {
        const struct row syn = {1000 * i, 0, SYN, 1000 * i, 0, 0, 0};
        const struct row rst = {1000 * i + 10, 1, RST | ACK, 0, 1000 * i + 1, 0, 0};

        feed(&stream, &syn, 2 * i + 1);
        feed(&stream, &rst, 2 * i + 2);
        g_string_append_printf(client, "%sSYN_SENT>CLOSED?", i > 0 ? ">" : "");
    }
    course = course_new(&stream);
    g_assert_cmpstr(course_path(course, ROLE_CLIENT), ==, client->str);
    course_free(course);
    g_string_free(client, TRUE);
    stream_clear(&stream);
}

static void
find_fin_wait_2(void *context, const struct visit *visit)
{
    if (visit->state == STATE_FIN_WAIT_2)
        *(int64_t *)context = visit->from.ns;
}

/* From the ACK of its FIN on, not from the SYN that was not its own. */
static void
fin_wait_2_begins_with_its_ack(void)
{
    const struct exchange exchange = {"", FIN_ACKED_BEHIND_FOREIGN_SYN};
    struct stream streams[2] = {{.client = 0}, {.client = 0}};
    int64_t from_ns = 0;

    visits_walk(play(&exchange, streams), NS_PER_S, find_fin_wait_2, &from_ns);
    g_assert_cmpint(from_ns, ==, 110 * NS_PER_MS);
    stream_clear(&streams[0]);
    stream_clear(&streams[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/course/fin_wait_2_begins_with_its_ack",
                    fin_wait_2_begins_with_its_ack);
    g_test_add_func("/engine/course/many_stays_are_kept", many_stays_are_kept);
    for (unsigned i = 0; i < G_N_ELEMENTS(exchanges); i++) {
        char *path = g_strconcat("/engine/course/", exchanges[i].name, NULL);

        g_test_add_data_func(path, &exchanges[i], run);
        g_free(path);
    }
    return g_test_run();
}
