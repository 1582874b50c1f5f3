/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#define X(name) &name##_report,
const struct report *const reports[] = {REPORT_LIST(X) NULL};
#undef X
