/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** bst_greeting: what one says at @hour, 0 to 23, where the reader is. Static. */
const char *bst_greeting (int hour);

G_END_DECLS
