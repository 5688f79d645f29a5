/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** bst_life_subjects: paths of the lines ("lines/l1"); empty when the request has none. Returns: (transfer full). */
char **bst_life_subjects (GVariant *request);

G_END_DECLS
