/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which other frame an entry of the log is about: of few entries there is one, so they do not have
 * room for it. A RST's record has that of its entry; of others there is a list.
 */
#ifndef TCPCLOSE_ABOUT_H
#define TCPCLOSE_ABOUT_H

#include <stdint.h>

struct memory;

/* The entry that is to come is about that frame; it is not a RST's. Amortised O(1). */
void about_set(struct memory *memory, uint32_t about_frame);

/* The frame that an entry with has_about is about: see struct step. O(log n). */
uint32_t about_at(const struct memory *memory, uint32_t index);

#endif
