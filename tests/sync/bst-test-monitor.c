/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-test-monitor.h"

struct _BstTestMonitor
{
  GObject parent_instance;

  gboolean metered;
};

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
monitor_iface_init (GNetworkMonitorInterface *iface)
{
}

static gboolean
init (GInitable *initable, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
initable_iface_init (GInitableIface *iface)
{
  iface->init = init;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BstTestMonitor,
                               bst_test_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, initable_iface_init)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          monitor_iface_init))

static void
bst_test_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CONNECTIVITY)
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
  else
    g_value_set_boolean (value, id == PROP_AVAILABLE || BST_TEST_MONITOR (object)->metered);
}

static void
bst_test_monitor_class_init (BstTestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bst_test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
bst_test_monitor_init (BstTestMonitor *self)
{
}

BstTestMonitor *
bst_test_monitor_new (gboolean metered)
{
  BstTestMonitor *self = g_object_new (BST_TYPE_TEST_MONITOR, NULL);

  self->metered = metered;
  return self;
}

void
bst_test_monitor_set_metered (BstTestMonitor *self, gboolean metered)
{
  self->metered = metered;
  g_object_notify (G_OBJECT (self), "network-metered");
}
