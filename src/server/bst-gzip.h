/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** bst_gzip: at level 1: what a line saves by more, the server's CPU would pay. (transfer full) */
GBytes *bst_gzip (const char *data, gsize len);

/** bst_gunzip: INVALID when it is no gzip, TOO_LARGE as soon as more than @limit octets come out. (transfer full) */
GBytes *bst_gunzip (GBytes *packed, gsize limit, GError **error);

G_END_DECLS
