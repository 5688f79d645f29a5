/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** bst_error_text: one sentence in the user's language: what happened, and what is safe or what to do. Returns: (transfer full). */
char *bst_error_text (const GError *error);

/** bst_error_code_text: the same for a BstErrorCode; static, translated. */
const char *bst_error_code_text (int code);

G_END_DECLS
