/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-line.h"

#include "bst-wake.h"

#include <time.h>

struct _BstLine
{
  GNetworkMonitor *monitor;
  BstLineChanged changed;
  gpointer closure;
  gulong network_changed;
  gulong metered_changed;
  GSource *look;
  BstWake wake;
  GCancellable *cancellable; /* of the way to the system bus */
  GDBusConnection *bus;      /* NULL: none here */
  guint sleep;               /* subscription */
};

static void
network_changed_cb (GNetworkMonitor *monitor, gboolean available, BstLine *line)
{
  if (available)
    line->changed (BST_LINE_UP, line->closure);
}

static void
metered_changed_cb (GNetworkMonitor *monitor, GParamSpec *pspec, BstLine *line)
{
  line->changed (BST_LINE_METERED, line->closure);
}

/* ---- sleep ---- */

static gint64
clock_usec (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gboolean
has_slept (BstLine *line)
{
  return bst_wake_look (&line->wake, clock_usec (CLOCK_MONOTONIC), clock_usec (CLOCK_BOOTTIME));
}

static gboolean
look_cb (gpointer data)
{
  BstLine *line = data;

  if (has_slept (line))
    line->changed (BST_LINE_WOKE, line->closure);
  return G_SOURCE_CONTINUE;
}

/* Sooner than the next look, where there is a login manager. */
static void
prepare_for_sleep_cb (GDBusConnection *bus,
                      const char *sender,
                      const char *path,
                      const char *interface,
                      const char *name,
                      GVariant *parameters,
                      gpointer data)
{
  BstLine *line = data;
  gboolean going = TRUE;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    g_variant_get (parameters, "(b)", &going);
  if (going)
    return;
  has_slept (line); /* so that it is said once */
  line->changed (BST_LINE_WOKE, line->closure);
}

static void
bus_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  BstLine *line = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* and with it the line */
  if (!bus)
    {
      g_debug ("no system bus: %s", error->message);
      return;
    }
  line->bus = bus;
  g_dbus_connection_set_exit_on_close (bus, FALSE); /* we live without it, too */
  line->sleep = g_dbus_connection_signal_subscribe (
      bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
      "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE, prepare_for_sleep_cb, line, NULL);
}

/* ---- the object ---- */

BstLine *
bst_line_new (GNetworkMonitor *monitor, BstLineChanged changed, gpointer closure)
{
  BstLine *line = g_new0 (BstLine, 1);

  line->changed = changed;
  line->closure = closure;
  line->monitor = g_object_ref (monitor ? monitor : g_network_monitor_get_default ());
  line->network_changed =
      g_signal_connect (line->monitor, "network-changed", G_CALLBACK (network_changed_cb), line);
  line->metered_changed = g_signal_connect (line->monitor, "notify::network-metered",
                                            G_CALLBACK (metered_changed_cb), line);
  look_cb (line);
  line->look = g_timeout_source_new_seconds (BST_WAKE_LOOK_SECONDS);
  g_source_set_callback (line->look, look_cb, line, NULL);
  g_source_attach (line->look, g_main_context_get_thread_default ());
  line->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SYSTEM, line->cancellable, bus_cb, line);
  return line;
}

void
bst_line_free (BstLine *line)
{
  g_cancellable_cancel (line->cancellable);
  g_object_unref (line->cancellable);
  if (line->bus)
    g_dbus_connection_signal_unsubscribe (line->bus, line->sleep);
  g_clear_object (&line->bus);
  g_source_destroy (line->look);
  g_source_unref (line->look);
  g_signal_handler_disconnect (line->monitor, line->network_changed);
  g_signal_handler_disconnect (line->monitor, line->metered_changed);
  g_object_unref (line->monitor);
  g_free (line);
}

gboolean
bst_line_get_metered (BstLine *line)
{
  return g_network_monitor_get_network_metered (line->monitor);
}
