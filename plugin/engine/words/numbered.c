/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "numbered.h"

struct numbered_page numbered_empty;
