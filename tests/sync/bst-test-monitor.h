/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A network monitor that says what the test tells it to. */
#define BST_TYPE_TEST_MONITOR (bst_test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (BstTestMonitor, bst_test_monitor, BST, TEST_MONITOR, GObject)

BstTestMonitor *bst_test_monitor_new (gboolean metered);
void bst_test_monitor_set_metered (BstTestMonitor *monitor, gboolean metered);

G_END_DECLS
