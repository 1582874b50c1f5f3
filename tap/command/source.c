/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wiretap/wtap.h>

#include "mapped.h"
#include "wtcompat.h"

struct source {
    const char *name;
    struct mapped *mapped; /* NULL: Wiretap reads it */
    wtap *file;            /* NULL: not yet */
    struct compat_record record;
    int64_t size;   /* of the file, in bytes; less than 0: it has none */
    uint32_t count; /* of packets */
    /* Why there are none: what the file holds is no capture; NULL: there may be; owned. */
    char *unreadable;
};

void
source_init(void)
{
    compat_log_init(); /* else Wiretap writes what it does to standard error */
    wtap_init(FALSE);
}

/* For the commonest one, the plain words. */
char *
source_reason(int code, char *detail)
{
    const char *text = code == WTAP_ERR_SHORT_READ ? "it is cut short in the middle of a packet"
                                                   : wtap_strerror(code);
    char *made = detail ? g_strdup_printf("%s (%s)", text, detail) : g_strdup(text);

    g_free(detail);
    return made;
}

static bool
open_wiretap(struct source *source, char **error)
{
    int code = 0;
    char *detail = NULL;

    source->file = wtap_open_offline(source->name, WTAP_TYPE_AUTO, &code, &detail, FALSE);
    if (!source->file && code < 0) { /* an error of Wiretap's, not of the system's */
        source->unreadable = source_reason(code, detail);
        return true;
    }
    if (!source->file) {
        *error = source_reason(code, detail);
        return false;
    }
    compat_record_init(&source->record);
    return true;
}

/* In bytes; less than 0: it is no regular file. */
static int64_t
size_of(const char *name)
{
    struct stat status;
    bool is_known =
        strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &status) == 0 : stat(name, &status) == 0;

    return is_known && S_ISREG(status.st_mode) ? status.st_size : -1;
}

bool
source_is_regular(const char *name)
{
    return size_of(name) >= 0;
}

struct source *
source_open(const char *name, enum source_use use, char **error)
{
    struct source *source = g_new0(struct source, 1);

    source->name = name;
    source->size = size_of(name);
    /* What is opened in vain is gone, if it is a pipe. */
    if (use == SOURCE_PACKETS && source->size >= 0 && strcmp(name, "-") != 0)
        source->mapped = mapped_open(name);
    if (source->mapped || open_wiretap(source, error))
        return source;
    g_free(source);
    return NULL;
}

void
source_close(struct source *source)
{
    if (source->mapped)
        mapped_close(source->mapped);
    if (source->file) {
        compat_record_clear(&source->record);
        wtap_close(source->file);
    }
    g_free(source->unreadable);
    g_free(source);
}

static enum link
link_of(int encapsulation)
{
    switch (encapsulation) {
    case WTAP_ENCAP_ETHERNET:
        return LINK_ETHERNET;
    case WTAP_ENCAP_RAW_IP:
    case WTAP_ENCAP_RAW_IP4:
    case WTAP_ENCAP_RAW_IP6:
        return LINK_RAW_IP;
    case WTAP_ENCAP_NULL:
    case WTAP_ENCAP_LOOP:
        return LINK_NULL;
    case WTAP_ENCAP_SLL:
        return LINK_SLL;
    case WTAP_ENCAP_SLL2:
        return LINK_SLL2;
    case WTAP_ENCAP_PPP:
    case WTAP_ENCAP_PPP_WITH_PHDR:
        return LINK_PPP;
    case WTAP_ENCAP_IEEE_802_11:
    case WTAP_ENCAP_IEEE_802_11_WITH_RADIO:
        return LINK_WLAN;
    case WTAP_ENCAP_IEEE_802_11_PRISM:
        return LINK_WLAN_PRISM;
    case WTAP_ENCAP_IEEE_802_11_RADIOTAP:
        return LINK_WLAN_RADIOTAP;
    case WTAP_ENCAP_IEEE_802_11_AVS:
        return LINK_WLAN_AVS;
    default:
        return LINK_UNKNOWN;
    }
}

static void
take_record(struct packet *packet, const struct compat_record *from)
{
    const wtap_rec *record = &from->record;
    const wtap_packet_header *header = &record->rec_header.packet_header;

    packet->slice = (struct slice){
        .bytes = compat_record_bytes(from),
        .captured = MIN(header->caplen, header->len),
        .reported = header->len,
    };
    packet->time_s = record->ts.secs;
    packet->time_ns = record->ts.nsecs;
    packet->link = link_of(header->pkt_encap);
    packet->link_name =
        packet->link == LINK_UNKNOWN ? wtap_encap_description(header->pkt_encap) : "";
}

/* What is no packet is a frame all the same: tshark counts it. */
static void
take_other_record(struct packet *packet, const wtap_rec *record)
{
    *packet = (struct packet){.link = LINK_NONE, .link_name = ""};
    if (!(record->presence_flags & WTAP_HAS_TS))
        return;
    packet->time_s = record->ts.secs;
    packet->time_ns = record->ts.nsecs;
}

static bool
next_of_wiretap(struct source *source, struct packet *packet, char **error)
{
    int code = 0;
    char *detail = NULL;

    if (source->unreadable) {
        *error = g_strdup(source->unreadable);
        return false;
    }
    if (!compat_record_read(source->file, &source->record, &code, &detail)) {
        if (code)
            *error = source_reason(code, detail);
        else if (wtap_read_so_far(source->file) == 0)
            *error = g_strdup("it is empty"); /* some format takes it for a capture */
        return false;
    }
    if (source->record.record.rec_type == REC_TYPE_PACKET)
        take_record(packet, &source->record);
    else
        take_other_record(packet, &source->record.record);
    return true;
}

/* Wiretap goes on where the short way has come to. */
static bool
hand_over(struct source *source, char **error)
{
    struct packet packet;

    mapped_close(source->mapped);
    source->mapped = NULL;
    if (!open_wiretap(source, error))
        return false;
    for (uint32_t i = 0; i < source->count; i++) {
        if (!next_of_wiretap(source, &packet, error))
            return false;
    }
    return true;
}

bool
source_next(struct source *source, struct packet *packet, char **error)
{
    *error = NULL;
    if (source->mapped) {
        switch (mapped_next(source->mapped, packet)) {
        case MAPPED_PACKET:
            source->count++;
            return true;
        case MAPPED_END:
            return false;
        case MAPPED_UNUSUAL:
            if (!hand_over(source, error))
                return false;
            break;
        }
    }
    return next_of_wiretap(source, packet, error);
}

struct compat_record *
source_record(struct source *source)
{
    return &source->record;
}

struct wtap *
source_wiretap(const struct source *source)
{
    return source->file;
}

static int64_t
position(const struct source *source)
{
    if (source->mapped)
        return mapped_position(source->mapped);
    return source->file ? wtap_read_so_far(source->file) : 0;
}

double
source_part(const struct source *source)
{
    return source->size > 0 ? (double)position(source) / (double)source->size : -1;
}
