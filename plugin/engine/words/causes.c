/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include "state.h"

const char *
cause_slug(enum cause_kind kind)
{
#define X(slug, text) [CAUSE_##slug] = #slug,
    static const char *const slugs[] = {CAUSE_LIST(X)};
#undef X

    return slugs[kind];
}

const char *
cause_text(enum cause_kind kind)
{
#define X(slug, text) [CAUSE_##slug] = text,
    static const char *const texts[] = {CAUSE_LIST(X)};
#undef X

    return texts[kind];
}

const char *
hint_slug(enum cause_hint hint)
{
#define X(slug, text) [HINT_##slug] = #slug,
    static const char *const slugs[] = {[HINT_NONE] = "", HINT_LIST(X)};
#undef X

    return slugs[hint];
}

const char *
hint_text(enum cause_hint hint)
{
#define X(slug, text) [HINT_##slug] = text,
    static const char *const texts[] = {[HINT_NONE] = "", HINT_LIST(X)};
#undef X

    return texts[hint];
}

const char *
cause_side_name(enum cause_side side)
{
    switch (side) {
    case CAUSE_BY_CLIENT:
        return role_name(ROLE_CLIENT);
    case CAUSE_BY_SERVER:
        return role_name(ROLE_SERVER);
    case CAUSE_BY_NETWORK:
        return "network";
    case CAUSE_BY_BOTH:
        return "both";
    case CAUSE_BY_NONE:
        break;
    }
    return "none";
}
