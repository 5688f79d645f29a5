/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the computer tells of its line, with a network monitor and a login manager of the test's own. */

#include "bst-line.h"
#include "bst-test-monitor.h"

typedef struct
{
  guint n[3]; /* of each BstLineEvent */
} Heard;

static void
changed_cb (BstLineEvent event, gpointer closure)
{
  ((Heard *) closure)->n[event]++;
}

static void
test_monitor (void)
{
  g_autoptr (BstTestMonitor) monitor = bst_test_monitor_new (FALSE);
  Heard heard = { { 0 } };
  BstLine *line = bst_line_new (G_NETWORK_MONITOR (monitor), changed_cb, &heard);

  g_assert_false (bst_line_get_metered (line));
  bst_test_monitor_set_metered (monitor, TRUE);
  g_assert_cmpuint (heard.n[BST_LINE_METERED], ==, 1);
  g_assert_true (bst_line_get_metered (line));
  g_signal_emit_by_name (monitor, "network-changed", FALSE);
  g_assert_cmpuint (heard.n[BST_LINE_UP], ==, 0);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  g_assert_cmpuint (heard.n[BST_LINE_UP], ==, 1);
  g_assert_cmpuint (heard.n[BST_LINE_WOKE], ==, 0);
  bst_line_free (line);
  g_signal_emit_by_name (monitor, "network-changed", TRUE);
  g_assert_cmpuint (heard.n[BST_LINE_UP], ==, 1);
}

static void
say_sleep (GDBusConnection *bus, gboolean going)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (bus, NULL, "/org/freedesktop/login1",
                                 "org.freedesktop.login1.Manager", "PrepareForSleep",
                                 g_variant_new ("(b)", going), &error);
  g_assert_no_error (error);
}

static gboolean
say_until_heard_cb (gpointer bus)
{
  say_sleep (bus, TRUE);
  say_sleep (bus, FALSE);
  return G_SOURCE_CONTINUE;
}

/* Going to sleep is no news; waking is. The signal is said again until the line has found the bus. */
static void
test_login_manager (void)
{
  g_autoptr (GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (BstTestMonitor) monitor = bst_test_monitor_new (FALSE);
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  Heard heard = { { 0 } };
  BstLine *line;
  guint source;

  g_test_dbus_up (daemon);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (daemon), TRUE);
  bus = g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (daemon),
                                                G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                    G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                                NULL, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
      g_variant_new ("(su)", "org.freedesktop.login1", 0), G_VARIANT_TYPE ("(u)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);

  line = bst_line_new (G_NETWORK_MONITOR (monitor), changed_cb, &heard);
  source = g_timeout_add (20, say_until_heard_cb, bus);
  while (heard.n[BST_LINE_WOKE] == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  bst_line_free (line);
  /* What was still under way finds nobody. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_test_dbus_stop (daemon);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line/login-manager", test_login_manager);
  g_test_add_func ("/line/monitor", test_monitor);
  return g_test_run ();
}
