/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between the supported releases for the program "tcpclose", which sees Wiretap and
 * nothing of the dissection: as wscompat.h has it for the plugin.
 */
#ifndef TCPCLOSE_WTCOMPAT_H
#define TCPCLOSE_WTCOMPAT_H

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
#endif

#endif
