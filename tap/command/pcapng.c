/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source: draft-ietf-opsawg-pcapng, section 4, and what Wiretap makes of it. Blocks that hold no
 * packet are looked through as far as Wiretap finds errors in them: it ends the file there.
 */
#include "mapped_format.h"

enum {
    BLOCK_MIN = 12, /* type and length, and the length again */
    BODY = 8,       /* begins so many bytes into a block */
    SECTION_SIZE = 16,
    INTERFACE_SIZE = 8,
    PACKET_SIZE = 20,
    STATISTICS_SIZE = 12,
    ORDER_MAGIC = 0x1A2B3C4D,
    NS_PER_S = 1000000000,
};

enum block_type {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_NAMES = 4,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BLOCK_SECRETS = 10,
};

enum option_code {
    OPTION_END,
    OPTION_COMMENT,
    OPTION_PACKET_FLAGS = 2,
    OPTION_PACKET_DROPS = 4,
    OPTION_STATISTICS_LAST = 8,
    OPTION_TIME_RESOLUTION = 9,
    OPTION_TIME_OFFSET = 14,
    OPTION_INTERFACE_LAST = 15,
};

/* What is inside a block, without its lengths. */
struct body {
    const uint8_t *bytes;
    size_t size;
};

static struct body
behind(struct body body, size_t size)
{
    return (struct body){body.bytes + size, body.size - size};
}

static size_t
padded(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

/* ---- options and records of names: a code, a length and as many bytes, padded ---- */

struct option {
    uint16_t code;
    uint16_t length;
    const uint8_t *value;
};

enum taken { TAKEN, TAKEN_LAST, TAKEN_WRONG };

/* The first one is taken away from the body. */
static enum taken
take_option(const struct mapped *mapped, struct body *body, struct option *option)
{
    size_t size;

    if (body->size == 0)
        return TAKEN_LAST;
    if (body->size < 4)
        return TAKEN_WRONG;
    option->code = mapped_u16(mapped, body->bytes);
    option->length = mapped_u16(mapped, body->bytes + 2);
    option->value = body->bytes + 4;
    size = 4 + padded(option->length);
    if (body->size < size)
        return TAKEN_WRONG;
    *body = behind(*body, size);
    if (option->code == OPTION_END)
        return option->length == 0 ? TAKEN_LAST : TAKEN_WRONG;
    return TAKEN;
}

/* Each of the options is right, and nothing is behind them. */
static bool
options_are_usual(const struct mapped *mapped, struct body body,
                  bool (*is_usual)(const struct option *option))
{
    struct option option;
    enum taken taken;

    while ((taken = take_option(mapped, &body, &option)) == TAKEN) {
        if (!is_usual(&option))
            return false;
    }
    return taken == TAKEN_LAST && body.size == 0;
}

static bool
is_section_option(const struct option *option)
{
    return option->code <= 4; /* a comment, and who wrote the file */
}

static bool
is_packet_option(const struct option *option)
{
    return option->code == OPTION_COMMENT ||
           (option->code == OPTION_PACKET_FLAGS && option->length == 4) ||
           (option->code == OPTION_PACKET_DROPS && option->length == 8);
}

static bool
is_statistics_option(const struct option *option)
{
    return option->code <= OPTION_STATISTICS_LAST;
}

static bool
is_interface_option(const struct option *option)
{
    return option->code <= OPTION_INTERFACE_LAST && option->code != OPTION_TIME_OFFSET &&
           (option->code != OPTION_TIME_RESOLUTION || option->length == 1) && option->length > 0;
}

static bool
is_comment(const struct option *option)
{
    return option->code == OPTION_COMMENT;
}

/* ---- blocks ---- */

static bool
read_section(struct mapped *mapped, struct body body)
{
    uint32_t minor;

    if (body.size < SECTION_SIZE || mapped_u16(mapped, body.bytes + 4) != 1)
        return false;
    minor = mapped_u16(mapped, body.bytes + 6);
    g_array_set_size(mapped->interfaces, 0);
    return (minor == 0 || minor == 2) &&
           options_are_usual(mapped, behind(body, SECTION_SIZE), is_section_option);
}

/* In a second; 0: not as usual. The resolution is an exponent of 10, or of 2 above 0x80. */
static uint64_t
fractions_of(uint8_t resolution)
{
    uint64_t fractions = 1;

    if (resolution & 0x80)
        return resolution <= 0x80 + 29 ? UINT64_C(1) << (resolution & 0x7F) : 0;
    if (resolution > 9)
        return 0;
    for (unsigned i = 0; i < resolution; i++)
        fractions *= 10;
    return fractions;
}

static uint64_t
fractions_of_options(const struct mapped *mapped, struct body body)
{
    struct option option;

    while (take_option(mapped, &body, &option) == TAKEN) {
        if (option.code == OPTION_TIME_RESOLUTION)
            return fractions_of(option.value[0]);
    }
    return 1000000;
}

static bool
read_interface(struct mapped *mapped, struct body body)
{
    struct interface interface;
    struct body options;

    if (body.size < INTERFACE_SIZE)
        return false;
    options = behind(body, INTERFACE_SIZE);
    if (!options_are_usual(mapped, options, is_interface_option))
        return false;
    interface = (struct interface){
        .fractions = fractions_of_options(mapped, options),
        .captured_max = mapped_u32(mapped, body.bytes + 4),
        .link = mapped_link(mapped_u16(mapped, body.bytes)),
    };
    g_array_append_val(mapped->interfaces, interface);
    return interface.fractions > 0 && interface.link != LINK_UNKNOWN;
}

static bool
read_names(const struct mapped *mapped, struct body body)
{
    enum { IPV4 = 1, IPV6 = 2 };
    struct option name;
    enum taken taken;

    while ((taken = take_option(mapped, &body, &name)) == TAKEN) {
        if ((name.code == IPV4 && name.length < 4) || (name.code == IPV6 && name.length < 16))
            return false;
    }
    return taken == TAKEN_LAST && options_are_usual(mapped, body, is_comment);
}

static bool
read_statistics(const struct mapped *mapped, struct body body)
{
    return body.size >= STATISTICS_SIZE &&
           options_are_usual(mapped, behind(body, STATISTICS_SIZE), is_statistics_option);
}

/* A kind and a length, and so many bytes of secrets. */
static bool
read_secrets(const struct mapped *mapped, struct body body)
{
    return body.size >= 8 && mapped_u32(mapped, body.bytes + 4) <= body.size - 8;
}

static const struct interface *
interface_of(const struct mapped *mapped, uint32_t number)
{
    return number < mapped->interfaces->len
               ? &g_array_index(mapped->interfaces, struct interface, number)
               : NULL;
}

static bool
read_packet(const struct mapped *mapped, struct body body, struct packet *packet)
{
    const struct interface *interface;
    struct lengths lengths;
    uint64_t time;
    size_t size;

    if (body.size < PACKET_SIZE)
        return false;
    interface = interface_of(mapped, mapped_u32(mapped, body.bytes));
    lengths.captured = mapped_u32(mapped, body.bytes + 12);
    lengths.reported = mapped_u32(mapped, body.bytes + 16);
    size = PACKET_SIZE + padded(lengths.captured);
    if (!interface || !lengths_are_usual(lengths) || size > body.size)
        return false;
    *packet = mapped_packet(interface, body.bytes + PACKET_SIZE, lengths);
    time = (uint64_t)mapped_u32(mapped, body.bytes + 4) << 32 | mapped_u32(mapped, body.bytes + 8);
    packet->time_s = (int64_t)(time / interface->fractions);
    packet->time_ns = (int32_t)(time % interface->fractions * NS_PER_S / interface->fractions);
    return options_are_usual(mapped, behind(body, size), is_packet_option);
}

/* Without a time. */
static bool
read_simple_packet(const struct mapped *mapped, struct body body, struct packet *packet)
{
    const struct interface *interface = interface_of(mapped, 0);
    struct lengths lengths;

    if (body.size < 4 || !interface)
        return false;
    lengths.reported = mapped_u32(mapped, body.bytes);
    lengths.captured = lengths.reported;
    if (interface->captured_max > 0)
        lengths.captured = MIN(lengths.captured, interface->captured_max);
    if (!lengths_are_usual(lengths) || padded(lengths.captured) != body.size - 4)
        return false;
    *packet = mapped_packet(interface, body.bytes + 4, lengths);
    return true;
}

/* The byte order of a section is said where it begins, and its length is written in it. */
static bool
read_order(struct mapped *mapped)
{
    if (mapped->end - mapped->at < BODY + SECTION_SIZE)
        return false;
    mapped->is_swapped = false;
    mapped->is_swapped = mapped_u32(mapped, mapped->at + BODY) != ORDER_MAGIC;
    return mapped_u32(mapped, mapped->at + BODY) == ORDER_MAGIC;
}

/* MAPPED_PACKET: there is a block. */
static enum mapped_next
find_body(const struct mapped *mapped, struct body *body)
{
    size_t left = (size_t)(mapped->end - mapped->at);
    uint32_t size;

    if (left == 0)
        return MAPPED_END;
    if (left < BLOCK_MIN)
        return MAPPED_UNUSUAL;
    size = mapped_u32(mapped, mapped->at + 4);
    if (size < BLOCK_MIN || size > left || size % 4 != 0 ||
        mapped_u32(mapped, mapped->at + size - 4) != size)
        return MAPPED_UNUSUAL;
    *body = (struct body){mapped->at + BODY, size - BLOCK_MIN};
    return MAPPED_PACKET;
}

static bool
read_block(struct mapped *mapped, uint32_t type, struct body body, struct packet *packet)
{
    switch (type) {
    case BLOCK_PACKET:
        return read_packet(mapped, body, packet);
    case BLOCK_SIMPLE_PACKET:
        return read_simple_packet(mapped, body, packet);
    case BLOCK_SECTION:
        return read_section(mapped, body);
    case BLOCK_INTERFACE:
        return read_interface(mapped, body);
    case BLOCK_NAMES:
        return read_names(mapped, body);
    case BLOCK_STATISTICS:
        return read_statistics(mapped, body);
    case BLOCK_SECRETS:
        return read_secrets(mapped, body);
    default:
        return false;
    }
}

static enum mapped_next
pcapng_next(struct mapped *mapped, struct packet *packet)
{
    for (;;) {
        struct body body = {0};
        enum mapped_next next;
        uint32_t type;

        if (mapped->end - mapped->at >= 4 && mapped_u32(mapped, mapped->at) == BLOCK_SECTION &&
            !read_order(mapped))
            return MAPPED_UNUSUAL;
        next = find_body(mapped, &body);
        if (next != MAPPED_PACKET)
            return next;
        type = mapped_u32(mapped, mapped->at);
        if (!read_block(mapped, type, body, packet))
            return MAPPED_UNUSUAL;
        mapped->at += body.size + BLOCK_MIN;
        if (type == BLOCK_PACKET || type == BLOCK_SIMPLE_PACKET)
            return MAPPED_PACKET;
    }
}

bool
pcapng_begin(struct mapped *mapped)
{
    if (mapped->end - mapped->at < BLOCK_MIN || mapped_u32(mapped, mapped->at) != BLOCK_SECTION)
        return false;
    mapped->next = pcapng_next;
    return true;
}
