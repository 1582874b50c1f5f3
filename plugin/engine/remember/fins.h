/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which frame the FIN of a side is, as it was known at each entry of the log. Most sides have
 * one FIN, and its frame says all; of one that was taken back, or known late, there is a history.
 */
#ifndef TCPCLOSE_FINS_H
#define TCPCLOSE_FINS_H

#include <stdbool.h>
#include <stdint.h>

struct memory;

/*
 * The side's FIN is in that frame (0: it has none) from the entry that is to come on; true if it
 * was another one before. One that was captured earlier, and is only now known to be the side's own
 * (is_late), needs history, too.
 */
bool fins_set(struct memory *memory, unsigned side, uint32_t fin_frame, bool is_late);

/*
 * The frame of a side's FIN as it was known at an entry; 0: none was. O(1), and O(log n) where a
 * side's FIN moved.
 */
uint32_t fins_at(const struct memory *memory, unsigned side, uint32_t index);

#endif
