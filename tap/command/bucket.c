/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bucket.h"

#include <glib.h>

#include "network_order.h"

/*
 * The sum of addresses and ports is the same for both directions. It goes up with every port, often
 * by two, since Linux gives clients the even ones first (inet_csk_get_port() and
 * __inet_hash_connect()): the upper bits of its product with 2^32 over the golden ratio are as
 * evenly spread for steps of any size. All of it is arithmetic of 32 bits, which BPF has, too.
 */
#define MULTIPLIER UINT32_C(2654435769)

static unsigned
shift_of(struct bucket_choice choice)
{
    return 33 - (unsigned)g_bit_storage(choice.count);
}

/* The bits that have chosen before leave the product above. */
static uint32_t
multiplier_of(struct bucket_choice choice)
{
    return MULTIPLIER * choice.after;
}

static uint32_t
sum_of(const struct host *host)
{
    uint32_t sum = host->port;

    for (unsigned at = 0; at + 4U <= host->length; at += 4)
        sum += read_u32(host->address + at);
    return sum;
}

unsigned
bucket_of(struct bucket_choice choice, const struct host *sender, const struct host *receiver)
{
    return ((sum_of(sender) + sum_of(receiver)) * multiplier_of(choice)) >> shift_of(choice);
}

char *
bucket_filter(struct bucket_choice choice, unsigned bucket)
{
    const unsigned multiplier = multiplier_of(choice);
    const unsigned shift = shift_of(choice);

    return g_strdup_printf(
        "(ip proto 6 and "
        "(ip[12:4] + ip[16:4] + tcp[0:2] + tcp[2:2]) * %u >> %u = %u) or "
        "(ip6[6] = 6 and "
        "(ip6[8:4] + ip6[12:4] + ip6[16:4] + ip6[20:4] + ip6[24:4] + ip6[28:4] + "
        "ip6[32:4] + ip6[36:4] + ip6[40:2] + ip6[42:2]) * %u >> %u = %u)",
        multiplier, shift, bucket, multiplier, shift, bucket);
}
