/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between the supported releases for the program "tcpclose", which sees Wiretap and
 * nothing of the dissection: as wscompat.h has it for the plugin.
 */
#ifndef TCPCLOSE_WTCOMPAT_H
#define TCPCLOSE_WTCOMPAT_H

#include <string.h>

#include <wiretap/wtap.h>
#include <wsutil/wslog.h>

#include "release.h"

/*
 * How dissect_tcp() numbers streams. 4.4 remembers that a conversation has ended, with a FIN or any
 * RST: a SYN then begins another stream, though it has the number of the first. A SYN-ACK begins
 * one as a SYN does, where before it was taken for a better first number. And the numbers of a
 * segment that is shorter than its header says are remembered, too.
 */
#define COMPAT_STREAMS_END COMPAT_SINCE(4, 4)

/* What is read of a TCP header before its stream is looked for: since 4.6 not the window. */
#define COMPAT_TCP_NUMBERS_SIZE (COMPAT_SINCE(4, 6) ? 14 : 16)

/* Of a packet whose members were copied: its block is counted, its bytes are not for two. */
static inline void
compat_record_share(wtap_rec *record, Buffer *bytes, const uint8_t *from)
{
    if (record->block)
        wtap_block_ref(record->block);
    ws_buffer_init(&record->options_buf, 0); /* a packet has nothing there */
    ws_buffer_init(bytes, 0);
    ws_buffer_assure_space(bytes, record->rec_header.packet_header.caplen);
    memcpy(ws_buffer_start_ptr(bytes), from, record->rec_header.packet_header.caplen);
    ws_buffer_increase_length(bytes, record->rec_header.packet_header.caplen);
}

/*
 * 4.6 has the bytes of a record in it; before, they were in a buffer beside it. It asks the name of
 * the program of no one.
 */
#if COMPAT_SINCE(4, 6)
static inline void
compat_log_init(void)
{
    ws_log_init(NULL);
}

struct compat_record {
    wtap_rec record;
};

static inline void
compat_record_init(struct compat_record *record)
{
    wtap_rec_init(&record->record, 1514);
}

static inline void
compat_record_clear(struct compat_record *record)
{
    wtap_rec_cleanup(&record->record);
}

static inline bool
compat_record_read(wtap *file, struct compat_record *record, int *code, char **detail)
{
    int64_t offset;

    wtap_rec_reset(&record->record);
    return wtap_read(file, &record->record, code, detail, &offset);
}

static inline const uint8_t *
compat_record_bytes(const struct compat_record *record)
{
    return ws_buffer_start_ptr(&record->record.data);
}

static inline void
compat_record_copy(struct compat_record *to, const struct compat_record *from)
{
    to->record = from->record;
    compat_record_share(&to->record, &to->record.data, compat_record_bytes(from));
}

static inline bool
compat_record_write(wtap_dumper *dumper, const struct compat_record *record, int *code,
                    char **detail)
{
    return wtap_dump(dumper, &record->record, code, detail);
}
#else
static inline void
compat_log_init(void)
{
    ws_log_init("tcpclose", NULL);
}

struct compat_record {
    wtap_rec record;
    Buffer bytes;
};

static inline void
compat_record_init(struct compat_record *record)
{
    wtap_rec_init(&record->record);
    ws_buffer_init(&record->bytes, 1514);
}

static inline void
compat_record_clear(struct compat_record *record)
{
    wtap_rec_cleanup(&record->record);
    ws_buffer_free(&record->bytes);
}

static inline bool
compat_record_read(wtap *file, struct compat_record *record, int *code, char **detail)
{
    gint64 offset;

    wtap_rec_reset(&record->record);
    return wtap_read(file, &record->record, &record->bytes, code, detail, &offset);
}

static inline const uint8_t *
compat_record_bytes(const struct compat_record *record)
{
    return ws_buffer_start_ptr(&record->bytes);
}

static inline void
compat_record_copy(struct compat_record *to, const struct compat_record *from)
{
    to->record = from->record;
    compat_record_share(&to->record, &to->bytes, compat_record_bytes(from));
}

static inline bool
compat_record_write(wtap_dumper *dumper, const struct compat_record *record, int *code,
                    char **detail)
{
    return wtap_dump(dumper, &record->record, compat_record_bytes(record), code, detail);
}
#endif

#endif
