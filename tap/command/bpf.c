/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf.h"

#include <glib.h>
#include <pcap/pcap.h>

enum { SNAPLEN = 262144, NULL_SIZE = 4 };

/* A program for a link: compiled when the first of its packets comes, kept as long as the process.
 */
struct program {
    struct bpf_program code;
    bool is_tried;
    bool is_made;
};

struct bpf {
    const char *expression;
    struct program programs[LINK_COUNT];
    bool has_matched;
};

/* Of DLT_NULL libpcap knows only this system's number of IPv6, unless it reads the file itself: the
 * packets go to it from IP on. */
static const int dlt_of_link[LINK_COUNT] = {
    [LINK_UNKNOWN] = -1,
    [LINK_ETHERNET] = DLT_EN10MB,
    [LINK_RAW_IP] = DLT_RAW,
    [LINK_NULL] = DLT_RAW,
    [LINK_SLL] = DLT_LINUX_SLL,
    [LINK_SLL2] = DLT_LINUX_SLL2,
    [LINK_PPP] = DLT_PPP,
    [LINK_WLAN] = DLT_IEEE802_11,
    [LINK_WLAN_PRISM] = DLT_PRISM_HEADER,
    [LINK_WLAN_RADIOTAP] = DLT_IEEE802_11_RADIO,
    [LINK_WLAN_AVS] = DLT_IEEE802_11_RADIO_AVS,
};

/* False: libpcap refuses; *error, if wanted, as bpf_new() has it. */
static bool
compile(struct bpf *bpf, unsigned link, char **error)
{
    struct program *program = &bpf->programs[link];
    pcap_t *handle = pcap_open_dead(dlt_of_link[link], SNAPLEN);

    program->is_tried = true;
    program->is_made = handle && pcap_compile(handle, &program->code, bpf->expression, 1,
                                              PCAP_NETMASK_UNKNOWN) == 0;
    if (!program->is_made && error)
        *error = g_strdup(handle ? pcap_geterr(handle) : "libpcap has no memory");
    return program->is_made;
}

struct bpf *
bpf_new(const char *expression, char **error)
{
    struct bpf *bpf = g_new0(struct bpf, 1);

    bpf->expression = expression;
    if (compile(bpf, LINK_ETHERNET, error))
        return bpf;
    /* "wlan type data" is no word of Ethernet's. */
    for (unsigned link = LINK_RAW_IP; link < LINK_COUNT; link++) {
        if (compile(bpf, link, NULL)) {
            g_free(*error);
            *error = NULL;
            return bpf;
        }
    }
    g_free(bpf);
    return NULL;
}

static bool
matches(struct bpf *bpf, const struct packet *packet)
{
    const uint32_t skipped = packet->link == LINK_NULL ? MIN(NULL_SIZE, packet->slice.captured) : 0;
    struct program *program = &bpf->programs[packet->link];
    const struct pcap_pkthdr header = {
        .caplen = packet->slice.captured - skipped,
        .len = packet->slice.reported - skipped,
    };

    if (packet->link == LINK_UNKNOWN)
        return true;
    if (!program->is_tried)
        compile(bpf, packet->link, NULL);
    return program->is_made &&
           pcap_offline_filter(&program->code, &header, packet->slice.bytes + skipped);
}

bool
bpf_matches(struct bpf *bpf, const struct packet *packet)
{
    const bool is_match = matches(bpf, packet);

    bpf->has_matched |= is_match;
    return is_match;
}

bool
bpf_has_matched(const struct bpf *bpf)
{
    return bpf->has_matched;
}

const char *
bpf_expression(const struct bpf *bpf)
{
    return bpf->expression;
}
