/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in packets: the most significant byte first. */
#ifndef TCPCLOSE_NETWORK_ORDER_H
#define TCPCLOSE_NETWORK_ORDER_H

#include <stdint.h>

static inline uint16_t
read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t
read_u32(const uint8_t *bytes)
{
    return (uint32_t)read_u16(bytes) << 16 | read_u16(bytes + 2);
}

#endif
