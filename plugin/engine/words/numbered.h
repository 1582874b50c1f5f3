/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pointers by number, for numbers that grow: in pages, so that those that have been taken out again
 * leave next to nothing. Begins as zeros.
 */
#ifndef TCPCLOSE_NUMBERED_H
#define TCPCLOSE_NUMBERED_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { NUMBERED_PAGE = 256 }; /* the remainder is a byte */

struct numbered_page {
    unsigned count; /* of pointers */
    void *at[NUMBERED_PAGE];
};

struct numbered {
    struct numbered_page **pages; /* numbered_empty where a page is */
    uint32_t page_count;
    uint32_t end; /* after the highest number that was ever put in */
};

/* Nothing is ever put into it: so that a look-up, which every segment takes, has one test. */
extern struct numbered_page numbered_empty;

/* NULL: there is none of that number. */
static inline void *
numbered_find(const struct numbered *numbered, uint32_t number)
{
    const uint32_t page = number / NUMBERED_PAGE;

    if (page >= numbered->page_count)
        return NULL;
    return numbered->pages[page]->at[number % NUMBERED_PAGE];
}

/* There is none of that number. Amortised O(1). */
static inline void
numbered_put(struct numbered *numbered, uint32_t number, void *item)
{
    const uint32_t page = number / NUMBERED_PAGE;

    if (page >= numbered->page_count) {
        const uint32_t count = MAX(page + 1, numbered->page_count + numbered->page_count / 2);

        numbered->pages = g_renew(struct numbered_page *, numbered->pages, count);
        while (numbered->page_count < count)
            numbered->pages[numbered->page_count++] = &numbered_empty;
    }
    if (numbered->pages[page] == &numbered_empty)
        numbered->pages[page] = g_new0(struct numbered_page, 1);
    numbered->pages[page]->at[number % NUMBERED_PAGE] = item;
    numbered->pages[page]->count++;
    numbered->end = MAX(numbered->end, number + 1);
}

/* Takes out the one of that number, which is there. */
static inline void
numbered_take(struct numbered *numbered, uint32_t number)
{
    struct numbered_page **page = &numbered->pages[number / NUMBERED_PAGE];

    (*page)->at[number % NUMBERED_PAGE] = NULL;
    if (--(*page)->count == 0) {
        g_free(*page);
        *page = &numbered_empty;
    }
}

/* The first number from this one on that has one; numbered.end: there is none. */
static inline uint32_t
numbered_next(const struct numbered *numbered, uint32_t number)
{
    while (number < numbered->end && !numbered_find(numbered, number)) {
        const bool is_empty = numbered->pages[number / NUMBERED_PAGE] == &numbered_empty;

        number += is_empty ? NUMBERED_PAGE - number % NUMBERED_PAGE : 1;
    }
    return MIN(number, numbered->end);
}

/* Hands over each that is there, and keeps none. */
static inline void
numbered_clear(struct numbered *numbered, GDestroyNotify release)
{
    for (uint32_t i = numbered_next(numbered, 0); i < numbered->end;
         i = numbered_next(numbered, i + 1))
        release(numbered_find(numbered, i));
    for (uint32_t i = 0; i < numbered->page_count; i++) {
        if (numbered->pages[i] != &numbered_empty)
            g_free(numbered->pages[i]);
    }
    g_free(numbered->pages);
    *numbered = (struct numbered){0};
}

#endif
