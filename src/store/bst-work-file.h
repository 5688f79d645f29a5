/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-work.h"

G_BEGIN_DECLS

/*
 * The files of work.db: what orders refer to by its SHA-256, kept in parts so that none is ever whole in memory. Rules as in
 * bst-work.h.
 */

/** How much of a file one row holds; the last one may hold less. */
#define BST_WORK_FILE_PART (256 * 1024)

/** bst_work_begin_file: a file that is being read; it is none yet, and forgotten when it is not finished. */
gboolean
bst_work_begin_file (BstWork *work, const char *added_at, gint64 *ret_file, GError **error);
gboolean
bst_work_add_file_part (BstWork *work, gint64 file, gint64 part, GBytes *octets, GError **error);

/** bst_work_finish_file: all of it is here; the same content that was here already stays instead. */
gboolean
bst_work_finish_file (BstWork *work, gint64 file, const char *sha256, gint64 size, GError **error);
gboolean bst_work_remove_file (BstWork *work, gint64 file, GError **error);

/** bst_work_find_file: *@ret_file is 0 when it is not here. */
gboolean bst_work_find_file (BstWork *work,
                             const char *sha256,
                             gint64 *ret_file,
                             gint64 *ret_size,
                             GError **error);

/** bst_work_read_file_part: CORRUPT when it is missing. (transfer full) */
GBytes *bst_work_read_file_part (BstWork *work, gint64 file, gint64 part, GError **error);

/** bst_work_name_file: the server has it, in @account. */
gboolean bst_work_name_file (BstWork *work,
                             const char *sha256,
                             const char *account,
                             const char *named_at,
                             GError **error);
gboolean bst_work_is_file_named (BstWork *work,
                                 const char *sha256,
                                 const char *account,
                                 gboolean *ret_named,
                                 GError **error);

/** bst_work_forget_name: the server says that it has not; @sha256 %NULL: of nothing is it known any longer. */
gboolean
bst_work_forget_name (BstWork *work, const char *sha256, const char *account, GError **error);

/** bst_work_drop_files: what no draft and no unsent change refers to: of what the server has named, or (@all) of everything. */
gboolean bst_work_drop_files (BstWork *work, gboolean all, GError **error);

G_END_DECLS
