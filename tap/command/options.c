/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf.h"
#include "epoch.h"
#include "interval.h"
#include "operands.h"
#include "status.h"
#include "units.h"
#include "values.h"
#include "written.h"

/* As GOption reads them. */
struct arguments {
    char *two_msl;
    char *close_wait_alarm;
    char *port_range;
    char *rst_policy;
    char *stack;
    char *interval;
    char *capture_begin;
    char *capture_end;
    char *idle;
    char *max_memory;
    char **stream;
    char **address;
    char **port;
    char **bpf;
    char *display_filter;
    gboolean with_file;
    gboolean version;
    char **rest;
};

void
options_refuse(const char *format, ...)
{
    va_list arguments;

    fputs("tcpclose: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nTry \"%s --help\".\n", g_get_prgname());
    exit(EXIT_FAILURE);
}

static const char *
name_of_report(const struct options *options)
{
    return options->report ? options->report->name : options->stream_report->name;
}

/* What --help says below the options. */
static char *
description(void)
{
    char *names = operands_reports();
    GString *list = g_string_new("Reports: ");

    g_string_append_printf(
        list,
        "%s; without one, %s.\nA FILE called as a report is given as ./FILE; \"-\" is "
        "standard input. Several are read as one, in the order of time.\n"
        "Exit status: 0 all was read, 1 there is no report, 2 a file ends in the middle or is no "
        "capture, 3 some packets were not looked at.\n"
        "\"tcpclose split\" sorts packets into files by their streams: \"tcpclose split --help\".",
        names, reports[0]->name);
    g_free(names);
    return g_string_free(list, FALSE);
}

#define X(name, word, meaning) word,
static const char *const rst_policies[] = {RST_POLICY_LIST(X) NULL};
static const char *const stacks[] = {STACK_LIST(X) NULL};
#undef X

/* Which of the words the value is; the first, where there is none. */
static unsigned
pick(const char *option, const char *value, const char *const words[])
{
    for (unsigned i = 0; words[i]; i++)
        if (!value || strcmp(value, words[i]) == 0)
            return i;
    options_refuse("--%s is \"%s\": it has to be \"%s\".", option, value,
                   g_strjoinv("\" or \"", (char **)words));
}

/* In nanoseconds. Whole ones, as the plugin's preferences have them. */
static int64_t
seconds(const char *option, const char *text, unsigned usual_s)
{
    const struct number_form form = {0, UINT32_MAX, "a whole number of seconds, 0 to 4294967295"};

    return (text ? value_number(option, text, form) : usual_s) * NS_PER_S;
}

static uint32_t
ports(const char *text)
{
    const struct number_form form = {1, UINT16_MAX, "a number of ports, 1 to 65535"};

    return text ? (uint32_t)value_number("--port-range", text, form) : POLICY_PORT_RANGE;
}

/* 0: it was not given. */
static int64_t
moment(const char *option, const char *text)
{
    int64_t ns = text ? epoch_read(text) : 0;

    if (text && ns <= 0)
        options_refuse("--%s is \"%s\": it has to be " EPOCH_FORM ".", option, text);
    return ns;
}

static struct policy
policy_of(const struct arguments *arguments)
{
    return (struct policy){
        .two_msl_ns = seconds("--two-msl", arguments->two_msl, POLICY_TWO_MSL_S),
        .close_wait_alarm_ns =
            seconds("--close-wait-alarm", arguments->close_wait_alarm, POLICY_CLOSE_WAIT_ALARM_S),
        .rst_policy = (enum rst_policy)pick("rst-policy", arguments->rst_policy, rst_policies),
        .capture_begin_ns = moment("capture-begin", arguments->capture_begin),
        .capture_end_ns = moment("capture-end", arguments->capture_end),
        .port_range = ports(arguments->port_range),
        .stack = (enum tcp_stack)pick("stack", arguments->stack, stacks),
    };
}

static void
set_address(struct stream_filter *filter, const char *text, GString *shown)
{
    bool is_ipv4 = inet_pton(AF_INET, text, filter->address) == 1;
    char plain[INET6_ADDRSTRLEN];

    if (!is_ipv4 && inet_pton(AF_INET6, text, filter->address) != 1)
        options_refuse("--address is \"%s\": it has to be an IPv4 or IPv6 address.", text);
    filter->length = is_ipv4 ? 4 : 16;
    inet_ntop(is_ipv4 ? AF_INET : AF_INET6, filter->address, plain, sizeof(plain));
    g_string_append_printf(shown, "%s%s == %s", shown->len ? " && " : "",
                           is_ipv4 ? "ip.addr" : "ipv6.addr", plain);
}

static void
set_filter(struct options *options, const struct arguments *arguments)
{
    const char *stream = value_once("--stream", arguments->stream);
    const char *address = value_once("--address", arguments->address);
    const char *port = value_once("--port", arguments->port);
    struct stream_filter *filter = &options->filter;
    GString *shown = g_string_new(NULL);

    if (stream) {
        filter->has_stream = true;
        filter->stream = (uint32_t)value_number(
            "--stream", stream,
            (struct number_form){0, UINT32_MAX - 1, "a stream's number, 0 or more"});
        g_string_append_printf(shown, "tcp.stream == %u", filter->stream);
    }
    if (address)
        set_address(filter, address, shown);
    if (port) {
        filter->has_port = true;
        filter->port = (uint16_t)value_number(
            "--port", port, (struct number_form){0, UINT16_MAX, "a port's number, 0 to 65535"});
        g_string_append_printf(shown, "%stcp.port == %u", shown->len ? " && " : "", filter->port);
    }
    options->filter_text = g_string_free(shown, shown->len == 0);
}

/* Short for the longer report. */
static void
set_with_file(struct options *options, bool is_asked)
{
    const struct report *report = options->report;

    if (!is_asked || (report && report->tells_file))
        return;
    if (!report || !report->longer || !report->longer->tells_file)
        options_refuse("The report \"%s\" takes no --with-file: csv and json do.",
                       name_of_report(options));
    options->report = report->longer;
}

static void
set_bpf(struct options *options, const struct arguments *arguments)
{
    const char *expression = value_once("--bpf", arguments->bpf);
    char *error = NULL;

    if (arguments->display_filter)
        options_refuse("A display filter needs Wireshark's dissection: "
                       "\"tshark -q -z tcpclose,REPORT,FILTER -r FILE\" takes one.");
    if (!expression)
        return;
    options->bpf = bpf_new(g_strdup(expression), &error);
    if (!options->bpf)
        options_refuse(
            "--bpf is \"%s\": it has to be a filter as tcpdump takes it, such as \"tcp port "
            "443\" (man pcap-filter): %s. A display filter of Wireshark is for "
            "\"tshark -q -z tcpclose,REPORT,FILTER -r FILE\".",
            expression, error);
}

static void
set_interval(struct options *options, const char *text)
{
    struct interval_argument interval;

    if (!options->report || !options->report->takes_interval) {
        if (text)
            options_refuse("The report \"%s\" takes no --interval.", name_of_report(options));
        return;
    }
    interval = interval_read(text ? text : "");
    if (text && (interval.ns == 0 || *interval.rest != '\0'))
        options_refuse("--interval is \"%s\": it has to be " INTERVAL_RANGE ".", text,
                       INTERVAL_MAX_S);
    if (!text)
        options_refuse("The report \"%s\" takes an --interval of " INTERVAL_RANGE ".",
                       options->report->name, INTERVAL_MAX_S);
    options->interval_ns = interval.ns;
}

/* "64M" in bytes. */
static uint64_t
size_of(const char *text)
{
    static const char units[] = "KMG";
    char *end = NULL;
    const uint64_t number = g_ascii_isdigit(*text) ? g_ascii_strtoull(text, &end, 10) : 0;
    const char *unit = end && *end ? strchr(units, *end) : NULL;
    const unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;

    if (number == 0 || number > UINT64_MAX >> shift || end[unit ? 1 : 0] != '\0')
        options_refuse(
            "--max-memory is \"%s\": it has to be a number of bytes, more than 0, or one with K, "
            "M or G.",
            text);
    return number << shift;
}

/* A text table is as wide as its widest row. */
static bool
takes_bound(const struct report *report)
{
    return report->form != FORM_TEXT || report->source->needs_no_stream;
}

/* The first of the reports for programs that have the same rows. */
static const char *
program_report_of(const struct report *report)
{
    for (const struct report *const *at = reports; *at; at++) {
        if ((*at)->source == report->source && takes_bound(*at))
            return (*at)->name;
    }
    return NULL;
}

/* Where the report cannot let go of a stream before the end. */
static void
refuse_bound(const struct options *options, const char *option)
{
    const struct report *report = options->report;

    if (!report)
        options_refuse("The report \"%s\" takes no %s: it tells its stream up to the end. To keep "
                       "little, let it read no other packets, as with --bpf \"host ADDRESS and tcp "
                       "port PORT\"; streams are numbered without the others then.",
                       options->stream_report->name, option);
    if (!takes_bound(report))
        options_refuse("The report \"%s\" takes no %s: its table is as wide as the widest row, so "
                       "that no row is printed before the end. \"%s\" has the same rows.",
                       report->name, option, program_report_of(report));
    if (report->tells_file)
        options_refuse("The report \"%s\" with the files takes no %s: in each row stands when the "
                       "files end. Without --with-file it does.",
                       report->name, option);
}

static void
set_bound(struct options *options, const struct arguments *arguments)
{
    const struct report *report = options->report;

    if (!arguments->idle && !arguments->max_memory)
        return;
    refuse_bound(options, arguments->idle ? "--idle" : "--max-memory");
    if (arguments->idle)
        options->bound.idle_ns =
            NS_PER_S * value_number("--idle", arguments->idle,
                                    (struct number_form){1, UINT32_MAX,
                                                         "a whole number of seconds, 1 or more"});
    if (arguments->max_memory)
        options->bound.max_bytes = size_of(arguments->max_memory);
    options->bound.keeps_open = report->source->needs_no_stream;
}

static void
set_operands(struct options *options, char **rest)
{
    const struct operands operands = operands_of(rest);

    options->report = operands.report;
    options->stream_report = operands.stream_report;
    options->files = g_strdupv(operands.files);
}

static void
read_arguments(struct arguments *arguments, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        {"two-msl", 0, 0, G_OPTION_ARG_STRING, &arguments->two_msl,
         "How long TIME_WAIT lasts (" G_STRINGIFY(POLICY_TWO_MSL_S) ")", "SECONDS"},
        {"close-wait-alarm", 0, 0, G_OPTION_ARG_STRING, &arguments->close_wait_alarm,
         "Warn of a CLOSE_WAIT that lasts this long (" G_STRINGIFY(POLICY_CLOSE_WAIT_ALARM_S) ")",
         "SECONDS"},
        {"rst-policy", 0, 0, G_OPTION_ARG_STRING, &arguments->rst_policy,
         "Which RSTs are accepted: rfc5961 (default) or rfc793", "POLICY"},
        {"stack", 0, 0, G_OPTION_ARG_STRING, &arguments->stack,
         "Whose TCP the endpoints run: linux (default) or bsd", "STACK"},
        {"port-range", 0, 0, G_OPTION_ARG_STRING, &arguments->port_range,
         "How many ephemeral ports a client has for a service (" G_STRINGIFY(POLICY_PORT_RANGE) ")",
         "PORTS"},
        {"interval", 0, 0, G_OPTION_ARG_STRING, &arguments->interval,
         "For reports over time: a row for so many seconds", "SECONDS"},
        {"capture-begin", 0, 0, G_OPTION_ARG_STRING, &arguments->capture_begin,
         "When the capture begins, in seconds since 1970 (with its first frame)", "TIME"},
        {"capture-end", 0, 0, G_OPTION_ARG_STRING, &arguments->capture_end,
         "When the capture ends, in seconds since 1970 (with its last segment)", "TIME"},
        {"idle", 0, 0, G_OPTION_ARG_STRING, &arguments->idle,
         "Streams are finished, and forgotten, that have no segment for so long", "SECONDS"},
        {"max-memory", 0, 0, G_OPTION_ARG_STRING, &arguments->max_memory,
         "Streams are forgotten, the longest idle first, where they take more (K, M, G)", "SIZE"},
        {"stream", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->stream, "Only this stream", "N"},
        {"address", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->address,
         "Only streams of this IPv4 or IPv6 address", "ADDRESS"},
        {"port", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->port, "Only streams of this port",
         "PORT"},
        {"bpf", 'f', 0, G_OPTION_ARG_STRING_ARRAY, &arguments->bpf,
         "Only packets that this filter of tcpdump matches, as \"tcp port 443\"", "FILTER"},
        {"display-filter", 'Y', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING,
         &arguments->display_filter, NULL, NULL},
        {"with-file", 0, 0, G_OPTION_ARG_NONE, &arguments->with_file,
         "For csv and json: the files, and the times of their first and last packet", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments->rest, NULL,
         "[REPORT] FILE..."},
        {0},
    };
    GOptionContext *context = g_option_context_new("- how the TCP connections of a capture ended");
    char *list = description();
    GError *error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, list);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        options_refuse("%s.", error->message);
    g_option_context_free(context);
    g_free(list);
}

static void
arguments_clear(struct arguments *arguments)
{
    g_free(arguments->two_msl);
    g_free(arguments->close_wait_alarm);
    g_free(arguments->port_range);
    g_free(arguments->rst_policy);
    g_free(arguments->stack);
    g_free(arguments->interval);
    g_free(arguments->capture_begin);
    g_free(arguments->capture_end);
    g_free(arguments->idle);
    g_free(arguments->max_memory);
    g_strfreev(arguments->stream);
    g_strfreev(arguments->address);
    g_strfreev(arguments->port);
    g_strfreev(arguments->bpf);
    g_strfreev(arguments->rest);
}

struct options
options_read(int argc, char **argv)
{
    struct arguments arguments = {0};
    struct options options = {0};

    read_arguments(&arguments, argc, argv);
    if (arguments.version) {
        puts("tcpclose " TCPCLOSE_VERSION);
        exit(written_or_told("the version") ? EXIT_SUCCESS : STATUS_REFUSED);
    }
    set_operands(&options, arguments.rest);
    options.policy = policy_of(&arguments);
    set_filter(&options, &arguments);
    set_bpf(&options, &arguments);
    if (options.stream_report && !options.filter.has_stream)
        options_refuse("The report \"%s\" takes a --stream N.", options.stream_report->name);
    set_interval(&options, arguments.interval);
    set_with_file(&options, arguments.with_file);
    set_bound(&options, &arguments);
    arguments_clear(&arguments);
    return options;
}
