/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Programs that others wrote, from npm. */

/**
 * bst_test_node_install: what @source's package.json and package-lock.json name, into @target; once.
 *
 * FALSE: npm or its registry is not there; the test is then to be skipped.
 */
gboolean bst_test_node_install (const char *source, const char *target);

/** bst_test_node_run: whether @argv (NULL-ended) ends well, in the folder @folder. @environment: (nullable): as ours */
gboolean bst_test_node_run (const char *folder, const char *const *argv, char **environment);

G_END_DECLS
