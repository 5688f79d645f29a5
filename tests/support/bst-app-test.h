/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the in-process tests of the application share. Main thread. */

#define BST_TEST_TICK_MS 20

/** bst_test_tick_cb: keeps a main loop turning when added as a timeout. */
gboolean bst_test_tick_cb (gpointer unused);

/** BST_WAIT_UNTIL: turns the main loop until @condition holds, and fails when that takes more than @seconds. */
#define BST_WAIT_UNTIL(condition, seconds)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 limit = g_get_monotonic_time () + (seconds) *G_USEC_PER_SEC;                            \
    guint ticks = g_timeout_add (BST_TEST_TICK_MS, bst_test_tick_cb, NULL);                        \
    while (!(condition) && g_get_monotonic_time () < limit)                                        \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (ticks);                                                                       \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

/** bst_test_remove_tree: a folder and all in it, as far as it is there. */
void bst_test_remove_tree (const char *path);

/**
 * bst_test_sample_profile: has @seed_store make the store of @person of the @sample authority.
 * @directory: where; it must be there
 *
 * Returns: (transfer full): the folder that bst_store_open() takes.
 */
char *bst_test_sample_profile (const char *seed_store,
                               const char *directory,
                               const char *sample,
                               const char *person);

/** bst_test_output: what a program prints; it must succeed. @last: (nullable). Returns: (transfer full). */
char *bst_test_output (const char *program, const char *first, const char *file, const char *last);

G_END_DECLS
