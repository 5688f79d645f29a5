/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"

G_BEGIN_DECLS

/** bst_due_reasons: why this date: the closed stretches between @from and @due, one a line ("Sat 14 – Sun 15 Mar: closed"). Returns: (transfer full). */
char **bst_due_reasons (BstCalendar *calendar, gint64 from, gint64 due, const char *language);

G_END_DECLS
