/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prefs.h"

#include <epan/prefs.h>

#include "epoch.h"
#include "units.h"
#include "wscompat.h"

static unsigned two_msl_s = POLICY_TWO_MSL_S;
static unsigned close_wait_alarm_s = POLICY_CLOSE_WAIT_ALARM_S;
static unsigned port_range = POLICY_PORT_RANGE;
static int rst_policy = RST_POLICY_RFC5961;
static int stack = STACK_LINUX;
static compat_bool info_column;
static const char *capture_begin;
static const char *capture_end;
static const char *file;
static int64_t capture_begin_ns; /* the same, read */
static int64_t capture_end_ns;

#define X(name, word, meaning) {word, meaning, RST_POLICY_##name},
static const enum_val_t rst_policies[] = {RST_POLICY_LIST(X){NULL, NULL, -1}};
#undef X

#define X(name, word, meaning) {word, meaning, STACK_##name},
static const enum_val_t stacks[] = {STACK_LIST(X){NULL, NULL, -1}};
#undef X

static void
read_moments(void)
{
    capture_begin_ns = epoch_read(capture_begin);
    capture_end_ns = epoch_read(capture_end);
}

void
prefs_register(int proto)
{
    module_t *module = prefs_register_protocol(proto, read_moments);

    prefs_register_uint_preference(
        module, "two_msl", "2MSL (seconds)",
        "How long TIME_WAIT lasts: 60 on Linux and BSD, 240 in RFC 9293 and older Windows", 10,
        &two_msl_s);
    prefs_register_enum_preference(module, "rst_policy", "RST acceptance",
                                   "Which RSTs the endpoints of this network accept", &rst_policy,
                                   rst_policies, FALSE);
    prefs_register_enum_preference(
        module, "stack", "TCP of the endpoints",
        "Whose TCP the endpoints of this network run, where operating systems differ", &stack,
        stacks, FALSE);
    prefs_register_uint_preference(
        module, "close_wait_alarm", "CLOSE_WAIT alarm (seconds)",
        "Warn of an endpoint that stays in CLOSE_WAIT this long: its application has not closed",
        10, &close_wait_alarm_s);
    prefs_register_uint_preference(
        module, "port_range", "Ephemeral ports of a client",
        "How many ports a client has for connections to a service, 32768 to 60999 on Linux: what "
        "TIME_WAIT holds of them is in the report on hosts",
        10, &port_range);
    prefs_register_string_preference(
        module, "capture_begin", "Begin of the capture (seconds since 1970)",
        "When the capture begins, and with it the intervals of the report on occupancy. Empty: "
        "with the first frame. The intervals of pieces that are told the same begin add up",
        &capture_begin);
    prefs_register_string_preference(
        module, "capture_end", "End of the capture (seconds since 1970)",
        "When the capture ends: what has not ended then still lasts. Empty: with the last segment. "
        "Pieces of one capture that are told the same end can be compared",
        &capture_end);
    prefs_register_string_preference(module, "file", "Name of the capture",
                                     "What \"-z tcpclose,csv,with_file\" calls the capture: "
                                     "Wireshark does not tell a plugin the "
                                     "file's name",
                                     &file);
    prefs_register_bool_preference(module, "info_column", "Show state changes in the Info column",
                                   "Add the change of the endpoints' states to the Info column",
                                   &info_column);
}

struct policy
prefs_policy(void)
{
    return (struct policy){
        .two_msl_ns = two_msl_s * NS_PER_S,
        .close_wait_alarm_ns = close_wait_alarm_s * NS_PER_S,
        .port_range = port_range,
        .capture_begin_ns = capture_begin_ns,
        .capture_end_ns = capture_end_ns,
        .rst_policy = (enum rst_policy)rst_policy,
        .stack = (enum tcp_stack)stack,
    };
}

const char *
prefs_file(void)
{
    return file;
}

bool
prefs_info_column(void)
{
    return info_column;
}
